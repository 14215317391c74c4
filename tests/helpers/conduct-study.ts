/** Starts, or resumes, a study in a scripted lab, as the command does. */

import { createHash } from 'node:crypto';
import { noIsolation } from '../../src/adapters/isolation/no-isolation.ts';
import type { Stop } from '../../src/core/decide/stopping.ts';
import { prepareStudy, resumeStudy, startStudy } from '../../src/loop/begin.ts';
import { research } from '../../src/loop/research.ts';
import { openStudy } from '../../src/loop/study.ts';
import type { Lab } from '../../src/ports/lab.ts';
import { type LaidRun, type ScriptedLab, type ScriptedRun, scoringRun } from '../../src/testing/index.ts';

/** Runs until the study stops; `lab` may be a scripted lab with parts of it replaced. */
export async function conductStudy(
  lab: Lab & Pick<ScriptedLab, 'tag' | 'workspace'>,
  signal?: AbortSignal,
): Promise<Stop> {
  const { study, hasStarted } = await openStudy(lab, signal ?? new AbortController().signal);
  if (hasStarted) await resumeStudy(study, noIsolation);
  else await startStudy(study, { ...beginning, tag: lab.tag, study: lab.tag, start: lab.workspace.start });
  await prepareStudy(study);
  return research(study);
}

const beginning = {
  briefPath: 'program.md',
  isolation: noIsolation,
  interpreter: '/usr/bin/python3',
  version: '0.1.0',
};

/** The value of a knob in the run's source. */
export function knobOf({ files }: LaidRun, name: string): number {
  return Number(new RegExp(`^${name} = (.*)$`, 'm').exec(files['train.py'] ?? '')?.[1]);
}

/** A run whose score is its LR, moved a little by its seed. */
export function scoreByRate(run: LaidRun): ScriptedRun {
  const digit = createHash('sha1').update(`seed ${run.seed}`).digest().readUInt8(0) / 256;
  return scoringRun('val_bpb', (knobOf(run, 'LR') + digit / 100).toFixed(6));
}

/** A run that ends with this exit code. */
export function failingRun(exitCode: number, train: string): ScriptedRun {
  const stage = { name: 'train', exitCode, signal: null, seconds: 1, cpuSeconds: 1 } as const;
  return { log: { train }, end: { ending: 'exited', stages: [stage], seconds: 1 } };
}
