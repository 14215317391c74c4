/**
 * What a model and an agent are told of the baseline's and the incumbent's training: steps, speed, curve, and the block that
 * it printed last.
 *
 * It changes with a keep, as the source does, so it is told with the source.
 */
import { formatRounded } from '../base/format.ts';
import { lastLines, plainText } from '../base/plain-text.ts';
import { type Curve, lossAt } from '../journal/curve.ts';
import { countedRuns, experimentOf, type History } from '../journal/history.ts';
import type { RunResult } from '../journal/run.ts';
import { blocksIn } from '../run/blocks.ts';
import { fence, keepEnd } from './fence.ts';
import { stepsText } from './steps-text.ts';

/** UTF-8 bytes of what is shown of one log, and the lines of one without a block. */
const maxBlockBytes = 300;
const maxLines = 5;

/** The figures of these, which are the baseline and the incumbent; empty while none is measured. */
export function measuredText(
  history: History,
  experiments: readonly number[],
  logOf: (experiment: number) => string,
  delimiter: string,
): string {
  const measured = experiments.flatMap((experiment) => {
    const result = measuredResult(history, experiment);
    return result ? [{ experiment, result, log: logOf(experiment) }] : [];
  });
  const blocks = measured.flatMap(({ experiment, log }) => {
    const block = keepEnd(lastBlock(log), maxBlockBytes);
    return block === '' ? [] : [`#${experiment} ended with: ${block}`];
  });
  return [
    ...measured.map(({ experiment, result, log }) => {
      const facts = [stepsText(result, log), curveText(result.curve)].filter((fact) => fact !== '');
      return facts.length === 0 ? '' : `${nameOf(experiment)}: ${facts.join('; ')}.`;
    }),
    blocks.length === 0 ? '' : fence('ends of logs', blocks.join('\n'), delimiter, maxBlockBytes * 3),
  ]
    .filter((text) => text !== '')
    .join('\n');
}

function nameOf(experiment: number): string {
  return experiment === 0 ? 'The baseline, #0' : `The incumbent, #${experiment}`;
}

/** Of its last measured run, whose log is shown. */
function measuredResult(history: History, experiment: number): RunResult | undefined {
  const results = countedRuns(experimentOf(history, experiment)).flatMap(({ result }) => result ?? []);
  return results.findLast(({ measurement }) => measurement !== undefined);
}

const shares = [0.1, 0.25, 0.5, 0.75, 1];

/** The loss at a few shares of the budget. */
function curveText(curve: Curve = []): string {
  const [from = 1] = curve[0] ?? [];
  const points = shares.flatMap((share) => {
    const loss = share < from ? undefined : lossAt(curve, share);
    return loss === undefined ? [] : [`${formatRounded(loss, 4)} (${Math.round(share * 100)} %)`];
  });
  return points.length < 2 ? '' : `loss ${points.join(', ')}`;
}

/** The last block behind a line `---`, on one line, else the last lines. */
function lastBlock(log: string): string {
  const lines = plainText(log.slice(-20_000)).split('\n');
  const block = blocksIn(lines).at(-1);
  if (!block) return lastLines(lines.join('\n'), maxLines);
  return [...block.values].map(([name, values]) => `${name}: ${values.join(' ')}`).join(', ');
}
