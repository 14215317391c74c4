import { describe, expect, it } from 'vitest';
import { reportStudies, type StudyLine } from '../../bench/studies/report-studies.ts';

const line = (who: StudyLine['who'], seed: number, opened: number, end: number): StudyLine => ({
  ...{ who, seed, kept: 3, start: 3, opened, end },
});

describe('reportStudies', () => {
  const lines = [
    ...[1, 2, 3, 4, 5, 6].flatMap((seed) => [
      line('this', seed, 2.5, 2.4 - seed / 1000),
      line('beside', seed, 2.5, 2.5),
    ]),
    line('far', 0, 2.4, 2.1),
  ];

  it('takes the best of all studies for the far end, and the share of what the opening left', () => {
    const { figures } = reportStudies(lines);
    expect(figures).toMatchObject({
      far: 2.1,
      rows: [
        { who: 'this', studies: 6 },
        { who: 'beside', laterGain: 0 },
      ],
    });
    const [own] = (figures as { rows: { laterGain: number; ofWhatWasLeft: number }[] }).rows;
    expect(own?.laterGain).toBeCloseTo(0.1035, 9);
    expect(own?.ofWhatWasLeft).toBeCloseTo(0.1035 / 0.4, 9);
  });

  it('compares seed with seed, by the exact test', () => {
    const { tests } = reportStudies(lines).figures as { tests: Record<string, { pairs: number; p: number }> };
    expect(tests.lower).toMatchObject({ pairs: 6, p: 2 / 2 ** 6 });
    expect(tests.laterGain).toMatchObject({ pairs: 6, p: 2 / 2 ** 6 });
  });

  it('has no test of fewer pairs than can say anything', () => {
    expect(reportStudies(lines.slice(0, 2)).table.at(-1)).toContain('too few pairs for a test');
  });
});
