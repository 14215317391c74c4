/**
 * A GPU that is lost, or that another process fills, in the middle of a study: the run is lost and says nothing about its
 * candidate, and the study waits until the GPU can be used again.
 */
import { ok } from '../core/base/errors.ts';
import type { GpuTrouble } from '../core/journal/gpu-trouble.ts';
import { currentGpuPause, experimentOf, scorelessRun } from '../core/journal/history.ts';
import { asLost, type RunResult } from '../core/journal/run.ts';
import { type GpuState, gpuTroubleOf, lostGpuLine, mayBeGpuTrouble, stillAway } from '../core/run/gpu-trouble.ts';
import type { GpuProbe } from '../ports/gpu.ts';
import type { RunKey, RunOutputs } from '../ports/run-folders.ts';
import type { Study } from './study.ts';
import { isToEnd, untilStopped } from './until-stopped.ts';

/** Waits between two looks at a GPU that is away: from one second on, each twice the one before. */
const minWaitSeconds = 1;
const maxWaitSeconds = 300;
const lookSeconds = 0.5;
/** What an ended process held may take a moment to be free. */
const settleSeconds = 1;

/** The result of a run, lost where its GPU was the reason. */
export async function withGpuTrouble(
  study: Study,
  key: RunKey,
  result: RunResult,
  { trainLog, scoreLog = '' }: RunOutputs,
): Promise<RunResult> {
  const log = `${trainLog}\n${scoreLog}`;
  const trouble = await troubleOf(study, key, result, log);
  if (!trouble) return result;
  const what = trouble.kind === 'filled' ? 'another process filled its GPU' : 'its GPU went away';
  return { ...asLost(result, `${what}: ${trouble.reason}`), gpu: trouble };
}

/** Journals that the study is paused, after a run that its GPU ended, as is seen. */
export async function pauseForGpu(study: Study, experiment: number, { gpu }: RunResult): Promise<void> {
  if (!gpu?.isSeen) return;
  await study.record({ event: 'gpu-away', experiment, kind: gpu.kind, reason: gpu.reason });
}

/** Looks at growing intervals until the GPU can be used again; a stop of any kind, and `isOver`, end the wait. */
export async function awaitGpu(study: Study, isOver: () => boolean): Promise<undefined> {
  const { lab } = study;
  for (let wait = minWaitSeconds; ; wait = Math.min(maxWaitSeconds, wait * 2)) {
    if (await isBack(study)) return;
    const until = lab.liveSeconds() + wait;
    while (lab.liveSeconds() < until) {
      if ((await isToEnd(study)) || isOver()) return;
      await lab.pause(lookSeconds);
    }
  }
}

async function isBack(study: Study): Promise<boolean> {
  const pause = currentGpuPause(study.history());
  ok(pause !== undefined, 'the study waits for its GPU');
  const { gpu } = study.lab;
  const isAway =
    gpu !== undefined &&
    (stillAway(study.history(), pause, await lookAt(study, gpu)) !== undefined ||
      (pause.kind === 'broken' && (await incumbentFails(study, pause.experiment)) !== undefined));
  if (isAway) return false;
  await study.record({ event: 'gpu-back', experiment: pause.experiment });
  return true;
}

async function troubleOf(study: Study, key: RunKey, result: RunResult, log: string): Promise<GpuTrouble | undefined> {
  const { gpu, pause } = study.lab;
  const { experiment, slot } = key;
  if (!gpu || !mayBeGpuTrouble(study.history(), experiment, result, log)) return undefined;
  const ask = async () => gpuTroubleOf(study.history(), experiment, result, log, await lookAt(study, gpu, slot));
  let trouble = await ask();
  if (trouble?.kind === 'filled' && trouble.isSeen) {
    await pause(settleSeconds, study.signal);
    trouble = await ask();
  }
  if (trouble?.kind !== 'lost' || trouble.isSeen) return trouble;
  // The log alone speaks of it: the incumbent, which is known to train, is the judge.
  const line = await incumbentFails(study, experiment, slot);
  return line === undefined
    ? trouble
    : { kind: 'broken', reason: `the best so far cannot train on it: ${line}`, isSeen: true };
}

async function lookAt(study: Study, gpu: GpuProbe, slot?: number): Promise<GpuState> {
  return untilStopped(study, (signal) => gpu.look(signal, slot));
}

/**
 * What the incumbent's log says of a lost GPU when it trains for a few seconds; undefined when it trains, when it fails for
 * another reason, and where it is no judge because the experiment in question is its own.
 */
async function incumbentFails(study: Study, experiment: number, slot?: number): Promise<string | undefined> {
  const history = study.history();
  const { candidate, ...incumbent } = experimentOf(history, history.incumbent);
  const { tryRun } = study.lab.gpu ?? {};
  if (!tryRun || !candidate || incumbent.experiment === experiment || scorelessRun(incumbent)) return undefined;
  const own = { experiment: incumbent.experiment, run: 1, seed: 1, commit: candidate.commit };
  const key = slot === undefined ? own : { ...own, slot };
  const { hasFailed, log } = await untilStopped(study, (signal) => tryRun(key, signal));
  return hasFailed ? lostGpuLine(log) : undefined;
}
