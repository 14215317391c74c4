/**
 * The overfitting warning in words: what was found, how far chance goes, and what to do.
 */
import { decimalsFor, formatAt, formatMetric } from '../base/format.ts';
import type { GaugeReading, GaugeRow } from '../journal/gauge-reading.ts';

/**
 * The warning; undefined when there is nothing to warn of. An experiment that the incumbent has left behind is no reason:
 * only its own step may be, since later steps stand on it.
 */
export function gaugeWarning({ rows, isTextKnown }: GaugeReading, incumbent: number): string | undefined {
  const steps = rows.flatMap((row) => partedStep(row));
  const whole = rows.find(({ experiment, isParted }) => experiment === incumbent && isParted);
  const found = whole ? partOf(whole, '') : steps[0];
  if (!found) return undefined;
  const suspect = mostLost(steps) ?? found;
  const chance = isTextKnown ? 'two such texts and the seeds' : 'the seeds';
  const where =
    suspect.experiment === found.experiment ? '' : `, most of it in the step of experiment ${suspect.experiment}`;
  const format = (gain: number) =>
    found.limit > 0 ? formatAt(gain, Math.max(0, decimalsFor(found.limit))) : formatMetric(gain);
  return (
    `Overfitting: experiment ${found.experiment}${found.words} gains ${format(found.validation)} on validation and ` +
    `${format(found.holdout)} on the holdout, ${format(found.validation - found.holdout)} less${where}, where ` +
    `${chance} explain at most ${format(found.limit)}. Look at nocturne show ${suspect.experiment}, measure each ` +
    'step on the holdout with nocturne confirm --ablate, and go on without those that gain nothing there ' +
    '(nocturne run --from COMMIT)'
  );
}

interface Found {
  readonly experiment: number;
  /** What is compared, when not the experiment with the baseline. */
  readonly words: string;
  readonly validation: number;
  readonly holdout: number;
  readonly limit: number;
}

function partOf(
  { experiment, validationGain = 0, holdoutGain = 0, limit = 0 }: Omit<GaugeRow, 'runs' | 'step'>,
  words: string,
): Found {
  return { experiment, words, validation: validationGain, holdout: holdoutGain, limit };
}

/** The step of a row that parted; the first step of a study is its gain over the baseline. */
function partedStep(row: GaugeRow): Found[] {
  const { experiment, step } = row;
  if (step) return step.isParted ? [partOf({ experiment, ...step }, ` over experiment ${step.parent}`)] : [];
  return row.isParted ? [partOf(row, '')] : [];
}

function mostLost(steps: readonly Found[]): Found | undefined {
  const lost = ({ validation, holdout }: Found) => validation - holdout;
  return steps.toSorted((a, b) => lost(b) - lost(a))[0];
}
