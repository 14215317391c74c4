import { describe, expect, it } from 'vitest';
import type { Measurement, RunResult } from '../../../src/core/journal/run.ts';
import { turnKnobs } from '../../../src/testing/index.ts';
import { createJournal, fakeHash, type Journal, scored } from '../../helpers/journal.ts';
import { judgeAnew } from '../../helpers/judge-anew.ts';

interface Tried {
  readonly guards?: Record<string, string>;
  readonly goal?: 'minimize' | 'maximize';
  readonly baseline?: readonly RunResult[];
  readonly code?: { before: number; after: number; characters?: number };
}

const about = (value: number) => [scored(value - 0.01), scored(value), scored(value + 0.01)];
const sizeOf = (lines: number, characters = 20 * lines) => ({ lines, characters });

/** A study whose first experiment had these runs. */
function tried(results: readonly RunResult[], { guards, goal = 'minimize', baseline, code }: Tried = {}): Journal {
  const [start] = createJournal().entries;
  if (start?.event !== 'study-started') throw new Error('a journal begins with its start');
  const frozen = { ...start.frozen, metric: { name: 'val_bpb', goal } };
  const session = guards ? { ...start.session, guards } : start.session;
  const journal = createJournal({ frozen, session });
  const commit = (experiment: number) => ({
    event: 'candidate-committed' as const,
    experiment,
    commit: fakeHash('commit', experiment),
    tree: fakeHash('tree', experiment),
    content: `x${experiment}`,
  });
  journal.baseline(...(baseline ?? about(2)));
  if (code) journal.add({ ...commit(0), code: sizeOf(code.before) });
  const proposal = turnKnobs({ LR: 1 });
  journal.add({ event: 'proposal-made', experiment: 1, attempt: 0, parent: 0, researcher: 'random', proposal });
  journal.add({ ...commit(1), ...(code ? { code: sizeOf(code.after, code.characters) } : {}) });
  for (const [index, result] of results.entries()) {
    journal.add({ event: 'run-started', experiment: 1, run: index + 1, seed: index });
    journal.add({ event: 'run-ended', experiment: 1, run: index + 1, result });
  }
  return journal;
}

const verdictOn = (results: readonly RunResult[], how?: Tried) => judgeAnew(tried(results, how).history(), 1, 'greedy');

