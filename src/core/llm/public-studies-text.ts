/**
 * What a model and an agent are told of public studies of this kind of metric: five lines that do not change within a study.
 */
import { formatPercent, formatRounded } from '../base/format.ts';
import { metricKind } from '../base/metric-kind.ts';
import type { History } from '../journal/history.ts';
import {
  keepsUnderOneSigma,
  type PublicFigure,
  type PublicStudies,
  publicFigure,
  publicStudies,
  publicStudiesText,
} from '../views/standing/public-studies.ts';

/** A heading and five lines. */
export function publicStudiesLines({ frozen }: Pick<History, 'frozen'>): string {
  const { name, goal } = frozen.metric;
  const studies = publicStudies(metricKind(name, goal));
  const { keeps, of, share, repositories } = keepsUnderOneSigma(studies.kind);
  const lines = [
    `${publicStudiesText(studies)}, as of ${studies.asOf}; medians, in brackets the middle half:`,
    `- ${spreadText(publicFigure(studies, 'keep rate'), formatPercent)} of the experiments were kept.`,
    `- The gain as a share of the baseline's score: ${gainsText(studies)}.`,
    `- ${formatPercent(share)} of the keeps (${keeps} of ${of}, ${repositories} repositories) gained less than the noise of one run.`,
    `- The longest wait for a keep was ${spreadText(publicFigure(studies, 'longest drought'), (value) => formatRounded(value, 2))} experiments.`,
  ];
  return `# What studies of this kind did\n\n${lines.join('\n')}`;
}

function gainsText(studies: PublicStudies): string {
  const gains = ([10, 20, 50] as const).flatMap((count) => {
    const found = publicFigure(studies, `gain by ${count}`);
    return found ? `${formatPercent(found.median)} by experiment ${count} (${found.repositories} repositories)` : [];
  });
  return gains.join(', ');
}

function spreadText(figure: PublicFigure | undefined, show: (value: number) => string): string {
  if (!figure) return 'an unknown number';
  const { median, quartiles } = figure;
  return `${show(median)} (${show(quartiles[0])} to ${show(quartiles[1])})`;
}
