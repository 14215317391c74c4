/**
 * The `grid` researcher: every combination of a few values per knob, each once.
 *
 * A grid over a dozen knobs is never finished in a night, so its points are visited in an order that spreads: at every
 * moment the points tried so far lie all over the grid.
 */
import type { History } from '../../core/journal/history.ts';
import type { Proposal } from '../../core/journal/proposal.ts';
import { type KnobValue, type Space, sameValue } from '../../core/space/knob.ts';
import { proposeKnobs, type Setting } from '../../core/space/knob-proposal.ts';
import { activeSettings } from '../../core/space/search/draw-settings.ts';
import { brokenIn } from '../../core/space/search/fit-settings.ts';
import { gridValues } from '../../core/space/search/search-values.ts';
import type { ProposalRequest, Researcher } from '../../ports/researcher.ts';
import { wasTried } from './was-tried.ts';

/** The next point follows from the number of points that this study has tried, so the researcher keeps no state. */
export function createGridResearcher(): Researcher {
  return {
    name: 'grid',
    propose: async (request) => {
      const { space, history } = request;
      if (space.length === 0) return { kind: 'exhausted', reason: 'there is no knob to turn' };
      const levels = space.map((dimension) => gridValues(dimension.range));
      const total = levels.reduce((product, values) => product * BigInt(values.length), 1n);
      const isBound = space.some(({ when, constraints }) => when ?? constraints);
      for (let tried = pointsTried(history); ; tried++) {
        const point = findPoint(space, levels, total, tried);
        if (point === undefined) return { kind: 'exhausted', reason: `all ${tried} points of the grid are tried` };
        const hypothesis = `Grid search: point ${tried + 1} of ${isBound ? `at most ${total}` : total}.`;
        const proposal = proposeKnobs(settingsOf(space, point), hypothesis);
        if (!(await isPassedOver(request, settingsAt(space, point), proposal))) return { kind: 'proposal', proposal };
      }
    },
  };
}

/**
 * Whether the script would end at this point, or it was tried: the points that were passed over are not counted, so that the count
 * lags behind.
 */
async function isPassedOver(
  request: ProposalRequest,
  settings: readonly Setting[],
  proposal: Proposal,
): Promise<boolean> {
  const { space } = request;
  if (space.every(({ constraints }) => constraints === undefined)) return false;
  return brokenIn(space, activeSettings(space, settings)).length > 0 || (await wasTried(request, proposal));
}

/**
 * The point after `tried` others. Of a knob that another one switches off only the first level counts, or points would
 * repeat.
 */
function findPoint(
  space: Space,
  levels: readonly (readonly KnobValue[])[],
  total: bigint,
  tried: number,
): readonly KnobValue[] | undefined {
  const stride = strideOf(total);
  if (space.every(({ when }) => when === undefined)) {
    return BigInt(tried) < total ? pointAt(levels, (BigInt(tried) * stride) % total) : undefined;
  }
  for (let index = 0n, passed = 0; index < total; index += 1n) {
    const point = pointAt(levels, (index * stride) % total);
    if (repeatsAnother(space, levels, point)) continue;
    if (passed === tried) return point;
    passed += 1;
  }
  return undefined;
}

function repeatsAnother(space: Space, levels: readonly (readonly KnobValue[])[], point: readonly KnobValue[]): boolean {
  const active = new Set(activeSettings(space, settingsAt(space, point)).map(({ dimension }) => dimension));
  return space.some((dimension, index) => !active.has(dimension) && point[index] !== levels[index]?.[0]);
}

/** Those in flight count, so that the grid walks on; the edits of one that are tried again on a new incumbent are no further point. */
function pointsTried({ experiments, refusals }: History): number {
  return [...experiments, ...refusals].filter(
    ({ researcher, reapplies }) => researcher === 'grid' && reapplies === undefined,
  ).length;
}

/**
 * The largest number up to total / golden ratio that shares no factor with total: its multiples visit every point once.
 */
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

/**
 * The settings of active knobs that differ from the incumbent. The incumbent's own point sets one knob to its present
 * value, so that it is proposed, refused, and counted as tried.
 */
function settingsOf(space: Space, point: readonly KnobValue[]): Setting[] {
  const settings = activeSettings(space, settingsAt(space, point));
  const changed = settings.filter(({ dimension, to }) => !sameValue(dimension.knob.value, to));
  return changed.length > 0 ? changed : settings.slice(0, 1);
}

function settingsAt(space: Space, point: readonly KnobValue[]): Setting[] {
  return space.map((dimension, index) => ({ dimension, to: point[index] as KnobValue }));
}
