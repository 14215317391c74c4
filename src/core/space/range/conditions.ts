/**
 * When a knob has an effect: `OPTIMIZER == sgd`, `LAYERS > 1`, `DECAY in linear, cosine`, several joined by `and`.
 */
import { type ReadResult, read, refuse } from '../../base/read-result.ts';
import { type Condition, type Dimension, type KnobValue, type Space, sameValue } from '../knob.ts';
import { formatNumber, readNumber } from '../number-text.ts';
import { splitOutside } from '../split-outside.ts';
import { formatChoices, readChoices } from './choices.ts';

type WithoutFile<Type> = Type extends unknown ? Omit<Type, 'file'> : never;
/** A condition as written, before it is known which file its knob is in. */
export type WrittenCondition = WithoutFile<Condition>;

/** Reads what follows `if`. */
export function readConditions(text: string): ReadResult<readonly WrittenCondition[]> {
  const conditions: WrittenCondition[] = [];
  for (const piece of splitOutside(text, ' and ')) {
    const reading = readCondition(piece.trim());
    if (reading.kind === 'refused') return reading;
    conditions.push(reading.value);
  }
  return read(conditions);
}

/** A knob may be named by a path, as `optimizer.lr` and `layers[0].width` are. */
const shape = /^([A-Za-z_[][^\s=!<>]*)\s*(==|!=|<=|>=|<|>|\bin\b)\s*(\S.*)$/s;

function readCondition(text: string): ReadResult<WrittenCondition> {
  const [, knob = '', sign = '', right = ''] = shape.exec(text) ?? [];
  if (knob === '') return refuse('a condition such as `OPTIMIZER == sgd` or `LAYERS > 1`', { found: text });
  if (sign === '<' || sign === '<=' || sign === '>' || sign === '>=') {
    const bound = readNumber(right);
    if (bound === undefined) return refuse(`a condition with a number after \`${sign}\``, { found: right });
    return read({ kind: 'compare', knob, sign, bound });
  }
  const choices = readChoices(right);
  if (choices.kind === 'refused') return choices;
  const { values } = choices.value;
  if (sign !== 'in' && values.length > 1) return refuse(`one value after \`${sign}\`, or \`in\``, { found: right });
  return read({ kind: sign === '!=' ? 'none-of' : 'one-of', knob, values });
}

/** The text that reads as these conditions. */
export function formatConditions(conditions: readonly WrittenCondition[]): string {
  return conditions.map(formatCondition).join(' and ');
}

function formatCondition(condition: WrittenCondition): string {
  const { knob } = condition;
  switch (condition.kind) {
    case 'compare':
      return `${knob} ${condition.sign} ${formatNumber(condition.bound)}`;
    case 'none-of':
      return `${knob} != ${formatChoices(condition.values)}`;
    case 'one-of':
      return `${knob} ${condition.values.length === 1 ? '==' : 'in'} ${formatChoices(condition.values)}`;
    default:
      return condition satisfies never;
  }
}

/** The value that a knob of this file and name has in a configuration; undefined for its value in the source. */
export type SettingOf = (file: string, knob: string) => KnobValue | undefined;

/** Whether a knob has an effect in a configuration: its conditions hold, and the knobs that they name have one too. */
export function isActive({ when = [] }: Dimension, space: Space, settingOf: SettingOf): boolean {
  return when.every((condition) => {
    const { knob: name, file } = condition;
    const named = space.find(({ knob }) => knob.name === name && knob.file === file);
    const value = settingOf(file, name) ?? named?.knob.value;
    return value !== undefined && holds(condition, value) && (named === undefined || isActive(named, space, settingOf));
  });
}

/** Whether a value meets a condition. */
export function holds(condition: WrittenCondition, value: KnobValue): boolean {
  switch (condition.kind) {
    case 'one-of':
      return condition.values.some((each) => sameValue(each, value));
    case 'none-of':
      return !condition.values.some((each) => sameValue(each, value));
    case 'compare': {
      if (typeof value !== 'number') return false;
      const { sign, bound } = condition;
      if (sign === '<') return value < bound;
      if (sign === '<=') return value <= bound;
      return sign === '>' ? value > bound : value >= bound;
    }
    default:
      return condition satisfies never;
  }
}
