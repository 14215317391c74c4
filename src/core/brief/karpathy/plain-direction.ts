/**
 * Which way a brief without front matter says that its metric is better, in lines too loose for `prose-direction.ts`: they
 * count only where all of them agree and nothing surer is there.
 */
import type { Goal } from '../../base/metric.ts';

const said =
  /\b(?:(higher|larger|bigger)|(lower|smaller))(?:\s+values?)?\s+(?:is|are|=)\s+better\b|\bdirection\W{1,4}(?:(maximi[sz]e|higher)|(minimi[sz]e|lower))\b|\bgoal is to (?:(maximi[sz]e)|(minimi[sz]e))\b/gi;

/** The direction that the lines with the metric's name say, else that all lines say; undefined where they disagree. */
export function plainDirection(prose: string, name: string): Goal | undefined {
  const lines = prose.split('\n');
  return agreed(lines.filter((line) => line.includes(name))) ?? agreed(lines);
}

function agreed(lines: readonly string[]): Goal | undefined {
  const goals = new Set(
    lines.flatMap((line) =>
      [...line.slice(0, 2000).matchAll(said)].map(
        ([, higher, , maximize, , toMaximize]): Goal =>
          (higher ?? maximize ?? toMaximize) === undefined ? 'minimize' : 'maximize',
      ),
    ),
  );
  const [only] = goals;
  return goals.size === 1 ? only : undefined;
}
