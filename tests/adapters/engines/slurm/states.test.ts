import { describe, expect, test } from 'vitest';
import { resourcesOf } from '../../../../src/adapters/engines/slurm/resources.ts';
import { lookOf, readRefusal, readRows, wasRefused } from '../../../../src/adapters/engines/slurm/states.ts';

const look = (text: string) => readRows(text).map(lookOf)[0];

describe('what Slurm says of a job', () => {
  test.each([
    ['7|PENDING|Priority', { kind: 'waiting', why: 'Slurm says PENDING (Priority) of job 7', isUsual: true }],
    ['7|PENDING|QOSMaxJobsPerUserLimit', { kind: 'waiting', isUsual: false }],
    ['7|PENDING|ReqNodeNotAvail, UnavailableNodes:n1', { kind: 'waiting', isUsual: false }],
    ['7|CONFIGURING|None', { kind: 'waiting' }],
    ['7|RUNNING|None', { kind: 'running' }],
    ['7|COMPLETING|None', { kind: 'running' }],
    ['7|SUSPENDED|None', { kind: 'running' }],
    ['7|COMPLETED|None', { kind: 'gone', isOfEngine: false }],
    ['7|FAILED|NonZeroExitCode', { kind: 'gone', isOfEngine: false }],
    ['7|OUT_OF_MEMORY|OutOfMemory', { kind: 'gone', isOfEngine: false }],
    ['7|PREEMPTED|None', { kind: 'gone', why: 'Slurm says PREEMPTED of job 7', isOfEngine: true }],
    ['7|NODE_FAIL|NodeDown', { kind: 'gone', isOfEngine: true }],
    ['7|TIMEOUT|TimeLimit', { kind: 'gone', isOfEngine: true }],
    ['7|BOOT_FAIL|None', { kind: 'gone', isOfEngine: true }],
    ['7|CANCELLED by 1001|None', { kind: 'gone', why: 'Slurm says CANCELLED of job 7', isOfEngine: true }],
  ])('%s', (text, expected) => {
    expect(look(text)).toMatchObject(expected);
  });

  test('lines that are no rows, as a profile prints them, are passed over', () => {
    expect(readRows('Welcome to the cluster\n\n12|RUNNING|None|run-7\n13.batch|RUNNING|None|batch\n')).toEqual([
      { id: '12', name: 'run-7', state: 'RUNNING', reason: 'None' },
    ]);
  });

  test('a refused submission is told from a job', () => {
    expect(readRows('3|FAILED|BadConstraints\n4|FAILED|NonZeroExitCode').map(wasRefused)).toEqual([true, false]);
  });
});

describe('what a failed command says', () => {
  test.each([
    ['sbatch: error: Batch job submission failed: Unable to contact slurm controller (connect failure)', 'away'],
    ['slurm_load_jobs error: Unable to contact slurm controller (connect failure)', 'away'],
    ['sbatch: error: Batch job submission failed: Socket timed out on send/recv operation', 'away'],
    [
      'sbatch: error: QOSMaxSubmitJobPerUserLimit\nsbatch: error: Batch job submission failed: Job violates accounting/QOS policy (job submit limit, user’s size and/or time limits)',
      'later',
    ],
    [
      'sbatch: error: AssocMaxSubmitJobLimit\nsbatch: error: Batch job submission failed: Job violates accounting/QOS policy',
      'later',
    ],
    ['sbatch: error: Batch job submission failed: Invalid partition name specified', 'wrong'],
    ['sbatch: error: Batch job submission failed: Requested node configuration is not available', 'wrong'],
    ['sbatch: error: Batch job submission failed: Invalid account or account/partition combination specified', 'wrong'],
  ])('%s', (text, kind) => {
    expect(readRefusal(text).kind).toBe(kind);
  });

  test('the sentence is the last one, without the name of the program', () => {
    const said =
      'sbatch: error: invalid partition specified: nope\nsbatch: error: Batch job submission failed: Invalid partition name specified\n';
    expect(readRefusal(said).why).toBe('Batch job submission failed: Invalid partition name specified');
  });
});

describe('what a job asks for', () => {
  test('its own limit and three minutes, in whole minutes, and what the brief names', () => {
    expect(resourcesOf({ partition: 'gpu', gpus: 2, cpus: 8, mem: '32G', args: ['--constraint=a100'] }, 61)).toEqual([
      ...['--nodes=1', '--ntasks=1', '--time=5', '--partition=gpu', '--gres=gpu:2', '--cpus-per-task=8', '--mem=32G'],
      '--constraint=a100',
    ]);
  });

  test('the time and the kind of GPU that the brief names', () => {
    expect(resourcesOf({ time: 3600, gres: 'gpu:a100:1' }, 60)).toEqual([
      '--nodes=1',
      '--ntasks=1',
      '--time=60',
      '--gres=gpu:a100:1',
    ]);
  });
});
