/**
 * Which knobs an earlier experiment set, as its columns or its words say: "matrix LR 0.04 -> 0.06", "depth from 8 to 4",
 * `weight_decay=0.1`. What is not plainly a value of a knob is left alone.
 */

import type { EarlierExperiment } from '../../journal/earlier.ts';
import type { Knob, KnobValue } from '../knob.ts';
import { readNumber } from '../number-text.ts';
import { lastPart } from '../range/knob-words.ts';

/** A knob's new value, and the one before it where the words say it. */
export interface EarlierSetting {
  readonly knob: Knob;
  readonly to: KnobValue;
  readonly from: KnobValue | undefined;
}

/** A reader of what an experiment set of these knobs. */
export function createSettingsReader(knobs: readonly Knob[]): (experiment: EarlierExperiment) => EarlierSetting[] {
  const named = knobs.flatMap((knob) => {
    const names = namesOf(knob).filter((name) => knobs.filter((each) => namesOf(each).includes(name)).length === 1);
    return names.length === 0 ? [] : [{ knob, names, patterns: names.map(patternsOf) }];
  });
  return ({ title, settings = {} }) => {
    const columns = new Map(Object.entries(settings).map(([name, text]) => [keyOf(name), text]));
    const text = title.slice(0, 600);
    return named.flatMap(({ knob, names, patterns }) => {
      const column = names.map((name) => columns.get(name)).find((each) => each !== undefined);
      const inColumn = column === undefined ? undefined : knobValueOf(knob, column);
      if (inColumn !== undefined) return [{ knob, to: inColumn, from: undefined }];
      return patterns.flatMap((pattern) => settingIn(knob, pattern, text) ?? []).slice(0, 1);
    });
  };
}

/** The knob's whole name and its last part, in lower case with a blank between words. */
function namesOf(knob: Knob): readonly string[] {
  return [...new Set([keyOf(knob.name), keyOf(lastPart(knob))])].filter((key) => key.length > 1);
}

function keyOf(name: string): string {
  return name
    .replace(/^(?:params?|config|hyperparameters)[./]/i, '')
    .replace(/(?<=[a-z\d])(?=[A-Z])/g, ' ')
    .toLowerCase()
    .replace(/[^a-z\d]+/g, ' ')
    .replace(/learning rate/g, 'lr')
    .trim();
}

const number = String.raw`[-+]?(?:\d[\d_]{0,12}(?:\.\d{0,12})?|\.\d{1,12})(?:e[-+]?\d{1,3})?(?:(?:\^|\*\*)\d{1,2})?[kKmM%]?`;

interface Patterns {
  readonly move: RegExp;
  readonly set: RegExp;
  readonly word: RegExp;
}

/** The words of a name with anything between them that names have, then the value: `matrix_lr 0.04->0.06`. */
function patternsOf(name: string): Patterns {
  const words = name.split(' ').map((word) => (word === 'lr' ? '(?:lr|learning[ _-]?rate)' : word));
  const mention = `(?<![\\w.])${words.join('[ _.-]{0,2}')}(?!\\w)`;
  const between = String.raw`\s{0,3}(?:[:=]\s{0,3})?(?:from\s+)?`;
  return {
    move: new RegExp(`${mention}${between}(${number})\\s{0,3}(?:->|-->|→|=>|to)\\s{0,3}(${number})(?![\\w.])`, 'i'),
    set: new RegExp(`${mention}\\s{0,3}(?:=|:|->|→|to|of)?\\s{0,3}(${number})(?![\\w.])`, 'i'),
    word: new RegExp(`${mention}\\s{0,3}=\\s{0,3}["']?([A-Za-z]\\w{0,40})`, 'i'),
  };
}

function settingIn(knob: Knob, { move, set, word }: Patterns, text: string): EarlierSetting | undefined {
  if (knob.type === 'string' || knob.type === 'bool') {
    const to = knobValueOf(knob, word.exec(text)?.[1] ?? '');
    return to === undefined ? undefined : { knob, to, from: undefined };
  }
  const [, before, after] = move.exec(text) ?? [];
  const to = knobValueOf(knob, after ?? set.exec(text)?.[1] ?? '');
  return to === undefined
    ? undefined
    : { knob, to, from: before === undefined ? undefined : knobValueOf(knob, before) };
}

/** A text as a value of the knob's type; undefined for any other. */
function knobValueOf({ type, value: own }: Knob, text: string): KnobValue | undefined {
  const bare = text.trim().replace(/^["']|["']$/g, '');
  if (type === 'bool')
    return /^(?:true|on|yes|1)$/i.test(bare) ? true : /^(?:false|off|no|0)$/i.test(bare) ? false : undefined;
  if (type === 'string') return /^[\w.+-]{1,60}$/.test(bare) ? bare : undefined;
  if (type === 'tuple' || typeof own !== 'number') return undefined;
  const [, digits = '', unit = ''] = /^(.*?)([kKmM%]?)$/.exec(bare.replaceAll('_', '').replace('^', '**')) ?? [];
  const read = readNumber(digits);
  const factor = { k: 1000, m: 1_000_000, '%': 0.01 }[unit.toLowerCase()] ?? 1;
  if (read === undefined) return undefined;
  const scaled = read * factor;
  return type === 'int' && !Number.isInteger(scaled) ? undefined : scaled;
}
