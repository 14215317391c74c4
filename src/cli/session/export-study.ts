/**
 * Sends a study to a tracker after the fact: what was not sent yet, and what has changed since.
 */
import { type TrackedExperiment, trackedExperiments } from '../../core/views/tracked-study.ts';
import type { Tracker } from '../../ports/tracker.ts';
import { openJobReader } from '../compose/engines.ts';
import { openExportState } from '../study-folder/export-state.ts';
import { findCurve } from '../study-folder/read-curve.ts';
import { readPatch } from '../study-folder/read-experiment.ts';
import type { FoundStudy } from '../study-folder/studies.ts';
import { openCleaner } from './open-cleaner.ts';

/** What `nocturne export --json` prints. */
export interface Exported {
  readonly tag: string;
  readonly to: string;
  readonly place: string;
  /** Numbers of experiments: sent now, there before, and without their last word yet. */
  readonly sent: readonly number[];
  readonly before: readonly number[];
  readonly open: readonly number[];
}

/** Sends what is not there. Throws a ResearchError where it cannot; what was sent until then is remembered. */
export async function exportStudy(study: FoundStudy, to: string, tracker: Tracker): Promise<Exported> {
  const { tag, folder, history } = study;
  const all = await withAttachments(study, trackedExperiments(history));
  const state = await openExportState(folder, to, tracker.place);
  const [before, due] = [[] as TrackedExperiment[], [] as TrackedExperiment[]];
  for (const one of all) (state.isSent(one) && (await tracker.has(one)) ? before : due).push(one);
  if (due.length > 0) await tracker.send(due, state.remember);
  const settled = new Set(all.map(({ experiment }) => experiment));
  const open = history.experiments.map(({ experiment }) => experiment).filter((number) => !settled.has(number));
  const numbers = (some: readonly TrackedExperiment[]) => some.map(({ experiment }) => experiment);
  return { tag, to, place: tracker.place, sent: numbers(due), before: numbers(before), open };
}

/** With the curve and the diff of each; secrets that a diff holds are marks, as in the journal. */
async function withAttachments(
  study: FoundStudy,
  experiments: readonly TrackedExperiment[],
): Promise<readonly TrackedExperiment[]> {
  const jobs = openJobReader(study.history.session.engine);
  const { clean } = await openCleaner(study.briefArgument);
  const found: TrackedExperiment[] = [];
  for (const one of experiments) {
    const { experiment } = one;
    const curve = one.runs.length === 0 ? undefined : await findCurve(study, jobs, experiment);
    const patch = clean(await readPatch(study, experiment));
    found.push({ ...one, ...(curve && { curve }), ...(patch !== '' && { patch }) });
  }
  return found;
}
