/**
 * Every figure that a report shows, by name: what `nocturne check` works out again from the journal.
 */
import type { Report } from './report.ts';

export type Figures = ReadonlyMap<string, number>;

/** The figures of a report; one that is not known is absent. */
export function figuresOf(report: Report): Figures {
  const figures = new Map<string, number>();
  const add = (name: string, value: number | null | undefined) => {
    if (value !== null && value !== undefined) figures.set(name, value);
  };
  const { result, ...counts } = report.headline;
  add('baseline', result?.baseline);
  add('best', result?.best);
  add('best.experiment', result?.experiment);
  add('progress.best', report.progress.steps.at(-1)?.value);
  add('gain', result?.gain);
  add('gain.share', result?.share);
  add('gain.low', result?.interval?.[0]);
  add('gain.high', result?.interval?.[1]);
  add('confirmed.gain', report.confirmed?.gain);
  add('confirmed.low', report.confirmed?.interval?.[0]);
  add('confirmed.high', report.confirmed?.interval?.[1]);
  for (const name of ['experiments', 'kept', 'reverted', 'failed'] as const) add(name, counts[name]);
  add('noise.sigma', report.noise?.noise?.sigma);
  add('noise.freedom', report.noise?.noise?.degreesOfFreedom);
  const { expense } = report;
  add('live.seconds', expense?.liveSeconds);
  add('tokens', expense?.models !== undefined ? expense.tokens : null);
  add('usd', expense?.models !== undefined ? expense.usd : null);
  for (const [status, seconds] of Object.entries(expense?.secondsBy ?? {}))
    add(`seconds.${status}`, seconds > 0 ? seconds : null);
  for (const { experiment, from, to, gain, standardError, probability } of report.kept) {
    add(`kept.${experiment}.from`, from);
    add(`kept.${experiment}.to`, to);
    add(`kept.${experiment}.gain`, gain);
    add(`kept.${experiment}.error`, standardError);
    add(`kept.${experiment}.probability`, probability);
  }
  for (const { experiment, gain } of report.nearMisses) add(`near.${experiment}.gain`, gain);
  for (const { experiment, metric, delta } of report.attempts) {
    add(`attempt.${experiment}.metric`, metric);
    add(`attempt.${experiment}.gain`, experiment === 0 ? null : delta);
  }
  for (const { experiment, mean } of report.progress.attempts) add(`point.${experiment}`, mean);
  return figures;
}
