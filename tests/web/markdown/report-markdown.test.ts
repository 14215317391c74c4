import { describe, expect, it } from 'vitest';
import { reportOf } from '../../../src/core/views/report/report.ts';
import { reportMarkdown } from '../../../src/web/markdown/report-markdown.ts';
import { createJournal, failed, type Journal, scored } from '../../helpers/journal.ts';

const report = (journal: Journal, patch?: string) => {
  const attachments = { patchOf: () => patch, curveOf: () => undefined };
  return reportMarkdown(reportOf(journal.whole(), { attachments, isLive: false }));
};

const study = (title?: string) =>
  createJournal().baseline(scored(2.0), scored(2.2), scored(2.4)).experiment(scored(1.9), 'keep', title);

describe('the report', () => {
  it('of a study without a score says so', () => {
    expect(report(createJournal())).toContain('The baseline has not been measured yet.');
  });

  it('begins with what was gained, with its interval and its price', () => {
    const text = report(study());
    expect(text.startsWith('# nov23: val_bpb\n\n**val_bpb 2.20 -> 1.90**: better by 0.30 (14 %)')).toBe(true);
    expect(text).toContain('95 % interval -0.69 to 1.29, not confirmed.');
    expect(text).toContain('1 experiment: 1 kept, 0 reverted, 0 failed. The best is experiment 1, commit `d000000`.');
  });

  it('says what the numbers do not promise', () => {
    const text = report(study());
    expect(text).toContain('The metric is self-reported');
    expect(text).toContain('Isolation: none');
    expect(text).toContain('expect a fresh seed to be a little worse');
    expect(text).not.toContain('Seed not honoured');
    expect(report(createJournal({ isSeedNamed: false }).baseline(scored(2)))).toContain('Seed not honoured');
  });

  it('lists kept experiments with their patches, and failures by their reason', () => {
    const journal = study('Try it')
      .experiment(failed('crashed', 'no'), 'revert')
      .experiment(failed('crashed', 'no'), 'revert');
    const text = report(journal, '-LR = 0.1\n+LR = 0.2\n');
    expect(text).toContain('### 1. Try it\n\nval_bpb');
    expect(text).toContain('```diff\n-LR = 0.1\n+LR = 0.2\n```');
    expect(text).toContain('- crash: no (2 experiments: 2, 3)');
    expect(report(createJournal().baseline(scored(2)))).toContain('Nothing was kept.');
  });

  it('says how noisy a run is, what was spent and why it ended', () => {
    const text = report(study().add({ event: 'study-stopped', reason: 'plateau', detail: 'nothing more' }));
    expect(text).toContain('One run moves by 0.20 (standard deviation, 2 degrees of freedom)');
    expect(text).toContain('4 runs, 40.0 s of training and scoring in');
    expect(text).toContain('Stopped (plateau): nothing more.');
  });

  it('counts what is still open, and names no rule where the owner stopped it', () => {
    const stopped = { event: 'study-stopped', reason: 'stopped', detail: 'stopped on request; run it again' } as const;
    const text = report(study().experiment(scored(2), 'rerun').add(stopped));
    expect(text).toContain('2 experiments: 1 kept, 0 reverted, 0 failed, 1 not finished.');
    expect(text).toContain('Stopped on request; run it again.');
  });
});

describe('what a researcher or a script wrote', () => {
  it.each([
    ['a heading', '# Big\n## News', '\\# Big \\#\\# News'],
    ['a table cell', 'a | b', 'a \\| b'],
    ['a link', '[x](http://y)', '\\[x\\](http://y)'],
    ['markup', '<img src=x> *b* _i_ `c`', '\\<img src=x\\> \\*b\\* \\_i\\_ \\`c\\`'],
  ])('never becomes %s', (_, title, escaped) => {
    expect(report(study(title))).toContain(`### 1. ${escaped}\n`);
    expect(report(study(title))).toContain(`| ${escaped} |`);
  });

  it('cannot end the fence around its patch', () => {
    const text = report(study(), ' ```\n+````x\n-LR = 0.1\n');
    expect(text).toContain('`````diff\n ```\n+````x\n-LR = 0.1\n`````\n');
  });

  it('shows no terminal codes', () => {
    expect(report(study('a\u001b[31mred\u202e'))).toContain('### 1. ared\n');
  });
});
