import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { nocturne } from '../../helpers/nocturne.ts';
import { temporaryFolder } from '../../helpers/temporary-repo.ts';

test('a ledger of two studies has a report for each, and what was left out is listed', async () => {
  const folder = temporaryFolder();
  const lines = [
    'commit\tval_acc\tstatus\tdescription',
    'a1\t0.50\tbaseline\tstart',
    'b1\t0.70\tkeep\twider',
    '# moved to another machine',
    'c1\t0.40\tbaseline\tstart again',
    'd1\t0.60\tstale_fix\tx',
    'e1\t0.65\tkeep\tdeeper',
    'f1\t0.62\tkeep\tsimpler',
  ];
  writeFileSync(join(folder, 'night.tsv'), `${lines.join('\n')}\n`);
  const { exitCode, stderr } = await nocturne(folder, ['import', 'night.tsv']);
  expect(exitCode).toBe(0);
  expect(stderr.split('\n').slice(0, 6)).toEqual([
    'Read: table separated by tabs, 6 experiments in 2 studies.',
    '  night-1: from line 2, 2 experiments, 2 kept, best val_acc 0.7000 in line 3',
    '  night-2: from line 5, 4 experiments, 3 kept, best val_acc 0.6500 in line 7',
    'The status `stale_fix` is not known (line 6): read as neither kept nor discarded.',
    'Left out: 1 line.',
    '  line 4: a comment: # moved to another machine',
  ]);
  const { stdout } = await nocturne(folder, ['import', 'night.tsv', '--json']);
  expect(JSON.parse(stdout)).toMatchObject({
    report: { tag: 'night-2', headline: { kept: 2, result: { baseline: 0.4, best: 0.65 } } },
    ledger: {
      format: 'table separated by tabs',
      parts: [
        { metric: 'val_acc', goal: 'maximize', goalFrom: 'name', best: { line: 3, value: 0.7 } },
        { keeps: [{ line: 5 }, { line: 7 }, { line: 8 }], best: { line: 7, value: 0.65, commit: 'e1' } },
      ],
      leftOut: [{ line: 4, reason: 'a comment' }],
    },
  });
});
