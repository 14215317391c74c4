/**
 * What the journal keeps of a brief's settings: picks of `settings/settings.ts`.
 *
 * The keys that are named here are those of the first journals, in the order in which lines have them. A setting that
 * was added later need not be named here. Older journals lack it, so it is written only when it is not the default.
 */
import { z } from 'zod';
import { type Setting, schemasKept, settings } from './settings/settings.ts';
import { journalledStopRules, journalStopRules, type StopRules } from './settings/stop-rules.ts';

const frozen = schemasKept('frozen');
const firstFrozen = {
  metric: frozen.metric,
  sandbox: frozen.sandbox,
  edit: frozen.edit,
  include: frozen.include,
  prepare: frozen.prepare.optional(),
  train: frozen.train,
  score: frozen.score.optional(),
  budgetSeconds: frozen.budgetSeconds,
  budgetClock: frozen.budgetClock,
};

/** The settings that may not change within a study, because they would change what its numbers mean. */
export const frozenSchema = z.object({ ...firstFrozen, ...z.object(frozen).partial().shape, ...firstFrozen });
export type Frozen = z.infer<typeof frozenSchema>;

const session = schemasKept('session');
const firstSession = {
  prose: z.string(),
  // Any name: a journal may come from a version that knows others, or from a ledger that names none.
  researcher: z.string(),
  policy: z.string(),
  engine: z.string(),
  space: session.space,
  timeoutSeconds: session.timeoutSeconds,
  earlyKill: session.earlyKill.optional(),
  stop: journalledStopRules,
  model: session.model.optional(),
  fallback: session.fallback.optional(),
  command: session.command.optional(),
  shares: session.shares.optional(),
  guards: session.guards.optional(),
};

/** The settings that the owner may change between sessions; each change is journalled and then used. */
export const sessionSchema = z.object({ ...firstSession, ...z.object(session).partial().shape, ...firstSession });
export type Session = z.infer<typeof sessionSchema>;

/** The settings of a brief that stay frozen. */
export function frozenOf(brief: Frozen): Frozen {
  return frozenSchema.parse(withoutDefaults(brief, frozenSchema.shape));
}

/** The settings of a brief that a later session may change. */
export function sessionOf(brief: Omit<Session, 'stop'> & { readonly stop: StopRules }): Session {
  return sessionSchema.parse(withoutDefaults({ ...brief, stop: journalStopRules(brief.stop) }, sessionSchema.shape));
}

/** Without the keys that are undefined, and without the defaults of those that a journal may lack. */
function withoutDefaults(brief: object, shape: Readonly<Record<string, z.ZodType>>): object {
  const rows: Readonly<Record<string, Setting>> = settings;
  const isSaid = ([key, value]: [string, unknown]) => {
    if (value === undefined) return false;
    const mayLack = shape[key]?.safeParse(undefined).success ?? false;
    return !mayLack || JSON.stringify(value) !== JSON.stringify(rows[key]?.default);
  };
  return Object.fromEntries(Object.entries(brief).filter(isSaid));
}
