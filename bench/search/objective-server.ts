/**
 * The Python process behind `bench -- search`: it computes the objectives, and runs Optuna itself on them.
 */
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { execa } from 'execa';

export type Config = Readonly<Record<string, number | string>>;

/** One trial of an arm: its configuration and its score; null when it ran out of memory. */
export interface Trial {
  readonly config: Config;
  readonly value: number | null;
  /** Of a study whose policy weighs noise: what it would report after this run. */
  readonly incumbent?: Config;
}

export interface Objective {
  readonly name: string;
  /** What its score is called, which says what kind of training it is. */
  readonly metric: string;
  readonly defaults: Config;
  /** Knob's name -> its kind and bounds, or `choice` and the number of choices or their names. */
  readonly space: Readonly<Record<string, readonly [kind: string, ...bounds: (number | string)[]]>>;
  /** The true value at the far end of the way: the known optimum, or the best of 2,000 trials. */
  readonly farEnd: number;
}

export interface ObjectiveServer {
  readonly describe: (objective: string) => Promise<Objective>;
  readonly value: (objective: string, config: Config, seed: number) => Promise<number | null>;
  readonly trueValue: (objective: string, config: Config) => Promise<number>;
  /** All trials of an arm in which Optuna itself is the researcher. */
  readonly direct: (objective: string, arm: string, seed: number, trials: number) => Promise<readonly Trial[]>;
  readonly close: () => void;
}

/** Starts the process, which answers one question after the other. */
export function openObjectives(python: string): ObjectiveServer {
  const child = execa(python, ['-u', join(import.meta.dirname, 'objectives.py')], {
    stdin: 'pipe',
    stderr: 'inherit',
    buffer: false,
    reject: false,
  });
  const waiting: ((line: string) => void)[] = [];
  createInterface({ input: child.stdout }).on('line', (line) => waiting.shift()?.(line));
  const ask = <Answer>(objective: string, question: object) =>
    new Promise<Answer>((resolve) => {
      waiting.push((line) => resolve(JSON.parse(line) as Answer));
      child.stdin.write(`${JSON.stringify({ objective, ...question })}\n`);
    });
  return {
    describe: async (name) => ({ name, ...(await ask<Omit<Objective, 'name'>>(name, { ask: 'describe' })) }),
    value: async (name, config, seed) =>
      (await ask<{ value: number | null }>(name, { ask: 'value', config, seed })).value,
    trueValue: async (name, config) => (await ask<{ value: number }>(name, { ask: 'true', config })).value,
    direct: async (name, arm, seed, trials) =>
      (await ask<{ runs: readonly Trial[] }>(name, { ask: arm, seed, trials })).runs,
    close: () => child.stdin.end(),
  };
}
