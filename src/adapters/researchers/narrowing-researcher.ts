/**
 * A search whose ranges follow what worked: it is shown the narrowed space, and each change is journalled before it is used.
 */

import { journalledKnobs } from '../../core/space/journalled-knobs.ts';
import { decideNarrowing, narrowedSpace } from '../../core/space/narrow.ts';
import { trialsOf } from '../../core/space/trials.ts';
import type { ProposalRequest, Researcher } from '../../ports/researcher.ts';

/** The same researcher, within the ranges that the history has come to. */
export function withNarrowing(researcher: Researcher): Researcher {
  return { ...researcher, propose: async (request, signal) => researcher.propose(await narrowed(request), signal) };
}

async function narrowed(request: ProposalRequest): Promise<ProposalRequest> {
  const { space, history, experiment, record } = request;
  const change =
    record && decideNarrowing(space, () => trialsOf(history, journalledKnobs(history)), history, experiment);
  if (change) await record({ event: 'space-changed', ...change, changes: [...change.changes] });
  return { ...request, space: narrowedSpace(space, history) };
}
