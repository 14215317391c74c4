/**
 * The controller is killed at its most telling calls, as `npm run bench -- kills` does at every one: the study ends as the undisturbed
 * one, no run is executed twice, and the next session leaves nothing lying.
 */
import { expect, test } from 'vitest';
import type { Shape } from '../../bench/kills/study.ts';
import { isWrong, type KillRow, sweepKills } from '../../bench/kills/sweep.ts';
import { nocturneCommand } from '../helpers/program.ts';
import { temporaryFolder } from '../helpers/temporary-repo.ts';

/** The first call of each kind is one. */
const telling = [
  /^link .*lock/,
  /^handle\.write, half written/,
  /^rename .*object-.*\.git\/objects/,
  /^spawned, nothing said yet: git update-ref/,
  /^spawned, nothing said yet: git checkout/,
  /^rename .*index-.*\.git\/index/,
  /^writeFile, half written .*trees\.json/,
  /^spawned, nothing said yet: .*start_supervisors\.py/,
  /^rm .*0002\/run-1\/work/,
  /^rename .*report\.html/,
];

test('a study survives the death of its controller at any of them', { timeout: 600_000 }, async () => {
  expect(await wrongAfterKills(telling)).toEqual([]);
});

/** What belongs to an experiment that goes on beside others: its folders, its objects, and its removal. */
const besideOthers = [
  /^rename .*object-.*\.git\/objects/,
  /^writeFile, half written .*0002.*trees\.json/,
  /^mkdir .*0003\/run-1/,
  /^rm .*0003\/run-1\/work/,
];

test('so does one with two slots', { timeout: 600_000 }, async () => {
  expect(await wrongAfterKills(besideOthers, { slots: 2 })).toEqual([]);
});

/** The kills at the first call of each kind that a study did not survive as the undisturbed one; there is a call of each. */
async function wrongAfterKills(kinds: readonly RegExp[], shape: Partial<Shape> = {}): Promise<readonly KillRow[]> {
  const left = new Set(kinds);
  const { rows } = await sweepKills({
    folder: temporaryFolder(),
    command: nocturneCommand,
    shape,
    isWanted: (_, call) => {
      const found = [...left].find((kind) => kind.test(call));
      return found !== undefined && left.delete(found);
    },
  });
  expect([...left]).toEqual([]);
  expect(rows).toHaveLength(kinds.length);
  return rows.filter(isWrong);
}
