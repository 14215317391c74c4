/**
 * What a bench on objectives has to do: an arm on an objective with a seed, each by itself. It can be restarted: each finished task
 * is a line of JSON in the output file, and what has one is not done again.
 */
import { appendFile, mkdir } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';
import { findOptuna } from '../../src/adapters/python/find-optuna.ts';
import { createOptunaProcess, type OptunaProcess } from '../../src/adapters/researchers/bayes/optuna-process.ts';
import { ok } from '../../src/core/base/errors.ts';
import { readJsonLines } from '../json-lines.ts';
import { type ObjectiveServer, openObjectives } from './objective-server.ts';

export interface Task {
  readonly objective: string;
  readonly arm: string;
  readonly seed: number;
}

export interface Wanted {
  readonly objectives: readonly string[];
  readonly arms: readonly string[];
  /** How many seeds, and the first of them. */
  readonly seeds: number;
  readonly first: number;
  /** Number of tasks that run at the same time. */
  readonly jobs: number;
  readonly out: string;
  /** A python that has optuna. */
  readonly python: string;
}

/** What a worker has for its tasks. */
export interface Tools {
  readonly objectives: ObjectiveServer;
  readonly asked: OptunaProcess;
}

/** Such as `valley auto 200`. */
export function nameOf({ objective, arm, seed }: Task): string {
  return `${objective} ${arm} ${seed}`;
}

/** Does what the file has no line of; gives all its lines. */
export async function doTasks<Line extends Task>(
  wanted: Wanted,
  perform: (task: Task, tools: Tools) => Promise<Line>,
): Promise<Line[]> {
  const { objectives, arms, jobs, python } = wanted;
  const out = resolve(wanted.out);
  const { optuna } = await findOptuna(python, process.env);
  ok(optuna, `${python} has optuna; name another with --python`);
  await mkdir(dirname(out), { recursive: true });
  const done = new Set(readJsonLines<Line>(out).map(nameOf));
  const todo = Array.from({ length: wanted.seeds }, (_, index) => wanted.first + index)
    .flatMap((seed) => objectives.flatMap((objective) => arms.map((arm) => ({ objective, arm, seed }))))
    .filter((task) => !done.has(nameOf(task)));
  const work = async () => {
    const tools = { objectives: openObjectives(python), asked: createOptunaProcess(optuna) };
    for (let task = todo.shift(); task; task = todo.shift())
      await appendFile(out, `${JSON.stringify(await perform(task, tools))}\n`);
    tools.objectives.close();
  };
  await Promise.all(Array.from({ length: jobs }, work));
  return readJsonLines<Line>(out);
}
