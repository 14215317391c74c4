/** Whole studies with chat servers that differ from OpenAI's in several ways at once. */
import { expect, test } from 'vitest';
import { createRandom } from '../../src/core/base/random.ts';
import type { DeviationName } from '../helpers/model-server/deviations.ts';
import type { Step } from '../helpers/model-server/model-server.ts';
import { handIn, settle, turn } from '../helpers/model-study.ts';
import { callsOf, entriesOf, journalOf, nocturne, project } from '../helpers/nocturne.ts';
import { serve } from '../helpers/served-quick.ts';

type Oddities = readonly (DeviationName | undefined)[];

/** One of each is drawn; `undefined` is a server without that oddity. */
const kinds: readonly Oddities[] = [
  ['alternating-roles', 'no-user-after-tool', 'no-system-role', undefined],
  ['thoughts-back', 'kimi-thoughts', 'no-thoughts', undefined],
  ['no-max-tokens', 'no-stream-options', 'no-null-content', 'window-8k', 'replies-4k', undefined],
  ['ids-empty', 'ids-same', 'ids-nine', undefined],
  // A call within the text has no form of its own besides.
  [
    ...(['arguments-object', 'arguments-fenced', 'arguments-twice', 'arguments-raw-lines', 'names-prefixed'] as const),
    ...(['calls-hermes', 'calls-mistral-11', 'calls-fenced', undefined] as const),
  ],
  // A stream without a reason and without `[DONE]` is one that was cut off.
  ['reason-eos', 'reason-stop', 'no-usage', undefined],
  ['whole-json', 'no-stream', 'stream-as-text', 'no-done', undefined],
];

const studies = Number.parseInt(process.env.NOCTURNE_ODD_STUDIES ?? '4', 10);
const drawn = Array.from({ length: studies }, (_, index) => {
  const random = createRandom(`odd server ${index}`);
  return kinds.flatMap((kind) => random.pick(kind) ?? []);
});

test.each(drawn)('a study makes its six experiments with a server of: %s %s %s %s %s %s', async (...names) => {
  const deviations = names.filter((name) => name !== undefined);
  let asked = 0;
  // Every proposal is a turn with an edit and one that hands it in; one of three is cut off first.
  const script = (): Step => {
    asked += 1;
    const idea = Math.ceil(asked / 3);
    if (asked % 3 === 1) return { reply: { text: 'I think', ending: 'truncated' } };
    if (asked % 3 === 0) return turn(handIn(`Idea ${idea}`));
    const edits = [{ find: 'LEARNING_RATE = ', replace: `LEARNING_RATE = ${idea + 2} * ` }];
    return turn({ name: 'edit', arguments: { edits } });
  };
  const server = await serve(script, { deviations });
  const repo = project('quick');
  settle(repo, 'researcher: llm', 'model: vllm:qwen3', `base_url: ${server.openAIUrl}`);

  const said = await nocturne(repo.root, ['run', '--tag', 'night', '--max-experiments', '6']);

  expect(said.exitCode, said.stderr + said.stdout).toBe(0);
  expect(server.violations).toEqual([]);
  const journal = journalOf(repo.root, 'night');
  expect(entriesOf(journal, 'verdict-given').length).toBeGreaterThanOrEqual(6);
  // Where the reason to stop is not the server's own, the cut reply is a text without a call.
  const outcomes = new Set(callsOf(journal).map(({ outcome }) => outcome));
  expect([...outcomes].filter((outcome) => outcome !== 'answer' && outcome !== 'truncated')).toEqual([]);
});
