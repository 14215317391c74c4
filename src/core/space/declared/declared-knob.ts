/**
 * A knob that the brief declares, for a script in any language: `lr: 1.0 in log 0.03..30`, a start value and a range.
 */
import { type ReadResult, read, refuse } from '../../base/read-result.ts';
import type { Knob, KnobType } from '../knob.ts';
import { readNumber } from '../number-text.ts';
import { type Declaration, readDeclaration } from '../range/declaration.ts';
import { misfit } from '../range/knob-range.ts';
import { splitOutside } from '../split-outside.ts';

/** Declared knobs as the brief keeps them: name -> `1.0 in log 0.03..30`. */
export type DeclaredTexts = Readonly<Record<string, string>>;

export interface DeclaredKnob {
  readonly name: string;
  readonly type: Exclude<KnobType, 'tuple'>;
  /** At the start of the first study; later the file's value counts. */
  readonly value: number | boolean | string;
  /** As `space:` has it; absent where the range follows from name and value. */
  readonly range?: string;
}

/** Declared knobs keep their values in this file of the sandbox. */
export const knobsFile = 'knobs.json';

const example = 'a start value and a range such as `1.0 in log 0.03..30`';

/** Reads `1.0 in log 0.03..30`, `adam in choice adam, sgd`, or a value alone. */
export function readDeclaredKnob(name: string, raw: unknown): ReadResult<DeclaredKnob> {
  if (!/^[A-Za-z_][\w.-]*$/.test(name)) {
    return refuse('named by a letter, then letters, digits, `_`, `-` and `.`', { found: name });
  }
  if (typeof raw !== 'string') return refuse(example);
  const [valueText = '', rangeText] = splitOutside(raw.trim().replace(/\s+/g, ' '), ' in ', 2).map((part) =>
    part.trim(),
  );
  const start = readValue(valueText);
  if (start.kind === 'refused') return start;
  if (rangeText === undefined) return read({ name, ...start.value });
  const declaration = readDeclaration(rangeText, start.value.type);
  if (declaration.kind === 'refused') return { ...declaration, found: declaration.found ?? rangeText };
  const type = start.value.type === 'int' && hasFractions(declaration.value) ? 'float' : start.value.type;
  const knob = { name, ...start.value, type, range: rangeText } as const;
  const refusal = misfit(placed(knob, valueText), declaration.value);
  return refusal === undefined ? read(knob) : { ...refusal, found: refusal.found ?? raw.trim() };
}

/** `lr: 1 in log 0.03..30` means a float. */
function hasFractions(declaration: Declaration): boolean {
  if (declaration.kind === 'fixed') return false;
  const { range } = declaration;
  if (range.kind !== 'choice') return range.kind === 'float';
  return range.values.some((value) => typeof value === 'number' && !Number.isInteger(value));
}

function readValue(text: string): ReadResult<Pick<DeclaredKnob, 'type' | 'value'>> {
  if (text === 'true' || text === 'false') return read({ type: 'bool', value: text === 'true' });
  const number = readNumber(text);
  if (number !== undefined) return read({ type: /^[-+]?\d+$|\*\*/.test(text) ? 'int' : 'float', value: number });
  const inside = /^(["'])(.*)\1$/.exec(text)?.[2];
  if (inside !== undefined && isPlainText(inside)) return read({ type: 'string', value: inside });
  if (isPlainText(text) && text !== '') return read({ type: 'string', value: text });
  return refuse(example, {
    found: text,
    hint: 'A value is a number, true or false, or a text of letters, digits and marks.',
  });
}

/** Whether a text may become an argument: a shell that `train:` starts would read the same word. */
export function isPlainText(text: string): boolean {
  return /^[\w.,:+/@%=-]*$/.test(text);
}

/** The knob as its file has it, for a sentence about it. */
function placed({ name, type, value }: DeclaredKnob, text: string): Knob {
  return { name, file: knobsFile, type, value, text, span: [0, 0], form: 'declared' };
}

/** The knobs of a brief, whose texts were read before. */
export function declaredKnobs(texts: DeclaredTexts): readonly DeclaredKnob[] {
  return Object.entries(texts).flatMap(([name, text]) => {
    const reading = readDeclaredKnob(name, text);
    return reading.kind === 'read' ? [reading.value] : [];
  });
}
