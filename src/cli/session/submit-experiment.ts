/**
 * Reads an experiment of the owner's, or of an agent that drives the study, and hands it in.
 */
import { locateBrief } from '../compose/locate-brief.ts';
import type { FoundStudy } from '../study-folder/studies.ts';
import { handIn } from './hand-in.ts';
import { readHandIn } from './read-hand-in.ts';
import type { HandInAsked } from './read-hand-in-source.ts';

/** What `nocturne try --json` prints. */
export interface Submitted {
  readonly tag: string;
  readonly experiment: number;
  /** Whether a controller works on the study now. */
  readonly isRunning: boolean;
  readonly title: string;
  /** The experiment whose code it was made from. */
  readonly from: number;
  readonly incumbent: number;
  /** Lines that it adds to the incumbent's code, and takes out of it. */
  readonly added: number;
  readonly removed: number;
}

/** Hands it in and gives its number. Throws a SettingsError that says what is wrong with it, and hands in nothing then. */
export async function submitExperiment(
  study: FoundStudy,
  asked: Omit<HandInAsked, 'located' | 'study'>,
): Promise<Submitted> {
  const located = await locateBrief(study.briefArgument);
  const { handIn: ready, added, removed } = await readHandIn({ ...asked, located, study });
  const { experiment, isRunning } = await handIn(study, ready);
  const { title, from } = ready;
  return { tag: study.tag, experiment, isRunning, title, from, incumbent: study.history.incumbent, added, removed };
}
