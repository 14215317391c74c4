/**
 * Runs that take no time and start no process, to fill a study with experiments before it is measured.
 */
import type { Engine } from '../../src/ports/engine.ts';
import type { Lab } from '../../src/ports/lab.ts';
import type { RunFolders } from '../../src/ports/run-folders.ts';

/** The same lab with runs that end at once, none of them better than the baseline. */
export function withInstantRuns(lab: Lab): Lab {
  return { ...lab, engine, runFolders: { ...lab.runFolders, ...runFolders } };
}

const stage = { name: 'train', exitCode: 0, signal: null, seconds: 0.02, cpuSeconds: 0.02 } as const;

const engine: Engine = {
  slots: 1,
  submit: async () => {},
  poll: async () => ({ kind: 'ended', end: { ending: 'exited', stages: [stage], seconds: 0.02 } }),
  wasStarted: async () => true,
  readLogEnd: async () => '',
  tail: async (_job, _stage, next) => ({ text: '', next }),
  cancel: async () => {},
  collect: async () => {},
};

const runFolders: Pick<RunFolders, 'lay' | 'outputs' | 'discard'> = {
  lay: async ({ experiment, run }) => ({ id: `${experiment}/${run}`, folder: '', stages: [], limitSeconds: 1 }),
  outputs: async ({ experiment }) => ({
    trainLog: `---\nscore: ${experiment === 0 ? 5 : 10}.000000000000\n`,
    scoreLog: undefined,
    metricsJson: undefined,
    changed: undefined,
  }),
  discard: async () => {},
};
