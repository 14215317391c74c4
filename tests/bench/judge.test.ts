/** Simulated studies of the keep policies: replays of public studies, and how far a policy stays from the oracle. */
import { expect, test } from 'vitest';
import { arms } from '../../bench/judge/arms.ts';
import { replayWorld } from '../../bench/judge/replay.ts';
import { replaySummary } from '../../bench/judge/replay-summary.ts';
import { simulateStudy } from '../../bench/judge/simulate.ts';
import { type Cell, cellOf } from '../../bench/judge/tables.ts';

const clear = {
  repository: 'someone/model',
  half: 'choosing' as const,
  effects: [-0.2, 0.3, -0.1, 0.2],
  noises: [0.01],
};

test('a replay does what the ledger measured, in its order and in sigma', () => {
  const world = replayWorld(clear, 0);
  const effects = Array.from({ length: 5 }, () => world.effect(() => 0, 0));
  expect(effects.map(Math.round)).toEqual([-20, 30, -10, 20, 0]);
});

test('where its noise is not known the studies take turns with those of others', () => {
  const noises = [0.1, 0.05];
  const first = [0, 1, 2].map((study) => replayWorld({ ...clear, noises }, study).effect(() => 0, 0));
  expect(first).toEqual([-2, -4, -2]);
});

test.each(['greedy', 'value'])('where all is clear %s is where the oracle is', (name) => {
  const arm = arms[name];
  if (!arm) throw new Error(`there is no policy ${name}`);
  const study = simulateStudy(arm, () => replayWorld(clear, 0), 0, { runs: 40, proposals: 4 });
  expect(study).toMatchObject({ keeps: 2, falseKeeps: 0, distance: 0 });
  expect(study.truth).toBeCloseTo(-30);
  expect(study.lateTruth).toBeCloseTo(-10);
});

test('a half counts each repository once, and stands beside the policy of another commit', () => {
  const replays = ['a/a', 'a/a', 'b/b'].map((repository) => ({ ...clear, repository }));
  const cells = replays.flatMap((_, index) => [cell(index, 'value', 1 + index), cell(index, 'value, beside', 4)]);
  const rows = replaySummary(cells, replays);
  expect(rows.map(({ policy, distance, shareOfBeside }) => ({ policy, distance, shareOfBeside }))).toEqual([
    { policy: 'value', distance: 2.25, shareOfBeside: 0.563 },
    { policy: 'value, beside', distance: 4, shareOfBeside: 1 },
  ]);
});

/** A cell of one replay whose distance to the oracle is this, and the other policy's four. */
function cell(index: number, arm: string, distance: number): Cell {
  const [own, beside] = [study(distance), study(4)];
  const job = { group: 'replay' as const, world: `${index + 1} choosing x`, arm, first: 0, replications: 1 };
  return cellOf(job, [own], [beside], [beside]);
}

function study(distance: number) {
  const none = {
    overReport: 0,
    keeps: 0,
    falseKeeps: 0,
    undecided: 0,
    falseUndecided: 0,
    combined: 0,
    combinedKept: 0,
  };
  const gains = { count: 0, kept: 0, runs: 0 };
  return { truth: distance, lateTruth: 0, distance, ...none, proposals: 1, runs: 1, sigma: 1, gains };
}
