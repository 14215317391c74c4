/**
 * A scripted lab whose runs and thoughts take time of a virtual clock, and nothing else does: as long as the loop has something
 * to do, no time passes.
 */

import type { JobState } from '../../src/ports/engine.ts';
import { createMemoryArchive, type LaidRun, type ScriptedLab } from '../../src/testing/index.ts';
import { createVirtualClock } from './virtual-clock.ts';

export interface Times {
  readonly slots: number;
  /** How long a run takes. */
  readonly secondsOf: (run: LaidRun) => number;
  /** How long each proposal takes. */
  readonly thoughtSeconds: number;
}

export interface TimedRun {
  readonly began: number;
  readonly ended: number;
}

export interface TimedLab extends ScriptedLab {
  /** The runs in the order in which they began, in seconds of the clock. */
  readonly runs: readonly TimedRun[];
}

const began = Date.parse('2024-11-23T22:00:00Z');
const ports = ['workspace', 'runFolders', 'knobReader', 'inbox'] as const;

/** The lab, which has not begun, at second 0 of a clock of its own. */
export function onVirtualClock(lab: ScriptedLab, { slots, secondsOf, thoughtSeconds }: Times): TimedLab {
  const { foreground, during } = createVirtualClock();
  const seconds = () => foreground.now() / 1000;
  const sleep = (length: number) => foreground.sleep(length * 1000, new AbortController().signal);
  const times = new Map<string, TimedRun>();
  const now = () => new Date(began + foreground.now()).toISOString();
  const engine: ScriptedLab['engine'] = {
    ...lab.engine,
    slots,
    submit: async (job) => {
      const run = lab.runFolders.runOf(job);
      if (!run) throw new Error('only runs are submitted');
      times.set(job.id, { began: seconds(), ended: seconds() + secondsOf(run) });
      await during(() => lab.engine.submit(job));
    },
    poll: async (job, waitSeconds) => {
      const time = times.get(job.id);
      if (time && waitSeconds > 0) await sleep(Math.max(0, time.ended - seconds()));
      const state = await during(() => lab.engine.poll(job, 0));
      return time && state.kind === 'ended' ? lasting(state, time.ended - time.began) : state;
    },
  };
  const propose: ScriptedLab['researcher']['propose'] = async (...asked) => {
    if (thoughtSeconds > 0) await sleep(thoughtSeconds);
    return during(() => lab.researcher.propose(...asked));
  };
  const archive = createMemoryArchive(now);
  return {
    ...lab,
    ...Object.fromEntries(ports.map((port) => [port, allReal(lab[port], during)])),
    archive: { ...archive, ...allReal(archive, during) },
    researcher: { ...lab.researcher, propose },
    slots,
    engine,
    now,
    liveSeconds: seconds,
    get runs() {
      return [...times.values()];
    },
  };
}

function lasting(state: Extract<JobState, { kind: 'ended' }>, seconds: number): JobState {
  const stages = state.end.stages.map((stage) => ({ ...stage, seconds }));
  return { kind: 'ended', end: { ...state.end, seconds, stages } };
}

/** The same port, no call of which lets time pass. */
function allReal<Port extends object>(
  port: Port,
  during: <Result>(act: () => Promise<Result>) => Promise<Result>,
): Port {
  const methods = Object.entries(port).map(([name, method]) => {
    if (typeof method !== 'function') return [name, method];
    return [
      name,
      (...args: unknown[]) => {
        const done: unknown = method(...args);
        return done instanceof Promise ? during(() => done) : done;
      },
    ];
  });
  return Object.fromEntries(methods) as Port;
}
