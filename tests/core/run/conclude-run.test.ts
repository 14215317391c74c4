import { describe, expect, it } from 'vitest';
import type { Metric } from '../../../src/core/base/metric.ts';
import {
  concludeRun,
  type EndedStage,
  type Ending,
  type RunAllowance,
  type RunTrace,
} from '../../../src/core/run/conclude-run.ts';

const metric: Metric = { name: 'val_bpb', goal: 'minimize' };
const silent: RunTrace = { trainLog: '', scoreLog: undefined, metricsJson: undefined, changed: undefined };

function stage(name: EndedStage['name'], exitCode: number | null, signal: string | null = null): EndedStage {
  return { name, exitCode, signal, seconds: 3, cpuSeconds: 2 };
}

function ended(stages: readonly EndedStage[], ending: 'exited' | 'deadline' | 'cancelled' = 'exited'): Ending {
  return { kind: 'ended', ending, stages, seconds: 3 };
}

function conclude(ending: Ending, trace: Partial<RunTrace> = {}, allowance: RunAllowance = { clock: 'wall' }) {
  return concludeRun(ending, { ...silent, ...trace }, metric, allowance);
}

it('a run that exits 0 with a score is finished, with a measurement and no reason', () => {
  const result = conclude(ended([stage('train', 0)]), { trainLog: '---\nval_bpb: 1.5\n' });
  expect(result).toMatchObject({ outcome: 'finished', reason: '', evidence: '', measurement: { value: 1.5 } });
  expect(result).toMatchObject({ seconds: 3, cpuSeconds: 2 });
});

it('the CPU seconds of all stages are added up', () => {
  const result = conclude(ended([stage('train', 0), stage('score', 0)]), { scoreLog: '---\nval_bpb: 1\n' });
  expect(result.cpuSeconds).toBe(4);
});

describe('a run whose shared data changed', () => {
  const scoring = { trainLog: '---\nval_bpb: 1.5\n' };

  it('while others were in flight is lost and in doubt, whatever it measured', () => {
    const result = conclude(ended([stage('train', 0)]), { ...scoring, doubtful: 'data/a.txt' });
    const reason = 'data/a.txt changed while it and other runs were in flight';
    expect(result).toMatchObject({ outcome: 'lost', reason, isDoubtful: true });
    expect(result).not.toHaveProperty('measurement');
  });

  it('is void where it changed what is its own as well', () => {
    const changed = { ...scoring, doubtful: 'data/a.txt', changed: 'prepare.py' };
    const result = conclude(ended([stage('train', 0)]), changed);
    expect(result).toMatchObject({ outcome: 'crashed', reason: 'void: it changed prepare.py' });
    expect(result).not.toHaveProperty('isDoubtful');
  });
});

it('a run says where it ran, as the engine does', () => {
  const where = { node: 'gpu-3', device: 'NVIDIA L4' };
  const done: Ending = { kind: 'ended', ending: 'exited', stages: [stage('train', 0)], seconds: 3, where };
  expect(conclude(done, { trainLog: '---\nval_bpb: 1.5\n' })).toMatchObject({ where, outcome: 'finished' });
  expect(conclude({ ...done, stages: [stage('train', 3)] })).toMatchObject({ where, outcome: 'crashed' });
});

