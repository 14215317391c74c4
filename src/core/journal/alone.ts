/**
 * Runs that are made with nothing beside them: of two that were in flight when what they share changed, nobody knows which did it, and
 * alone a guilty one is found and an innocent one cleared.
 */
import type { ExperimentRecord } from './history.ts';

/** Whether the next of these runs, or the one in flight, is made alone. */
export function runsAlone({ runs }: Pick<ExperimentRecord, 'runs'>): boolean {
  return runs.findLast(({ result }) => result !== undefined)?.result?.isDoubtful === true;
}
