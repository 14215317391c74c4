import { fileURLToPath } from 'node:url';
import { stripVTControlCharacters } from 'node:util';
import { execa } from 'execa';
import { expect, test } from 'vitest';
import { project } from '../../helpers/nocturne.ts';
import { nocturneCommand } from '../../helpers/program.ts';
import { idea, quickProject, serve } from '../../helpers/served-quick.ts';

const terminal = fileURLToPath(new URL('../../fixtures/terminal.py', import.meta.url));

test.each([80, 40])(
  'the footer of a terminal with %i columns never wraps, and nothing of it stays',
  async (columns) => {
    const sent = await runOn(columns, ['--tag', 'a', '--max-experiments', '2']);

    const frames = [...sent.matchAll(/((?:baseline run|experiment) \d+ {2}[^\r\n]*)\r\n/g)].map(
      ([, frame = '']) => frame,
    );
    const widths = frames.map((frame) => stripVTControlCharacters(frame).length);
    expect(frames.length).toBeGreaterThan(3);
    expect(Math.max(...widths)).toBeLessThan(columns);
    expect(screenOf(sent)).not.toMatch(/ s of 1\.0 s /);
    expect(screenOf(sent)).toMatch(/^ {3}2 [\s\S]*^Stopped \(experiments\): 2 experiments done;$/m);
    if (columns === 80) expect(frames.at(-1)).toMatch(/━.* loss \d\.\d+ {2}best \d\.\d+/);
  },
);

test('a terminal gets plain lines on request', async () => {
  const sent = await runOn(80, ['--tag', 'a', '--max-experiments', '1', '--plain']);
  expect(sent).not.toContain('━');
});

test('the footer shows what the model has cost so far', async () => {
  const repo = quickProject(await serve([idea(1)]));
  const sent = stripVTControlCharacters(await runOn(120, ['--tag', 'a', '--max-experiments', '1'], repo.root));
  expect(sent).toMatch(/experiment 1 .* best \d\.\d+ {2}2600 tokens, 0\.0051 USD/);
});

async function runOn(columns: number, args: readonly string[], folder = project('quick').root): Promise<string> {
  const { stdout, exitCode } = await execa('python3', [terminal, String(columns), ...nocturneCommand, 'run', ...args], {
    cwd: folder,
    env: {
      OPENAI_API_KEY: 'sk-test-0123456789abcdef',
      NOCTURNE_TEST_SECONDS: '1.2',
      TERM: 'xterm-256color',
      NO_COLOR: '',
    },
    reject: false,
    timeout: 60_000,
  });
  expect(exitCode, stdout).toBe(0);
  return stdout;
}

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
