/**
 * The journal's entries: everything that can happen in a study, as noun-verb events.
 *
 * Everything known about a study follows from its journal. An entry is written before the effect that it announces
 * (`run-started`) or after the fact that it records (`run-ended`). After a crash the next controller can go on from any
 * of them.
 */
import { z } from 'zod';
import { codeSizeSchema } from './code-size.ts';
import { earlierSchema } from './earlier.ts';
import {
  absentSchema,
  commitField as commit,
  experimentField as experiment,
  runField as run,
  seedField,
  slotField,
} from './entry-parts.ts';
import { gpuTroubleKindSchema } from './gpu-trouble.ts';
import { heldOutBodies } from './held-out-entries.ts';
import { intrusionSchema } from './intrusion.ts';
import { frozenSchema, sessionSchema } from './kept-settings.ts';
import { machineSchema } from './machine.ts';
import { hiddenSchema, knobValueSchema, proposalSchema } from './proposal.ts';
import { runResultSchema } from './run.ts';
import { extensibleRules } from './settings/stop-rules.ts';
import { verdictSchema } from './verdict.ts';

/**
 * Why it is this researcher's proposal: the arm that `auto` asked, why, the seconds that the arm took to propose, and in whose
 * place it was asked.
 */
const choice = {
  arm: z.string().optional(),
  why: z.string().optional(),
  thoughtSeconds: z.number().nonnegative().optional(),
  /** The search that was asked and failed, so that another proposed. */
  inPlaceOf: z.object({ researcher: z.string(), reason: z.string() }).optional(),
};

/** A gain over the parent in the metric's unit, positive is better, and the standard deviation of its error. */
export const expectationSchema = z.object({ gain: z.number(), standardError: z.number().positive() });

/** What a model of the trials expects of a candidate before it runs. */
export type Expectation = z.infer<typeof expectationSchema>;

/** Tokens of one call, as `TokenUsage` has them: the input figures do not overlap, but for `shortCacheWrite`. */
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
/** Why a study ended: by a rule of its own, or because the owner stopped it. */
export type StopReason = z.infer<typeof stopReasonSchema>;

/** Of a word of the owner's on how the study goes on. */
const wordFields = {
  /** Tells one that is met twice from two that say the same. */
  id: z.string(),
  /** Journalled by the command itself, because no controller worked on the study. */
  isIdle: z.literal(true).optional(),
};

