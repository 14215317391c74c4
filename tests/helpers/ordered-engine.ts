/**
 * A scripted lab with several slots, whose runs end in an order that the test gives.
 */
import type { Job } from '../../src/ports/engine.ts';
import { createScriptedLab, type ScriptedLab, type ScriptedLabOptions } from '../../src/testing/index.ts';

interface SeveralSlots extends ScriptedLabOptions {
  readonly slots: number;
  /** Jobs such as `0002/run-1`: each ends only when those before it have. What is not named ends at once. */
  readonly order: readonly string[];
}

export interface SlottedLab extends ScriptedLab {
  /** The most runs that were in flight at once. */
  readonly most: () => number;
}

/** The lab. */
export function createSlottedLab({ slots, order, ...options }: SeveralSlots): SlottedLab {
  return withSlots(createScriptedLab(options), slots, order);
}

/** The same of a lab whose study has begun, or is over. */
export function withSlots(lab: ScriptedLab, slots: number, order: readonly string[] = []): SlottedLab {
  const ended = new Set<string>();
  const inFlight = new Set<string>();
  let most = 0;
  const isDue = ({ id }: Job) => order.slice(0, Math.max(0, order.indexOf(id))).every((before) => ended.has(before));
  const engine = {
    ...lab.engine,
    slots,
    submit: async (job: Job) => {
      await lab.engine.submit(job);
      inFlight.add(job.id);
      most = Math.max(most, inFlight.size);
    },
    poll: async (job: Job, waitSeconds: number) => {
      if (!isDue(job)) {
        await new Promise((resolve) => setTimeout(resolve, 2));
        return { kind: 'running', elapsedSeconds: 0, stage: 'train' } as const;
      }
      ended.add(job.id);
      inFlight.delete(job.id);
      return lab.engine.poll(job, waitSeconds);
    },
  };
  return { ...lab, slots, engine, most: () => most };
}
