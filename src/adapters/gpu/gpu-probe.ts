/**
 * Sees the GPUs of this machine, by nvidia-smi and by a short run of a candidate that is known to train.
 */
import { rm } from 'node:fs/promises';
import type { Engine, Job } from '../../ports/engine.ts';
import type { GpuProbe, GpuTrial } from '../../ports/gpu.ts';
import type { RunFolders, RunKey } from '../../ports/run-folders.ts';
import { lookAtGpus } from './nvidia-smi.ts';

export interface GpuProbeOptions {
  readonly runFolders: RunFolders;
  readonly engine: Engine;
  /** Nocturne's own environment: CUDA_VISIBLE_DEVICES in it restricts runs and looks alike. */
  readonly environment: Readonly<Record<string, string | undefined>>;
}

const pollSeconds = 0.5;
const maxLogBytes = 1 << 16;

/** A probe for runs that this machine executes. */
export function createGpuProbe({ runFolders, engine, environment }: GpuProbeOptions): GpuProbe {
  const look = (signal: AbortSignal) => lookAtGpus(environment, signal);
  const { laySmoke } = runFolders;
  if (!laySmoke) return { look };
  return { look, tryRun: async (key: RunKey, signal) => tryJob(engine, await laySmoke(key, {}), signal) };
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
