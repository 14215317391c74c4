import { describe, expect, it } from 'vitest';
import { pooledNoise } from '../../../src/core/journal/noise.ts';
import { progressOf } from '../../../src/core/views/report/progress.ts';
import { progressFigure, progressFile, progressRange } from '../../../src/web/svg/progress-figure.ts';
import { formatTick, ticks } from '../../../src/web/svg/scale.ts';
import { createJournal, failed, type Journal, scored } from '../../helpers/journal.ts';

const study = () =>
  createJournal()
    .baseline(scored(2.0), scored(2.1), scored(2.2))
    .experiment(scored(1.9), 'keep', 'wider')
    .experiment(scored(2.05), 'revert', 'narrower')
    .experiment(failed(), 'revert', 'broken')
    .experiment(scored(300), 'revert', 'tied');

const progressIn = (journal: Journal) => progressOf(journal.history(), pooledNoise(journal.history()), 3);

const marks = (svg: string) =>
  [...svg.matchAll(/data-experiment="(\d+)" data-status="(\w+)" data-mean="([^"]*)"/g)].map((match) => match.slice(1));

describe('the progress figure', () => {
  it('shows every attempt with what it measured', () => {
    expect(marks(progressFile(progressIn(study())))).toEqual([
      ['2', 'reverted', '2.05'],
      ['4', 'reverted', '300'],
      ['0', 'baseline', '2.1'],
      ['1', 'kept', '1.9'],
      ['3', 'failed', ''],
    ]);
  });

  it('is not flattened by an attempt that is far off, which is an arrow at the edge', () => {
    const progress = progressIn(study());
    expect(progressRange(progress)[1]).toBeLessThan(5);
    expect(progressFile(progress)).toContain('class="beyond"');
  });

  it('has its title above the name of the metric, also while nothing is kept', () => {
    const nothing = createJournal().baseline(scored(2)).experiment(scored(3), 'revert');
    for (const progress of [progressIn(nothing), progressIn(study())]) {
      const svg = progressFile(progress);
      const [, title, size] = svg.match(/class="title" x="[^"]*" y="([^"]*)" font-size="([^"]*)"/) ?? [];
      const metric = svg.match(/y="([^"]*)">val_bpb</)?.[1];
      expect(Number(metric) - Number(title)).toBeGreaterThan(Number(size));
    }
  });

  it('names its steps, and numbers them on a phone', () => {
    const progress = progressIn(study());
    const names = (shape: 'wide' | 'narrow') =>
      [
        ...progressFigure(progress, shape, (experiment) => `#e${experiment}`).markup.matchAll(
          /class="name"[^>]*>([^<]*)</g,
        ),
      ].map((match) => match[1]);
    expect(names('wide')).toEqual(['wider']);
    expect(names('narrow')).toEqual(['1']);
  });

  it('is well-formed while nothing is measured, and after a single value', () => {
    expect(progressFile(progressIn(createJournal()))).not.toContain('NaN');
    expect(progressFile(progressIn(createJournal().baseline(scored(2))))).not.toContain('NaN');
  });

  it('escapes what a researcher wrote', () => {
    const journal = createJournal()
      .baseline(scored(2))
      .experiment(scored(1), 'keep', '<script>alert("1")</script>\u0000');
    const svg = progressFile(progressIn(journal));
    expect(svg).not.toContain('<script');
    expect(svg).toContain('&lt;script&gt;alert(&quot;1&quot;)');
  });

  it('stays small with ten thousand attempts', () => {
    const attempts = Array.from({ length: 10_000 }, (_, experiment) => ({
      experiment,
      title: 'x'.repeat(200),
      status: 'reverted' as const,
      mean: 2 + Math.sin(experiment) / 10,
      error: 0.01,
      runs: 1,
    }));
    const progress = {
      tag: 'long',
      metric: 'loss',
      goal: 'minimize' as const,
      decimals: 3,
      attempts,
      steps: [{ experiment: 0, value: 2 }],
    };
    expect(progressFile(progress).length).toBeLessThan(300_000);
  });
});

describe('ticks', () => {
  it.each([
    [0, 1, ['0.0', '0.2', '0.4', '0.6', '0.8', '1.0']],
    [0.9685, 0.9995, ['0.970', '0.975', '0.980', '0.985', '0.990', '0.995']],
    [-5, 5, ['-4', '-2', '0', '2', '4']],
    [1000, 61_000, ['10000', '20000', '30000', '40000', '50000', '60000']],
  ])('from %d to %d are round', (low, high, expected) => {
    const values = ticks(low, high, 6);
    expect(values.map((value) => formatTick(value, values))).toEqual(expected);
  });
});