const isolation = {
  /** The tier that runs of this session have. */
  isolation: z.string(),
  /** What the tier leaves open here, by the names of the probes that found it; absent in older journals, and for `none`. */
  open: z.array(z.string()).optional(),
};

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
    /** What the owner had checked out, where that is not the start. */
    checkout: commit.optional(),
    frozen: frozenSchema,
    session: sessionSchema,
    ...isolation,
    interpreter: z.string(),
    /** Whether any file of the sandbox names NOCTURNE_SEED; if none does, a fresh seed changes nothing. */
    isSeedNamed: z.boolean(),
    /** Whether any names its budget, reads a clock, or names a limit of its time: `fixed-work.ts` says what follows. */
    isBudgetNamed: z.boolean().optional(),
    isClockRead: z.boolean().optional(),
    isLimitNamed: z.boolean().optional(),
    /** How searches draw a knob at first; absent in a study of before: anywhere in its range. */
    draws: z.literal('near-first').optional(),
    /** What the `value` policy assumes of proposals before it has seen them; absent in older studies. */
    assumes: z.literal('public').optional(),
    version: z.string(),
    absent: z.array(absentSchema).optional(),
    /** What it goes on from. */
    earlier: earlierSchema.optional(),
    /** Where runs run, where a model or an agent is told of it. */
    machine: machineSchema.optional(),
  }),
  z.object({
    event: z.literal('study-resumed'),
    session: sessionSchema,
    /** Names of the settings that changed since the last session. */
    changed: z.array(z.string()),
    ...isolation,
    absent: z.array(absentSchema).optional(),
    machine: machineSchema.optional(),
  }),
  /**
   * The owner, or an agent that drives the study, hands in an experiment with `nocturne try`. Its number is given here and does
   * not change; `proposal-made` follows when its turn has come.
   */
  z.object({
    event: z.literal('handed-in'),
    experiment,
    /** Tells one that is met twice from two with the same files. */
    id: z.string(),
    title: proposalSchema.shape.title,
    hypothesis: proposalSchema.shape.hypothesis,
    /** The editable files as they are to be run. */
    files: z.record(z.string(), z.string()),
    /** The experiment whose code it was made from. */
    from: experiment,
    /** Where in that experiment's files the secrets stand whose marks `files` have. */
    hidden: hiddenSchema.optional(),
  }),
  z.object({
    event: z.literal('proposal-made'),
    experiment,
    /** Number of proposals for this experiment that were refused before. */
    attempt: z.number().int().nonnegative(),
    /** The experiment whose candidate this one changes. */
    parent: experiment,
    researcher: z.string(),
    proposal: proposalSchema,
    /** By `file:KNOB`, the value in the parent of each knob that the proposal sets. */
    from: z.record(z.string(), knobValueSchema).optional(),
    /** The reverted experiments whose edits it makes together. */
    combines: z.array(experiment).optional(),
    /** The experiment that gained on an older incumbent, and whose edits it makes on this one. */
    reapplies: experiment.optional(),
    /** What a model of all trials expects of it before its own runs. */
    expects: expectationSchema.optional(),
    /** The reverted experiment that it runs again as it was. */
    repeats: experiment.optional(),
    ...choice,
  }),
  z.object({
    event: z.literal('proposal-refused'),
    experiment,
    attempt: z.number().int().nonnegative(),
    researcher: z.string(),
    title: z.string(),
    reason: z.string(),
    /** The experiment that gained on an older incumbent, and whose edits do nothing on this one. */
    reapplies: experiment.optional(),
    ...choice,
  }),
  /**
   * A proposal was made on an older incumbent: from here on its edits are those on this parent. It has not run yet, or what ran is
   * the same program as on this parent.
   */
  z.object({
    event: z.literal('reapplied'),
    experiment,
    parent: experiment,
    proposal: proposalSchema,
    /** As of `proposal-made`. */
    from: z.record(z.string(), knobValueSchema).optional(),
  }),
  z.object({
    event: z.literal('candidate-committed'),
    experiment,
    commit,
    tree: commit,
    /** Identifies the content of the editable files: equal means the same candidate. */
    content: z.string(),
    /**
     * Equal for programs that differ only in comments, layout, names and seeds; absent where the program does not
     * parse.
     */
    form: z.string().optional(),
    /** How much code its editable files hold. */
    code: codeSizeSchema.optional(),
  }),
  z.object({
    event: z.literal('run-started'),
    experiment,
    run,
    seed: seedField,
    /** Which of the study's slots it has, from 0 on; absent where there is one. */
    slot: slotField.optional(),
  }),
  z.object({ event: z.literal('run-ended'), experiment, run, result: runResultSchema }),
  z.object({
    event: z.literal('verdict-given'),
    experiment,
    verdict: verdictSchema,
    /** The commit on the accepted branch, for a keep. */
    kept: commit.optional(),
  }),
  z.object({ event: z.literal('branch-moved'), experiment, commit }),
  /** The machine may have changed since the incumbent was measured: its runs from this number on are repetitions. */
  z.object({ event: z.literal('drift-suspected'), experiment, run, reason: z.string() }),
  /** The incumbent's gain was large, measured once, and followed by nothing better: its runs from this number on are repetitions. */
  z.object({ event: z.literal('gain-doubted'), experiment, run, reason: z.string() }),
  /**
   * The owner's note to the researcher, by `nocturne note`, read at the entry's time. The id tells one note that is met
   * twice from two notes with the same text.
   */
  z.object({ event: z.literal('note-read'), text: z.string(), id: z.string().optional() }),
  z.object({
    event: z.literal('model-called'),
    /** The experiment that the call was made for, which may not exist yet. */
    experiment,
    attempt: z.number().int().nonnegative(),
    /** `first` and `probe` are small calls that show whether the model can be asked: before the baseline, and while it is away. */
    purpose: z.enum(['proposal', 'insight', 'first', 'probe']),
    model: z.string(),
    /** As the brief names it; absent in older journals, whose answers bring back every model. */
    asked: z.string().optional(),
    /** `answer`, or the fault's code. */
    outcome: z.string(),
    usage: usageSchema,
    /** Absent when the price is unknown. */
    usd: z.number().nonnegative().optional(),
    /** Its tokens are unknown, as of a coding agent that prints none; every figure of `usage` is 0 then. */
    isUnmetered: z.literal(true).optional(),
    /** The provider did not report the usage, or not all of it: estimated from the bytes sent and received. */
    estimated: z.literal(true).optional(),
  }),
  /** A short run of a draft before it is proposed, to see whether it works; it measures nothing. */
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
  /** A model's summary of what the experiments up to this one have taught. */
  z.object({ event: z.literal('insight-written'), experiment, model: z.string(), text: z.string() }),
  /**
   * Ranges that a search narrows, shifts or opens from this experiment on; each as the text that a brief would have.
   */
  z.object({
    event: z.literal('space-changed'),
    experiment,
    /** Number of trials that the decision is based on. */
    trials: z.number().int().nonnegative(),
    reason: z.string(),
    changes: z.array(z.object({ file: z.string(), knob: z.string(), from: z.string(), to: z.string() })),
  }),
  /**
   * The owner stops the study at once, and runs are in flight: written before they are cancelled, so that a controller
   * that finds one later knows why it ended. `by` is the signal, or `request`. `isAfterExperiment` where runs in flight go on to
   * their end, and nothing begins any more.
   */
  z.object({ event: z.literal('stop-requested'), by: z.string(), isAfterExperiment: z.literal(true).optional() }),
  /** The owner pauses the study, by `nocturne pause`: runs in flight end, nothing begins until `pause-ended`. */
  z.object({ event: z.literal('study-paused'), ...wordFields }),
  z.object({ event: z.literal('pause-ended'), ...wordFields }),
  /** The owner takes a keep out, by `nocturne revert`. */
  z.object({ event: z.literal('withdrawal-asked'), ...wordFields, experiment }),
  /** That keep is out: the one before it is the incumbent again, and what stood on it is tried again. The branch follows. */
  z.object({ event: z.literal('keep-withdrawn'), experiment }),
  /** The owner raises stop rules, by `nocturne extend`: each from what it was to what it is from here on. */
  z.object({ event: z.literal('stop-extended'), ...wordFields, from: extensibleRules, to: extensibleRules }),
  /** The GPU was lost or filled in a run of this experiment: the study waits until it can be used again. */
  z.object({ event: z.literal('gpu-away'), experiment, kind: gpuTroubleKindSchema, reason: z.string() }),
  z.object({ event: z.literal('gpu-back'), experiment }),
  /** The journal is whole again, after another program had written into it, or as the owner repaired it. */
  z.object({ event: z.literal('journal-mended'), ...intrusionSchema.shape }),
  /** The study has this tag from now on: its folder, its refs and its branch have the new name. */
  z.object({ event: z.literal('study-renamed'), tag: z.string() }),
  z.object({ event: z.literal('study-stopped'), reason: stopReasonSchema, detail: z.string() }),
  ...heldOutBodies,
] as const;

/** What an entry says, before the archive adds its sequence number and time. */
export const entryBodySchema = z.discriminatedUnion('event', bodies);
export type EntryBody = z.infer<typeof entryBodySchema>;

/**
 * One line of the journal. `at` is its time as an ISO text, which commit dates follow from. `live` is the same in seconds of the
 * controller's own clock, which nobody can set: within a session, live time is the difference of two. Older journals have none.
 */
export type Entry = EntryBody & { readonly seq: number; readonly at: string; readonly live?: number | undefined };

/** The entries of one kind. */
export type EntryOf<Event extends EntryBody['event']> = Extract<Entry, { event: Event }>;
