/**
 * `nocturne run --detach`: the same command in a session of its own, which outlives the terminal. What must be asked or
 * mended before a study starts is asked and said here, in the foreground.
 */
import { statSync } from 'node:fs';
import { join, relative } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { journalPath, readSound } from '../../adapters/archive/read-journal.ts';
import { type DetachedProgram, startDetached } from '../../adapters/detached-program.ts';
import { logFile } from '../../adapters/files/study-files.ts';
import { findHolder } from '../../adapters/run-lock.ts';
import { makeStudyFolder } from '../study-folder/make-study-folder.ts';
import { printJson, say } from '../terminal/print.ts';
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
  const log = join(studyFolder, logFile);
  const isStarted = watchStart(studyFolder);
  const run = await startDetached(argumentsOf(briefArgument, { ...known, tag }), log);
  const exitCode = await untilStarted(run, isStarted);
  run.leave();
  if (exitCode !== undefined && exitCode !== 0) {
    say((await run.said()).trimEnd());
    return exitCode;
  }
  if (flags.json) printJson({ tag, pid: run.pid, log });
  else say(whereItIs(tag, run.pid, log, briefArgument));
  return 0;
}

function whereItIs(tag: string, pid: number, log: string, brief: string): string {
  const study = `--tag ${tag}${brief === '.' ? '' : ` --brief ${JSON.stringify(brief)}`}`;
  return [
    `Study ${tag} runs as process ${pid}, in a session of its own: it goes on when this terminal is closed.`,
    `It writes to ${relative('.', log)}. Follow it with \`nocturne watch ${study}\`, end it with \`nocturne stop ${study}\`.`,
  ].join('\n');
}

/** The same run as a command line: not detached again, and what was restored need not be restored again. */
function argumentsOf(brief: string, { detach: _, restore: __, json: ___, isolation, ...flags }: RunFlags): string[] {
  const options = Object.entries(flags).flatMap(([name, value]) => {
    const option = name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);
    if (value === undefined || value === false) return [];
    return value === true ? [`--${option}`] : [`--${option}=${value}`];
  });
  return ['run', ...options, ...(isolation ? [] : ['--no-isolation']), '--', brief];
}

/** Time between two looks whether the study has started. */
const lookMilliseconds = 50;

/** Resolves with undefined once the study has started, with the exit code when the run ends before. */
async function untilStarted(run: DetachedProgram, isStarted: (pid: number) => Promise<boolean>) {
  // Until the owner is told that it goes on by itself, Ctrl-C means the run too.
  process.on('SIGINT', run.stop);
  try {
    for (;;) {
      const exitCode = run.exitCode();
      if (exitCode !== undefined || (await isStarted(run.pid))) return exitCode;
      await delay(lookMilliseconds);
    }
  } finally {
    process.off('SIGINT', run.stop);
  }
}

/** Tells whether this process works on the study and has journalled the start of its session. */
function watchStart(studyFolder: string): (pid: number) => Promise<boolean> {
  const journal = journalPath(studyFolder);
  const sizeOf = () => statSync(journal, { throwIfNoEntry: false })?.size ?? 0;
  const before = { size: sizeOf(), sessions: countSessions(journal) };
  return async (pid) => {
    if (sizeOf() === before.size || (await findHolder(studyFolder))?.pid !== pid) return false;
    return countSessions(journal) > before.sessions;
  };
}

function countSessions(journal: string): number {
  let sessions = 0;
  for (const { event } of readSound(journal)) {
    if (event === 'study-started' || event === 'study-resumed') sessions += 1;
  }
  return sessions;
}
