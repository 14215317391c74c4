import { describe, expect, it } from 'vitest';
import { noAttachments } from '../../../../src/core/views/report/attachments.ts';
import { findFigureDisagreements, readWrittenReport } from '../../../../src/core/views/report/check-figures.ts';
import { reportOf } from '../../../../src/core/views/report/report.ts';
import { figuresOf } from '../../../../src/web/figures.ts';
import { reportPage } from '../../../../src/web/html/page.ts';
import { createJournal, failed, scored } from '../../../helpers/journal.ts';

const hostile = '</style><script>alert(1)</script>" onload="x" data-figure="gain" value="9';
const report = reportOf(
  createJournal()
    .baseline(scored(2.0), scored(2.1), scored(2.2))
    .experiment(scored(1.9), 'keep', hostile)
    .experiment(failed('crashed', hostile), 'revert', hostile)
    .experiment(scored(2.05), 'revert')
    .whole(),
  { attachments: { ...noAttachments, patchOf: () => `+${hostile}\n${'+x\n'.repeat(100_000)}` }, isLive: false },
);
const page = reportPage(report);

describe('the figures of a written page', () => {
  it('are the ones that the journal gives, and all of them are there', () => {
    const written = readWrittenReport(page);
    expect(written.seq).toBe(report.seq);
    expect(findFigureDisagreements(figuresOf(report), written)).toEqual([]);
    const names = new Set(written.figures.map(([name]) => name));
    expect([...figuresOf(report).keys()].filter((name) => !names.has(name))).toEqual([]);
  });

  it('are told when they differ', () => {
    const changed = page.replaceAll('data-figure="best" value="1.9"', 'data-figure="best" value="1.8"');
    expect(findFigureDisagreements(figuresOf(report), readWrittenReport(changed))).toEqual([
      'report.html: best is 1.8, the journal says 1.9',
    ]);
    expect(findFigureDisagreements(figuresOf(report), readWrittenReport(''))).toHaveLength(1);
  });
});

describe('a page with hostile text', () => {
  it('has no script and no attribute of theirs', () => {
    expect(page).not.toContain('<script');
    expect(page).not.toMatch(/<[^>]* onload=/);
    expect(page.match(/<\/style>/g)).toHaveLength(1);
  });

  it('stays small with an endless diff', () => {
    expect(page.length).toBeLessThan(100_000);
    expect(page).toContain('more lines: nocturne diff 1');
  });
});
