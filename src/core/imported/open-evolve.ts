/**
 * Programs of an OpenEvolve checkpoint: each a JSON file with its metrics. It maximises `combined_score`, else the mean of
 * all metrics (`get_fitness_score` in its `utils/metrics_utils.py`).
 */
import { z } from 'zod';
import { mean } from '../statistics/moments.ts';
import type { TrackedRun, TrackedStudy } from './tracked-runs.ts';

const programSchema = z.object({
  id: z.string(),
  code: z.string(),
  iteration_found: z.number().optional(),
  timestamp: z.number().optional(),
  changes_description: z.string().optional(),
  metrics: z.record(z.string(), z.unknown()),
  metadata: z.looseObject({ changes: z.unknown().optional() }).nullish(),
});

/** Whether a JSON document is a program of OpenEvolve. */
export function isProgram(document: unknown): boolean {
  return programSchema.safeParse(document).success;
}

/** The programs as one study, in the order in which they were found. */
export function openEvolveStudy(documents: readonly unknown[]): TrackedStudy {
  const programs = documents
    .flatMap((document) => programSchema.safeParse(document).data ?? [])
    .toSorted((a, b) => (a.iteration_found ?? 0) - (b.iteration_found ?? 0) || (a.timestamp ?? 0) - (b.timestamp ?? 0));
  const isCombined = programs.some(({ metrics }) => typeof metrics.combined_score === 'number');
  const metric = isCombined ? 'combined_score' : 'mean of metrics';
  const runs = programs.map((program, index): TrackedRun => {
    const numbers = Object.entries(program.metrics).flatMap(([name, value]) =>
      typeof value === 'number' && Number.isFinite(value) ? [[name, value] as const] : [],
    );
    const all = Object.fromEntries(numbers);
    const fitness = isCombined ? (all.combined_score ?? null) : numbers.length === 0 ? null : mean(Object.values(all));
    // The evaluator reports a failure as the metric `error`.
    const hasFailed = fitness === null || Object.hasOwn(program.metrics, 'error');
    const changes = typeof program.metadata?.changes === 'string' ? program.metadata.changes : '';
    return {
      line: index + 1,
      id: program.id.slice(0, 8),
      title: program.changes_description || changes || `program of iteration ${program.iteration_found ?? index}`,
      state: hasFailed ? 'crash' : 'ok',
      metrics: { ...all, [metric]: fitness },
      settings: {},
    };
  });
  return { name: '', runs, metric, goal: 'maximize' };
}
