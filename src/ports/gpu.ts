/**
 * What the controller can see of the machine's GPUs beside a run: whether they answer, and how full they are.
 *
 * Nothing rejects, and nothing waits without a limit: a GPU that is gone often hangs the process that asks.
 */
import type { GpuState } from '../core/run/gpu-trouble.ts';
import type { RunKey } from './run-folders.ts';

/** How a short run ended, that was made only to see whether the GPU works. */
export interface GpuTrial {
  /** Whether it failed; one that was cut off at its time limit did not. */
  readonly hasFailed: boolean;
  /** The end of its log. */
  readonly log: string;
}

export interface GpuProbe {
  /** Asks once; a signal ends the wait, and the GPU then counts as lost. */
  readonly look: (signal: AbortSignal) => Promise<GpuState>;
  /** Trains a candidate for a few seconds in a folder of its own; absent where runs cannot be shortened. */
  readonly tryRun?: (key: RunKey, signal: AbortSignal) => Promise<GpuTrial>;
}
