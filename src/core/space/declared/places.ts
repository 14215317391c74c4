/**
 * The places of declared knobs in a command: `./main --lr {lr}`. `{{lr}}` stands for `{lr}` itself, and a shell's `${lr}` is
 * none.
 */
import { formatConfigValue } from '../range/config-text.ts';
import { type DeclaredKnob, type DeclaredTexts, knobsFile } from './declared-knob.ts';
import type { KnobValuesByName } from './knobs-file.ts';

const place = /\{\{([A-Za-z_][\w.-]*)\}\}|(?<!\$)\{([A-Za-z_][\w.-]*)\}/g;

/** The names in the places of a command. */
export function namesInPlaces(argv: readonly string[]): readonly string[] {
  return argv.flatMap((word) => [...word.matchAll(place)].flatMap(([, , name]) => (name === undefined ? [] : [name])));
}

/** The command with each place filled; a float has a point or an exponent, as C, Python and a shell's awk read it. */
export function fillPlaces(
  argv: readonly string[],
  knobs: readonly DeclaredKnob[],
  values: KnobValuesByName,
): readonly string[] {
  if (knobs.length === 0) return argv;
  const textOf = (name: string) => {
    const knob = knobs.find((each) => each.name === name);
    const value = values[name];
    if (knob === undefined || value === undefined) return undefined;
    return typeof value === 'string' ? value : formatConfigValue({ file: knobsFile, type: knob.type, text: '' }, value);
  };
  const filled = (whole: string, literal?: string, name?: string) =>
    name === undefined ? `{${literal}}` : (textOf(name) ?? whole);
  return argv.map((word) => word.replace(place, filled));
}

/** What of a brief says how a run gets its knobs. */
interface Commands {
  readonly edit: readonly string[];
  readonly train: readonly string[];
  readonly score?: readonly string[] | undefined;
  readonly knobs: DeclaredTexts;
}

/** The editable files that a run must read for an edit to count: not `knobs.json` where a command has its values. */
export function filesToRead({ edit, train, score = [], knobs }: Commands): readonly string[] {
  const isFilled = Object.keys(knobs).length > 0 && namesInPlaces([...train, ...score]).length > 0;
  return isFilled ? edit.filter((file) => file !== knobsFile) : edit;
}
