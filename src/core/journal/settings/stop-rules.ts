/**
 * When a study ends by itself. An absent rule never ends it.
 */
import { z } from 'zod';
import { aboveZero, count } from './fields.ts';

const rule = z.number().optional();

/** The rules of a Brief. */
export const stopRules = z.object({
  /** Numbered experiments, the baseline not counted; the study's total over all its sessions. */
  experiments: rule,
  /** Hours during which the study was live. */
  hours: rule,
  /** A metric value that is good enough. */
  target: rule,
  /** Experiments in a row without a keep. */
  plateau: rule,
  /** US dollars for model calls. */
  usd: rule,
  /** Tokens of model calls, read and written. */
  tokens: rule,
  /** Hours of runs, each times the number of GPUs that it could use. */
  gpuHours: rule,
});
export type StopRules = Readonly<z.infer<typeof stopRules>>;

/** The keys under `stop:` in a brief. */
export const stopFields = z.strictObject(
  {
    experiments: count('a whole number of experiments, 1 or more').optional(),
    hours: aboveZero('a number of hours above zero').optional(),
    target: z.number({ error: 'a number, without quotes' }).optional(),
    plateau: count('a whole number of experiments, 1 or more').optional(),
    usd: aboveZero('a number of US dollars above zero').optional(),
    tokens: count('a whole number of tokens, 1 or more').optional(),
    gpu_hours: aboveZero('a number of GPU hours above zero').optional(),
  },
  { error: 'rules such as { experiments: 100, hours: 8 }' },
);

/** `stop:` as a brief writes it. */
export const writtenStopRules = stopFields.transform(
  ({ gpu_hours: gpuHours, ...rules }): StopRules => ({ ...rules, gpuHours }),
);

/**
 * The rules of a journal. `gpu_hours` keeps the name under which the first journals wrote it, in a History too: the
 * fold copies a session unchanged from its line.
 */
export const journalledStopRules = stopRules.omit({ gpuHours: true }).extend({ gpu_hours: rule });

/** The rules that `nocturne extend` raises: each is an amount that is used up. */
export const extensibleRules = z.object({ experiments: rule, hours: rule, usd: rule });
export type ExtensibleRules = Readonly<z.infer<typeof extensibleRules>>;
export const extensibleNames = ['experiments', 'hours', 'usd'] as const satisfies readonly (keyof ExtensibleRules)[];

/** The rules as the journal has them, without those that are undefined. */
export function journalStopRules({ gpuHours, ...rules }: StopRules): z.infer<typeof journalledStopRules> {
  const all = Object.entries({ ...rules, gpu_hours: gpuHours });
  return Object.fromEntries(all.filter(([, value]) => value !== undefined));
}
