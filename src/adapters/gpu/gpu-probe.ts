/**
 * Sees the GPUs of this machine, by nvidia-smi and by a short run of a candidate that is known to train.
 */
import { rm } from 'node:fs/promises';
import type { Engine, Job } from '../../ports/engine.ts';
import type { GpuProbe, GpuTrial } from '../../ports/gpu.ts';
import type { RunFolders, RunKey } from '../../ports/run-folders.ts';
import { variablesOf } from '../engines/process-identity.ts';
import type { Slot, Slots } from '../slots/slot.ts';
import { lookAtGpus } from './nvidia-smi.ts';

export interface GpuProbeOptions {
  readonly runFolders: RunFolders;
  readonly engine: Engine;
  /** Nocturne's own environment: CUDA_VISIBLE_DEVICES in it restricts runs and looks alike. */
  readonly environment: Readonly<Record<string, string | undefined>>;
  /** What runs at once have each; absent where a lone run has all of the machine. */
  readonly slots?: Slots;
  /** Absolute folder of the study, whose runs are no others. */
  readonly studyFolder: string;
}

const pollSeconds = 0.5;
const maxLogBytes = 1 << 16;

/** A probe for runs that this machine executes. */
export function createGpuProbe({ runFolders, engine, environment, slots, studyFolder }: GpuProbeOptions): GpuProbe {
  const each = slots?.each ?? [];
  const isShared = each.some(({ shared }) => shared.includes('gpus'));
  const isOwn = (pid: number) => isShared && isOfStudy(pid, studyFolder);
  const look = (signal: AbortSignal, slot?: number) => {
    const looked = slot === undefined ? each : each.slice(slot % Math.max(1, each.length)).slice(0, 1);
    return lookAtGpus({ ...environment, ...allOf(looked) }, signal, { isOwn });
  };
  const { laySmoke } = runFolders;
  if (!laySmoke) return { look };
  return { look, tryRun: async (key: RunKey, signal) => tryJob(engine, await laySmoke(key, {}), signal) };
}

/** Shows all the GPUs of these slots. */
function allOf(slots: readonly Slot[]): Readonly<Record<string, string>> {
  const shown = slots.flatMap(({ variables: { CUDA_VISIBLE_DEVICES: visible } }) => visible?.split(',') ?? []);
  return shown.length === 0 ? {} : { CUDA_VISIBLE_DEVICES: [...new Set(shown)].join(',') };
}

/** Whether a process belongs to a run of the study, by the variable that every stage has. */
function isOfStudy(pid: number, studyFolder: string): boolean {
  return variablesOf(pid).some((entry) => entry.startsWith(`NOCTURNE_RUN_DIR=${studyFolder}/`));
}

async function tryJob(engine: Engine, job: Job, signal: AbortSignal): Promise<GpuTrial> {
  await engine.submit(job);
  for (;;) {
    if (signal.aborted) await engine.cancel(job);
    const state = await engine.poll(job, pollSeconds);
    if (state.kind !== 'ended' && state.kind !== 'lost') continue;
    const log = await engine.readLogEnd(job, 'train', maxLogBytes);
    await rm(job.folder, { recursive: true, force: true });
    const isExited = state.kind === 'ended' && state.end.ending === 'exited';
    return { hasFailed: isExited && state.end.stages.at(-1)?.exitCode !== 0, log };
  }
}
