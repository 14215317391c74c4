/**
 * The loss curve out of a training log: its progress lines, in the order they were printed.
 */
import { readProgress } from '../../run/progress.ts';
import type { Curve } from './attachments.ts';

/** The curve; undefined when fewer than two progress lines have a loss and a share of the budget or a step. */
export function readCurve(log: string): Curve | undefined {
  const found = log.split(/[\r\n]+/).flatMap((line) => {
    if (!/\bloss[:=]/.test(line)) return [];
    const progress = readProgress(line.slice(0, 500));
    return progress?.loss === undefined ? [] : [{ loss: progress.loss, share: progress.progress, step: progress.step }];
  });
  const byShare = found.flatMap(({ loss, share }) => (share === undefined ? [] : [{ at: share, loss }]));
  if (byShare.length >= 2) return { unit: 'share', points: byShare };
  const byStep = found.flatMap(({ loss, step }) => (step === undefined ? [] : [{ at: step, loss }]));
  return byStep.length >= 2 ? { unit: 'step', points: byStep } : undefined;
}
