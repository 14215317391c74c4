/**
 * A search whose ranges are narrowed to where trials did well: it is given the narrowed space, and each change of a
 * range is journalled before it is used.
 */

import { decideNarrowing, isNarrowingDue, narrowedSpace } from '../../core/space/search/narrow.ts';
import type { ProposalRequest, Researcher } from '../../ports/researcher.ts';
import type { ReadTrials } from './trial-reader.ts';

/**
 * The same researcher within the ranges that the history has narrowed; once those are exhausted, within the full
 * ranges.
 */
export function withNarrowing(researcher: Researcher, readTrials: ReadTrials): Researcher {
  return {
    ...researcher,
    propose: async (request, signal) => {
      await narrow(request, readTrials);
      const space = narrowedSpace(request.space, request.history);
      const reply = await researcher.propose({ ...request, space }, signal);
      const isNarrowed = space.some((dimension, index) => dimension !== request.space[index]);
      return reply.kind === 'exhausted' && isNarrowed ? researcher.propose(request, signal) : reply;
    },
  };
}

async function narrow({ space, history, experiment, record }: ProposalRequest, readTrials: ReadTrials): Promise<void> {
  if (record === undefined || !isNarrowingDue(history, experiment)) return;
  const change = decideNarrowing(space, (await readTrials(history)).finished, history, experiment);
  if (change) await record({ event: 'space-changed', ...change, changes: [...change.changes] });
}
