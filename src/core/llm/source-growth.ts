/**
 * How the code has grown, keep by keep: a model that sees only the present source cannot know what each part has earned.
 */
import { experimentOf, type History } from '../journal/history.ts';
import { measuredGain } from '../journal/measured-gain.ts';
import { formatGain } from './ledger-line.ts';

/** Keeps that are named. */
const maxNamed = 4;
/** Growth below this is no reason for a word. */
const minGrowth = 1.1;

interface Addition {
  readonly experiment: number;
  readonly lines: number;
  /** Measured gain; null where it is not known. */
  readonly gain: number | null;
}

/** Lines of code of the incumbent and of the start, comments and blank lines not counted; undefined where not recorded. */
function sizesOf(history: History): { readonly now: number; readonly start: number } | undefined {
  const now = experimentOf(history, history.incumbent).candidate?.code?.lines;
  const start = history.experiments[0]?.candidate?.code?.lines;
  return now === undefined || start === undefined ? undefined : { now, start };
}

/** What each keep on the way to the incumbent added, those that added most lines first. */
function additionsOf(history: History): readonly Addition[] {
  const additions: Addition[] = [];
  let record = experimentOf(history, history.incumbent);
  while (record.parent !== undefined) {
    const parent = experimentOf(history, record.parent);
    const lines = (record.candidate?.code?.lines ?? 0) - (parent.candidate?.code?.lines ?? 0);
    if (record.candidate?.code && parent.candidate?.code && lines > 0)
      additions.push({
        experiment: record.experiment,
        lines,
        gain: measuredGain(history, record, undefined)?.gain ?? null,
      });
    record = parent;
  }
  return additions.sort((a, b) => b.lines - a.lines);
}

/**
 * Such as `The code has 327 lines, 15 at the start. Most came with #12 (+30 lines, gain +0.001), …`; empty while it has not
 * grown by a tenth. It changes only when something is kept.
 */
export function describeGrowth(history: History): string {
  const sizes = sizesOf(history);
  if (!sizes || sizes.now < minGrowth * sizes.start) return '';
  const named = additionsOf(history)
    .slice(0, maxNamed)
    .map(
      ({ experiment, lines, gain }) => `#${experiment} (+${lines}${gain === null ? '' : `, gain ${formatGain(gain)}`})`,
    );
  const most = named.length === 0 ? '' : ` Most lines came with ${named.join(', ')}.`;
  return `The code has ${sizes.now} lines, ${sizes.start} at the start, comments not counted.${most} Lines that no longer earn their place may go: clearly less code that scores as well is kept.`;
}
