/**
 * A space whose dimensions know what the script demands of them together.
 */
import type { Constraint, Dimension, Source, Space } from '../knob.ts';
import { amongSearched, heldConstraints } from './constraint.ts';
import { knobTerms } from './expression.ts';

/** The space with the constraints that the source meets as it stands; knobs that are not searched stay at their value. */
export function constrainSpace(space: Space, source: Pick<Source, 'knobs' | 'constraints'>): Space {
  const searched = space.map(({ knob }) => knob);
  const held = heldConstraints(source).flatMap((each) => amongSearched(each, searched, source.knobs) ?? []);
  return held.length === 0 ? space : space.map((dimension) => withOwn(dimension, held));
}

function withOwn(dimension: Dimension, all: readonly Constraint[]): Dimension {
  const { file, name } = dimension.knob;
  const own = all.filter(({ holds }) => knobTerms(holds).some((term) => term.file === file && term.knob === name));
  return own.length === 0 ? dimension : { ...dimension, constraints: own };
}