describe('a run without a score has an outcome and a reason', () => {
  it.each([
    ['a silent run', ended([stage('train', 0)]), {}, 'finished', 'the log ends without val_bpb'],
    ['NaN', ended([stage('train', 0)]), { trainLog: '---\nval_bpb: nan\n' }, 'finished', 'not a finite number'],
    ['an exit code', ended([stage('train', 3)]), {}, 'crashed', 'exit code 3'],
    [
      'a traceback',
      ended([stage('train', 1)]),
      { trainLog: 'Traceback\nValueError: no\n\n' },
      'crashed',
      'exit code 1: ValueError: no',
    ],
    [
      'a score before the crash',
      ended([stage('train', 1)]),
      { trainLog: '---\nval_bpb: 1\n' },
      'crashed',
      'exit code 1: val_bpb: 1',
    ],
    [
      'SIGKILL',
      ended([stage('train', null, 'SIGKILL')]),
      {},
      'crashed',
      'killed by SIGKILL, perhaps for want of memory',
    ],
    ['SIGTERM from outside', ended([stage('train', null, 'SIGTERM')]), {}, 'lost', 'SIGTERM ended it'],
    ['SIGHUP from outside', ended([stage('score', null, 'SIGHUP')]), {}, 'lost', 'SIGHUP ended it'],
    ['SIGSEGV', ended([stage('train', null, 'SIGSEGV')]), {}, 'crashed', 'killed by SIGSEGV'],
    ['the time limit', ended([stage('train', null, 'SIGKILL')], 'deadline'), {}, 'timed-out', 'after 3.0 s'],
    ['a cancel', ended([], 'cancelled'), {}, 'cancelled', 'stopped before it ended'],
    ['a lost supervisor', { kind: 'lost', reason: 'it is gone' } as const, {}, 'lost', 'it is gone'],
    [
      'CUDA',
      ended([stage('train', 1)]),
      { trainLog: 'torch.OutOfMemoryError: CUDA\n' },
      'out-of-memory',
      'out of memory',
    ],
    ['MemoryError', ended([stage('train', 1)]), { trainLog: 'x\nMemoryError\n' }, 'out-of-memory', 'out of memory'],
    ['bad_alloc', ended([stage('train', null, 'SIGABRT')]), { trainLog: 'std::bad_alloc' }, 'out-of-memory', 'out of'],
    [
      'a changed file',
      ended([stage('train', 0)]),
      { trainLog: '---\nval_bpb: 1\n', changed: 'prepare.py' },
      'crashed',
      'void: it changed prepare.py',
    ],
    [
      'a failed scorer',
      ended([stage('train', 0), stage('score', 1)]),
      { trainLog: 'fine\n', scoreLog: 'no weights\n' },
      'crashed',
      'the scorer failed: exit code 1: no weights',
    ],
    [
      'a scorer without memory',
      ended([stage('train', 0), stage('score', 1)]),
      { scoreLog: 'MemoryError\n' },
      'out-of-memory',
      'the scorer failed: out of memory',
    ],
    [
      'a scorer that was never started',
      ended([stage('train', 0)]),
      { scoreLog: '' },
      'finished',
      'the scorer printed no val_bpb',
    ],
    [
      'a score in the training log only',
      ended([stage('train', 0), stage('score', 0)]),
      { trainLog: '---\nval_bpb: 0.1\n', scoreLog: 'done\n' },
      'finished',
      'the scorer printed no val_bpb',
    ],
  ])('%s', (_, ending, trace, outcome, reason) => {
    const result = conclude(ending, trace);
    expect(result).toMatchObject({ outcome, reason: expect.stringContaining(reason) });
    expect(result.measurement).toBeUndefined();
  });
});

it('a run that says out of memory and exits 0 is judged by its score', () => {
  const trainLog = 'OutOfMemoryError: retried with a smaller batch\n---\nval_bpb: 1.5\n';
  expect(conclude(ended([stage('train', 0)]), { trainLog })).toMatchObject({ outcome: 'finished', reason: '' });
});

it('a deadline that is met after the score was printed is a timeout all the same', () => {
  const ending = ended([stage('train', null, 'SIGKILL')], 'deadline');
  expect(conclude(ending, { trainLog: '---\nval_bpb: 1\n' }).measurement).toBeUndefined();
});

it('the evidence is the last twenty lines, without terminal codes', () => {
  const lines = Array.from({ length: 30 }, (_, index) => `\u001b[31mline ${index}\u001b[0m`);
  const { evidence } = conclude(ended([stage('train', 1)]), { trainLog: `${lines.join('\n')}\n\n` });
  expect(evidence.split('\n')).toHaveLength(20);
  expect(evidence.split('\n')[0]).toBe('line 10');
});

it('the evidence of a failed scorer is its own log, or the training log when it is silent', () => {
  const stages = ended([stage('train', 0), stage('score', 1)]);
  expect(conclude(stages, { trainLog: 'trained', scoreLog: 'scoring failed' }).evidence).toBe('scoring failed');
  expect(conclude(stages, { trainLog: 'trained', scoreLog: '' }).evidence).toBe('trained');
});

