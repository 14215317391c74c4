/**
 * The brief: what to research, what may be changed, how a run is trained and scored, and when to stop.
 *
 * Every setting is resolved: units are seconds, defaults are filled in. `parse-brief.ts` makes one out of `program.md`.
 */
import { z } from 'zod';
import type { BudgetClock } from '../base/names.ts';
import { maxDurationSeconds } from '../journal/settings/parse-duration.ts';
import { type Setting, settings } from '../journal/settings/settings.ts';

type Settings = Omit<typeof settings, 'goal'>;

/** The source of the type `Brief`: it fills in what is left out. */
export const briefSchema = z
  .object({
    ...settingFields(),
    /** What to research, in the owner's words. */
    prose: z.string(),
    /** A karpathy-shaped folder has a `program.md` without front matter beside its `train.py`. */
    form: z.enum(['front-matter', 'karpathy']),
    metric: settings.metric.schema,
  })
  .transform((brief) => ({
    ...brief,
    timeoutSeconds: brief.timeoutSeconds ?? defaultTimeoutSeconds(brief.budgetSeconds, brief.budgetClock),
  }));
export type Brief = Readonly<z.output<typeof briefSchema>>;
/** A brief in which settings may be left out. */
export type GivenBrief = Readonly<z.input<typeof briefSchema>>;

/** The hard limit of a run whose brief names none: training may start slowly, and CPU seconds pass slower than wall. */
export function defaultTimeoutSeconds(budgetSeconds: number, clock: BudgetClock): number {
  return Math.min(budgetSeconds * (clock === 'cpu' ? 10 : 2) + 120, maxDurationSeconds);
}

/** The table's settings as fields of a Brief: one with a default is always there, any other may be absent. */
function settingFields() {
  const { goal: _, ...rows } = settings;
  const fields = Object.entries<Setting>(rows).map(([key, row]) => [
    key,
    'default' in row ? row.schema.default(row.default) : row.schema.optional(),
  ]);
  return Object.fromEntries(fields) as {
    [Key in keyof Settings]: Settings[Key] extends { readonly default: unknown }
      ? z.ZodDefault<Settings[Key]['schema']>
      : z.ZodOptional<Settings[Key]['schema']>;
  };
}
