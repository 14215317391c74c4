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
  /**
   * Asks once, about the GPUs of one slot or of all; a signal ends the wait, and the GPU then counts as lost. What other runs of the
   * study hold of a GPU that they share is not counted.
   */
  readonly look: (signal: AbortSignal, slot?: number) => Promise<GpuState>;
  /** Trains a candidate for a few seconds in a folder of its own; absent where runs cannot be shortened. */
  readonly tryRun?: (key: RunKey, signal: AbortSignal) => Promise<GpuTrial>;
}
