/**
 * Every setting of a brief: one row each. What a brief may say, the type `Brief`, the defaults, and what the journal
 * keeps all follow from this table; only the code that acts on a setting names it too.
 *
 * The key is the setting's name in code, where units come last: `budgetSeconds` is `budget` in a brief.
 */
import { z } from 'zod';
import { modelPricesSchema } from '../../base/model-usage.ts';
import { channelNames, engineNames, policyNames, tierNames, trackerNames } from '../../base/names.ts';
import { researcherNames } from '../../base/researchers.ts';
import { readArgv } from './argv.ts';
import { readBriefPath, readInnerFile, readLinkPath } from './brief-path.ts';
import { readChannelName } from './channel-name.ts';
import { engineSettings } from './engine-settings.ts';
import { readEnvironmentName } from './environment-names.ts';
import { count, countOrAuto, field, list, oneOf, wholeNumber } from './fields.ts';
import { readGuardText } from './guard.ts';
import { writtenMetric } from './metric-fields.ts';
import { readEffort, readFallback, readModelName, readUrl } from './model-name.ts';
import { readDuration } from './parse-duration.ts';
import { readShares } from './read-shares.ts';
import { stopRules, writtenStopRules } from './stop-rules.ts';
import { readTrackers } from './trackers.ts';

/**
 * What the journal keeps of a setting.
 *
 * - `frozen`: it gives the study's numbers their meaning, so it may not change within a study.
 * - `session`: the owner may change it between sessions; each change is journalled.
 * - `machine`: nothing. It belongs to this machine or account, and may differ on another one.
 * - `metric`: it is journalled as a part of the metric, which is frozen.
 */
export type Kept = 'frozen' | 'session' | 'machine' | 'metric';

export interface Setting {
  readonly kept: Kept;
  /** The value in a Brief and in the journal. */
  readonly schema: z.ZodType;
  /** How a brief writes it, where that differs from the value's own form. */
  readonly written?: z.ZodType;
  /** The value when a brief leaves it out; a setting without a default may be absent. */
  readonly default?: unknown;
}

const text = z.string();
const texts = z.array(text).readonly();
const byName = z.record(text, text).readonly();
const argv = { schema: texts, written: field(readArgv) };
const duration = { schema: z.number(), written: field(readDuration) };

