/**
 * The recorded training curves: one JSON line per real run, small enough to be kept in the repository.
 */
import { appendFileSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import type { KnobValue } from '../../src/core/space/knob.ts';

export interface RecordedRun {
  /** The configuration that the run stands for or departs from. */
  readonly around: 'baseline' | 'tuned';
  /** The knobs that differ from it; none for the incumbent's own runs. */
  readonly changed: Readonly<Record<string, KnobValue>>;
  readonly seed: number;
  /** The scored val_bpb; null when there is none. */
  readonly value: number | null;
  /** CPU seconds of the training. */
  readonly seconds: number;
  /** Share of the budget used, and the mean loss since the point before. */
  readonly curve: readonly (readonly [progress: number, loss: number])[];
}

/** Where the curves that ship are kept. */
export const curvesPath = fileURLToPath(new URL('curves.jsonl', import.meta.url));

/** Every recorded run, in the order of recording. */
export function readCurves(path = curvesPath): RecordedRun[] {
  return readFileSync(path, 'utf8')
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as RecordedRun);
}

/** Adds one run at the end. */
export function appendCurve(run: RecordedRun, path: string): void {
  appendFileSync(path, `${JSON.stringify(run)}\n`);
}
