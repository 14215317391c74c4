import { execFileSync } from 'node:child_process';
import { readdirSync, rmSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { nocturne } from '../helpers/nocturne.ts';
import { templateStudy } from '../helpers/template-study.ts';

const study = templateStudy('--tag', 'night', '--max-experiments', '2');
const readCsv = 'import csv, json, sys; print(json.dumps(list(csv.DictReader(open(sys.argv[1], newline="")))))';

function table(path: string): Record<string, string>[] {
  return JSON.parse(execFileSync('python3', ['-c', readCsv, path], { encoding: 'utf8' }));
}

test('CSV has the very figures of the log, and TensorBoard one file for each experiment, sent once', async () => {
  const { root } = study();
  const board = join(root, 'board');
  const toBoard = ['export', '--to', 'tensorboard', '--json', '--out', 'board'];
  const [csv, sent, log] = await Promise.all([
    nocturne(root, ['export', '--to', 'csv', '--json']),
    nocturne(root, toBoard),
    nocturne(root, ['log', '--json']),
  ]);
  expect(JSON.parse(csv.stdout), csv.stderr).toMatchObject({ tag: 'night', sent: [0, 1, 2], before: [], open: [] });
  const rows = log.stdout.split('\n').map((line) => JSON.parse(line));
  const figures = (row: Record<string, unknown>) =>
    [row.experiment, row.status, row.loss ?? row.metric, row.gain ?? ''].map(String);
  expect(table(join(root, 'runs/night/csv/experiments.csv')).map(figures)).toEqual(rows.map(figures));
  expect(table(join(root, 'runs/night/csv/runs.csv')).filter(({ experiment }) => experiment === '0')).toHaveLength(3);

  expect(JSON.parse(sent.stdout), sent.stderr).toMatchObject({ place: board, sent: [0, 1, 2] });
  const fileOf = (name: string) => join(board, name, readdirSync(join(board, name))[0] ?? '');
  const first = statSync(fileOf('0000'));
  rmSync(fileOf('0001'));
  expect(JSON.parse((await nocturne(root, toBoard)).stdout)).toMatchObject({ sent: [1], before: [0, 2] });
  expect(readdirSync(board)).toEqual(['0000', '0001', '0002']);
  expect(statSync(fileOf('0000')).ino).toBe(first.ino);
});

test('a tracker that is none, and a folder for one that has none, are refused', async () => {
  const { root } = study();
  const [unknown, none] = await Promise.all([nocturne(root, ['export', '--to', 'excel']), nocturne(root, ['export'])]);
  expect(unknown).toMatchObject({ exitCode: 2, stderr: expect.stringMatching(/^nocturne: --to must be one of csv, /) });
  expect(none).toMatchObject({
    exitCode: 2,
    stderr: expect.stringMatching(/^nocturne: --to must name a tracker: csv, /),
  });
});
