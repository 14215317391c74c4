import { describe, expect, test } from 'vitest';
import { experimentRows } from '../../../../src/core/journal/experiment-row.ts';
import { experimentTable } from '../../../../src/core/views/table/columns.ts';
import { columnsShown } from '../../../../src/core/views/table/columns-shown.ts';
import { filterTable, findColumn } from '../../../../src/core/views/table/filter.ts';
import { sortBy } from '../../../../src/core/views/table/sort.ts';
import { livedInJournal } from '../../../helpers/lived-in-study.ts';

const { history } = livedInJournal().whole();
const table = experimentTable(history);
const cellsOf = (name: string) => findColumn(table.columns, name)?.cells;

describe('the table of experiments', () => {
  test('has the figures of `log --json` under their names', () => {
    const rows = experimentRows(history);
    for (const { id, cells } of table.columns.filter(({ group }) => group === 'experiment'))
      expect(cells, id).toEqual(rows.map((row) => row[id as keyof typeof row]));
  });

  test('has a column for each knob that was set, with the values of an experiment and its ancestors', () => {
    expect(cellsOf('BATCH')?.slice(0, 4)).toEqual([null, null, 16, null]);
    expect(cellsOf('knob:train.py:DROPOUT')?.slice(-2)).toEqual([0.14, 0.15]);
  });

  test('shows the usual columns, and the busiest knobs, where none is chosen', () => {
    const ids = (chosen: readonly string[]) => columnsShown(table, chosen).map(({ id }) => id);
    expect(ids([])).toEqual(expect.arrayContaining(['experiment', 'metric', 'gain', 'title', 'knob:train.py:DROPOUT']));
    expect(ids(['gain', 'nothing'])).toEqual(['experiment', 'gain']);
  });
});

describe('a filter', () => {
  const found = (text: string) => {
    const filtered = filterTable(table, text);
    return filtered.kind === 'found' ? filtered.experiments : filtered.reason;
  };

  test.each<[string, readonly number[]]>([
    ['status:kept', [1, 4, 7]],
    ['status=kept -muon', [1, 7]],
    ['muon adamw', [4]],
    ['"squared relu"', [7]],
    ['val_bpb<2.66 status!=reverted', [7]],
    ['BATCH=16', [2]],
    ['dropout>=0.14', [22, 23]],
    ['-dropout DROPOUT>0', []],
    ['nothing:here', []],
  ])('%s finds %j', (text, experiments) => {
    expect(found(text)).toEqual(experiments);
  });

  test('without a word finds all', () => {
    expect(found('  ')).toHaveLength(24);
  });

  test.each([
    ['LAYERS>3', 'There is no column LAYERS.'],
    ['gain>much', 'gain> needs a number behind it, found much.'],
    ['gain>', 'gain> needs a value behind it.'],
  ])('%s is told to be unclear', (text, reason) => {
    expect(found(text)).toBe(reason);
  });
});

test('rows without a value are last in both ways, and equal ones stay in their order', () => {
  const metric = findColumn(table.columns, 'metric');
  if (!metric) throw new Error('there is no metric');
  const all = table.rows.map((_, index) => index);
  const [up, down] = [sortBy(all, metric, 'up'), sortBy(all, metric, 'down')];
  expect(up.slice(-2)).toEqual([3, 5]);
  expect(down.slice(-2)).toEqual([3, 5]);
  expect(up[0]).toBe(7);
  expect(sortBy([3, 5], metric, 'down')).toEqual([3, 5]);
});
