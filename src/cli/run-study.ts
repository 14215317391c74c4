/**
 * A study from its plan to its stop: starts it, or goes on where it stopped, under its lock and with whoever watches.
 */
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { openGit } from '../adapters/git/git.ts';
import { studyRefs } from '../adapters/git/refs.ts';
import { type RunLock, takeRunLock } from '../adapters/run-lock.ts';
import { ResearchError, StudyError } from '../core/errors.ts';
import type { History } from '../core/journal/history.ts';
import type { LoopEvent } from '../core/journal/loop-event.ts';
import type { Stop } from '../core/stopping.ts';
import { prepareStudy, resumeStudy, startStudy } from '../loop/begin.ts';
import { research } from '../loop/research.ts';
import { openStudy, type Study } from '../loop/study.ts';
import { openLab } from './compose.ts';
import { makeStudyFolder } from './make-study-folder.ts';
import type { Place } from './place.ts';
import { isolation, type Plan, planStudy } from './plan-study.ts';
import { say } from './print.ts';
import { createRenderer } from './render/render.ts';
import { createResultFiles } from './result-files.ts';
import type { RunFlags } from './settings.ts';
import { listenForStop } from './stop-signals.ts';

export interface RunEnd {
  readonly stop: Stop;
  readonly exitCode: number;
  readonly tag: string;
}

/** Runs a study until it stops. Throws ResearchErrors only. */
export async function runStudy(briefArgument: string, flags: RunFlags): Promise<RunEnd> {
  const plan = await planStudy(briefArgument, flags);
  const studyFolder = join(plan.place.runs, plan.tag);
  await makeStudyFolder(plan.place.runs, studyFolder);
  const lock = await takeRunLock(studyFolder, plan.tag, () => new Date().toISOString());
  for (const warning of plan.warnings) say(`warning: ${warning}`);
  try {
    return await runLocked(plan, flags, lock);
  } finally {
    await lock.release();
  }
}

async function runLocked({ place, brief, tag, interpreter, beginning }: Plan, flags: RunFlags, lock: RunLock) {
  const studyFolder = join(place.runs, tag);
  let known: Study | undefined;
  const resultFiles = createResultFiles(studyFolder);
  const renderer = createRenderer({
    isJson: flags.json ?? false,
    isPlain: flags.plain ?? false,
    budgetSeconds: brief.budgetSeconds,
    history: () => known?.history(),
  });
  const emit = (event: LoopEvent) => {
    renderer.emit(event);
    resultFiles.note(event);
  };
  const lab = await openLab({ place, brief, tag, interpreter, emit });
  const signals = listenForStop(renderer.say, async () => {
    await Promise.race([lab.endRun(), delay(longestGoodbyeMilliseconds)]);
    await lock.release();
  });
  try {
    if (lab.archive.tornPath)
      renderer.say(`A line torn by a crash was moved to ${lab.archive.tornPath}; nothing else was lost.`);
    const { study, hasStarted } = await openStudy(lab, signals.signal);
    resultFiles.open(study.history);
    if (hasStarted) await goOn(study, place, renderer.say);
    else if (beginning) await startStudy(study, beginning);
    known = study;
    const stop = await conduct(study);
    return { stop, tag, exitCode: signals.wasInterrupted() ? 130 : 0 };
  } finally {
    renderer.close();
    await resultFiles.close();
    await lab.archive.close();
    signals.dispose();
  }
}

/** How long a second Ctrl-C waits for the run in flight to end. */
const longestGoodbyeMilliseconds = 1000;

async function goOn(study: Study, place: Place, say: (line: string) => void): Promise<void> {
  const history = study.history();
  await requireOwnRefs(history, place.root);
  const done = history.experiments.length - 1;
  await resumeStudy(study, isolation);
  say(`Study ${history.tag} goes on after ${done} ${done === 1 ? 'experiment' : 'experiments'}.`);
}

/** Refs that somebody else moved would only be noticed at the next keep, perhaps hours later. */
async function requireOwnRefs(history: History, root: string): Promise<void> {
  if (!history.experiments[0]?.candidate) return;
  const keeps = history.experiments.filter((record) => record.kept !== undefined);
  const moved = keeps.findLast((record) => record.isBranchMoved)?.kept ?? history.start;
  await studyRefs(openGit(root), history.tag).requireUnmoved(moved, history.tip);
}

async function conduct(study: Study): Promise<Stop> {
  try {
    await prepareStudy(study);
    return await research(study);
  } catch (error) {
    // From here on the study has begun: what goes wrong now is a failure of the study, not of how it was asked for.
    if (!(error instanceof ResearchError) || error instanceof StudyError) throw error;
    throw new StudyError(error.message, { ...(error.hint === undefined ? {} : { hint: error.hint }), cause: error });
  }
}
