import { execFileSync } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, expect, it, test } from 'vitest';
import { readLedger } from '../../../src/adapters/ledgers/read-ledger.ts';
import type { Ledger } from '../../../src/core/imported/ledger.ts';
import { interpreter } from '../../helpers/interpreter.ts';
import { temporaryFolder } from '../../helpers/temporary-repo.ts';

function folderWith(files: Readonly<Record<string, string | Buffer>>): string {
  const folder = temporaryFolder();
  for (const [name, content] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, name)), { recursive: true });
    writeFileSync(join(folder, name), content);
  }
  return folder;
}

const table = 'commit\tval_bpb\tstatus\na\t1\tkeep\n';
const shown = ({ format, parts }: Ledger) => ({
  format,
  parts: parts.map(({ name, metric, goal, rows }) => ({
    name,
    metric,
    goal,
    rows: rows.map(({ description, value, status, fields }) => [description, value, status, fields['params.lr'] ?? '']),
  })),
});
const read = async (path: string) => shown((await readLedger(path)).ledger);

test.each([
  ['UTF-16, as PowerShell writes it', Buffer.from(`\ufeff${table}`, 'utf16le')],
  ['UTF-8 with NUL bytes', Buffer.from(table.replace('\t1\t', '\t\u00001\t'))],
])('a ledger in %s is read', async (_, bytes) => {
  const folder = folderWith({ 'results.tsv': bytes });
  expect(await read(join(folder, 'results.tsv'))).toMatchObject({
    parts: [{ metric: 'val_bpb', rows: [['', 1, 'keep', '']] }],
  });
});

test.each([
  ['nothing', 'no-such.tsv', 'The ledger'],
  ['a folder of other things', '.', 'expected a folder of MLflow, W&B, OpenEvolve, AIDE or pi-autoresearch'],
])('%s in the place of a ledger is one sentence', async (_, name, message) => {
  const folder = folderWith({ 'readme.txt': 'hello' });
  await expect(readLedger(join(folder, name))).rejects.toThrow(message);
});

