import { describe, expect, test } from 'vitest';
import { pooledNoise } from '../../../../src/core/journal/noise.ts';
import {
  keepsUnderOneSigma,
  publicFigure,
  publicStudies,
  publicStudiesText,
} from '../../../../src/core/views/standing/public-studies.ts';
import { standingOf, standingText } from '../../../../src/core/views/standing/standing.ts';
import doubtful from '../../../../src/data/evidence/doubtful-keeps.json' with { type: 'json' };
import overall from '../../../../src/data/evidence/overall.json' with { type: 'json' };
import { createJournal, type Journal, scored } from '../../../helpers/journal.ts';

const standing = (journal: Journal) => {
  const history = journal.history();
  return standingOf(history, pooledNoise(history));
};

/** Keeps of .1, .01 and .001 with misses between them. */
function study(): Journal {
  const journal = createJournal().baseline(scored(2), scored(2.01), scored(2.02));
  const course = [1.91, 2.1, 2.1, 1.9, 2.1, 2.1, 2.1, 1.899, 2.1, 2.1];
  for (const value of course) journal.experiment(scored(value), value < 2 ? 'keep' : 'revert');
  return journal;
}

describe('the public studies', () => {
  test.each(['lm_bpb', 'accuracy', 'error', 'all'] as const)(
    'of kind %s are those of the table of all of them',
    (kind) => {
      const studies = publicStudies(kind === 'all' ? 'other' : kind);
      const row = overall.rows.find((each) => each.arm === 'agent' && each.kind === kind);
      expect(studies).toMatchObject({ kind, repositories: row?.repos, experiments: row?.experiments });
      expect(studies.studies).toHaveLength(row?.studies ?? 0);
      expect(publicFigure(studies, 'keep rate')?.median).toBeCloseTo(row?.keep_rate_median ?? 0, 3);
      expect(publicFigure(studies, 'longest drought')?.median).toBe(row?.longest_drought_median);
    },
  );

  test('of a kind that fewer than three repositories have stand for those of all kinds', () => {
    expect(publicStudies('speed').kind).toBe('all');
    expect(publicFigure(publicStudies('error'), 'gain by 50')).toBeUndefined();
  });

  test('have the share of doubtful keeps of the studies whose noise is known', () => {
    const row = doubtful.rows.find((each) => each.kind === 'lm_bpb' && each.what.startsWith('under one sigma'));
    expect(keepsUnderOneSigma('lm_bpb')).toEqual({
      keeps: row?.keeps,
      of: row?.of,
      share: row?.share,
      repositories: row?.repos,
    });
    expect(keepsUnderOneSigma('accuracy').repositories).toBeGreaterThanOrEqual(3);
  });

  test('are never named', () => {
    expect(publicStudiesText(publicStudies('lm_bpb'))).not.toMatch(/\w\/\w|kept-\d/);
  });
});

describe('a study beside them', () => {
  test('stands nowhere before its fifth experiment', () => {
    const journal = createJournal().baseline(scored(2));
    for (let number = 0; number < 4; number++) journal.experiment(scored(3), 'revert');
    expect(standing(journal)).toBeUndefined();
    expect(standing(journal.experiment(scored(3), 'revert'))).toBeDefined();
  });

  test('is compared by what it kept, gained by experiment 10, and waited for', () => {
    const rows = new Map(standing(study())?.rows.map((row) => [row.figure, row]));
    expect([...rows.keys()]).toEqual(['keep rate', 'gain by 10', 'keeps under one sigma', 'longest drought']);
    expect(rows.get('keep rate')?.own).toBeCloseTo(0.3, 10);
    expect(rows.get('gain by 10')?.own).toBeCloseTo((2.01 - 1.899) / 2.01, 10);
    expect(rows.get('keeps under one sigma')?.own).toBeCloseTo(1 / 3, 10);
    expect(rows.get('longest drought')?.own).toBe(3);
  });

  test('says of each figure how many studies and repositories it rests on', () => {
    for (const row of standing(study())?.rows ?? []) {
      expect(row.repositories).toBeGreaterThanOrEqual(3);
      expect(standingText(row).place).toContain(`${row.repositories} repositories`);
      expect(standingText(row).place).toContain(String(row.of));
    }
  });

  test('does not know how many of its keeps are doubtful where nothing was repeated', () => {
    const journal = createJournal().baseline(scored(2));
    for (let number = 0; number < 5; number++) journal.experiment(scored(1.9 - number / 100), 'keep');
    const row = standing(journal)?.rows.find(({ figure }) => figure === 'keeps under one sigma');
    expect(row?.own).toBeNull();
    expect(row && standingText(row).own).toBe('not known');
  });
});
