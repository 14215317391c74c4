import { describe, expect, it } from 'vitest';
import type { RunResult } from '../../../src/core/journal/run.ts';
import { contendedRuns, contentionSentences, contentionText } from '../../../src/core/views/conditions.ts';
import { noAttachments } from '../../../src/core/views/report/attachments.ts';
import { reportOf } from '../../../src/core/views/report/report.ts';
import { reportMarkdown } from '../../../src/web/markdown/report-markdown.ts';
import { createJournal, scored } from '../../helpers/journal.ts';

const contended = (isRepeated: boolean): RunResult => ({
  ...scored(2),
  contention: { reason: 'other work took 50 % of the processor time it wanted', isRepeated },
});

describe('the section on the machine', () => {
  it('names each contended run with its reason', () => {
    const journal = createJournal().baseline(contended(true), scored(2), contended(false));
    const runs = contendedRuns(journal.history().experiments);
    const reason = 'other work took 50 % of the processor time it wanted';
    expect(runs).toEqual([
      { experiment: 0, run: 1, reason, isRepeated: true },
      { experiment: 0, run: 3, reason, isRepeated: false },
    ]);
    expect(contentionSentences(runs)).toEqual([
      '1 run was contended: not judged, but run again with the same seed.',
      '1 run stayed contended when repeated and was judged all the same.',
    ]);
    const text = reportMarkdown(reportOf(journal.whole(), { attachments: noAttachments, isLive: false }));
    expect(text).toContain(`## The machine\n\n1 run was contended`);
    expect(text).toContain(`| 0 | 1 | no | ${reason} |`);
  });

  it('is left out when no run was contended', () => {
    const whole = createJournal().baseline(scored(2)).whole();
    expect(reportMarkdown(reportOf(whole, { attachments: noAttachments, isLive: false }))).not.toContain('The machine');
  });
});

describe('a run in words', () => {
  const textOf = (result: RunResult) => {
    const [run] = createJournal().baseline(result).history().experiments[0]?.runs ?? [];
    return run && contentionText(run);
  };

  it('says why it was contended and what became of it', () => {
    const reason = 'contended (other work took 50 % of the processor time it wanted)';
    expect(textOf(contended(true))).toBe(`${reason}: not judged, run again`);
    expect(textOf(contended(false))).toBe(`${reason}: judged all the same`);
    expect(textOf(scored(2))).toBe('');
  });
});
