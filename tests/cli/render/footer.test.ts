import { stripVTControlCharacters } from 'node:util';
import { expect, test } from 'vitest';
import { createGate } from '../../helpers/gate.ts';
import { nocturne, project } from '../../helpers/nocturne.ts';
import { idea, quickProject, serve } from '../../helpers/served-quick.ts';
import { framesOf, startOnTerminal } from '../../helpers/terminal.ts';

const baselineRuns = 3;
const run = (experiments: number) => ['run', '--tag', 'a', '--max-experiments', String(experiments)];
const variables = { OPENAI_API_KEY: 'sk-test-0123456789abcdef', NO_COLOR: '' };

test.each([80, 40])(
  'the footer of a terminal with %i columns never wraps, and nothing of it stays',
  async (columns) => {
    const gate = createGate();
    const running = startOnTerminal(project('quick').root, columns, run(2), { ...variables, ...gate.variables });
    await running.until((sent) => framesOf(sent).length > 0);
    gate.letThrough(baselineRuns);
    await running.until((sent) => framesOf(sent).length > 3);
    gate.open();
    const sent = await running.end();

    const frames = framesOf(sent);
    const widths = frames.map((frame) => stripVTControlCharacters(frame).length);
    expect(frames.length).toBeGreaterThan(3);
    expect(Math.max(...widths)).toBeLessThan(columns);
    expect(screenOf(sent)).not.toMatch(/ s of 1\.0 s /);
    expect(screenOf(sent)).toMatch(/^ {3}2 [\s\S]*^Stopped \(experiments\): 2 experiments done;$/m);
    if (columns === 80) expect(sent).toMatch(/━.* loss \d\.\d+\s+best \d\.\d+ {2}\d of 2 experiments {2}end/);
  },
);

test('a terminal gets plain lines on request', async () => {
  // Longer than one look at a run takes, so that there are live figures to be left out.
  const slow = { ...variables, NOCTURNE_TEST_SECONDS: '0.6' };
  const running = startOnTerminal(project('quick').root, 80, [...run(1), '--plain'], slow);
  expect(await running.end()).not.toContain('━');
});

test('the footer shows what the model has cost so far', async () => {
  const repo = quickProject(await serve([idea(1)]));
  const gate = createGate(baselineRuns);
  const running = startOnTerminal(repo.root, 120, run(1), { ...variables, ...gate.variables });
  const cost = /experiment 1 .*\s+best \d\.\d+ {2}.*2611 tokens, 0\.0051 USD/;
  await running.until((sent) => cost.test(stripVTControlCharacters(sent)));
  gate.open();
  expect(stripVTControlCharacters(await running.end())).toMatch(cost);
});

test('while the model is away and its stand-in works, the footer and the status say so', async () => {
  const server = await serve([{ fault: 'unauthorized' }]);
  const repo = quickProject(server, 'fallback: random');
  const gate = createGate(baselineRuns);
  const running = startOnTerminal(repo.root, 80, run(1), { ...variables, ...gate.variables });
  await running.until((sent) => /experiment 1 .*\s+model away/.test(stripVTControlCharacters(sent)));
  const { stdout } = await nocturne(repo.root, ['status']);
  gate.open();
  await running.end();
  expect(stdout).toMatch(/^away {6}openai:gpt-6-sol since \d\d:\d\d \(unauthorized\); it is asked again/m);
});

test.each([['doctor', '--quick', '--model', 'ollama:a-model'], ['status'], ['--help']])(
  'nothing that `nocturne %s` prints is wider than the terminal',
  async (...args) => {
    const repo = project('quick');
    await nocturne(repo.root, [...run(1), '--max-hours', '0.00001']);
    const free = { ...variables, OLLAMA_BASE_URL: 'http://127.0.0.1:9/v1' };
    const sent = stripVTControlCharacters(await startOnTerminal(repo.root, 80, args, free).end());
    const lines = sent.split(/\r?\n/).filter((line) => !line.includes(repo.root));
    expect(lines.length).toBeGreaterThan(3);
    expect(lines.filter((line) => line.length > 80)).toEqual([]);
  },
);

test('an error is broken between words where the terminal ends', async () => {
  const args = ['run', '--researcher', 'llm', '--model', 'anthropic:claude-sonnet-5-5'];
  const none = { ...variables, ANTHROPIC_API_KEY: '', ANTHROPIC_AUTH_TOKEN: '' };
  const running = startOnTerminal(project('quick').root, 80, args, none);
  await running.until((sent) => /NOCTURNE_KEY_FILE to a file\r\nthat holds it\.\r\n/.test(sent));
});

/** What is left on the screen: only the codes that the footer uses are understood, going up and erasing lines. */
function screenOf(sent: string): string {
  const lines = [''];
  let row = 0;
  // biome-ignore lint/suspicious/noControlCharactersInRegex: terminal codes are what this reads.
  for (const [token] of sent.matchAll(/\u001b\[[0-9;?]*[A-Za-z]|\r|\n|[^\u001b\r\n]+/g)) {
    if (token === '\n') lines[++row] ??= '';
    // biome-ignore lint/suspicious/noControlCharactersInRegex: the same.
    else if (/^\u001b\[\d*A$/.test(token)) row -= Number(token.slice(2, -1) || 1);
    else if (token === '\u001b[2K') lines[row] = '';
    else if (token !== '\r' && !token.startsWith('\u001b')) lines[row] += token;
  }
  return lines.join('\n');
}
