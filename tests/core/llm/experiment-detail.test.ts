import { expect, test } from 'vitest';
import { experimentOf } from '../../../src/core/journal/history.ts';
import { type ExperimentTexts, experimentDetail, experimentInFull } from '../../../src/core/llm/experiment-detail.ts';
import { historyOf } from '../../helpers/study-history.ts';

/** A text of `length` characters, none of them white space. */
const long = (length: number) => 'why'.repeat(length).slice(0, length);

function shown(render: typeof experimentDetail, hypothesis: string, texts?: ExperimentTexts): string {
  const history = historyOf([{ title: 'idea', hypothesis, value: 3 }]);
  return render(history, experimentOf(history, 1), texts, 'delimiter');
}

test.each([
  ['the ledger', experimentDetail, 240],
  ['the answer to show_experiment', experimentInFull, 4000],
] as const)('%s has a whole hypothesis up to its bound, and beyond it the beginning', (_, render, bound) => {
  expect(shown(render, long(bound)).split('\n')).toContain(`Hypothesis: ${long(bound)}`);
  expect(shown(render, long(bound + 1)).split('\n')).toContain(`Hypothesis: ${long(bound - 1)}…`);
});

test.each([
  ['the ledger', experimentDetail, 900],
  ['the answer to show_experiment', experimentInFull, 12_000],
] as const)('%s has the lines of a diff that fit into its bound, and says how many are left', (_, render, bound) => {
  const fitting = Array.from({ length: bound / 10 }, (__, line) => `+${String(line).padStart(8, '0')}`);
  const exact = shown(render, 'because', { diff: fitting.join('\n'), log: '' });
  expect(exact).toContain(['```diff', ...fitting, '```'].join('\n'));
  expect(exact).not.toContain('more lines');
  const beyond = shown(render, 'because', { diff: [...fitting, '+', '+'].join('\n'), log: '' });
  expect(beyond).toContain([...fitting.slice(-1), '```', '(2 more lines of the diff)'].join('\n'));
});
