/**
 * The loss curve of a training log, in one line that a model can read.
 */
import { type Progress, readProgress } from '../run/progress.ts';

const mostPoints = 8;

/** Such as `5.54 (2 %), 3.1 (25 %), 2.2 (99 %)`; undefined when the log has fewer than two progress lines with a loss. */
export function describeCurve(log: string): string | undefined {
  const points = log.split(/[\r\n]+/).flatMap((line) => pointOf(line));
  if (points.length < 2) return undefined;
  const chosen = spread(points, mostPoints).map(
    ({ loss, step, progress }) =>
      `${loss} (${progress === undefined ? `step ${step}` : `${Math.round(progress * 100)} %`})`,
  );
  return chosen.join(', ');
}

function pointOf(line: string): (Progress & { loss: number })[] {
  if (!/\bloss[:=]/.test(line)) return [];
  const { loss, ...rest } = readProgress(line.slice(0, 500)) ?? {};
  return loss === undefined ? [] : [{ ...rest, loss }];
}

/** So many of the items, evenly spaced, with the first and the last. */
function spread<Item>(items: readonly Item[], count: number): Item[] {
  if (items.length <= count) return [...items];
  return Array.from(
    { length: count },
    (_, index) => items[Math.round((index * (items.length - 1)) / (count - 1))] as Item,
  );
}
