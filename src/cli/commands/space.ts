/**
 * `nocturne space`: which knobs a search may turn, in which ranges, and where each range comes from.
 */

import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Command } from 'commander';
import { readText as readIfThere } from '../../adapters/files/read-file.ts';
import { writeOwners } from '../../adapters/files/write-owners.ts';
import { openKnobReader } from '../../adapters/knob-reader/knob-reader.ts';
import { viewOf } from '../../adapters/notebooks/notebook-view.ts';
import { BriefError, SettingsError } from '../../core/base/errors.ts';
import { withNotes } from '../../core/base/format.ts';
import { parseBrief } from '../../core/brief/parse-brief.ts';
import { writeSpace } from '../../core/brief/write-space.ts';
import { endsBySteps } from '../../core/journal/fixed-work.ts';
import { constrainSpace } from '../../core/space/constraint/constrain-space.ts';
import { heldConstraints } from '../../core/space/constraint/constraint.ts';
import { declaredKnobs, knobsFile } from '../../core/space/declared/declared-knob.ts';
import { startKnobsFile } from '../../core/space/declared/knobs-file.ts';
import type { Source, Space } from '../../core/space/knob.ts';
import { planKnobs } from '../../core/space/range/build-space.ts';
import type { KnobPlan } from '../../core/space/range/place-conditions.ts';
import { withoutLength } from '../../core/space/range/training-length.ts';
import { bindingIn } from '../../core/space/search/fit-settings.ts';
import { importanceOf } from '../../core/views/report/importance.ts';
import { type SpaceRow, spaceRows } from '../../core/views/space-rows.ts';
import { importanceCells, importanceHeader, importanceSentence } from '../../web/sections/importance.ts';
import { type LocatedBrief, locateBrief } from '../compose/locate-brief.ts';
import { choosePython } from '../compose/python.ts';
import { columns, spaceTable } from '../render/space-table.ts';
import { parseTag } from '../session/parse-tag.ts';
import { findStudy } from '../study-folder/studies.ts';
import { printData, printJson, say } from '../terminal/print.ts';

interface SpaceFlags {
  readonly python?: string;
  readonly write?: boolean;
  readonly all?: boolean;
  readonly importance?: boolean;
  readonly tag?: string;
  readonly json?: boolean;
}

/** Adds the command. */
export function addSpace(program: Command): void {
  program
    .command('space')
    .summary('what a search may turn, and in which ranges')
    .description(
      'Shows every knob of the editable files with its range, and where that is from: the brief, the comment ' +
        '`# space: ...` on its line, or its name and value.',
    )
    .argument('[brief]', 'program.md, or the folder that has one', '.')
    .option('--write', 'write the ranges that the brief lacks into its `space:`')
    .option('--all', 'also the values inside the code that give way to the interface of the script')
    .option('--importance', 'what each knob alone would gain in a study, instead of the ranges')
    .option('--tag <tag>', 'with --importance: name of the study (default: the one worked on last)', parseTag)
    .option('--python <path>', 'interpreter that reads the files')
    .option('--json', 'JSON on stdout')
    .action(async (brief: string, flags: SpaceFlags) => {
      if (flags.importance) return showImportance(brief, flags);
      if (flags.tag !== undefined)
        throw new SettingsError('`--tag` names a study, which only `--importance` looks at.');
      const located = await locateBrief(brief);
      const source = await readSource(located, flags.python);
      const plans = planKnobs(source.knobs, located.brief.space, located.path);
      const all = spaceRows(source, plans);
      const rows = flags.all ? all : all.filter(({ isInside }) => !isInside);
      const written = flags.write ? await write(located, rows) : undefined;
      const demands = heldConstraints(source).map(({ text, file, line }) => ({ text, file, line }));
      if (flags.json) printJson({ knobs: all, constraints: demands, ...(written && { written }) });
      else printData(rows.length === 0 ? `There is no knob in ${located.brief.edit.join(', ')}.` : spaceTable(rows));
      const binding = bindingIn(constrainSpace(searchedIn(plans), source));
      if (binding.length > 0 && !flags.json) say(demandsLine(binding));
      if (rows.length < all.length && !flags.json) say(insideLine(all.length - rows.length));
      if (written) for (const line of writtenLines(written, rows, located)) say(line);
    });
}

/** Works from the journal alone, without Python. */
function showImportance(brief: string, flags: SpaceFlags): void {
  if (flags.write || flags.python !== undefined) {
    throw new SettingsError(`\`--importance\` goes without \`${flags.write ? '--write' : '--python'}\`.`, {
      hint: 'It only reads the journal of a study.',
    });
  }
  const { tag, history } = findStudy(brief, flags.tag);
  const importance = importanceOf(history);
  if (flags.json) printJson({ tag, importance: importance ?? null });
  else if (!importance) printData(`${tag} has too few trials of knobs to tell; 16 are needed.`);
  else {
    const table = columns(importanceHeader, importanceCells(importance));
    printData(withNotes(`${importanceSentence(importance)}\n\n${table}`));
  }
}

