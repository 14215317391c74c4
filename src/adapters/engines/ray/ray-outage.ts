/**
 * A cluster that does not answer: told once when it begins and once when it ends. What was to be stopped meanwhile is stopped then.
 */
import { mkdir, readdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { RayApi } from './ray-api.ts';
import { Unreachable } from './ray-http.ts';

export interface Outage {
  /** The result, or undefined while the cluster does not answer. */
  readonly through: <Result>(ask: () => Promise<Result>) => Promise<Result | undefined>;
  /** Remembers a job that could not be told to stop, for this session or the next. */
  readonly stopLater: (id: string) => Promise<void>;
}

interface OutageOptions {
  readonly api: RayApi;
  readonly address: string;
  /** Absolute folder of the jobs that are still to be stopped. */
  readonly folder: string;
  readonly tell: (message: string) => void;
}

/** Watches whether the cluster answers. */
export function watchOutage({ api, address, folder, tell }: OutageOptions): Outage {
  let isAway = false;
  let isFirst = true;

  async function stopEarlier(): Promise<void> {
    for (const id of await readdir(folder).catch(() => [])) {
      await api.stop(id);
      await rm(join(folder, id), { force: true });
    }
  }

  return {
    through: async (ask) => {
      try {
        const result = await ask();
        if (isFirst || isAway) await stopEarlier();
        if (isAway) tell(`The Ray cluster at ${address} answers again.`);
        isAway = isFirst = false;
        return result;
      } catch (error) {
        if (!(error instanceof Unreachable)) throw error;
        if (!isAway) tell(`The Ray cluster at ${address} does not answer (${error.message}): its runs are waited for.`);
        isAway = true;
        return undefined;
      }
    },
    stopLater: async (id) => {
      await mkdir(folder, { recursive: true });
      await writeFile(join(folder, id), '');
    },
  };
}
