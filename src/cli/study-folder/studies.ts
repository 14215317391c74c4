/**
 * Finds a study: by its tag, or the brief's newest unfinished one.
 */
import { readdirSync, statSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { journalPath, readJournal } from '../../adapters/archive/read-journal.ts';
import { SettingsError } from '../../core/base/errors.ts';
import { baselineFailure } from '../../core/journal/experiment-row.ts';
import { foldWhole } from '../../core/journal/fold.ts';
import type { WholeHistory } from '../../core/journal/held-out.ts';
import { experimentOf } from '../../core/journal/history.ts';
import { isFinished } from '../../core/views/status.ts';

export interface FoundStudy extends WholeHistory {
  readonly tag: string;
  /** Absolute `runs/<tag>`. */
  readonly folder: string;
}

/** The folder of the studies of a brief (a file or its folder; default: the current folder). */
export function runsFolder(briefArgument: string | undefined): string {
  const path = resolve(briefArgument ?? '.');
  const isFolder = statSync(path, { throwIfNoEntry: false })?.isDirectory() ?? false;
  return join(isFolder ? path : dirname(path), 'runs');
}

/** The study with this tag, else the one worked on last. A SettingsError says what there is instead. */
export function findStudy(briefArgument: string | undefined, tag: string | undefined): FoundStudy {
  const runs = runsFolder(briefArgument);
  const tags = listTags(runs);
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
  return openStudyFolder(runs, chosen);
}

/**
 * The newest study that can go on, which `run` without a tag continues; undefined when there is none. A study whose
 * baseline has no score cannot.
 */
export function findUnfinishedTag(runs: string): string | undefined {
  return byAge(runs, listTags(runs)).find((tag) => {
    const { history } = openStudyFolder(runs, tag);
    return !isFinished(history) && baselineFailure(experimentOf(history, 0)) === undefined;
  });
}

/** The study worked on last, whether or not it has ended. */
export function newestTag(runs: string): string | undefined {
  return newest(runs, listTags(runs));
}

/** Whether a study with this tag has at least one journal entry. */
export function hasJournal(runs: string, tag: string): boolean {
  return listTags(runs).includes(tag);
}

function openStudyFolder(runs: string, tag: string): FoundStudy {
  const folder = join(runs, tag);
  const whole = foldWhole(readJournal(journalPath(folder)));
  if (whole) return { tag, folder, ...whole };
  throw new SettingsError(`The study ${tag} in ${runs} has not begun: its journal is empty.`, {
    hint: `Start it with \`nocturne run --tag ${tag}\`.`,
  });
}

function listTags(runs: string): string[] {
  const isFolder = statSync(runs, { throwIfNoEntry: false })?.isDirectory() ?? false;
  const entries = isFolder ? readdirSync(runs, { withFileTypes: true }) : [];
  const folders = entries.filter((entry) => entry.isDirectory()).map((entry) => entry.name);
  return folders.filter((name) => (journalStat(runs, name)?.size ?? 0) > 0 && hasBegun(join(runs, name)));
}

/** Whether the journal has an entry: a crash in the very first write leaves only part of a line. */
function hasBegun(folder: string): boolean {
  const entries = readJournal(journalPath(folder));
  const { done } = entries.next();
  entries.return({ goodBytes: 0 });
  return !done;
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
