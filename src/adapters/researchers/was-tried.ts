/**
 * Whether a proposal would give a candidate that the study has already run.
 */

import type { Proposal } from '../../core/journal/proposal.ts';
import { applyEdits } from '../../core/proposal/patch.ts';
import type { ProposalRequest } from '../../ports/researcher.ts';

/** False too when the request cannot look it up, and when the edits do not apply, which the loop then reports. */
export async function wasTried({ source, findEarlier }: ProposalRequest, { edits }: Proposal): Promise<boolean> {
  const patch = applyEdits(source, edits);
  return patch.kind === 'patched' && (await findEarlier?.(patch.files)) !== undefined;
}
