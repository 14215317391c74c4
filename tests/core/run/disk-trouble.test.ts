import { expect, it } from 'vitest';
import { diskTroubleOf, mayBeDiskTrouble, withDiskTrouble } from '../../../src/core/run/disk-trouble.ts';
import { failed, scored } from '../../helpers/journal.ts';

const megabyte = 1 << 20;
const log = 'Traceback\nOSError: [Errno 28] No space left on device\n';

it.each([
  ['a run that has its score', scored(1), log, 0, false],
  ['a run that was stopped', failed('cancelled'), log, 0, false],
  ['a crash with room on the disk', failed('crashed'), 'ValueError: x', megabyte, false],
  ['a crash that says so', failed('crashed'), log, 100 * megabyte, true],
  ['a crash on a full disk, whatever it says', failed('crashed'), 'exit 1', 0, true],
  ['a run on a full disk without a score', failed('finished'), '', 4096, true],
])('%s is asked about: %#', (_what, result, said, free, isAsked) => {
  expect(mayBeDiskTrouble(result, said, free)).toBe(isAsked);
});

it('a run that wrote no more than the best is lost, and needs what the best has', () => {
  const state = { free: 0, used: 3 * megabyte, usual: 5 * megabyte };
  const trouble = diskTroubleOf(state);
  expect(trouble).toEqual({ kind: 'full', isSeen: true, free: 0, needed: 6 * megabyte });
  const result = withDiskTrouble(failed('crashed'), trouble, state);
  expect(result).toMatchObject({ outcome: 'lost', reason: 'no room was left on the disk while it ran', disk: trouble });
});

it('a run that filled the disk itself has failed, and says with what', () => {
  const state = { free: 0, used: 900 * megabyte, usual: 5 * megabyte };
  const trouble = diskTroubleOf(state);
  expect(trouble.kind).toBe('filled');
  const before = failed('crashed');
  expect(withDiskTrouble(before, trouble, state)).toEqual({
    ...before,
    reason: `it filled the disk: it wrote 944 MB, the best so far 5.2 MB; ${before.reason}`,
  });
});

it('a baseline has nothing to be compared with, so it is lost', () => {
  expect(diskTroubleOf({ free: 0, used: 900 * megabyte, usual: 0 }).kind).toBe('full');
});

it('a run whose own word is all that speaks of a full disk is repeated as any lost run is', () => {
  expect(diskTroubleOf({ free: 900 * megabyte, used: megabyte, usual: megabyte }).isSeen).toBe(false);
});
