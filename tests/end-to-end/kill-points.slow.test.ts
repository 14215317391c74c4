/**
 * The controller is killed at its most telling calls, as `npm run bench -- kills` does at every one: the study ends as the undisturbed
 * one, no run is executed twice, and the next session leaves nothing lying.
 */
import { expect, test } from 'vitest';
import { isWrong, sweepKills } from '../../bench/kills/sweep.ts';
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
  const left = new Set(telling);
  const { rows } = await sweepKills({
    folder: temporaryFolder(),
    command: nocturneCommand,
    isWanted: (_, call) => {
      const found = [...left].find((kind) => kind.test(call));
      return found !== undefined && left.delete(found);
    },
  });
  expect([...left]).toEqual([]);
  expect(rows).toHaveLength(telling.length);
  expect(rows.filter(isWrong)).toEqual([]);
});
