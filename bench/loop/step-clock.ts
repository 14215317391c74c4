/**
 * Measures how long an experiment spends in each method of each port, by wrapping the ports of a lab.
 */
import type { Lab } from '../../src/ports/lab.ts';

/** The time spent in one method; the last call's times of day are in milliseconds since 1970. */
export interface MethodTime {
  readonly milliseconds: number;
  readonly lastBegan: number;
  readonly lastEnded: number;
}

/** Method, such as `engine.submit`, -> its time. */
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

/** The time of day in milliseconds since 1970, with fractions, which Date does not have. */
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
