/**
 * optuna-dashboard on the trials of a study, in its fastest storage: the memory of its own process.
 */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { execa } from 'execa';
import { openLiveStudies } from '../../src/cli/dash/live-studies.ts';
import { journalledKnobs } from '../../src/core/space/trials/journalled-knobs.ts';

export interface Beside {
  /** With a slash at its end. */
  readonly url: string;
  readonly close: () => Promise<void>;
}

const port = 18_790;

/** Serves the trials of the study `bench` with the optuna-dashboard of this Python. */
export async function serveBeside(python: string, runs: string, folder: string): Promise<Beside> {
  const study = await openLiveStudies(runs).read('bench');
  if (!study) throw new Error('there is no study to open beside');
  const knobs = journalledKnobs(study.history);
  const trials = study.views
    .rows()
    .flatMap(({ experiment, metric }) =>
      metric === null ? [] : [{ value: metric, params: knobs.get(experiment) ?? {} }],
    );
  const list = join(folder, 'trials.json');
  writeFileSync(list, JSON.stringify(trials));
  const server = execa(python, [join(import.meta.dirname, 'serve_trials.py'), list, String(port)], {
    reject: false,
    stdio: 'ignore',
  });
  const url = `http://127.0.0.1:${port}/`;
  for (let tries = 0; tries < 300; tries += 1) {
    if (
      await fetch(url).then(
        ({ ok }) => ok,
        () => false,
      )
    )
      break;
    await delay(100);
  }
  return {
    url,
    close: async () => {
      server.kill('SIGKILL');
      await server;
    },
  };
}
