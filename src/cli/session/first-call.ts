/**
 * The first call: one small call of each model before the baseline, so that what can never succeed is said while the
 * owner is there, and not in the morning.
 */
import { ProviderError } from '../../core/base/errors.ts';
import { withFullStop } from '../../core/base/format.ts';
import type { Brief } from '../../core/brief/brief.ts';
import { hasSearch } from '../../core/brief/proposers.ts';
import type { Study } from '../../loop/study.ts';
import type { FirstCall, Researcher } from '../../ports/researcher.ts';

/** What the calls found: what to say, and what to journal once the session has begun. */
export interface FirstCalls {
  readonly warnings: readonly string[];
  readonly journal: (study: Study) => Promise<void>;
}

/**
 * Asks each of these researchers that can be asked by a small call. Throws a ProviderError when none that proposes can
 * ever be asked; where something else proposes, that is a warning. What may pass with time is said, and no more.
 */
export async function makeFirstCalls(
  asked: readonly Researcher[],
  brief: Brief,
  signal: AbortSignal,
): Promise<FirstCalls> {
  const calls: FirstCall[] = [];
  for (const { firstCall } of asked) if (firstCall) calls.push(await firstCall(signal));
  const hopeless = calls.filter(({ away }) => away?.remedy !== undefined);
  const [first] = hopeless;
  const isAlone = !hasSearch(brief) && hopeless.length === asked.length;
  if (first && isAlone && !signal.aborted) throw refusal(first);
  return {
    warnings: calls.flatMap((call) => warningOf(call) ?? []),
    journal: async (study) => {
      const experiment = study.history().experiments.length;
      for (const call of calls.flatMap(({ called }) => called)) {
        await study.record({ event: 'model-called', experiment, attempt: 0, purpose: 'first', ...call });
      }
    },
  };
}

function refusal({ model, away }: FirstCall): ProviderError {
  const { fault, remedy } = away ?? {};
  return new ProviderError(
    `${model} cannot be asked: ${fault?.message ?? ''}`,
    remedy === undefined ? {} : { hint: remedy },
  );
}

function warningOf({ model, away }: FirstCall): string | undefined {
  if (away === undefined) return undefined;
  // A model that is asked no more until the owner acts has been told of where its absence is noted.
  if (away.remedy !== undefined)
    return `${model} cannot be asked: ${withFullStop(away.fault.message)} ${away.remedy} The study starts without it.`;
  return `${model} does not answer yet: ${withFullStop(away.fault.message)} The study starts all the same, and asks it again.`;
}
