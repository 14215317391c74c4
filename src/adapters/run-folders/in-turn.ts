/**
 * Several runs in flight share a study's data: what looks at these, or lays them out, is done for one run after the other.
 */
import { createTurns } from '../../core/base/turns.ts';

/** The same methods, of which no two are at work at once; they begin in the order of the calls. */
export function inTurn<Methods extends Readonly<Record<string, unknown>>>(methods: Methods): Methods {
  const turns = createTurns();
  const queue =
    (act: (...args: unknown[]) => Promise<unknown>) =>
    (...args: unknown[]) =>
      turns(() => act(...args));
  const queued = Object.entries(methods).map(([name, method]) => [
    name,
    typeof method === 'function' ? queue(method as (...args: unknown[]) => Promise<unknown>) : method,
  ]);
  return Object.fromEntries(queued) as Methods;
}
