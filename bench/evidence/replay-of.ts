/**
 * A public study as a world for the simulations of `bench judge`.
 */
import type { Replay } from '../judge/replay.ts';
import { noisesOf } from './noise.ts';
import { stepsOf } from './steps.ts';
import type { PublicStudy } from './study.ts';

/** Its effects in their order, without what crashed. */
export function replayOf(study: PublicStudy): Replay {
  const effects = stepsOf(study).flatMap(({ gain }) => (gain === null ? [] : [0 - gain]));
  return { repository: study.repository, half: study.half, effects, noises: [...noisesOf(study)] };
}
