/**
 * The space as `nocturne space` shows it: every knob with its line, value and range, and where the range is from.
 */

import type { Knob, KnobForm, KnobValue, Source } from '../space/knob.ts';
import { formatConditions } from '../space/range/conditions.ts';
import type { Origin } from '../space/range/knob-range.ts';
import { formatRange } from '../space/range/parse-range.ts';
import type { KnobPlan } from '../space/range/place-conditions.ts';

export interface SpaceRow {
  readonly knob: string;
  /** Relative to the sandbox. */
  readonly file: string;
  readonly line: number;
  /** How it is written. */
  readonly form: KnobForm;
  /** The callee or class that it belongs to, where it belongs to one. */
  readonly of?: string;
  readonly value: KnobValue;
  /** The literal as written in the source. */
  readonly text: string;
  /** As a brief would have it, with its condition; null when the knob is not searched. */
  readonly range: string | null;
  readonly from: Origin | 'not searched';
  /** Why it is not searched; empty when it is. */
  readonly why: string;
  /** It is not searched only because the script's interface is searched instead. */
  readonly isInside: boolean;
}

/** One row per knob, in source order. */
export function spaceRows(source: Source, plans: readonly KnobPlan[]): readonly SpaceRow[] {
  return plans.map((plan) => {
    const { name: knob, file, value, text, form = 'constant', of } = plan.knob;
    const line = lineOf(source, plan.knob);
    const common = { knob, file, line, form, ...(of !== undefined && { of }), value, text };
    if (plan.kind === 'still') {
      return { ...common, range: null, from: 'not searched', why: plan.why, isInside: plan.isInside ?? false };
    }
    const { range, when } = plan.dimension;
    const condition = when === undefined ? '' : ` if ${formatConditions(when)}`;
    return { ...common, range: formatRange(range) + condition, from: plan.origin, why: '', isInside: false };
  });
}

/** The line, from 1, on which a knob's literal begins. */
function lineOf({ files }: Source, { file, span }: Knob): number {
  const before = new TextDecoder().decode(new TextEncoder().encode(files[file]).subarray(0, span[0]));
  return before.split(/\r\n|\n|\r/).length;
}