export const settings = {
  /** The folder researched, relative to the brief, `/`-separated; `.` is the brief's own folder. */
  sandbox: { kept: 'frozen', schema: text, written: field(readBriefPath), default: '.' },
  /** The only files an experiment may change, relative to the sandbox. */
  edit: {
    kept: 'frozen',
    schema: texts,
    written: list(readInnerFile, 'a list of files such as [train.py]', 'a list of at least one file'),
    default: ['train.py'],
  },
  /** Further tracked paths that a run needs, relative to the brief. */
  include: {
    kept: 'frozen',
    schema: texts,
    written: list(readBriefPath, 'a list of paths such as [common/]'),
    default: [],
  },
  /** Ignored paths of the owner's repository that runs read, relative to the sandbox. */
  link: {
    kept: 'machine',
    schema: texts,
    written: list(readLinkPath, 'a list of paths such as [data/]'),
    default: [],
  },
  prepare: { kept: 'frozen', ...argv },
  train: { kept: 'frozen', ...argv, default: ['python', 'train.py'] },
  score: { kept: 'frozen', ...argv },
  metric: {
    kept: 'frozen',
    schema: z.object({
      name: text,
      goal: z.enum(['minimize', 'maximize']),
      pattern: text.optional(),
      file: text.optional(),
    }),
    written: writtenMetric,
  },
  /** Which way is better; `brief/metric-goal.ts` reads it off the metric's name where a brief leaves it out. */
  goal: { kept: 'metric', schema: z.enum(['minimize', 'maximize'], { error: 'minimize or maximize' }) },
  /** Training time of a run. */
  budgetSeconds: { kept: 'frozen', ...duration, default: 300 },
  budgetClock: { kept: 'frozen', schema: z.enum(['wall', 'cpu'], { error: 'wall or cpu' }), default: 'wall' },
  /** Whether a training that has no end of its own is ended when its budget is over; its last score then counts. */
  endAtBudget: { kept: 'frozen', schema: z.boolean({ error: 'true or false' }), default: false },
  /** Hard wall limit for everything of one run; `brief.ts` derives the default from the budget. */
  timeoutSeconds: { kept: 'session', ...duration },
  researcher: { kept: 'session', schema: oneOf(researcherNames), default: researcherNames[0] },
  /**
   * Share of a study that `auto` gives to a researcher or an arm, in [0, 1]; it divides the rest among the absent ones.
   */
  shares: { kept: 'session', schema: z.record(text, z.number()).readonly(), written: field(readShares) },
  /** `provider:model`, for the `llm` researcher. */
  model: { kept: 'session', schema: text, written: field(readModelName) },
  baseUrl: { kept: 'machine', schema: text, written: field(readUrl) },
  api: { kept: 'machine', schema: z.enum(['responses', 'chat'], { error: 'responses or chat' }) },
  /** Reasoning effort, as the model's provider names it. */
  effort: { kept: 'session', schema: text, written: field(readEffort) },
  /** Tokens of one reply at most; less is asked for where they do not fit. */
  maxOutput: { kept: 'session', schema: z.int().positive(), written: count('a number of tokens such as 16000') },
  /** Tokens that fit the model, request and reply together, where neither list nor server says it. */
  context: { kept: 'machine', schema: z.int().positive(), written: count('a number of tokens such as 32768') },
  /** Who proposes while the model is away: a search researcher, or another `provider:model`. */
  fallback: { kept: 'session', schema: text, written: field(readFallback) },
  /** The coding agent of the `command` researcher: a known name, or a command of the owner's. */
  command: { kept: 'session', ...argv },
  /** The owner's prices, model name -> US dollars per million tokens; they win over the shipped ones. */
  prices: { kept: 'machine', schema: modelPricesSchema },
  policy: { kept: 'session', schema: oneOf(policyNames), default: policyNames[0] },
  /** Declared ranges, knob name -> range text such as `log 1e-4..1e-1`; `brief-schema.ts` reads them. */
  space: { kept: 'session', schema: byName, default: {} },
  /** Declared knobs, name -> start value and range such as `1.0 in log 0.03..30`; `brief-schema.ts` reads them. */
  knobs: { kept: 'session', schema: byName, default: {} },
  /** Bounds of secondary metrics, such as `<= 9000` or `<= 1.2x`; a candidate that breaks one is not kept. */
  guards: {
    kept: 'session',
    schema: byName,
    written: z.record(text, field(readGuardText), { error: 'bounds such as { peak_memory_mb: "<= 1.2x" }' }),
  },
  /** Names of further environment variables that runs may see. */
  env: {
    kept: 'machine',
    schema: texts,
    written: list(readEnvironmentName, 'a list of names such as [HF_HOME]'),
    default: [],
  },
  /** Where the owner is told of a new best, trouble, a budget nearly spent and the end. */
  notify: {
    kept: 'machine',
    schema: z.array(z.enum(channelNames)).readonly(),
    written: list(readChannelName, 'a list of channels such as [ntfy, desktop]'),
    default: [],
  },
  /** A program of the owner's that is told too: `{title}` in its words is the title, its standard input the text. */
  notifyCommand: { kept: 'machine', ...argv },
  /** Where the study is sent while it runs: tracker -> its place there. */
  trackers: {
    kept: 'machine',
    schema: z.partialRecord(z.enum(trackerNames), text).readonly(),
    written: field(readTrackers),
    default: {},
  },
  engine: { kept: 'session', schema: oneOf(engineNames), default: engineNames[0] },
  ...engineSettings,
  /** Runs that are made at once; `auto` is as many as this machine has room for, or its engine at the start of a session. */
  slots: {
    kept: 'session',
    schema: countOrAuto(1, 'a whole number of runs at once, 1 or more, or auto'),
    default: 1,
  },
  /** Runs that share a GPU. */
  slotsPerGpu: {
    kept: 'session',
    schema: z.int().min(1),
    written: count('a whole number of runs on one GPU, 1 or more'),
    default: 1,
  },
  /** GPUs that a run trains on; a slot's, where it is left out. None: slots are shares of the cores, and GPUs are hidden from runs. */
  gpus: { kept: 'session', schema: wholeNumber(0, 'a whole number of GPUs of a run, or 0 for none') },
  /** Proposals that are thought of before a slot is free for them; `auto` is as many as keep the slots full. */
  ahead: {
    kept: 'session',
    schema: countOrAuto(0, 'a whole number of proposals, 0 or more, or auto'),
    default: 'auto',
  },
  /** The least that runs are to be kept from the rest of the machine by; what the machine has, where it is left out. */
  isolation: { kept: 'session', schema: oneOf(tierNames) },
  /** Whether training may use the network, which isolation else takes from it. */
  network: { kept: 'session', schema: z.boolean({ error: 'true or false' }), default: false },
  earlyKill: {
    kept: 'session',
    schema: z.enum(['off', 'safe', 'bold']),
    written: z.union([z.boolean(), z.literal('bold')], { error: 'true, false or bold' }).transform(earlyKillMode),
    default: 'safe',
  },
  stop: { kept: 'session', schema: stopRules.readonly(), written: writtenStopRules, default: {} },
} satisfies Record<string, Setting>;

/** The setting's name in a brief: snake case, without its unit. */
export function briefNameOf(key: string): string {
  return key.replace(/Seconds$/, '').replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
}

type Settings = typeof settings;

/** The schemas of the settings that the journal keeps in this way. */
export function schemasKept<Asked extends Kept>(asked: Asked) {
  const rows: readonly (readonly [string, Setting])[] = Object.entries(settings);
  const schemas = rows.filter(([, { kept }]) => kept === asked).map(([key, { schema }]) => [key, schema]);
  return Object.fromEntries(schemas) as {
    [Key in keyof Settings as Settings[Key]['kept'] extends Asked ? Key : never]: Settings[Key]['schema'];
  };
}

function earlyKillMode(asked: boolean | 'bold'): 'off' | 'safe' | 'bold' {
  if (asked === 'bold') return asked;
  return asked ? 'safe' : 'off';
}
