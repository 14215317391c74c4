/**
 * Waits while the model is away and nobody proposes in its place; the owner can stop the study meanwhile.
 */
import type { Study } from './study.ts';

const lookSeconds = 0.5;
/** A model that is merely slow to answer is asked again soon; how often it is really called is its own wrapper's business. */
const shortestSeconds = 5;
const longestSeconds = 900;

/** Resolves when it is time to ask again, or when the study is to stop. */
export async function waitForModel(study: Study, retryAfterSeconds = shortestSeconds): Promise<undefined> {
  const { lab } = study;
  const seconds = Math.min(longestSeconds, Math.max(shortestSeconds, retryAfterSeconds));
  const until = Date.parse(lab.now()) + seconds * 1000;
  while (Date.parse(lab.now()) < until) {
    if ((await study.stopWanted()) !== 'no') return;
    await lab.pause(lookSeconds);
  }
}