describe('a database', () => {
  const databaseWith = (...statements: readonly string[]) => {
    const path = join(temporaryFolder(), 'of studies?.db');
    const script = 'import sqlite3, sys; db = sqlite3.connect(sys.argv[1]); db.executescript(sys.argv[2]); db.close()';
    execFileSync(interpreter, ['-I', '-c', script, path, statements.join(';')]);
    return path;
  };

  it('of Optuna has its studies', async () => {
    const choices = '{"name": "CategoricalDistribution", "attributes": {"choices": ["a", "b"]}}';
    const path = databaseWith(
      'create table studies (study_id, study_name)',
      'create table study_directions (study_id, direction, objective)',
      'create table trials (trial_id, number, study_id, state)',
      'create table trial_values (trial_id, objective, value, value_type)',
      'create table trial_params (trial_id, param_name, param_value, distribution_json)',
      "insert into studies values (1, 'night')",
      "insert into study_directions values (1, 'MAXIMIZE', 0)",
      "insert into trials values (1, 0, 1, 'COMPLETE'), (2, 1, 1, 'FAIL'), (3, 2, 1, 'COMPLETE')",
      "insert into trial_values values (1, 0, 0.5, 'FINITE'), (3, 0, null, 'INF_POS')",
      `insert into trial_params values (1, 'lr', 0.1, '{}'), (1, 'kind', 1, '${choices}')`,
    );
    expect(await read(path)).toEqual({
      format: 'Optuna storage',
      parts: [
        {
          name: 'night',
          metric: 'value',
          goal: 'maximize',
          rows: [
            ['lr=0.1, kind=b', 0.5, 'other', '0.1'],
            ['', null, 'crash', ''],
            ['', null, 'other', ''],
          ],
        },
      ],
    });
  });

  it('of MLflow has its experiments, without the runs that were deleted', async () => {
    const path = databaseWith(
      'create table experiments (experiment_id, name)',
      'create table runs (run_uuid, name, status, start_time, lifecycle_stage, experiment_id)',
      'create table latest_metrics (run_uuid, key, value, is_nan)',
      'create table params (run_uuid, key, value)',
      "insert into experiments values (0, 'Default'), (1, 'night')",
      "insert into runs values ('a', 'first', 'FINISHED', 1, 'active', 1), ('b', 'gone', 'FINISHED', 2, 'deleted', 1), ('c', 'last', 'FAILED', 3, 'active', 1)",
      "insert into latest_metrics values ('a', 'val_loss', 0.5, 0), ('a', 'train_loss', 0.4, 0), ('b', 'val_loss', 0.1, 0)",
      "insert into params values ('a', 'lr', '0.1')",
    );
    expect(await read(path)).toMatchObject({
      parts: [
        {
          name: 'night',
          metric: 'val_loss',
          rows: [
            ['first', 0.5, 'other', '0.1'],
            ['last', null, 'crash', ''],
          ],
        },
      ],
    });
  });

  it('of anything else is read by its tables', async () => {
    const path = databaseWith(
      'create table settings (name, number)',
      'create table experiments (id integer, description text, val_acc real, status text)',
      "insert into experiments values (1, 'start', 0.5, 'keep'), (2, 'more', 0.4, 'discard')",
    );
    expect(await read(path)).toMatchObject({
      parts: [
        {
          name: 'experiments',
          metric: 'val_acc',
          rows: [
            ['start', 0.5, 'keep', ''],
            ['more', 0.4, 'discard', ''],
          ],
        },
      ],
    });
  });

  it('that is damaged is one sentence', async () => {
    const folder = folderWith({ 'x.db': `SQLite format 3\u0000${'x'.repeat(2000)}` });
    await expect(readLedger(join(folder, 'x.db'))).rejects.toThrow(
      /expected a SQLite database, found one that cannot be read/,
    );
  });
});

describe('a folder', () => {
  it('of MLflow has the last value of each metric, in the order of the starts', async () => {
    const run = (id: string, name: string, start: number, status: number, loss: string) => ({
      [`mlruns/7/${id}/meta.yaml`]: `run_id: ${id}\nrun_name: ${name}\nstart_time: ${start}\nstatus: ${status}\nlifecycle_stage: active\n`,
      [`mlruns/7/${id}/metrics/val_loss`]: loss,
      [`mlruns/7/${id}/params/lr`]: '0.1',
    });
    const folder = folderWith({
      'mlruns/7/meta.yaml': "experiment_id: '7'\nname: night\n",
      ...run('a1', 'second', 20, 3, '1 0.9 0\n2 0.7 1\n'),
      ...run('b1', 'first', 10, 3, '1 0.8 0\n'),
      ...run('c1', 'third', 30, 4, '1 nan 0\n'),
    });
    for (const path of [folder, join(folder, 'mlruns'), join(folder, 'mlruns/7')]) {
      expect(await read(path)).toEqual({
        format: 'MLflow folder',
        parts: [
          {
            name: 'night',
            metric: 'val_loss',
            goal: undefined,
            rows: [
              ['first', 0.8, 'other', '0.1'],
              ['second', 0.7, 'other', '0.1'],
              ['third', null, 'crash', '0.1'],
            ],
          },
        ],
      });
    }
  });

  it('of W&B runs is read from their summaries, else from the log that an offline run leaves', async () => {
    const folder = folderWith({
      'wandb/run-20260102_000000-bbb/files/wandb-summary.json': '{"val_acc": 0.6, "_step": 3, "_runtime": 5}',
      'wandb/run-20260102_000000-bbb/files/config.yaml': 'wandb_version: 1\n_wandb:\n  value: {}\nlr:\n  value: 0.2\n',
      'wandb/offline-run-20260101_000000-aaa/run-aaa.wandb': wandbLog('first', 0, { val_acc: [0.4, 0.5], lr: 0.1 }),
      'wandb/offline-run-20260103_000000-ccc/run-ccc.wandb': wandbLog('third', 1, { val_acc: [0.3], lr: 0.3 }),
    });
    expect(await read(folder)).toEqual({
      format: 'W&B runs',
      parts: [
        {
          name: '',
          metric: 'val_acc',
          goal: undefined,
          rows: [
            ['first', 0.5, 'other', '0.1'],
            ['', 0.6, 'other', '0.2'],
            ['third', null, 'crash', '0.3'],
          ],
        },
      ],
    });
  });

  it('of OpenEvolve is read from its latest checkpoint', async () => {
    const program = (id: string, score: number) =>
      JSON.stringify({
        id,
        code: 'x',
        iteration_found: 1,
        metrics: { combined_score: score },
        metadata: { changes: id },
      });
    const folder = folderWith({
      'openevolve_output/checkpoints/checkpoint_9/programs/a.json': program('old', 0.1),
      'openevolve_output/checkpoints/checkpoint_10/programs/a.json': program('new', 0.2),
      'openevolve_output/checkpoints/checkpoint_10/programs/b.json': 'broken',
    });
    expect(await read(folder)).toMatchObject({ parts: [{ goal: 'maximize', rows: [['new', 0.2, 'other', '']] }] });
  });

  it.each(['.auto/log.jsonl', 'results.tsv', 'autoresearch/results.tsv'])('with %s is read from it', async (name) => {
    const line = '{"run":1,"commit":"a","metric":1,"metrics":{},"status":"keep","description":"x"}\n';
    const folder = folderWith({ [name]: name.endsWith('.jsonl') ? line : table });
    expect((await read(folder)).parts[0]?.rows).toHaveLength(1);
  });
});

