/**
 * What `nocturne doctor` finds of the trackers of a brief: where the study would be sent, and what is missing for it. Nothing is
 * installed and nothing is asked of a server.
 */
import { findPackage } from '../../adapters/python/find-package.ts';
import type { TrackerName } from '../../core/base/names.ts';
import type { Trackers } from '../../core/journal/settings/trackers.ts';
import { openTrackers, type StudyPlace, trackers } from '../compose/trackers.ts';
import { asProblem, type Finding } from './finding.ts';

/** One finding for each tracker. */
export async function trackerFindings(places: Trackers, study: StudyPlace): Promise<readonly Finding[]> {
  const asked = Object.entries(places) as [TrackerName, string][];
  return Promise.all(asked.map(([name, place]) => trackerFinding(name, place, study)));
}

async function trackerFinding(name: TrackerName, place: string, study: StudyPlace): Promise<Finding> {
  const { needs } = trackers[name];
  if (needs !== undefined && (await findPackage(needs, study.interpreter, process.env)) === undefined) {
    const hint = `\`nocturne run --yes\` installs ${needs} into an environment of its own.`;
    return { name: 'tracker', state: 'note', text: `${name}: ${study.interpreter} has no ${needs}`, hint };
  }
  const found = (text: string): Finding => ({ name: 'tracker', state: 'ok', text });
  return openTrackers({ [name]: place }, study)
    .then(([opened]) => found(`${name}: ${opened?.tracker.place ?? ''}`))
    .catch(asProblem('tracker'));
}
