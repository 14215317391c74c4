/** How large a prompt is, and how much of it a provider has in its cache, over a study of 300 experiments. */
import { readFileSync } from 'node:fs';
import { beforeAll, expect, test } from 'vitest';
import { loadPrompts } from '../../../src/adapters/prompt-files.ts';
import { createRandom } from '../../../src/core/base/random.ts';
import { openingTexts } from '../../../src/core/llm/context.ts';
import { type RenderPrompt, renderAsk, renderSystem } from '../../../src/core/llm/prompt-values.ts';
import { tools } from '../../../src/core/llm/tool-schemas.ts';
import { createJournal } from '../../helpers/study-history.ts';

const say = (line: string) => process.stdout.write(`${line}\n`);

/** Tokens, at four characters each. */
const ceiling = 20_000;
const experiments = 300;
const source = readFileSync('sandbox/tiny/train.py', 'utf8');
const log = Array.from(
  { length: 200 },
  (_, index) => `step=${index} loss=${(5 - index / 60).toFixed(4)} progress=${index / 200}`,
);
const traceback = [
  'Traceback (most recent call last):',
  ...Array.from({ length: 60 }, (_, line) => `  File "train.py", line ${line}, in main`),
];
const diff = Array.from(
  { length: 60 },
  (_, index) => `${'+- '[index % 3]}    hidden = activate(hidden @ weights[${index}])  # line ${index}`,
);
const words =
  'cosine schedule warm-up momentum residual gate embedding norm clip batch width depth tied scale decay rate'.split(
    ' ',
  );

let prompts: string[];
let keptAt: Set<number>;

beforeAll(async () => {
  const render = await loadPrompts('/nowhere');
  ({ prompts, keptAt } = simulate(render));
});

/** A prompt before each experiment; about one in eight is kept, most of those early, and every keep changes the source. */
function simulate(render: RenderPrompt) {
  const random = createRandom('prompt size');
  const journal = createJournal();
  const made: string[] = [];
  const kept = new Set<number>();
  let current = source;
  let best = 3;
  journal.begin();
  journal.add({ event: 'note-read', text: 'Please look at the optimiser first.' });
  for (let experiment = 1; experiment <= experiments; experiment++) {
    const history = journal.history();
    const textsOf = (number: number) => ({
      diff: diff.join('\n'),
      log: (number % 9 === 0 ? [...log, ...traceback] : log).join('\n'),
    });
    const files = { 'train.py': current };
    const texts = openingTexts({
      render,
      history,
      source: { files, knobs: [] },
      space: [],
      fixedFiles: ['prepare.py', 'score.py'],
      textsOf,
      delimiter: 'a1b2c3d4e5f6',
    });
    made.push(
      [
        JSON.stringify(tools),
        renderSystem(render, history, 24, 2),
        ...texts.map(({ text }) => text),
        renderAsk(render, history, experiment),
      ].join('\n'),
    );
    const isKept = random.unit() < (experiment < 30 ? 0.3 : 0.1);
    const isFailed = experiment % 9 === 0;
    const title = Array.from({ length: 9 }, () => random.pick(words)).join(' ');
    const value = isKept ? best - random.unit() / 100 : best + random.unit() / 10;
    journal.attempt({
      title,
      hypothesis: `${title}, `.repeat(6),
      ...(isFailed ? { reason: 'exit code 1: AssertionError: HIDDEN must be even' } : { value, isKept }),
    });
    if (isKept && !isFailed) {
      best = value;
      current = source.replace('HIDDEN = 64 ', `HIDDEN = ${64 + experiment} `);
      kept.add(experiment);
    }
    if (experiment % 10 === 0)
      journal.add({ event: 'insight-written', experiment, model: 'm', text: 'It works because of #3. '.repeat(80) });
  }
  return { prompts: made, keptAt: kept };
}

/** Length of the common beginning over the length of the later prompt. */
function sharedShare(earlier: string, later: string): number {
  let length = 0;
  while (length < earlier.length && earlier[length] === later[length]) length += 1;
  return length / later.length;
}

test(`with ${experiments} experiments the prompt stays below ${ceiling} tokens`, () => {
  const tokens = prompts.map((prompt) => Math.ceil(prompt.length / 4));
  say(
    `prompt tokens: first ${tokens[0]}, after 100 ${tokens[100]}, after 200 ${tokens[200]}, largest ${Math.max(...tokens)}`,
  );
  expect(Math.max(...tokens)).toBeLessThan(ceiling);
});

test('at least 70 % of a prompt is the same bytes as the beginning of the one before', () => {
  const shares = prompts.slice(1).map((prompt, index) => sharedShare(prompts[index] as string, prompt));
  const weighted =
    shares.reduce((sum, share, index) => sum + share * (prompts[index + 1]?.length ?? 0), 0) /
    prompts.slice(1).reduce((sum, prompt) => sum + prompt.length, 0);
  const mean = (values: number[]) => values.reduce((sum, value) => sum + value, 0) / values.length;
  const percent = (share: number) => `${(100 * share).toFixed(1)} %`;
  const reverted = mean(shares.filter((_, index) => !keptAt.has(index + 1)));
  const kept = mean(shares.filter((_, index) => keptAt.has(index + 1)));
  say(
    `identical beginning: ${percent(weighted)} of all prompt bytes; ` +
      `after a revert ${percent(reverted)}, after a keep (${keptAt.size} of them) ${percent(kept)}`,
  );
  expect(weighted).toBeGreaterThan(0.7);
});
