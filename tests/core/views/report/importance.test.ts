import { expect, test } from 'vitest';
import type { Entry } from '../../../../src/core/journal/entry.ts';
import { foldWhole } from '../../../../src/core/journal/fold.ts';
import { noAttachments } from '../../../../src/core/views/report/attachments.ts';
import { reportOf } from '../../../../src/core/views/report/report.ts';
import { reportPage } from '../../../../src/web/html/page.ts';
import { reportMarkdown } from '../../../../src/web/markdown/report-markdown.ts';
import { createJournal, type Journal, scored } from '../../../helpers/journal.ts';

/** A study whose score follows LR and not WIDTH. */
function studyOf(experiments: number): Journal {
  const journal = createJournal().baseline(scored(2));
  for (let experiment = 1; experiment <= experiments; experiment++) {
    const [lr, width] = [((experiment * 7) % 20) / 20, (experiment * 3) % 5];
    const edits = [
      { kind: 'set-knob' as const, file: 'train.py', knob: 'LR', to: lr },
      { kind: 'set-knob' as const, file: 'train.py', knob: 'WIDTH', to: width },
    ];
    const proposal = { title: 't', hypothesis: '', kind: 'knobs' as const, edits };
    const from = { 'train.py:LR': 1, 'train.py:WIDTH': 2 };
    journal.add({ event: 'proposal-made', experiment, attempt: 0, parent: 0, researcher: 'x', proposal, from });
    journal.add({ event: 'run-started', experiment, run: 1, seed: 1 });
    journal.add({ event: 'run-ended', experiment, run: 1, result: scored(1 + lr + (experiment % 3) / 100) });
    journal.add({ event: 'verdict-given', experiment, verdict: { decision: 'revert', reason: '' } });
  }
  return journal;
}

test('the report says what each knob alone would gain, in both of its forms', () => {
  const report = reportOf(studyOf(40).whole(), { attachments: noAttachments, isLive: false });
  expect(report.importance?.knobs.map(({ key }) => key)).toEqual(['train.py:LR', 'train.py:WIDTH']);
  expect(reportMarkdown(report)).toContain('## Knob importance\n\nWhat setting one knob alone to the best value');
  expect(reportMarkdown(report)).toMatch(
    /\| LR \| (?:0\.9|1\.0)\d+ ± 0\.\d+ \| 1 \| 0 \|\n\| WIDTH \| not distinguishable \| 2 \| {2}\|/,
  );
  expect(reportPage(report)).toContain('<section id="importance"><h2>Knob importance</h2>');
});

test('a study whose knobs have an unknown start is said to tell hardly anything of them', () => {
  const sentence = 'Of a knob whose start is unknown, as in a study that an earlier version began,';
  const textOf = (entries: readonly Entry[]) => {
    const whole = foldWhole(entries);
    return whole && reportMarkdown(reportOf(whole, { attachments: noAttachments, isLive: false }));
  };
  const { entries } = studyOf(40);
  expect(textOf(entries)).not.toContain(sentence);
  const earlier = entries.map((entry) => (entry.event === 'proposal-made' ? { ...entry, from: undefined } : entry));
  expect(textOf(earlier)).toContain(sentence);
});

test('a study of few trials has no such section', () => {
  const report = reportOf(studyOf(5).whole(), { attachments: noAttachments, isLive: false });
  expect(reportMarkdown(report)).not.toContain('Knob importance');
  expect(reportPage(report)).not.toContain('Knob importance');
});

test('the report tells how the searches narrowed their ranges, in both of its forms', () => {
  const journal = studyOf(5).add({
    event: 'space-changed',
    experiment: 6,
    trials: 6,
    reason: 'the best 2 of 6 trials lie there',
    changes: [{ file: 'train.py', knob: 'LR', from: 'float 0..1', to: 'float 0..0.4' }],
  });
  const report = reportOf(journal.whole(), { attachments: noAttachments, isLive: false });
  const sentence = 'From experiment 6 on, LR float 0..1 -&gt; float 0..0.4: the best 2 of 6 trials lie there.';
  expect(reportPage(report)).toContain(sentence);
  expect(reportMarkdown(report)).toContain('## Ranges\n\n- From experiment 6 on, LR float 0..1');
});
