/**
 * A journal of AIDE (`journal.json`): the nodes of its tree of solutions, each with a metric that knows its direction.
 */
import { z } from 'zod';
import type { TrackedRun, TrackedStudy } from './tracked-runs.ts';

const nodeSchema = z.object({
  id: z.string().optional(),
  step: z.number().nullish(),
  plan: z.string().nullish(),
  is_buggy: z.boolean().nullish(),
  exc_type: z.string().nullish(),
  metric: z
    .union([
      z.object({ value: z.number().nullish(), maximize: z.boolean().nullish(), name: z.string().nullish() }),
      z.number(),
    ])
    .nullish(),
});
const journalSchema = z.object({ nodes: z.array(nodeSchema) });

/** The study in a journal; undefined for any other JSON. */
export function aideStudy(document: unknown): TrackedStudy | undefined {
  const parsed = journalSchema.safeParse(document);
  if (!parsed.success || !parsed.data.nodes.some((node) => 'metric' in node && 'plan' in node)) return undefined;
  const nodes = parsed.data.nodes;
  const directions = nodes.flatMap(({ metric }) => (typeof metric === 'object' ? (metric?.maximize ?? []) : []));
  const [isMaximized] = directions;
  const runs = nodes.map(({ id = '', plan, is_buggy, exc_type, metric }, index): TrackedRun => {
    const value = typeof metric === 'number' ? metric : (metric?.value ?? null);
    const isBuggy = is_buggy === true || value === null;
    return {
      line: index + 1,
      id: id.slice(0, 8),
      title: plan ?? '',
      state: isBuggy ? `crash${exc_type ? ` (${exc_type})` : ''}` : 'ok',
      metrics: { metric: value },
      settings: {},
    };
  });
  return {
    name: '',
    runs,
    metric: 'metric',
    goal: isMaximized === undefined ? undefined : isMaximized ? 'maximize' : 'minimize',
  };
}
