/**
 * Studies of Optuna, from a storage or from a journal file (`JournalFileBackend`): one line of JSON for each operation.
 */
import { z } from 'zod';
import type { Goal } from '../base/metric.ts';
import { parseJson } from '../base/parse-json.ts';
import type { TrackedRun, TrackedStudy } from './tracked-runs.ts';

/** A study as both kinds of storage hold it. */
export const optunaStudySchema = z.object({
  name: z.string(),
  /** `minimize` or `maximize`, one for each objective; other words say nothing. */
  directions: z.array(z.string()),
  trials: z.array(
    z.object({
      number: z.number(),
      state: z.string(),
      values: z.array(z.number().nullable()),
      params: z.record(z.string(), z.unknown()),
    }),
  ),
});
export type OptunaStudy = z.infer<typeof optunaStudySchema>;

/** The study as runs; of several objectives the first is its metric. */
export function trackedOptuna({ name, directions, trials }: OptunaStudy): TrackedStudy {
  const runs = trials.map(
    ({ number, state, values, params }): TrackedRun => ({
      line: number + 1,
      id: `trial ${number}`,
      title: Object.entries(params)
        .map(([key, value]) => `${key}=${typeof value === 'number' ? Number(value.toPrecision(6)) : String(value)}`)
        .join(', '),
      // A pruned trial was given up before it had a score of its own.
      state: state.toLowerCase() === 'pruned' ? 'killed (pruned)' : state,
      metrics: Object.fromEntries(values.map((value, index) => [index === 0 ? 'value' : `value ${index + 1}`, value])),
      settings: params,
    }),
  );
  return { name, runs, metric: 'value', goal: goalOf(directions[0]) };
}

function goalOf(direction: string | undefined): Goal | undefined {
  const word = direction?.toLowerCase();
  return word === 'minimize' || word === 'maximize' ? word : undefined;
}

/** The operations of a journal file that make up its studies. */
const operation = {
  createStudy: 0,
  deleteStudy: 1,
  createTrial: 4,
  setParameter: 5,
  setState: 6,
} as const;

const states = ['RUNNING', 'COMPLETE', 'PRUNED', 'FAIL', 'WAITING'];
const directionWords = ['', 'minimize', 'maximize'];

interface DraftTrial {
  readonly number: number;
  state: string;
  values: (number | null)[];
  readonly params: Record<string, unknown>;
}

interface DraftStudy {
  readonly name: string;
  readonly directions: string[];
  readonly trials: DraftTrial[];
  isDeleted: boolean;
}

const entrySchema = z.looseObject({ op_code: z.number() });
const studySchema = z.object({ study_name: z.string(), directions: z.array(z.number()).optional() });
const trialSchema = z.object({
  study_id: z.number(),
  state: z.number().optional(),
  values: z.array(z.number().nullable()).nullish(),
  value: z.number().nullish(),
  params: z.record(z.string(), z.unknown()).optional(),
  distributions: z.record(z.string(), z.string()).optional(),
});
const parameterSchema = z.object({
  trial_id: z.number(),
  param_name: z.string(),
  param_value_internal: z.number().nullable(),
  distribution: z.string(),
});
const stateSchema = z.object({
  trial_id: z.number(),
  state: z.number(),
  values: z.array(z.number().nullable()).nullish(),
});

/** Whether a line of a file belongs to a journal of Optuna. */
export function isOptunaEntry(entry: unknown): boolean {
  return entrySchema.extend({ worker_id: z.string() }).safeParse(entry).success;
}

/** The studies of a journal's entries, those that were deleted left out. */
export function optunaStudies(entries: readonly unknown[]): readonly OptunaStudy[] {
  const studies: DraftStudy[] = [];
  const trials: DraftTrial[] = [];
  for (const raw of entries) {
    const entry = entrySchema.safeParse(raw);
    if (!entry.success) continue;
    apply(entry.data.op_code, entry.data, studies, trials);
  }
  return studies.filter(({ isDeleted }) => !isDeleted);
}

function apply(code: number, entry: unknown, studies: DraftStudy[], trials: DraftTrial[]): void {
  if (code === operation.createStudy) {
    const { data } = studySchema.safeParse(entry);
    const directions = (data?.directions ?? []).map((each) => directionWords[each] ?? '');
    studies.push({ name: data?.study_name ?? '', directions, trials: [], isDeleted: false });
  } else if (code === operation.deleteStudy) {
    const study = studies[z.object({ study_id: z.number() }).safeParse(entry).data?.study_id ?? -1];
    if (study) study.isDeleted = true;
  } else if (code === operation.createTrial) {
    const { data } = trialSchema.safeParse(entry);
    const study = studies[data?.study_id ?? -1];
    const params = Object.entries(data?.params ?? {}).map(([name, value]) => {
      return [name, parameterOf(typeof value === 'number' ? value : null, data?.distributions?.[name] ?? '')] as const;
    });
    const values = data?.values ?? (typeof data?.value === 'number' ? [data.value] : []);
    const state = states[data?.state ?? 0] ?? '';
    const trial = { number: study?.trials.length ?? 0, state, values, params: Object.fromEntries(params) };
    trials.push(trial);
    study?.trials.push(trial);
  } else if (code === operation.setParameter) {
    const { data } = parameterSchema.safeParse(entry);
    const trial = trials[data?.trial_id ?? -1];
    if (data && trial) trial.params[data.param_name] = parameterOf(data.param_value_internal, data.distribution);
  } else if (code === operation.setState) {
    const { data } = stateSchema.safeParse(entry);
    const trial = trials[data?.trial_id ?? -1];
    if (!data || !trial) return;
    trial.state = states[data.state] ?? '';
    if (data.values) trial.values = data.values;
  }
}

const choicesSchema = z.object({ attributes: z.object({ choices: z.array(z.unknown()) }) });

/** A parameter's value: a choice is kept as its index. */
function parameterOf(internal: number | null, distribution: string): unknown {
  if (internal === null) return null;
  const categorical = choicesSchema.safeParse(parseJson(distribution));
  return categorical.success ? (categorical.data.attributes.choices[internal] ?? null) : internal;
}
