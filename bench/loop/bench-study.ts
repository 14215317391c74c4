/**
 * A real study, opened as the command does it, whose loop waits before each proposal until it is told to go on.
 */

import { EventEmitter, once } from 'node:events';
import { join } from 'node:path';
import { resolveStart } from '../../src/adapters/git/start-point.ts';
import { noIsolation } from '../../src/adapters/isolation/no-isolation.ts';
import { openLab } from '../../src/cli/compose/compose.ts';
import { type LocatedBrief, locateBrief } from '../../src/cli/compose/locate-brief.ts';
import { choosePython } from '../../src/cli/compose/python.ts';
import { createResultFiles } from '../../src/cli/study-folder/result-files.ts';
import type { LoopEvent } from '../../src/core/journal/loop-event.ts';
import { prepareStudy, resumeStudy, startStudy } from '../../src/loop/begin.ts';
import { research } from '../../src/loop/research.ts';
import { openStudy, type Study } from '../../src/loop/study.ts';
import type { Lab } from '../../src/ports/lab.ts';
import type { Researcher } from '../../src/ports/researcher.ts';
import { layProject } from '../fixture-project.ts';
import { withInstantRuns } from './instant-runs.ts';
import { type MethodTimes, timeLab, timeOfDay } from './step-clock.ts';

const tag = 'bench';

export interface MeasuredExperiment {
  /** Milliseconds from the proposal to the next one. */
  readonly wall: number;
  /** When the training began and ended, as it printed, in milliseconds since 1970. */
  readonly training: { readonly began: number; readonly ended: number };
  readonly methods: MethodTimes;
}

export interface BenchStudy {
  readonly interpreter: string;
  /** Lets the loop do one whole experiment. */
  readonly experiment: () => Promise<MeasuredExperiment>;
  readonly close: () => Promise<void>;
}

/** A study with this number of experiments in its journal, in a project made for it. */
export async function openBenchStudy(folder: string, experiments: number): Promise<BenchStudy> {
  await layProject(folder);
  const located = await locateBrief(folder);
  const interpreter = (await choosePython(located, undefined)).executable;
  await fill(located, interpreter, experiments);
  return await measure(located, interpreter);
}

/** Fills the journal with experiments; all is real except that their runs take no time. */
async function fill(located: LocatedBrief, interpreter: string, experiments: number): Promise<void> {
  const brief = { ...located.brief, stop: { experiments } };
  const real = await openLab({ located, brief, tag, interpreter, isolation: noIsolation, start: '', emit: () => {} });
  const { study } = await openStudy(withInstantRuns(real), new AbortController().signal);
  await begin(study, located, interpreter);
  await research(study);
  await real.archive.close();
}

/** Journals the start, as the command does. */
async function begin(study: Study, located: LocatedBrief, interpreter: string): Promise<void> {
  const { root, sandboxInRepository: sandbox, briefInRepository: briefPath, brief } = located;
  const { start } = await resolveStart({ root, sandbox, edit: brief.edit, include: [], briefPath });
  await startStudy(study, { tag, study: tag, briefPath, start, isolation: noIsolation, interpreter, version: '0' });
}

async function measure(located: LocatedBrief, interpreter: string): Promise<BenchStudy> {
  const resultFiles = createResultFiles(join(located.runs, tag));
  let training = { began: 0, ended: 0 };
  const emit = (event: LoopEvent) => {
    resultFiles.note(event);
    training = trainingOf(event) ?? training;
  };
  const real = await openLab({
    located,
    brief: located.brief,
    tag,
    interpreter,
    isolation: noIsolation,
    start: '',
    emit,
  });
  const { lab, read } = timeLab(real);
  const gate = new EventEmitter();
  const { study } = await openStudy(withGate(lab, gate), new AbortController().signal);
  resultFiles.open(study.whole, lab.engine);
  await resumeStudy(study, noIsolation);
  await prepareStudy(study);
  const first = once(gate, 'reached');
  const ended = research(study);
  await Promise.race([first, ended]);

  return {
    interpreter,
    experiment: async () => {
      read();
      const next = once(gate, 'reached');
      const began = timeOfDay();
      gate.emit('opened', true);
      await Promise.race([next, ended]);
      return { wall: timeOfDay() - began, training, methods: read() };
    },
    close: async () => {
      gate.emit('opened', false);
      await ended;
      await real.archive.close();
    },
  };
}

/** The lab, with a researcher that waits at a gate. After a refusal it does not wait: that is the same experiment. */
function withGate(lab: Lab, gate: EventEmitter): Lab {
  const propose: Researcher['propose'] = async (request, signal) => {
    if (request.attempt > 0) return await lab.researcher.propose(request, signal);
    const opened = once(gate, 'opened');
    gate.emit('reached');
    const [isGoingOn] = await opened;
    return isGoingOn ? await lab.researcher.propose(request, signal) : { kind: 'exhausted', reason: 'measured enough' };
  };
  return { ...lab, researcher: { ...lab.researcher, propose } };
}

function trainingOf(event: LoopEvent): MeasuredExperiment['training'] | undefined {
  if (event.event !== 'run-ended') return undefined;
  const { began_at: began, ended_at: ended } = event.result.measurement?.metrics ?? {};
  if (began === undefined || ended === undefined) throw new Error(`a run failed: ${event.result.reason}`);
  return { began: began * 1000, ended: ended * 1000 };
}
