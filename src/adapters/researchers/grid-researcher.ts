/**
 * The `grid` researcher: every combination of a few values per knob, each once.
 *
 * A grid over a dozen knobs is never finished in a night, so its points are visited in an order that spreads: whatever
 * the night's length, the points tried so far lie all over the grid.
 */
import type { History } from '../../core/journal/history.ts';
import type { KnobValue, Space } from '../../core/space/knob.ts';
import { proposeKnobs, type Setting } from '../../core/space/knob-proposal.ts';
import { gridValues } from '../../core/space/search-values.ts';
import type { Researcher } from '../../ports/researcher.ts';

/** The point depends only on how many points this study has tried, so it needs no memory of its own. */
export function createGridResearcher(): Researcher {
  return {
    name: 'grid',
    propose: async ({ space, history }) => {
      const levels = space.map((dimension) => gridValues(dimension.range));
      const total = levels.reduce((product, values) => product * BigInt(values.length), 1n);
      const index = BigInt(pointsTried(history));
      if (space.length === 0) return { kind: 'exhausted', reason: 'there is no knob to turn' };
      if (index >= total) return { kind: 'exhausted', reason: `all ${total} points of the grid are tried` };
      const settings = settingsOf(space, pointAt(levels, (index * strideOf(total)) % total));
      return { kind: 'proposal', proposal: proposeKnobs(settings, `Grid search: point ${index + 1n} of ${total}.`) };
    },
  };
}

function pointsTried(history: History): number {
  const made = history.experiments.filter((record) => record.researcher === 'grid').length;
  return made + history.refusals.filter((refusal) => refusal.researcher === 'grid').length;
}

/** The number nearest to total / golden ratio that shares no factor with it: multiples of it visit every point once. */
function strideOf(total: bigint): bigint {
  let stride = (total * 618_033_988_749n) / 1_000_000_000_000n;
  while (stride > 1n && commonDivisor(stride, total) !== 1n) stride -= 1n;
  return stride > 1n ? stride : 1n;
}

function commonDivisor(a: bigint, b: bigint): bigint {
  return b === 0n ? a : commonDivisor(b, a % b);
}

/** The grid's point with this number, in mixed radix; the first knob turns slowest. */
function pointAt(levels: readonly (readonly KnobValue[])[], number: bigint): KnobValue[] {
  let rest = number;
  return levels
    .toReversed()
    .map((values) => {
      const value = values[Number(rest % BigInt(values.length))];
      rest /= BigInt(values.length);
      return value as KnobValue;
    })
    .toReversed();
}

/** Only what differs from the incumbent; a point that is the incumbent itself sets one knob to what it is, and is refused. */
function settingsOf(space: Space, point: readonly KnobValue[]): Setting[] {
  const settings = space.map((dimension, index) => ({ dimension, to: point[index] as KnobValue }));
  const changed = settings.filter(({ dimension, to }) => JSON.stringify(dimension.knob.value) !== JSON.stringify(to));
  return changed.length > 0 ? changed : settings.slice(0, 1);
}
