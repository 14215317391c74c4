/**
 * What LightGBM makes of a share of the samples: it draws them only where a frequency says how often, and never beside `goss`.
 */
import type { Knob, Range } from '../knob.ts';
import { lastPart } from './knob-words.ts';

const share = /^(?:bagging_fraction|subsample)$/i;
const frequency = /^(?:bagging|subsample)_freq$/i;

/** Why a share of LightGBM's samples has no effect, where no frequency stands beside it: that is 0 by default. */
export function whyNoBagging(knob: Knob, beside: readonly Knob[]): string | undefined {
  const own = lastPart(knob);
  const isLightgbm = knob.of?.startsWith('lightgbm.') === true || own.toLowerCase() === 'bagging_fraction';
  if (!isLightgbm || !share.test(own) || beside.some((other) => frequency.test(lastPart(other)))) return undefined;
  return `LightGBM draws no samples while ${own.toLowerCase() === 'subsample' ? 'subsample_freq' : 'bagging_freq'} is 0, its default`;
}

/** A range without `goss`, where the parameters draw samples: LightGBM ends with an error where both meet. */
export function withoutClash(range: Range, knob: Knob, beside: readonly Knob[]): Range {
  if (range.kind !== 'choice' || knob.value === 'goss' || !range.values.includes('goss')) return range;
  const isClash = nameBeside(knob, beside, share) || nameBeside(knob, beside, frequency);
  return isClash ? { kind: 'choice', values: range.values.filter((each) => each !== 'goss') } : range;
}

/** Whether a knob of the same owner has such a name. */
function nameBeside({ name, file }: Knob, beside: readonly Knob[], pattern: RegExp): boolean {
  const owner = name.replace(/[^.]*$/, '');
  return beside.some(
    (other) =>
      other.file === file &&
      other.name.startsWith(owner) &&
      pattern.test(other.name.slice(owner.length).replace(/\[\d+\]$/, '')),
  );
}
