/**
 * `knobs.json`: the values of declared knobs, one a line, so that a keep is a commit whose diff says which was turned.
 */
import { BriefError } from '../../base/errors.ts';
import { parseJson } from '../../base/parse-json.ts';
import { formatConfigValue } from '../range/config-text.ts';
import { type DeclaredKnob, isPlainText, knobsFile } from './declared-knob.ts';

/** The values as a run gets them, by name. */
export type KnobValuesByName = Readonly<Record<string, number | boolean | string>>;

/**
 * The text with which a study starts: a file that there is keeps its values, which win over the brief's, and what it lacks
 * is put at its end. Throws a BriefError for a file that no run could take its values from.
 */
export function startKnobsFile(knobs: readonly DeclaredKnob[], text: string | undefined): string {
  const complete = text === undefined ? `{\n${knobs.map(lineOf).join(',\n')}\n}\n` : completed(knobs, text);
  const trouble = knobsTrouble(knobs, complete);
  if (trouble === undefined) return complete;
  throw new BriefError(`${trouble}.`, {
    hint: `Mend the file, or remove it: the next start makes it of the brief's \`knobs:\`.`,
  });
}

function completed(knobs: readonly DeclaredKnob[], text: string): string {
  const known = parseObject(text);
  const missing = knobs.filter(({ name }) => known !== undefined && !Object.hasOwn(known, name));
  if (known === undefined || missing.length === 0) return text;
  const newline = text.includes('\r\n') ? '\r\n' : '\n';
  const end = text.lastIndexOf('}');
  const comma = Object.keys(known).length === 0 ? '' : ',';
  const added = missing.map(lineOf).join(`,${newline}`);
  return `${text.slice(0, end).trimEnd()}${comma}${newline}${added}${newline}${text.slice(end)}`;
}

function lineOf({ name, type, value }: DeclaredKnob): string {
  return `  ${JSON.stringify(name)}: ${formatConfigValue({ file: knobsFile, type, text: '' }, value)}`;
}

/** The values in a file's text; undefined where one that is declared is missing or unfit, or the text is no JSON object. */
export function readKnobsFile(knobs: readonly DeclaredKnob[], text: string): KnobValuesByName | undefined {
  return knobsTrouble(knobs, text) === undefined ? (parseObject(text) as KnobValuesByName) : undefined;
}

/** What the owner is told at the start of a study whose file has other values than the brief; undefined where none differs. */
export function otherStartsText(knobs: readonly DeclaredKnob[], text: string, path: string): string | undefined {
  const values = readKnobsFile(knobs, text) ?? {};
  const other = knobs.filter(({ name, value }) => Object.hasOwn(values, name) && values[name] !== value);
  if (other.length === 0) return undefined;
  const [inFile, inBrief] = [
    other.map(({ name }) => `\`${name}\` at ${shown(values[name])}`),
    other.map(({ value }) => shown(value)),
  ];
  return `${path} has ${listed(inFile)}, and the brief's \`knobs:\` ${listed(inBrief)}: the file counts. For the brief's values, write them there and commit, or remove the file with \`git rm\` and commit.`;
}

/** What the owner is told when a study goes on whose brief has other start values than before; undefined where none has. */
export function mendedStartsText(
  knobs: readonly DeclaredKnob[],
  before: readonly DeclaredKnob[],
  tag: string,
): string | undefined {
  const mended = knobs.filter(({ name, value }) => before.some((each) => each.name === name && each.value !== value));
  if (mended.length === 0) return undefined;
  const names = listed(mended.map(({ name, value }) => `\`${name}\` (${shown(value)})`));
  return `The new start value of ${names} in \`knobs:\` does nothing in study ${tag}, which goes on from the values that it has kept: a new study (--tag) starts with it.`;
}

function listed(texts: readonly string[]): string {
  return texts.length < 2 ? (texts[0] ?? '') : `${texts.slice(0, -1).join(', ')} and ${texts.at(-1)}`;
}

/** Why a run could not take its values from this text, as a sentence without its point; undefined when it can. */
export function knobsTrouble(knobs: readonly DeclaredKnob[], text: string): string | undefined {
  const values = parseObject(text);
  if (values === undefined) return `${knobsFile} is no JSON object`;
  for (const { name, type } of knobs) {
    const value = Object.hasOwn(values, name) ? values[name] : undefined;
    if (value === undefined) return `${knobsFile} has no \`${name}\`, which the brief's \`knobs:\` declares`;
    if (!suits(value, type)) return `${knobsFile}: \`${name}\` must be ${wanted[type]}, found ${shown(value)}`;
  }
  return undefined;
}

const wanted: Readonly<Record<DeclaredKnob['type'], string>> = {
  int: 'a whole number',
  float: 'a number',
  bool: 'true or false',
  string: 'a text of letters, digits and marks',
};

function suits(value: unknown, type: DeclaredKnob['type']): boolean {
  switch (type) {
    case 'int':
      return Number.isSafeInteger(value);
    case 'float':
      return typeof value === 'number' && Number.isFinite(value);
    case 'bool':
      return typeof value === 'boolean';
    case 'string':
      return typeof value === 'string' && isPlainText(value);
    default:
      return type satisfies never;
  }
}

function shown(value: unknown): string {
  const text = JSON.stringify(value) ?? 'nothing';
  return text.length <= 40 ? text : `${text.slice(0, 39)}…`;
}

function parseObject(text: string): Readonly<Record<string, unknown>> | undefined {
  const value = parseJson(text.replace(/^\uFEFF/, ''));
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? { ...value } : undefined;
}
