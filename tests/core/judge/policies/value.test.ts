import { describe, expect, it } from 'vitest';
import type { EntryOf } from '../../../../src/core/journal/entry.ts';
import { estimateToTell } from '../../../../src/core/journal/estimate-to-tell.ts';
import { foldHistory } from '../../../../src/core/journal/fold.ts';
import type { Verdict } from '../../../../src/core/journal/verdict.ts';
import { formerKinds, publicKinds } from '../../../../src/core/judge/policies/value/start.ts';
import { createStudyWalk } from '../../../../src/core/judge/policies/value/walk-history.ts';
import { judgeAnew } from '../../../helpers/judge-anew.ts';
import { beginStudy, type Study } from './study.ts';

/** A study of `experiments` candidates that do nothing, or what `effect` says, judged as the loop does. */
function conduct(study: Study, experiments: number, effect: (experiment: number) => number = () => 0): Study {
  for (let count = 1; count <= experiments; count++) study.experiment(effect(count));
  return study;
}

/** Whether the probability needs the estimate beside it; `minimize`, so that the gain is the fall of the mean. */
function isEstimateTold(verdict: Verdict | undefined): boolean {
  const { mean = 0, incumbentMean = 0, error = null, gain = 0, probability = null } = verdict?.statistics ?? {};
  const told = estimateToTell({ gain: incumbentMean - mean, error, estimatedGain: gain, probability });
  return told !== undefined;
}

describe('a candidate', () => {
  const settled = () => conduct(beginStudy({ seed: 'settled' }), 40, (count) => (count % 3 === 0 ? 0.03 : 0));

  it('far better than the noise is kept, with its gain, interval and probability', () => {
    const { verdict } = settled().experiment(-0.06);
    expect(verdict?.decision).toBe('keep');
    const { gain = 0, interval = [0, 0], probability = 0, estimate } = verdict?.statistics ?? {};
    expect(gain).toBeGreaterThan(0.03);
    expect(interval[0]).toBeGreaterThan(0);
    expect(interval[0]).toBeLessThan(gain);
    expect(interval[1]).toBeGreaterThan(gain);
    expect(probability).toBeGreaterThan(0.95);
    expect((estimate?.incumbent ?? 0) - (estimate?.candidate ?? 0)).toBeCloseTo(gain, 12);
  });

  it('far worse is reverted after one run', () => {
    const { verdict, runs } = settled().experiment(0.1);
    expect(verdict?.decision).toBe('revert');
    expect(verdict?.reason).toMatch(/^worse by 0\.\d+ ± 0\.0/);
    expect(runs).toHaveLength(1);
  });

  it('gets no more than six runs', () => {
    const study = settled();
    for (let count = 0; count < 20; count++) expect(study.experiment(-0.012).runs.length).toBeLessThanOrEqual(6);
  });
});

it('a candidate of which one run diverged makes no later gain look like luck', () => {
  const kept = Array.from({ length: 8 }, (_, index) => {
    const study = beginStudy({ seed: `diverged ${index}` });
    // While sigma is vague each candidate runs twice.
    const { verdict, runs } = study.experiment((run) => (run === 2 ? 2 : 0.01));
    expect([verdict?.decision, runs.length]).toEqual(['revert', 2]);
    return conduct(study, 5, (count) => 0.01 * count).experiment(-0.06).verdict?.decision;
  }).filter((decision) => decision === 'keep');
  expect(kept.length).toBeGreaterThanOrEqual(7);
});

it('nothing is kept that is not more likely real than luck, though it would gain on average', () => {
  const study = conduct(beginStudy({ seed: 'unlikely' }), 40, (count) => (count % 5 === 0 ? -0.012 : 0));
  const verdicts = Array.from(
    { length: 150 },
    (_, place) => study.experiment(place % 10 === 0 ? -0.04 : -0.002).verdict,
  );
  const keeps = verdicts.filter((verdict) => verdict?.decision === 'keep');
  expect(keeps.length).toBeGreaterThan(5);
  for (const verdict of keeps) {
    expect(verdict?.statistics?.probability).toBeGreaterThan(0.5);
    expect(verdict?.reason).toMatch(/\d, real with .* probability$/);
    expect(verdict?.reason.includes('estimated better by')).toBe(isEstimateTold(verdict));
  }
  expect(new Set(keeps.map(isEstimateTold))).toEqual(new Set([true, false]));
  const reasons = verdicts.map((verdict) => verdict?.reason ?? '');
  expect(reasons.filter((reason) => /\d+ % probability: too likely luck to keep alone$/.test(reason))).not.toEqual([]);
});

