import { expect, test } from 'vitest';
import { entriesOf, journalOf, nocturne } from '../helpers/nocturne.ts';
import { temporaryRepo } from '../helpers/temporary-repo.ts';

const train = `import os, sys, time
BEHAVIOUR = "well"  # space: choice well, nan, silent, worse
SCALE = 1.0  # space: fixed
print("NOCTURNE_SEED", os.environ["NOCTURNE_SEED"])
end = "\\r" if BEHAVIOUR == "nan" else "\\n"
for step in range(41):
    loss = 2 + 6 * 0.9 ** step
    if BEHAVIOUR == "nan" and step > 20:
        loss = float("nan")
    if BEHAVIOUR == "worse":
        loss = 8.0
    print(f"step={step} loss={loss:.4f} progress={step / 40:.3f}", end=end, flush=True)
    time.sleep(60 if step == 25 and BEHAVIOUR != "well" else 0.01)
print("---")
print("score:", 1 + int(os.environ["NOCTURNE_SEED"]) % 7 / 1000)
`;
const brief = (more: string) =>
  `---\nmetric: score\ngoal: minimize\nbudget: 1s\ntimeout: 30s\nresearcher: grid\npolicy: greedy\n${more}stop: { experiments: 3 }\n---\nProse.\n`;

test('broken, silent and hopeless runs are ended early, say why, and are reverted', async () => {
  const { root } = temporaryRepo({ 'program.md': brief(''), 'train.py': train });
  const { exitCode, stderr } = await nocturne(root, ['run', '--tag', 'night', '--plain']);
  expect(stderr).not.toContain('error');
  expect(exitCode).toBe(0);
  const journal = journalOf(root, 'night');
  const results = entriesOf(journal, 'run-ended').map(({ result }) => result);
  for (const { curve = [] } of results.slice(0, 3)) {
    expect(curve).toHaveLength(20);
    expect(curve.at(-1)?.[0]).toBe(1);
  }
  const byTitle = Object.fromEntries(
    entriesOf(journal, 'proposal-made').map(({ experiment, proposal }) => {
      const ended = entriesOf(journal, 'run-ended').find((entry) => entry.experiment === experiment);
      return [proposal.title, `${ended?.result.outcome}: ${ended?.result.reason}`];
    }),
  );
  expect(byTitle).toEqual({
    'BEHAVIOUR well -> nan': expect.stringMatching(/^killed-early: its loss was no finite number \d lines in a row$/),
    'BEHAVIOUR well -> silent': expect.stringMatching(/^stalled: no output for \d+\.\d s after 26 progress lines; /),
    'BEHAVIOUR well -> worse': expect.stringMatching(/^killed-early: its loss, 8, was far beyond the incumbent's own/),
  });
  const verdicts = entriesOf(journal, 'verdict-given').slice(1);
  expect(verdicts.map(({ verdict }) => verdict.decision)).toEqual(['revert', 'revert', 'revert']);
  for (const { experiment, verdict } of verdicts) {
    const ended = entriesOf(journal, 'run-ended').find((entry) => entry.experiment === experiment);
    expect(verdict.reason).toBe(ended?.result.reason);
    expect(ended?.result.measurement).toBeUndefined();
  }
  const check = await nocturne(root, ['check', '--tag', 'night']);
  expect(check.exitCode).toBe(0);
});
