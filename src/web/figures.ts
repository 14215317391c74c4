/**
 * Every figure that a report's page shows, by name: what `nocturne check` works out again from the journal.
 */
import type { Figures } from '../core/views/report/check-figures.ts';
import type { Report } from '../core/views/report/report.ts';
import type { NamedFigure } from './html/figure-text.ts';
import { reportSections } from './report-sections.ts';

/** The figures of a report; one that is not known is absent. */
export function figuresOf(report: Report): Figures {
  const sections = reportSections.flatMap(({ figures }) => figures?.(report) ?? []);
  const figures = new Map<string, number>();
  for (const [name, value] of [...headlineFigures(report), ...progressFigures(report), ...sections]) {
    if (value !== null && value !== undefined) figures.set(name, value);
  }
  return figures;
}

function headlineFigures({ headline, confirmed, expense }: Report): readonly NamedFigure[] {
  const { result, experiments, kept, reverted, failed } = headline;
  return [
    ['baseline', result?.baseline],
    ['best', result?.best],
    ['best.experiment', result?.experiment],
    ['gain', result?.gain],
    ['gain.share', result?.share],
    ['gain.low', result?.interval?.[0]],
    ['gain.high', result?.interval?.[1]],
    ['confirmed.gain', confirmed?.gain],
    ['confirmed.low', confirmed?.interval?.[0]],
    ['confirmed.high', confirmed?.interval?.[1]],
    ['experiments', experiments],
    ['kept', kept],
    ['reverted', reverted],
    ['failed', failed],
    ['live.seconds', expense?.liveSeconds],
    ['usd', expense?.models === undefined ? null : expense.usd],
  ];
}

function progressFigures({ progress }: Report): readonly NamedFigure[] {
  const points = progress.attempts.map(({ experiment, mean }) => [`point.${experiment}`, mean] as const);
  return [['progress.best', progress.steps.at(-1)?.value], ...points];
}
