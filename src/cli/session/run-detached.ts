/**
 * `nocturne run --detach` and `nocturne confirm --detach`: the same command in a session of its own. What must be asked or
 * mended before a study starts is asked and said here, in the foreground.
 */
import { statSync } from 'node:fs';
import { join } from 'node:path';
import { journalPath, readSound } from '../../adapters/archive/read-journal.ts';
import { findHolder } from '../../adapters/run-lock.ts';
import type { Brief } from '../../core/brief/brief.ts';
import { makeStudyFolder } from '../study-folder/make-study-folder.ts';
import { findStudy } from '../study-folder/studies.ts';
import { say } from '../terminal/print.ts';
import { detach } from './detach.ts';
import { planStudy } from './plan-study.ts';
import { restoreFrom } from './run-study.ts';
import type { RunFlags } from './settings.ts';

/** Starts the run, waits until its study has started and says where it is; gives the exit code. Throws ResearchErrors only. */
export async function runDetached(briefArgument: string, flags: RunFlags): Promise<number> {
  const restored = flags.restore === undefined ? flags.tag : await restoreFrom(flags.restore, briefArgument, flags.tag);
  const known = restored === undefined ? flags : { ...flags, tag: restored };
  const { located, tag, warnings } = await planStudy(briefArgument, known);
  for (const warning of warnings) say(`warning: ${warning}`);
  const studyFolder = join(located.runs, tag);
  await makeStudyFolder(studyFolder);
  return detach({
    args: runArguments(briefArgument, { ...known, tag }),
    tag,
    studyFolder,
    what: `Study ${tag}`,
    isStarted: watchSession(studyFolder),
    lookFlags: lookFlags(tag, briefArgument),
    isJson: flags.json ?? false,
  });
}

/** The flags of `confirm`, as commander hands them over. */
export interface ConfirmFlags {
  readonly tag?: string;
  readonly brief?: string;
  readonly runs?: number;
  readonly ablate?: boolean;
  readonly budget?: number;
  readonly slots?: Brief['slots'];
  readonly plain?: boolean;
  readonly allowSleep?: boolean;
  readonly isolation: boolean;
  readonly detach?: boolean;
  readonly json?: boolean;
}

/** Starts the confirmation, waits until it works on the study and says where it is; gives the exit code. Throws ResearchErrors only. */
export async function confirmDetached(flags: ConfirmFlags): Promise<number> {
  const { tag, folder, briefArgument } = findStudy(flags.brief, flags.tag);
  const { detach: _, json: __, brief: ___, isolation, ...options } = flags;
  const brief = briefArgument === undefined ? {} : { brief: briefArgument };
  return detach({
    args: ['confirm', ...optionsOf({ ...options, ...brief, tag }), ...(isolation ? [] : ['--no-isolation'])],
    tag,
    studyFolder: folder,
    what: `The confirmation of study ${tag}`,
    isStarted: watchJournal(folder),
    lookFlags: lookFlags(tag, briefArgument ?? '.'),
    isJson: flags.json ?? false,
  });
}

function lookFlags(tag: string, brief: string): string {
  return `--tag ${tag}${brief === '.' ? '' : ` --brief ${JSON.stringify(brief)}`}`;
}

/** The same run as a command line: not detached again, and what was restored need not be restored again. */
function runArguments(brief: string, { detach: _, restore: __, json: ___, isolation, ...flags }: RunFlags): string[] {
  return ['run', ...optionsOf(flags), ...(isolation ? [] : ['--no-isolation']), '--', brief];
}

function optionsOf(flags: Readonly<Record<string, unknown>>): string[] {
  return Object.entries(flags).flatMap(([name, value]) => {
    const option = name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);
    if (value === undefined || value === false) return [];
    return value === true ? [`--${option}`] : [`--${option}=${value}`];
  });
}

/** Tells whether this process works on the study and has journalled anything. */
function watchJournal(studyFolder: string): (pid: number) => Promise<boolean> {
  const journal = journalPath(studyFolder);
  const sizeOf = () => statSync(journal, { throwIfNoEntry: false })?.size ?? 0;
  const before = sizeOf();
  return async (pid) => sizeOf() !== before && (await findHolder(studyFolder))?.pid === pid;
}

/** Tells whether this process works on the study and has journalled the start of its session. */
function watchSession(studyFolder: string): (pid: number) => Promise<boolean> {
  const journal = journalPath(studyFolder);
  const before = countSessions(journal);
  const hasWritten = watchJournal(studyFolder);
  return async (pid) => (await hasWritten(pid)) && countSessions(journal) > before;
}

function countSessions(journal: string): number {
  let sessions = 0;
  for (const { event } of readSound(journal)) {
    if (event === 'study-started' || event === 'study-resumed') sessions += 1;
  }
  return sessions;
}
