/**
 * Which range a knob has, and where that is from: the brief's declaration, else the annotation in the script, else
 * rules of thumb.
 */
import { type Refusal, refusalError, refuse } from '../../base/read-result.ts';
import type { Knob, Range } from '../knob.ts';
import type { WrittenCondition } from './conditions.ts';
import { type Declaration, readDeclaration } from './declaration.ts';
import { derivedFrom, type KnobContext } from './derived-from.ts';
import { rangeContains, rangeSuits } from './range-contains.ts';

/** Where a range is from. */
export type Origin = 'brief' | 'annotation' | 'derived';

/** Declared ranges, knob name or its last parts -> text. */
export type Declared = Readonly<Record<string, string>>;

/** A knob with its range and conditions, before it is checked that the conditions name knobs. */
export interface KnobRange {
  readonly knob: Knob;
  /** Where the range is declared, as the subject of an error's sentence. */
  readonly subject: string;
  readonly origin: Origin;
  /** Absent when the knob stays as it is. */
  readonly range?: Range;
  readonly when: readonly WrittenCondition[];
  /** Why it stays as it is, if it does. */
  readonly why: string;
  /** It would be searched, were the script's interface not searched instead. */
  readonly isInside?: true;
}

/** Where a knob's range may come from. */
interface RangeSources {
  /** The key under which the brief declares it, if under any. */
  readonly key: string | undefined;
  /** The brief's name, for errors. */
  readonly where: string;
  readonly context: KnobContext;
}

/** The knob's range. Throws when its declaration cannot be read or does not fit the knob. */
export function knobRange(knob: Knob, declared: Declared, { key, where, context }: RangeSources): KnobRange {
  const own = key === undefined ? undefined : declared[key];
  if (own !== undefined) return declaredRange('brief', knob, own, `${where}: \`space.${key}\``);
  if (knob.annotation !== undefined && knob.form === 'declared') {
    return declaredRange('brief', knob, knob.annotation, `${where}: \`knobs.${knob.name}\``);
  }
  if (knob.annotation !== undefined) {
    return declaredRange(
      'annotation',
      knob,
      knob.annotation,
      `${knob.file}: the range in the comment of \`${knob.name}\``,
    );
  }
  const derived = derivedFrom(knob, context);
  const plain = { knob, subject: knob.name, origin: 'derived', when: [] } as const;
  return 'range' in derived ? { ...plain, range: derived.range, why: '' } : { ...plain, why: derived.why };
}

/** Whether a declaration can be read and fits this knob. */
export function fitsKnob(knob: Knob, text: string): boolean {
  const reading = readDeclaration(text, knob.type);
  return reading.kind === 'read' && misfit(knob, reading.value) === undefined;
}

function declaredRange(origin: Origin, knob: Knob, text: string, subject: string): KnobRange {
  const reading = readDeclaration(text, knob.type);
  if (reading.kind === 'refused') throw refusalError(subject, reading, text);
  const declaration = reading.value;
  const refusal = misfit(knob, declaration);
  if (refusal !== undefined) throw refusalError(subject, refusal, text);
  const common = { knob, subject, origin, why: `the ${origin} holds it still` };
  if (declaration.kind === 'fixed') return { ...common, when: [] };
  const { range, when } = declaration;
  return isStill(range) ? { ...common, when } : { ...common, range, when };
}

/** Whether a range has only one value: then the knob stays as it is. */
function isStill(range: Range): boolean {
  return range.kind === 'tuple' ? range.items.every(isStill) : range.kind === 'choice' && range.values.length === 1;
}

/** Why a declaration does not fit a knob, if it does not. */
export function misfit(knob: Knob, declaration: Declaration): Refusal | undefined {
  if (declaration.kind === 'fixed') return undefined;
  const source = `\`${knob.name} = ${knob.text}\` in ${knob.file}`;
  if (!rangeSuits(declaration.range, knob)) return refuse(`${suitable[knob.type]}, to suit ${source}`);
  const fits = rangeContains(declaration.range, knob.value);
  return fits ? undefined : refuse(`a range that contains the current value, ${source}`);
}

const suitable: Readonly<Record<Knob['type'], string>> = {
  int: 'a range of whole numbers (`int`, `int log`, `pow2` or `choice`)',
  float: 'a range of numbers',
  bool: '`bool`',
  string: 'a `choice` of texts',
  tuple: 'a range for each item, or a `choice` of tuples of the same length',
};