it('endless lines do not make endless reasons or evidence', () => {
  const result = conclude(ended([stage('train', 1)]), { trainLog: 'x'.repeat(1_000_000) });
  expect(result.reason.length).toBeLessThan(250);
  expect(result.evidence.length).toBeLessThanOrEqual(4000);
});

describe('a training that was asked to end when its budget was over', () => {
  const asked = (exitCode: number | null, signal: string | null = null) =>
    ended([{ ...stage('train', exitCode, signal), atBudget: true }]);
  const printed: Metric = { ...metric, pattern: '^step \\d+ val_bpb ([0-9.]+)$' };

  it.each([
    ['exits with 0', 0, null],
    ['exits as interrupted', 130, null],
    ['is ended by the interrupt', null, 'SIGINT'],
    ['has to be killed', null, 'SIGKILL'],
  ])('is finished, with the last score that it printed, when it %s', (_, code, signal) => {
    const trainLog = 'step 1 val_bpb 2.5\nstep 2 val_bpb 1.5\nstep 3 val_bpb 1.';
    const result = concludeRun(asked(code, signal), { ...silent, trainLog }, printed, { clock: 'wall' });
    expect(result).toMatchObject({ outcome: 'finished', reason: '', measurement: { value: 1.5 } });
  });

  it('without a score says that the budget ended it', () => {
    expect(conclude(asked(130))).toMatchObject({
      outcome: 'finished',
      reason: 'the log ends without val_bpb, and was ended when its budget was over',
    });
  });
});

describe('a training beyond its budget', () => {
  const trained = ended([stage('train', 0)]);
  const trace = { trainLog: '---\nval_bpb: 1\n' };

  it.each([
    [{ clock: 'wall', maxSeconds: 2.9 }, 'trained beyond its budget: 3.0 s, at most 2.9 s are allowed'],
    [{ clock: 'cpu', maxSeconds: 1.5 }, 'trained beyond its budget: 2.0 s of CPU time, at most 1.5 s are allowed'],
  ] as const)('%j is no score', (allowance, reason) => {
    const result = conclude(trained, trace, allowance);
    expect(result).toMatchObject({ outcome: 'timed-out', reason, isOverrun: true });
    expect(result.excessSeconds).toBeCloseTo(allowance.clock === 'wall' ? 0.1 : 0.5);
    expect(result.measurement).toBeUndefined();
  });

  it.each([{ clock: 'wall' }, { clock: 'wall', maxSeconds: 3 }, { clock: 'cpu', maxSeconds: 2 }] as const)(
    '%j allows it',
    (allowance) => {
      expect(conclude(trained, trace, allowance)).toMatchObject({ outcome: 'finished', reason: '' });
    },
  );

  it('is counted without the scorer', () => {
    const stages = ended([stage('train', 0), { ...stage('score', 0), seconds: 100 }]);
    const result = conclude(stages, { scoreLog: '---\nval_bpb: 1\n' }, { clock: 'wall', maxSeconds: 4 });
    expect(result).toMatchObject({ outcome: 'finished', reason: '', trainSeconds: 3 });
  });

  it('a scoring that took too long has the conditions of the scoring, by which it may be repeated', () => {
    const score = { ...stage('score', 0), cpuSeconds: 100, conditions: { lostShare: 0.6 } };
    const stages = ended([{ ...stage('train', 0), conditions: { lostShare: 0.1 } }, score]);
    const result = conclude(stages, { scoreLog: '---\nval_bpb: 1\n' }, { clock: 'wall', scoring: { cpuSeconds: 10 } });
    expect(result).toMatchObject({ outcome: 'timed-out', isOverrun: true, conditions: { lostShare: 0.6 } });
    expect(result).not.toHaveProperty('isOfScoring');
  });

  it('a crash keeps its own reason', () => {
    const result = conclude(ended([stage('train', 1)]), {}, { clock: 'wall', maxSeconds: 1 });
    expect(result).toMatchObject({ outcome: 'crashed', reason: 'exit code 1' });
  });
});