it('while sigma rests on few runs a candidate runs twice, unless it is clear under any sigma', () => {
  expect(beginStudy({ seed: 'vague' }).experiment(0.5).runs).toHaveLength(1);
  const study = beginStudy({ seed: 'vague' });
  expect(study.experiment(0.04).runs).toHaveLength(2);
  expect(conduct(study, 6).experiment(0.04).runs).toHaveLength(1);
});

it('when every baseline run is the same, one run decides and no probability is given', () => {
  const study = beginStudy({ seed: 'same', sigma: 0 });
  const better = study.experiment(-0.001);
  expect(better.verdict).toMatchObject({ decision: 'keep', reason: 'better by 0.001000' });
  expect(better.verdict?.statistics).not.toHaveProperty('probability');
  expect(study.experiment(0.001).verdict).toMatchObject({ decision: 'revert', reason: 'worse by 0.001000' });
});

it('where nothing names the seed no probability is given', () => {
  const { verdict } = beginStudy({ seed: 'unnamed', isSeedNamed: false }).experiment(-1);
  expect(verdict?.decision).toBe('keep');
  expect(verdict?.statistics).not.toHaveProperty('probability');
});

it('a metric to maximise is judged as its mirror image is minimised', () => {
  const down = conduct(beginStudy({ seed: 'mirror' }), 30, (count) => 0.01 * ((count % 5) - 2));
  const up = conduct(beginStudy({ seed: 'mirror', goal: 'maximize' }), 30, (count) => 0.01 * ((count % 5) - 2));
  const decisions = (study: Study) =>
    study.history().experiments.map(({ verdict, runs }) => [verdict?.decision, runs.length]);
  expect(decisions(up)).toEqual(decisions(down));
  expect(decisions(down).flat()).toContain('keep');
});

it('a verdict depends on the journal alone: a study opened anew at any point says the same', () => {
  const { entries } = conduct(beginStudy({ seed: 'again' }), 60, (count) => 0.015 * ((count % 4) - 1));
  for (const [index, entry] of entries.entries()) {
    if (entry.event !== 'verdict-given' || entry.experiment % 7 !== 3) continue;
    const history = foldHistory(entries.slice(0, index));
    expect(history && judgeAnew(history, entry.experiment, 'value')).toEqual(
      (entry as EntryOf<'verdict-given'>).verdict,
    );
  }
});

it('a judge that is handed the walk of another study stops', () => {
  const [one, other] = [beginStudy({ seed: 'one' }), beginStudy({ seed: 'other' })];
  const walk = createStudyWalk();
  expect(walk.over(one.history())?.belief().sigma).toBeGreaterThan(0);
  expect(() => walk.over(other.history())).toThrow('a walk is over one study');
});

it('a failed experiment is no evidence', () => {
  const [crashing, smooth] = [beginStudy({ seed: 'fails' }), beginStudy({ seed: 'fails' })];
  conduct(crashing, 10);
  conduct(smooth, 10);
  crashing.fail();
  const { verdict } = crashing.experiment(-0.02, 'same noise');
  expect(verdict?.statistics).toEqual(smooth.experiment(-0.02, 'same noise').verdict?.statistics);
});

it('of 300 candidates that do nothing hardly any is kept', () => {
  const study = conduct(beginStudy({ seed: 'null' }), 300);
  expect(study.history().kept).toBeLessThanOrEqual(3);
});

it('a study that began before public studies were counted is judged by what it assumed then', () => {
  const [former, current] = [undefined, 'public' as const].map((assumes) => {
    const study = beginStudy({ seed: 'assumes' });
    for (const effect of [0.5, -0.02, 0.01, -0.5]) study.experiment(effect);
    const walk = createStudyWalk();
    return walk.over({ ...study.history(), assumes })?.belief();
  });
  expect(former?.learned).toHaveLength(formerKinds.length);
  expect(current?.learned).toHaveLength(publicKinds.length);
  expect(current?.learned[0]?.start).toEqual(publicKinds[0]?.start);
});
