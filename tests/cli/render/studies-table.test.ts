import { stripVTControlCharacters } from 'node:util';
import { expect, it, vi } from 'vitest';
import { studiesTable } from '../../../src/cli/render/studies-table.ts';
import { type StudyRow, studyRow } from '../../../src/core/views/study-row.ts';
import { createJournal, scored } from '../../helpers/journal.ts';

const row = studyRow(
  createJournal().baseline(scored(2)).experiment(scored(1.9), 'keep').whole(),
  '2026-01-01T00:00:00Z',
  false,
);

function cellsOf(changes: Partial<StudyRow>): readonly string[] {
  const lines = stripVTControlCharacters(studiesTable([row, { ...row, ...changes }])).split('\n');
  expect(lines.filter((line) => line.length > 80)).toEqual([]);
  return lines.at(-1)?.split(/ {2,}/) ?? [];
}

it('no column runs into the next, however many experiments there are and whatever the metric is called', () => {
  expect(cellsOf({ experiments: 1000, kept: 100 }).slice(2, 4)).toEqual([
    '100 of 1000',
    expect.stringMatching(/^val_bpb /),
  ]);
  const metric = 'validation_accuracy';
  const best = row.best && { ...row.best, mean: 0.15 };
  const baseline = row.baseline && { ...row.baseline, mean: 0.01 };
  const many = cellsOf({ metric, best, baseline, gain: 0.14, decimals: 3 });
  expect(many.slice(3, 5)).toEqual(['validation_accuracy 0.150', '1400 %']);
});

it('the last entry has the day of this machine’s zone, as all other times that people read', () => {
  vi.stubEnv('TZ', 'America/Los_Angeles');
  expect(cellsOf({ lastAt: '2026-11-30T03:00:00.000Z' }).at(-1)).toBe('2026-11-29');
  vi.unstubAllEnvs();
});
