/** Holds trainings of the `quick` project where a test wants them, so that it waits for facts and not for times. */
import { mkdirSync, readdirSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { temporaryFolder } from './temporary-repo.ts';
import { until } from './until.ts';

export interface Gate {
  /** What the program must have in its environment. */
  readonly variables: Readonly<Record<string, string>>;
  /** Lets this number of trainings through in all; the next one waits. */
  readonly letThrough: (trainings: number) => void;
  readonly open: () => void;
  /** Resolves once this number of trainings have begun in all; rejects after 100 s, or so many milliseconds. */
  readonly untilBegun: (trainings: number, timeout?: number) => Promise<void>;
}

/** A gate that lets this many trainings through. */
export function createGate(trainings = 0): Gate {
  const folder = join(temporaryFolder(), 'gate');
  mkdirSync(folder);
  const letThrough = (count: number) => {
    writeFileSync(`${folder}.new`, String(count));
    renameSync(`${folder}.new`, `${folder}.open`);
  };
  letThrough(trainings);
  return {
    variables: { NOCTURNE_TEST_GATE: folder },
    letThrough,
    open: () => letThrough(1_000_000),
    untilBegun: (count, timeout) => until(() => readdirSync(folder).length >= count, timeout),
  };
}
