/**
 * The zod guard of a brief's front matter: which settings there are and what each must be.
 *
 * Its messages are the end of "must be …"; `brief-trouble.ts` makes the sentence.
 */
import { z } from 'zod';
import { modelPricesSchema } from '../base/model-usage.ts';
import { policyNames } from '../base/names.ts';
import { type Reading, read, refuse } from '../base/reading.ts';
import { readDeclaration } from '../space/range/declaration.ts';
import { readArgv } from './argv.ts';
import { isSearchResearcher } from './brief.ts';
import { readBriefPath, readInnerFile, readInnerPath } from './brief-path.ts';
import { readEnvironmentName } from './environment-names.ts';
import { readGuard } from './guard.ts';
import { readDuration } from './parse-duration.ts';
import { readShares } from './read-shares.ts';

/** Runs a reader as a zod field; its refusal becomes the issue. */
function field<Value>(reader: (raw: unknown) => Reading<Value>) {
  return z.unknown().transform((raw, context) => {
    const reading = reader(raw);
    if (reading.kind === 'read') return reading.value;
    const { expected, found, hint } = reading;
    context.addIssue({ code: 'custom', message: expected, params: { found, hint } });
    return z.NEVER;
  });
}

function list<Value>(reader: (raw: unknown) => Reading<Value>, expected: string) {
  return z.array(field(reader), { error: expected });
}

function count(expected: string) {
  return z.int({ error: expected }).min(1, { error: expected });
}

/** What `metric:` says, a plain name being short for `{ name }`. */
export const metricSchema = z.strictObject(
  { name: field(readMetricName), pattern: field(readPattern).optional() },
  { error: "the name of the number to improve, such as val_bpb or { name: acc, pattern: 'acc=(.*)' }" },
);

const dollars = 'a number of US dollars above zero';
const hours = 'a number of hours above zero';
const gpuHours = 'a number of GPU hours above zero';
/** What `stop:` says. */
export const stopSchema = z.strictObject(
  {
    experiments: count('a whole number of experiments, 1 or more').optional(),
    hours: z.number({ error: hours }).positive({ error: hours }).optional(),
    target: z.number({ error: 'a number, without quotes' }).optional(),
    plateau: count('a whole number of experiments, 1 or more').optional(),
    usd: z.number({ error: dollars }).positive({ error: dollars }).optional(),
    tokens: count('a whole number of tokens, 1 or more').optional(),
    gpu_hours: z.number({ error: gpuHours }).positive({ error: gpuHours }).optional(),
  },
  { error: 'rules such as { experiments: 100, hours: 8 }' },
);

/** Guards the whole front matter. */
export const settingsSchema = z.strictObject({
  sandbox: field(readBriefPath).optional(),
  edit: list(readInnerFile, 'a list of files such as [train.py]')
    .min(1, { error: 'a list of at least one file' })
    .optional(),
  include: list(readBriefPath, 'a list of paths such as [common/]').optional(),
  link: list(readInnerPath, 'a list of paths such as [data/]').optional(),
  prepare: field(readArgv).optional(),
  train: field(readArgv).optional(),
  score: field(readArgv).optional(),
  metric: z.preprocess((raw) => (typeof raw === 'string' ? { name: raw } : raw), metricSchema),
  goal: z.enum(['minimize', 'maximize'], { error: 'minimize or maximize' }).optional(),
  budget: field(readDuration).optional(),
  budget_clock: z.enum(['wall', 'cpu'], { error: 'wall or cpu' }).optional(),
  timeout: field(readDuration).optional(),
  researcher: z
    .enum(['auto', 'random', 'grid', 'recipe', 'bayes', 'llm', 'command'], {
      error: 'auto, random, grid, recipe, bayes, llm or command',
    })
    .optional(),
  shares: field(readShares).optional(),
  model: field(readModelName).optional(),
  base_url: field(readUrl).optional(),
  api: z.enum(['responses', 'chat'], { error: 'responses or chat' }).optional(),
  fallback: field(readFallback).optional(),
  command: field(readArgv).optional(),
  prices: modelPricesSchema.optional(),
  policy: z.enum(policyNames, { error: 'value, greedy or confirm' }).optional(),
  space: z.record(z.string(), field(readRangeText), { error: 'ranges such as { LR: log 1e-4..1e-1 }' }).optional(),
  guards: z
    .record(z.string(), field(readGuardText), { error: 'bounds such as { peak_memory_mb: "<= 1.2x" }' })
    .optional(),
  env: list(readEnvironmentName, 'a list of names such as [HF_HOME]').optional(),
  engine: z.enum(['local'], { error: 'local' }).optional(),
  early_kill: z.union([z.boolean(), z.literal('bold')], { error: 'true, false or bold' }).optional(),
  stop: stopSchema.optional(),
});
/** The settings as read, before their defaults. */
export type Settings = z.infer<typeof settingsSchema>;

function readMetricName(raw: unknown): Reading<string> {
  if (typeof raw === 'string' && /^[^\s:=,|]+$/.test(raw)) return read(raw);
  return refuse('a name without spaces or any of `:=,|`');
}

function readModelName(raw: unknown): Reading<string> {
  if (typeof raw === 'string' && /^[a-z][\w-]*:\S+$/.test(raw)) return read(raw);
  return refuse('provider:model, such as anthropic:claude-sonnet-5-5 or ollama:qwen3');
}

/** Another model, or a researcher that needs none. */
function readFallback(raw: unknown): Reading<string> {
  if ((typeof raw === 'string' && isSearchResearcher(raw)) || readModelName(raw).kind === 'read')
    return read(raw as string);
  return refuse('random, grid, bayes or another provider:model');
}

function readUrl(raw: unknown): Reading<string> {
  if (typeof raw === 'string' && /^https?:\/\/\S+$/.test(raw) && URL.canParse(raw)) return read(raw);
  return refuse('an address such as http://localhost:11434/v1');
}

function readPattern(raw: unknown): Reading<string> {
  if (typeof raw !== 'string' || raw === '') return refuse('a regular expression');
  const groups = countGroups(raw);
  if (groups === undefined) return refuse('a valid regular expression');
  return groups === 1 ? read(raw) : refuse(`a regular expression with one group, not ${groups}`);
}

/** An empty alternative matches anything, and the match has a place for each group. */
function countGroups(pattern: string): number | undefined {
  try {
    new RegExp(pattern);
    return (new RegExp(`${pattern}|`).exec('')?.length ?? 1) - 1;
  } catch {
    return undefined;
  }
}

function readRangeText(raw: unknown): Reading<string> {
  const reading = readDeclaration(raw);
  return reading.kind === 'read' ? read(String(raw).trim()) : reading;
}

function readGuardText(raw: unknown): Reading<string> {
  const reading = readGuard(raw);
  return reading.kind === 'read' ? read(String(raw).trim()) : reading;
}
