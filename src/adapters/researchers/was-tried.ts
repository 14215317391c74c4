/**
 * Whether a proposal would come back to a candidate that the study has had.
 */

import type { Proposal } from '../../core/journal/proposal.ts';
import { applyEdits } from '../../core/proposal/patch.ts';
import type { ProposalRequest } from '../../ports/researcher.ts';

/** False too where the request cannot tell, and where the edits do not apply: the loop then says why. */
export async function wasTried({ source, findEarlier }: ProposalRequest, { edits }: Proposal): Promise<boolean> {
  const patch = applyEdits(source, edits);
  return patch.kind === 'patched' && (await findEarlier?.(patch.files)) !== undefined;
}
