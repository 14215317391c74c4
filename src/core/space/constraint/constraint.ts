/**
 * What a script demands of several knobs together, such as `assert TOTAL_BATCH % DEVICE_BATCH == 0`: a configuration that breaks it
 * ends before it trains.
 *
 * One that the script breaks as it stands was misread, and counts for nothing.
 */
import type { Edit } from '../../journal/proposal.ts';
import type { Constraint, Expression, Knob, KnobTerm, KnobValue, Source } from '../knob.ts';
import { evaluate, knobTerms, type ValueOf } from './expression.ts';

/** Whether it holds in a configuration. */
export function isMet({ holds }: Constraint, valueAt: ValueOf): boolean {
  const value = evaluate(holds, valueAt);
  return value !== 0 && !Number.isNaN(value);
}

/** The value of each knob in the source. */
export function valuesIn(knobs: readonly Knob[]): ValueOf {
  return (file, name) => knobs.find((knob) => knob.file === file && knob.name === name)?.value;
}

/** Those that hold in the source. */
export function heldConstraints({
  knobs,
  constraints = [],
}: Pick<Source, 'knobs' | 'constraints'>): readonly Constraint[] {
  return constraints.filter((constraint) => isMet(constraint, valuesIn(knobs)));
}

/** Why these settings of knobs would end the script before it trains; undefined where they would not, or it is not sure. */
export function brokenBySettings(source: Source, edits: readonly Edit[]): string | undefined {
  const settings = edits.filter((edit) => edit.kind === 'set-knob');
  if (settings.length < edits.length) return undefined;
  const set = (file: string, name: string): KnobValue | undefined =>
    settings.find((edit) => edit.file === file && edit.knob === name)?.to;
  const now = valuesIn(source.knobs);
  const valueAt: ValueOf = (file, name) => set(file, name) ?? now(file, name);
  const broken = heldConstraints(source).find((each) => each.isSure && !isMet(each, valueAt));
  return broken && whyBroken(broken, valueAt);
}

/** The same of changed code: a constraint that held in the source, and does not in the code. */
export function brokenByCode(source: Source, changed: Pick<Source, 'knobs' | 'constraints'>): string | undefined {
  const held = heldConstraints(source);
  const valueAt = valuesIn(changed.knobs);
  const isHeld = ({ file, text }: Constraint) => held.some((each) => each.file === file && each.text === text);
  const broken = changed.constraints?.find((each) => each.isSure && isHeld(each) && !isMet(each, valueAt));
  return broken && whyBroken(broken, valueAt);
}

function whyBroken({ file, line, text, holds }: Constraint, valueAt: ValueOf): string {
  const terms = knobTerms(holds).filter((term, index, all) => all.findIndex((each) => sameTerm(each, term)) === index);
  const values = terms.map(({ file: of, knob }) => `${knob} = ${String(valueAt(of, knob))}`).join(', ');
  return `the script would end at \`${text}\` (${file} line ${line}), with ${values}`;
}

function sameTerm(a: KnobTerm, b: KnobTerm): boolean {
  return a.file === b.file && a.knob === b.knob;
}

/** The constraint with the values of knobs that are not searched in their place; undefined where no searched knob is left. */
export function amongSearched(
  constraint: Constraint,
  searched: readonly Knob[],
  all: readonly Knob[],
): Constraint | undefined {
  const valueAt = valuesIn(all);
  const isSearched = ({ file, knob }: KnobTerm) => searched.some((each) => each.file === file && each.name === knob);
  const bind = (expression: Expression): Expression => {
    if (typeof expression === 'number') return expression;
    if ('knob' in expression) return isSearched(expression) ? expression : evaluate(expression, valueAt);
    return { ...expression, of: expression.of.map(bind) };
  };
  const holds = bind(constraint.holds);
  return knobTerms(holds).length === 0 ? undefined : { ...constraint, holds };
}
