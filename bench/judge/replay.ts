/**
 * Public studies as worlds: each proposal does what an experiment of the ledger was measured to do, in its order.
 *
 * An effect counts in sigma of one run: the repository's own where it repeated a configuration, else those of other
 * repositories with such a metric, in turns, so that no one guess decides. What crashed is left out. The effects are as measured, so
 * they hold the noise of their own runs, and the luck of the incumbents of their time: small ones lean to the worse.
 */
import { readFile } from 'node:fs/promises';
import { z } from 'zod';
import { SettingsError } from '../../src/core/base/errors.ts';
import type { World } from './worlds.ts';

const replaySchema = z.object({
  repository: z.string(),
  half: z.enum(['choosing', 'judged']),
  /** Effects in the order of the experiments, as shares of the incumbent's score; lower is better. */
  effects: z.array(z.number()),
  /** One run's standard deviation as a share of the score: the one that is known, else those of others. */
  noises: z.array(z.number().positive()).min(1),
});
const fileSchema = z.object({ replays: z.array(replaySchema) });

/** A study to replay. */
export type Replay = z.infer<typeof replaySchema>;

/** The replays of a file that `npm run bench -- evidence --worlds FILE` wrote. */
export async function readReplays(path: string): Promise<readonly Replay[]> {
  const read = fileSchema.safeParse(JSON.parse(await readFile(path, 'utf8')));
  if (read.success) return read.data.replays;
  throw new SettingsError(
    `${path}: expected what bench evidence --worlds writes, found ${z.prettifyError(read.error)}`,
  );
}

/** The world of a replay in the study of this number, to be made anew for each: its effects go by. Noises take turns. */
export function replayWorld({ repository, effects, noises }: Replay, study: number): World {
  const noise = noises[study % noises.length] ?? Number.NaN;
  let next = 0;
  return { name: repository, effect: () => (effects[next++] ?? 0) / noise };
}
