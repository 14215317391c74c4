/**
 * The journal's entries: everything that can happen in a study, as noun-verb events.
 *
 * The journal is the study's only truth. An entry is written before the effect it announces (`run-started`) or after the
 * fact it records (`run-ended`); each is safe to meet again after a crash.
 */
import { z } from 'zod';
import { codeSizeSchema } from './code-size.ts';
import { commitField as commit, experimentField as experiment, runField as run, seedField } from './entry-parts.ts';
import { heldOutBodies } from './held-out-entries.ts';
import { frozenSchema, sessionSchema } from './kept-settings.ts';
import { proposalSchema } from './proposal.ts';
import { runResultSchema } from './run.ts';
import { verdictSchema } from './verdict.ts';

/** What `researcher: auto` says of a proposal: which arm it asked, in one sentence why, and how long that arm thought. */
const choice = {
  arm: z.string().optional(),
  why: z.string().optional(),
  thoughtSeconds: z.number().nonnegative().optional(),
};

/** Tokens of one call; the input figures are disjoint. */
const usageSchema = z.object({
  uncachedInput: z.number().nonnegative(),
  cachedInput: z.number().nonnegative(),
  cacheWrite: z.number().nonnegative(),
  shortCacheWrite: z.number().nonnegative().optional(),
  output: z.number().nonnegative(),
});

export const stopReasonSchema = z.enum([
  'experiments',
  'hours',
  'usd',
  'tokens',
  'gpu-hours',
  'target',
  'plateau',
  'exhausted',
  'stopped',
  'paused',
]);
/** Why a study ended: by a rule of its own, or because somebody stopped it. */
export type StopReason = z.infer<typeof stopReasonSchema>;

const bodies = [
  z.object({
    event: z.literal('study-started'),
    tag: z.string(),
    /** What seeds are hashed from: `--seed`, else the tag. */
    study: z.string(),
    /** The brief's path, relative to the repository's root. */
    brief: z.string(),
    /** The commit that experiment 0 runs: where the study starts. */
    start: commit,
    frozen: frozenSchema,
    session: sessionSchema,
    isolation: z.string(),
    interpreter: z.string(),
    /** Whether any file of the sandbox names NOCTURNE_SEED; without it a fresh seed is no fresh run. */
    isSeedNamed: z.boolean(),
    version: z.string(),
  }),
  z.object({
    event: z.literal('study-resumed'),
    session: sessionSchema,
    /** Names of the settings that changed since the last session. */
    changed: z.array(z.string()),
    isolation: z.string(),
  }),
  z.object({
    event: z.literal('proposal-made'),
    experiment,
    /** How often the researcher was asked for this experiment before, and refused. */
    attempt: z.number().int().nonnegative(),
    /** The experiment whose candidate this one changes. */
    parent: experiment,
    researcher: z.string(),
    proposal: proposalSchema,
    ...choice,
  }),
  z.object({
    event: z.literal('proposal-refused'),
    experiment,
    attempt: z.number().int().nonnegative(),
    researcher: z.string(),
    title: z.string(),
    reason: z.string(),
    ...choice,
  }),
  z.object({
    event: z.literal('candidate-committed'),
    experiment,
    commit,
    tree: commit,
    /** Identifies the content of the editable files: equal means the same candidate. */
    content: z.string(),
    /** Identifies what the program does, comments, layout, names and seeds apart; absent where it does not parse. */
    form: z.string().optional(),
    /** How much code its editable files hold. */
    code: codeSizeSchema.optional(),
  }),
  z.object({ event: z.literal('run-started'), experiment, run, seed: seedField }),
  z.object({ event: z.literal('run-ended'), experiment, run, result: runResultSchema }),
  z.object({
    event: z.literal('verdict-given'),
    experiment,
    verdict: verdictSchema,
    /** The commit on the accepted branch, for a keep. */
    kept: commit.optional(),
  }),
  z.object({ event: z.literal('branch-moved'), experiment, commit }),
  /** The machine may have changed since the incumbent was measured; from this run on it is run again. */
  z.object({ event: z.literal('drift-suspected'), experiment, run, reason: z.string() }),
  /** The owner's word to the researcher, by `nocturne note`; read at the entry's time. The id tells one met twice from two alike. */
  z.object({ event: z.literal('note-read'), text: z.string(), id: z.string().optional() }),
  z.object({
    event: z.literal('model-called'),
    /** The experiment it was asked for, which may not exist yet. */
    experiment,
    attempt: z.number().int().nonnegative(),
    purpose: z.enum(['proposal', 'insight']),
    model: z.string(),
    /** `answer`, or the fault's code. */
    outcome: z.string(),
    usage: usageSchema,
    /** Absent when the price is unknown. */
    usd: z.number().nonnegative().optional(),
    /** Nobody said how many tokens it used: a coding agent that prints none. `usage` is all zero then. */
    isUnmetered: z.literal(true).optional(),
  }),
  /** A short run of a draft, before anything is proposed; it measures nothing. */
  z.object({
    event: z.literal('smoke-ended'),
    experiment,
    attempt: z.number().int().nonnegative(),
    /** `exited 0` or what went wrong. */
    ending: z.string(),
    seconds: z.number().nonnegative(),
  }),
  z.object({
    event: z.literal('model-away'),
    experiment,
    model: z.string(),
    code: z.string(),
    message: z.string(),
    retryAfterSeconds: z.number().nonnegative().optional(),
  }),
  /** What the experiments up to this one have taught, distilled by a model. */
  z.object({ event: z.literal('insight-written'), experiment, model: z.string(), text: z.string() }),
  /** Ranges that a search narrows, shifts or opens from this experiment on; each as the text that a brief would have. */
  z.object({
    event: z.literal('space-changed'),
    experiment,
    /** How many trials the decision saw. */
    trials: z.number().int().nonnegative(),
    reason: z.string(),
    changes: z.array(z.object({ file: z.string(), knob: z.string(), from: z.string(), to: z.string() })),
  }),
  z.object({ event: z.literal('study-stopped'), reason: stopReasonSchema, detail: z.string() }),
  ...heldOutBodies,
] as const;

/** What an entry says, before the archive adds its sequence number and time. */
export const entryBodySchema = z.discriminatedUnion('event', bodies);
export type EntryBody = z.infer<typeof entryBodySchema>;

/** One line of the journal. `at` is an ISO time, informational but for commit dates. */
export type Entry = EntryBody & { readonly seq: number; readonly at: string };

/** The entries of one kind. */
export type EntryOf<Event extends EntryBody['event']> = Extract<Entry, { event: Event }>;