/** A log as W&B writes it: seven bytes, then records of LevelDB's log format with messages of protocol buffers in them. */
function wandbLog(name: string, exitCode: number, { val_acc, lr }: { val_acc: readonly number[]; lr: number }): Buffer {
  const field = (number: number, value: Buffer | string) =>
    Buffer.concat([varint(number * 8 + 2), varint(Buffer.byteLength(value)), Buffer.from(value)]);
  const item = (key: string, value: unknown) =>
    field(1, Buffer.concat([field(1, key), field(16, JSON.stringify(value))]));
  const messages = [
    field(
      17,
      Buffer.concat([field(8, name), field(4, item('lr', lr)), field(4, item('_wandb', { x: 'y'.repeat(40_000) }))]),
    ),
    ...val_acc.map((value) => field(2, Buffer.concat([item('val_acc', value), item('_step', 1)]))),
    field(18, exitCode === 0 ? Buffer.alloc(0) : Buffer.from([8, exitCode])),
  ];
  let log: Buffer = Buffer.from(':W&B\0\0\0', 'latin1');
  for (const message of messages) log = appendRecord(log, message);
  return log;
}

function appendRecord(log: Buffer, message: Buffer): Buffer {
  let rest = message;
  let grown: Buffer = log;
  let isFirst = true;
  for (;;) {
    const left = 32_768 - (grown.length % 32_768);
    const piece = rest.subarray(0, Math.max(0, left - 7));
    rest = rest.subarray(piece.length);
    const isLast = rest.length === 0;
    const head = Buffer.alloc(7);
    head.writeUInt16LE(piece.length, 4);
    head[6] = isFirst ? (isLast ? 1 : 2) : isLast ? 4 : 3;
    grown = Buffer.concat([grown, head, piece]);
    if (isLast) return grown;
    isFirst = false;
  }
}

function varint(value: number): Buffer {
  const bytes: number[] = [];
  let rest = value;
  while (rest >= 128) {
    bytes.push((rest % 128) + 128);
    rest = Math.floor(rest / 128);
  }
  return Buffer.from([...bytes, rest]);
}
