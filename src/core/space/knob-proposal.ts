/**
 * A proposal that sets knobs only, as every search researcher makes it.
 */

import type { Proposal } from '../journal/proposal.ts';
import type { Dimension, KnobValue } from './knob.ts';

/** A knob and its new value. */
export interface Setting {
  readonly dimension: Dimension;
  readonly to: KnobValue;
}

/** The proposal of these settings; its title is such as `LEARNING_RATE 0.1 -> 0.23, HIDDEN 64 -> 128`. */
export function proposeKnobs(settings: readonly Setting[], hypothesis: string): Proposal {
  return {
    title: titleOf(settings),
    hypothesis,
    kind: 'knobs',
    edits: settings.map(({ dimension: { knob }, to }) => ({
      kind: 'set-knob',
      file: knob.file,
      knob: knob.name,
      to: typeof to === 'object' ? [...to] : to,
    })),
  };
}

const maxTitleLength = 120;

function titleOf(settings: readonly Setting[]): string {
  const parts = settings.map(
    ({ dimension: { knob }, to }) => `${knob.name} ${formatValue(knob.value)} -> ${formatValue(to)}`,
  );
  const title = parts.join(', ');
  return title.length <= maxTitleLength ? title : `${title.slice(0, maxTitleLength - 1)}…`;
}

function formatValue(value: KnobValue): string {
  return typeof value === 'object' ? `(${value.map(withoutNoise).join(', ')})` : withoutNoise(value);
}

/** A product such as `0.57 * 0.4` in a script is 0.22799999999999998: a title says what was meant. */
function withoutNoise(value: KnobValue): string {
  return typeof value === 'number' && !Number.isInteger(value) ? String(Number(value.toPrecision(12))) : String(value);
}
