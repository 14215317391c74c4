/**
 * An experiment as the batches in which MLflow takes metrics, parameters and tags.
 */
import type { TrackedExperiment } from '../../core/views/tracked-study.ts';
import { seriesOf } from './series.ts';

interface Named {
  readonly key: string;
  readonly value: string;
}

export interface Batch {
  readonly metrics: readonly {
    readonly key: string;
    readonly value: number;
    readonly timestamp: number;
    readonly step: number;
  }[];
  readonly params: readonly Named[];
  readonly tags: readonly Named[];
}

/** What the server takes in one batch: 1000 things, of them 100 parameters. */
const maxMetrics = 800;
const maxParams = 100;
/** Characters. */
const maxName = 250;
const maxParam = 6000;
const maxTag = 5000;

/** At least one batch; always the same ones for the same experiment. */
export function batchesOf(tracked: TrackedExperiment): readonly Batch[] {
  const metrics = seriesOf(tracked).map(({ name, step, value, at }) => ({
    key: nameOf(name),
    value,
    timestamp: Math.round(at * 1000),
    step,
  }));
  const params = Object.entries(tracked.params).map(([key, value]) => ({
    key: nameOf(key),
    value: (typeof value === 'string' ? value : JSON.stringify(value)).slice(0, maxParam),
  }));
  const count = Math.max(1, Math.ceil(metrics.length / maxMetrics), Math.ceil(params.length / maxParams));
  return Array.from({ length: count }, (_, index) => ({
    metrics: metrics.slice(index * maxMetrics, (index + 1) * maxMetrics),
    params: params.slice(index * maxParams, (index + 1) * maxParams),
    tags: index === 0 ? tagsOf(tracked) : [],
  }));
}

/** With the description that MLflow shows above a run. */
export function tagsOf({ tags }: TrackedExperiment): readonly Named[] {
  const { commit, hypothesis, reason } = tags;
  const description = [hypothesis, reason].filter(Boolean).join('\n\n');
  const own = Object.entries(tags).map(([name, value]) => ({ key: `nocturne.${name}`, value: value.slice(0, maxTag) }));
  return [
    ...own,
    ...(commit === undefined ? [] : [{ key: 'mlflow.source.git.commit', value: commit }]),
    ...(description === '' ? [] : [{ key: 'mlflow.note.content', value: description.slice(0, maxTag) }]),
  ];
}

/** The server takes letters, digits, `_`, `-`, `.`, `/` and spaces. */
function nameOf(name: string): string {
  return name.replace(/[^\w\-./ ]/g, '_').slice(0, maxName);
}
