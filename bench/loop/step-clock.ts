/**
 * Measures where an experiment's time goes, by wrapping every port of a lab in a clock.
 */
import type { Lab } from '../../src/ports/lab.ts';

/** What was spent in one method. Times of day are in milliseconds since 1970. */
export interface MethodTime {
  readonly milliseconds: number;
  readonly lastBegan: number;
  readonly lastEnded: number;
}

/** By method, such as `engine.submit`. */
export type MethodTimes = Readonly<Record<string, MethodTime>>;

export interface TimedLab {
  readonly lab: Lab;
  /** The times since the last call. */
  readonly read: () => MethodTimes;
}

const ports = ['archive', 'workspace', 'knobReader', 'researcher', 'runFolders', 'engine', 'inbox'] as const;

/** The same lab, timed. */
export function timeLab(lab: Lab): TimedLab {
  let times: Record<string, MethodTime> = {};
  const add = (method: string, began: number, ended: number) => {
    const before = times[method]?.milliseconds ?? 0;
    times[method] = { milliseconds: before + ended - began, lastBegan: began, lastEnded: ended };
  };
  const timed = Object.fromEntries(ports.map((port) => [port, timePort(port, lab[port], add)]));
  return {
    lab: { ...lab, ...timed },
    read: () => {
      const read = times;
      times = {};
      return read;
    },
  };
}

/** The time of day, finer than Date tells it. */
export function timeOfDay(): number {
  return performance.timeOrigin + performance.now();
}

function timePort(port: string, methods: object, add: (method: string, began: number, ended: number) => void): object {
  const timed = Object.entries(methods).map(([name, method]) => {
    if (typeof method !== 'function') return [name, method];
    const act = async (...args: unknown[]) => {
      const began = timeOfDay();
      try {
        return await method(...args);
      } finally {
        add(`${port}.${name}`, began, timeOfDay());
      }
    };
    return [name, act];
  });
  return Object.fromEntries(timed);
}