describe('guards', () => {
  const withMemory = (value: number, memory: number) => scored(value, { metrics: { peak_memory_mb: memory } });
  const baseline = [withMemory(2, 900), withMemory(2.01, 1100)];

  it.each([
    ['<= 1.2x', 1200, 'keep', /^better/],
    ['<= 1.2x', 1201, 'revert', /^vetoed by guard peak_memory_mb: 1201 is above 1200 \(1.2x the baseline's 1000\)$/],
    ['<= 9000', 9001, 'revert', /^vetoed by guard peak_memory_mb: 9001 is above 9000$/],
    ['>= 500', 400, 'revert', /^vetoed by guard peak_memory_mb: 400 is below 500$/],
    ['>= 500', 500, 'keep', /^better/],
  ] as const)('of %s: a better candidate with %d gets %s', (guard, memory, decision, reason) => {
    const verdict = verdictOn([withMemory(1.9, memory)], { guards: { peak_memory_mb: guard }, baseline });
    expect(verdict).toMatchObject({ decision, reason: expect.stringMatching(reason) });
  });

  it("are no narrower than the baseline's own runs were", () => {
    const guards = { peak_memory_mb: '<= 1.05x' };
    expect(verdictOn([withMemory(1.9, 1100)], { guards, baseline }).decision).toBe('keep');
    expect(verdictOn([withMemory(1.9, 1101)], { guards, baseline }).reason).toBe(
      "vetoed by guard peak_memory_mb: 1101 is above 1100 (of the baseline's own runs)",
    );
    const speed = { guards: { peak_memory_mb: '>= 0.95x' }, baseline };
    expect(verdictOn([withMemory(1.9, 901)], speed).decision).toBe('keep');
    // A bound that asks for less than the baseline has is the owner's wish.
    const less = { guards: { peak_memory_mb: '<= 0.9x' }, baseline };
    expect(verdictOn([withMemory(1.9, 1000)], less).decision).toBe('revert');
  });

  it('a metric that is not reported vetoes', () => {
    const guards = { peak_memory_mb: '<= 9000' };
    expect(verdictOn([scored(1.9)], { guards, baseline }).reason).toBe(
      'vetoed by guard peak_memory_mb: not every run reported it',
    );
    const relative = verdictOn([withMemory(1.9, 1)], { guards: { peak_memory_mb: '<= 2x' } });
    expect(relative.reason).toBe('vetoed by guard peak_memory_mb: the baseline did not report it');
  });

  describe('on memory go by what was measured from outside', () => {
    const seen = (value: number, said: number, peakMemoryMb: number, peakGpuMemoryMb?: number): RunResult => ({
      ...withMemory(value, said),
      peakMemoryMb,
      ...(peakGpuMemoryMb === undefined ? {} : { peakGpuMemoryMb }),
    });
    const measured = [seen(2, 47, 48), seen(2.01, 47, 50)];

    it.each([
      [
        '<= 1.2x',
        seen(1.9, 47, 449),
        /: 449 \(as measured from outside; the script says 47\) is above 58.8 \(1.2x the /,
      ],
      ['<= 100', seen(1.9, 47, 449), /: 449 \(as measured from outside; the script says 47\) is above 100$/],
      ['<= 1.2x', seen(1.9, 90, 49), /: 90 is above 58.8 /],
    ])('with %s a script that says less than it holds, or more, is vetoed', (guard, run, reason) => {
      expect(verdictOn([run], { guards: { peak_memory_mb: guard }, baseline: measured }).reason).toMatch(reason);
      expect(verdictOn([run], { guards: { peak_vram_mb: guard }, baseline: measured }).reason).toMatch(reason);
    });

    it('and keep what holds as much as the baseline, whatever it says or leaves out', () => {
      const guards = { peak_memory_mb: '<= 1.2x' };
      const silent = { ...scored(1.9), peakMemoryMb: 51 };
      for (const run of [seen(1.9, 1, 51), silent])
        expect(verdictOn([run], { guards, baseline: measured }).decision).toBe('keep');
    });

    it('of GPUs, where the baseline computes on one', () => {
      const guards = { peak_memory_mb: '<= 1.2x' };
      const onGpu = [seen(2, 900, 3000, 1000), seen(2.01, 900, 3000, 1000)];
      expect(verdictOn([seen(1.9, 900, 9000, 1100)], { guards, baseline: onGpu }).decision).toBe('keep');
      expect(verdictOn([seen(1.9, 900, 3000, 2000)], { guards, baseline: onGpu }).reason).toMatch(
        /: 2000 \(as measured/,
      );
    });

    it("of a baseline that was not measured so, the scripts' own words are compared, and that is said", () => {
      const guards = { peak_memory_mb: '<= 1.2x' };
      expect(verdictOn([seen(1.9, 1100, 5000)], { guards, baseline }).decision).toBe('keep');
      expect(verdictOn([seen(1.9, 1300, 5000)], { guards, baseline }).reason).toBe(
        "vetoed by guard peak_memory_mb: 1300 (by the scripts' own word: the baseline was not measured from outside) is above 1200 (1.2x the baseline's 1000)",
      );
      const bound = { peak_memory_mb: '<= 4000' };
      expect(verdictOn([seen(1.9, 1100, 5000)], { guards: bound, baseline }).reason).toMatch(/: 5000 \(as measured/);
    });
  });

  it('a candidate that loses anyway is reverted for its score', () => {
    const verdict = verdictOn([withMemory(2.5, 1)], { guards: { peak_memory_mb: '>= 500' }, baseline });
    expect(verdict.reason).toMatch(/^worse by/);
  });

  it('a broken guard costs no second run', () => {
    const history = tried([withMemory(1.9, 9)], { guards: { peak_memory_mb: '<= 5' }, baseline }).history();
    expect(judgeAnew(history, 1, 'confirm').decision).toBe('revert');
  });
});

describe('simplification', () => {
  const code = { before: 100, after: 90 };
  const equal = [scored(2.001), scored(1.998), scored(2.003), scored(2.002)];

  it('as good with clearly less code is a keep, once a loss is ruled out', () => {
    expect(verdictOn(equal.slice(0, 1), { code })).toMatchObject({
      decision: 'rerun',
      reason: 'as good with 10 lines less code: run again to be sure of it',
    });
    const wide = [scored(1.98), scored(2), scored(2.02), scored(2.001), scored(1.999)];
    const verdict = verdictOn([scored(2.0001), scored(2.0001), scored(2.0001)], { code, baseline: wide });
    expect(verdict).toMatchObject({ decision: 'keep', grounds: 'simplification' });
    expect(verdict.reason).toMatch(/^simplification: 10 lines less code, and no worse by more than 0\.0\d+$/);
  });

  it.each([
    ['hardly less code', { before: 100, after: 98 }],
    ['fewer lines that hold as much', { before: 100, after: 90, characters: 2000 }],
    ['more code', { before: 100, after: 110 }],
  ])('%s is none', (_, size) => {
    expect(verdictOn(equal, { code: size }).decision).toBe('revert');
  });

  it('less code that is worse is reverted', () => {
    expect(verdictOn([scored(2.02)], { code }).decision).toBe('revert');
  });
});

describe('suspicion', () => {
  const scoredByHarness = (value: number): RunResult => {
    const result = scored(value);
    return { ...result, measurement: { ...(result.measurement as Measurement), vouched: 'scored' } };
  };

  it('a gain beyond a plausible size is run again', () => {
    expect(verdictOn([scored(0.5)])).toMatchObject({
      decision: 'rerun',
      reason: 'suspicious: a gain of 1.5000 is beyond the 1.0000 plausible here; it is run again before it may win',
    });
  });

  it('it wins when the audit finds nothing, and the verdict says what was looked at', () => {
    expect(verdictOn([scored(0.5), scored(0.51)])).toMatchObject({
      decision: 'keep',
      reason: expect.stringMatching(
        /^better by 1\.4950 ± 0\.\d+; suspicious \(.*\), but the audit found that 2 runs agree within 0\.0100, only the script vouches/,
      ),
    });
  });

  it('it is reverted when a fresh seed does not agree', () => {
    expect(verdictOn([scored(0.2), scored(1.5)])).toMatchObject({
      decision: 'revert',
      reason: expect.stringMatching(/^suspicious \(.*\), and the audit found that its runs differ by 1\.30$/),
    });
  });

  it.each([
    ['minimize', about(2), 0, /val_bpb 0(\.0+)? is not above zero/],
    ['minimize', about(2), -3, /is not above zero/],
    ['maximize', about(0.5), 1.2, /is not below one/],
  ] as const)(
    'a score beyond its floor (%s) that only the script reports never wins',
    (goal, baseline, value, text) => {
      const how = { goal, baseline };
      expect(verdictOn([scored(value)], how)).toMatchObject({ decision: 'rerun', reason: expect.stringMatching(text) });
      expect(verdictOn([scored(value), scored(value)], how)).toMatchObject({
        decision: 'revert',
        reason: expect.stringMatching(/the audit found that only the script vouches for it$/),
      });
      expect(verdictOn([scoredByHarness(value), scoredByHarness(value)], how).decision).toBe('keep');
    },
  );

  it('a metric that was negative all along has no floor', () => {
    expect(verdictOn([scored(-2.1)], { baseline: about(-2) }).decision).toBe('keep');
  });
});

describe('a machine that is busy with other things', () => {
  const disturbed = { ...scored(1.9), contention: { reason: 'other work took 50 % of its time', isRepeated: false } };

  it('keeps no candidate on a run that it disturbed', () => {
    expect(verdictOn([disturbed])).toMatchObject({
      decision: 'revert',
      reason: 'not kept on a disturbed run: other work took 50 % of its time',
      statistics: { gain: expect.closeTo(0.1) },
    });
  });

  it('does not stand in the way of a candidate whose runs it let be', () => {
    const repeated = { ...disturbed, contention: { ...disturbed.contention, isRepeated: true } };
    expect(verdictOn([repeated, scored(1.9)])).toMatchObject({ decision: 'keep' });
  });
});

describe('a seed that is not used', () => {
  const said = /; its 2 runs agree to the last digit, so it does not use its seed, and they say nothing of its luck$/;

  it('is said of a keep whose runs agree while the baseline’s differ', () => {
    const verdict = verdictOn([scored(1.9), scored(1.9)]);
    expect(verdict).toMatchObject({ decision: 'keep', reason: expect.stringMatching(said) });
  });

  it.each([
    ['runs differ', [scored(1.9), scored(1.9001)], undefined],
    ['there is one run', [scored(1.9)], undefined],
    ['the baseline does not use it either', [scored(1.9), scored(1.9)], [scored(2), scored(2)]],
    ['scores have too few digits', [scored(1.9, { resolution: 0.01 }), scored(1.9, { resolution: 0.01 })], undefined],
  ])('is not said where %s', (_, results, baseline) => {
    const verdict = verdictOn(results, baseline && { baseline });
    expect(verdict.decision).toBe('keep');
    expect(verdict.reason).not.toContain('seed');
  });
});
