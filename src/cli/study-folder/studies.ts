/**
 * Finds a study: by its tag, or the brief's newest unfinished one; where the owner stands, or one folder below.
 */
import { type Dirent, readdirSync, statSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { foldJournal } from '../../adapters/archive/fold-journal.ts';
import { damaged, journalPath, readSound } from '../../adapters/archive/read-journal.ts';
import { ArchiveError, SettingsError } from '../../core/base/errors.ts';
import { type Damage, damageText } from '../../core/journal/damage.ts';
import { baselineFailure } from '../../core/journal/experiment-row.ts';
import type { WholeHistory } from '../../core/journal/held-out.ts';
import { experimentOf } from '../../core/journal/history.ts';
import { isFinished } from '../../core/views/study-state.ts';
import { say } from '../terminal/print.ts';
import { quoted } from '../terminal/quoted.ts';

export interface FoundStudy extends WholeHistory {
  readonly tag: string;
  /** Absolute `runs/<tag>`. */
  readonly folder: string;
  /** What is wrong with its journal, of which the history is what is sound. */
  readonly damage?: Damage;
  /** What names the folder of the brief from here; undefined for this folder. */
  readonly briefArgument: string | undefined;
}

/** The folder of the studies of a brief (a file or its folder; default: the current folder). */
export function runsFolder(briefArgument: string | undefined): string {
  const path = resolve(briefArgument ?? '.');
  return join(isFolder(path) ? path : dirname(path), 'runs');
}

/**
 * The study with this tag, else the one worked on last. Without a brief's name, and where this folder has no such study,
 * that of the only project below it, such as `runs/demo` of `nocturne demo`, which is said. A SettingsError says what
 * there is instead. What is wrong with its journal is said, unless the caller does.
 */
export function findStudy(
  briefArgument: string | undefined,
  tag: string | undefined,
  damage: 'told' | 'untold' = 'told',
): FoundStudy {
  const runs = runsFolder(briefArgument);
  const tags = listTags(runs);
  const isHere = tag === undefined ? tags.length > 0 : tags.includes(tag);
  const below = isHere || (briefArgument ?? '.') !== '.' ? undefined : findProjectBelow(tag);
  if (below !== undefined) {
    const found = findStudy(below, tag, damage);
    say(`Study ${found.tag} of ${below}, since this folder has none${tag === undefined ? '' : ' of that name'}.`);
    return found;
  }
  if (tag !== undefined && !tags.includes(tag)) {
    throw new SettingsError(`There is no study ${tag} in ${runs}; ${describeTags(tags)}.`, {
      hint: 'Name one of them with --tag, or start one with `nocturne run`.',
    });
  }
  const chosen = tag ?? newest(runs, tags);
  if (chosen === undefined) {
    throw new SettingsError(`There is no study in ${runs}.`, {
      hint: 'Start one with `nocturne run`, or see one at work with `nocturne demo`.',
    });
  }
  const found = { ...openStudyFolder(runs, chosen), briefArgument: briefArgument === '.' ? undefined : briefArgument };
  if (found.damage && damage === 'told') tellDamage(found, found.damage);
  return found;
}

const told = new Set<string>();

/** Says once what is left out of all that this command shows. */
export function tellDamage({ tag, folder }: Pick<FoundStudy, 'tag' | 'folder'>, damage: Damage): void {
  if (told.has(folder)) return;
  told.add(folder);
  say(damageSentence(tag, damage));
}

/** What is left out of all that is shown of a study, and what to do about it. */
export function damageSentence(tag: string, damage: Damage): string {
  return `The journal of study ${tag} is damaged at line ${damage.line}: ${damageText(damage)}. What is sound is shown; \`nocturne check --repair --tag ${tag}\` repairs it once no controller works on it.`;
}

/** Throws when the study cannot go on because its journal is damaged. */
export function requireWholeJournal({ folder, damage }: Pick<FoundStudy, 'folder' | 'damage'>): void {
  if (damage) throw damaged(journalPath(folder), damage);
}

/**
 * The project below this folder that has a study, of this tag if one is given; undefined for none, a SettingsError for
 * several. Projects lie here or, as the demo's, in `runs/`.
 */
function findProjectBelow(tag: string | undefined): string | undefined {
  const folders = ['.', 'runs'].flatMap((parent) => listFolders(parent).map((name) => join(parent, name)));
  const projects = folders.filter((folder) => {
    const tags = listTags(join(folder, 'runs'));
    return tag === undefined ? tags.length > 0 : tags.includes(tag);
  });
  if (projects.length < 2) return projects[0];
  throw new SettingsError(`There is no study in ${resolve('runs')}, and more than one below: ${projects.join(', ')}.`, {
    hint: `Name one of them, such as with --brief ${projects[0]}.`,
  });
}

/**
 * The brief whose studies there are: this one, or, without a brief's name and where this folder has none, that of the
 * only project below it, which is said.
 */
export function briefWithStudies(briefArgument: string | undefined): string | undefined {
  if ((briefArgument ?? '.') !== '.' || listTags(runsFolder(briefArgument)).length > 0) return briefArgument;
  const below = findProjectBelow(undefined);
  if (below !== undefined) say(`The studies of ${below}, since this folder has none.`);
  return below ?? briefArgument;
}

/**
 * The newest study that can go on, which `run` without a tag continues; undefined when there is none. A study whose
 * baseline has no score cannot, nor can a copy of a study's folder.
 */
export function findUnfinishedTag(runs: string): string | undefined {
  const tags = listTags(runs);
  return byAge(runs, tags).find((tag) => {
    const history = historyIn(runs, tag);
    if (!history) return false;
    const isCopy = history.tag !== tag && tags.includes(history.tag);
    return !isCopy && !isFinished(history) && baselineFailure(experimentOf(history, 0)) === undefined;
  });
}

/** All studies of a brief whose journal says what they are, the one worked on last first, and the tags of the others. */
export function findStudies(briefArgument: string | undefined): {
  readonly studies: readonly Omit<FoundStudy, 'briefArgument'>[];
  readonly unreadable: readonly string[];
} {
  const runs = runsFolder(briefArgument);
  const read = byAge(runs, listTags(runs)).map((tag) => ({ tag, study: readStudy(runs, tag) }));
  return {
    studies: read.flatMap(({ study }) => study ?? []),
    unreadable: read.filter(({ study }) => !study).map(({ tag }) => tag),
  };
}

/** The tags of all studies in this folder, the one worked on last first. */
export function studyTags(runs: string): readonly string[] {
  return byAge(runs, listTags(runs));
}

/** The study worked on last, whether or not it has ended. */
export function newestTag(runs: string): string | undefined {
  return newest(runs, listTags(runs));
}

/** The command that goes on with a study from the folder in which the owner stands. */
export function goOnCommand({ briefArgument, tag }: FoundStudy): string {
  return `nocturne run${briefArgument === undefined ? '' : ` ${quoted(briefArgument)}`} --tag ${tag}`;
}

/** Whether a study with this tag has at least one journal entry. */
export function hasJournal(runs: string, tag: string): boolean {
  return listTags(runs).includes(tag);
}

/** The folder that holds the study with this tag under another name, such as after a `mv`. */
export function misnamedFolder(runs: string, tag: string): string | undefined {
  return listTags(runs).find((name) => name !== tag && historyIn(runs, name)?.tag === tag);
}

function historyIn(runs: string, tag: string) {
  return readStudy(runs, tag)?.history;
}

/** A study; undefined where the line that says what it is cannot be read. */
function readStudy(runs: string, tag: string) {
  try {
    return openStudyFolder(runs, tag);
  } catch (error) {
    if (error instanceof ArchiveError) return undefined;
    throw error;
  }
}

function openStudyFolder(runs: string, tag: string): Omit<FoundStudy, 'briefArgument'> {
  const folder = join(runs, tag);
  const { whole, damage } = foldJournal(journalPath(folder));
  if (whole) return { tag, folder, ...whole, ...(damage && { damage }) };
  if (damage) {
    throw new ArchiveError(
      `The journal ${journalPath(folder)} is damaged at line ${damage.line}, which says what the study is: ${damageText(damage)}.`,
      {
        hint: `Restore it from a backup, or from the mirror of the study with --restore; \`nocturne remove --tag ${tag}\` deletes what there is. Nothing was changed.`,
      },
    );
  }
  throw new SettingsError(`The study ${tag} in ${runs} has not begun: its journal is empty.`, {
    hint: `Start it with \`nocturne run --tag ${tag}\`.`,
  });
}

function listTags(runs: string): string[] {
  return listFolders(runs).filter((name) => (journalStat(runs, name)?.size ?? 0) > 0 && hasBegun(join(runs, name)));
}

/** The folders in this one, links to folders included: a study may have been moved to a larger disk. */
function listFolders(parent: string): string[] {
  const entries = isFolder(parent) ? readdirSync(parent, { withFileTypes: true }) : [];
  const isFound = (entry: Dirent) =>
    entry.isDirectory() || (entry.isSymbolicLink() && isFolder(join(parent, entry.name)));
  return entries.filter(isFound).map((entry) => entry.name);
}

function isFolder(path: string): boolean {
  return statSync(path, { throwIfNoEntry: false })?.isDirectory() ?? false;
}

/** Whether the journal has an entry: a crash in the very first write leaves only part of a line. */
function hasBegun(folder: string): boolean {
  const entries = readSound(journalPath(folder));
  const { done, value } = entries.next();
  entries.return({ goodBytes: 0, salvaged: [] });
  return !done || value.damage !== undefined;
}

function newest(runs: string, tags: readonly string[]): string | undefined {
  return byAge(runs, tags)[0];
}

function byAge(runs: string, tags: readonly string[]): string[] {
  return [...tags].sort((a, b) => (journalStat(runs, b)?.mtimeMs ?? 0) - (journalStat(runs, a)?.mtimeMs ?? 0));
}

function journalStat(runs: string, tag: string) {
  return statSync(journalPath(join(runs, tag)), { throwIfNoEntry: false });
}

function describeTags(tags: readonly string[]): string {
  return tags.length === 0 ? 'there are none yet' : `there are ${tags.join(', ')}`;
}
