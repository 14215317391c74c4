/**
 * What a model is told after each of ten failing experiments, by the requests that a served model gets from the real SDK:
 * the fact that explains the failure, in words of the harness or in the fence around the log.
 */
import { expect, test } from 'vitest';
import { failingProject, tenFailures } from '../fixtures/ten-failures.ts';
import type { RecordedRequest, Step } from '../helpers/model-server/model-server.ts';
import { handIn, settle, turn } from '../helpers/model-study.ts';
import { nocturne } from '../helpers/nocturne.ts';
import { serve } from '../helpers/served-quick.ts';
import { temporaryRepo } from '../helpers/temporary-repo.ts';

const keys = { OPENAI_API_KEY: 'sk-test-0123456789abcdef' };
const say = (line: string) => process.stdout.write(`${line}\n`);

test('after each of ten failing experiments the next request has the fact that explains it', async () => {
  const server = await serve((request) => answer(request));
  const repo = temporaryRepo(failingProject);
  settle(repo, 'model: openai:gpt-6-sol', `base_url: ${server.openAIUrl}`);

  const said = await nocturne(repo.root, ['run', '--tag', 'night', '--max-experiments', '11'], keys, 300_000);

  expect(said.exitCode, said.stderr).toBe(0);
  expect(server.violations).toEqual([]);
  const told = tenFailures.map(({ name, facts }, index) => {
    const request = server.requests.find((each) => experimentOf(each) === index + 2);
    const places = facts.map((fact) => placeOf(fact, index + 1, textsOf(request)));
    say(`${name}: ${places.join('; ')}`);
    return { name, places };
  });
  for (const { name, places } of told) expect(places, name).not.toContain(nowhere);

  const opening = textsOf(server.requests[0]).join('\n');
  expect(opening).toMatch(/^A run has .+ CPU cores?, .+ of RAM, Linux/m);
  expect(opening).toMatch(/^The baseline, #0: 40 steps \([\d.]+\/s\); loss [\d.]+ \(10 %\), .+ \(100 %\)\.$/m);
  expect(opening).toMatch(/^#0 ended with: score: 1\.00\d, peak_memory_mb: 100$/m);
  expect(opening).toContain('peak_memory_mb <= 500, the incumbent has 100.');
  expect(opening).toContain('A run fails beyond 12.0 s of wall time');

  const shown = textsOf(server.requests.at(-1)).join('\n\n');
  for (const [index, { facts }] of tenFailures.entries()) {
    const answered = shown
      .split(/\n\n(?=#\d+ )/)
      .filter((text) => text.startsWith(`#${index + 1} `))
      .at(-1);
    for (const fact of facts) expect(withoutDiff(answered ?? '')).toMatch(fact);
  }
});

const nowhere = 'nowhere';

/** Where a fact about an experiment stands in a request. */
function placeOf(fact: RegExp, experiment: number, texts: readonly string[]): string {
  const own = withoutDiff(texts.find((text) => text.startsWith(`#${experiment} `)) ?? '');
  const [line = '', ...rest] = own.split('\n');
  if (fact.test(line)) return "the ledger's line";
  const fence = own.indexOf('<<<log of');
  const outside = fence === -1 ? rest.join('\n') : own.slice(line.length, fence);
  if (fact.test(outside)) return 'below the line';
  return fence !== -1 && fact.test(own.slice(fence)) ? "the log's end" : nowhere;
}

/** What the model wrote itself says nothing of what came of it. */
function withoutDiff(text: string): string {
  return text.replace(/^```diff\n[\s\S]*?^```$/m, '');
}

/** Breaks the training in the ways of the table; then looks at all of them, and hands something harmless in. */
function answer(request: RecordedRequest): Step {
  const experiment = experimentOf(request);
  if (experiment === undefined) return { reply: { text: 'Nothing yet.' } };
  const idea = tenFailures[experiment - 1];
  if (idea) return turn({ name: 'edit', arguments: { file: 'train.py', edits: idea.edits } }, handIn(idea.name));
  const looks = tenFailures.map((_, index) => ({ name: 'show_experiment', arguments: { experiment: index + 1 } }));
  if (!textsOf(request).some((text) => text.startsWith('#10 ') && text.includes('Runs: '))) return turn(...looks);
  const edit = { name: 'edit', arguments: { file: 'train.py', edits: [{ find: '(60 if', replace: '(59 if' }] } };
  return turn(edit, handIn('Nothing much'));
}

/** The experiment that a request asks for; undefined for one that asks for a note. */
function experimentOf(request: RecordedRequest): number | undefined {
  const [, number] = /^# Now: experiment (\d+)$/m.exec(textsOf(request).join('\n')) ?? [];
  return number === undefined ? undefined : Number(number);
}

/** All texts of a request's messages. */
function textsOf(request: RecordedRequest | undefined): string[] {
  const strings = (value: unknown): string[] => {
    if (typeof value === 'string') return [value];
    return typeof value === 'object' && value !== null ? Object.values(value).flatMap(strings) : [];
  };
  return strings(request?.body.messages).flatMap((text) =>
    text.split(/\n\n(?=#\d+ (?:baseline|kept|reverted|failed))/),
  );
}