/** The editable files as they are in the user's folder now, committed or not. */
async function readSource(located: LocatedBrief, python: string | undefined): Promise<Source> {
  const contents = located.brief.edit.map(
    async (file) => [file, viewOf(file, await readEditable(located, file))] as const,
  );
  const files = Object.fromEntries(await Promise.all(contents));
  const { executable } = await choosePython(located, python);
  const reader = openKnobReader({ interpreter: executable, brief: located.brief });
  const reading = await reader.read(files, await readImported(located, reader.importsOf?.(files) ?? []));
  if (reading.kind === 'unreadable') throw new SettingsError(`The editable files do not parse: ${reading.reason}.`);
  const isWorkFixed = !located.brief.endAtBudget && endsBySteps([...Object.values(files), ...located.brief.train]);
  const { knobs, constraints = [] } = reading;
  return { files, knobs: isWorkFixed ? knobs.map(withoutLength) : knobs, constraints };
}

/** Those of these fixed files that are there. */
async function readImported({ userSandbox }: LocatedBrief, paths: readonly string[]): Promise<Record<string, string>> {
  const texts = await Promise.all(
    paths.map(async (path) => [path, await readIfThere(join(userSandbox, path))] as const),
  );
  return Object.fromEntries(texts.flatMap(([path, text]) => (text === undefined ? [] : [[path, text] as const])));
}

/** `knobs.json` as a study would start with it: the first study makes it. */
async function readEditable(located: LocatedBrief, file: string): Promise<string> {
  const declared = declaredKnobs(located.brief.knobs);
  if (file !== knobsFile || declared.length === 0) return readText(located, file);
  return startKnobsFile(declared, await readIfThere(join(located.userSandbox, file)));
}

async function readText(located: LocatedBrief, file: string): Promise<string> {
  return readFile(join(located.userSandbox, file), 'utf8').catch((cause) => {
    throw new BriefError(`${located.path}: \`edit\` names ${file}, which is not in ${located.userSandbox}.`, { cause });
  });
}

/**
 * Writes the ranges into the brief and returns the names of their knobs. Two knobs of one name with different ranges
 * are left out, since a brief has one range for a name.
 */
async function write({ path, text, brief }: LocatedBrief, rows: readonly SpaceRow[]): Promise<string[]> {
  const ranges: Record<string, string> = {};
  for (const { knob, range, from } of rows) {
    if (range !== null && from !== 'brief' && !isTwofold(rows, knob) && !Object.hasOwn(brief.space, knob))
      ranges[knob] = range;
  }
  const names = Object.keys(ranges);
  if (names.length === 0) return names;
  const reading = writeSpace(text, ranges);
  if (reading.kind === 'refused') {
    const hint = reading.hint ?? 'Copy the ranges from the table by hand.';
    throw new BriefError(`${path} must be ${reading.expected} for ranges to be written into it.`, { hint });
  }
  const expected = { ...brief, space: { ...brief.space, ...ranges } };
  if (JSON.stringify(sorted(parseBrief(reading.value, path))) !== JSON.stringify(sorted(expected))) {
    throw new BriefError(`${path} has a form into which ranges cannot be written safely.`, {
      hint: 'Copy them from the table by hand.',
    });
  }
  await writeOwners(path, reading.value);
  return names;
}

function searchedIn(plans: readonly KnobPlan[]): Space {
  return plans.flatMap((plan) => (plan.kind === 'searched' ? [plan.dimension] : []));
}

function demandsLine(
  demands: readonly { readonly text: string; readonly file: string; readonly line: number }[],
): string {
  const texts = demands.map(({ text, file, line }) => `\`${text}\` (${file}:${line})`);
  return `Draws keep to what the script demands of its knobs: ${texts.join(', ')}.`;
}

function insideLine(count: number): string {
  const values = count === 1 ? '1 more value stands' : `${count} more values stand`;
  return `${values} inside the code, below the interface of the script; \`--all\` shows them, and a range under \`space:\` has one searched.`;
}

function writtenLines(written: readonly string[], rows: readonly SpaceRow[], { path }: LocatedBrief): string[] {
  const twofold = [...new Set(rows.filter(({ knob }) => isTwofold(rows, knob)).map(({ knob }) => knob))];
  const left = twofold.map((knob) => `Not written: ${knob}, which several files have with different ranges.`);
  const done = written.length === 0 ? `${path} has every range already.` : `Wrote ${written.join(', ')} into ${path}.`;
  return written.length === 0 && left.length > 0 ? left : [done, ...left];
}

/** Whether several files have a knob of this name, with different ranges. */
function isTwofold(rows: readonly SpaceRow[], knob: string): boolean {
  return new Set(rows.filter((row) => row.knob === knob).map(({ range }) => range)).size > 1;
}

/** The brief with its ranges in the order of their names, for a comparison in which order must not count. */
function sorted<Value extends { readonly space: Readonly<Record<string, string>> }>(brief: Value): Value {
  return { ...brief, space: Object.fromEntries(Object.entries(brief.space).sort(([a], [b]) => (a < b ? -1 : 1))) };
}
