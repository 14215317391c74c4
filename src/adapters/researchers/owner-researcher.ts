/**
 * The `owner` researcher: proposes nothing; the owner, or an agent that drives the study, hands experiments in.
 */
import type { Researcher } from '../../ports/researcher.ts';

/** A researcher that leaves all proposals to `nocturne try`. */
export function createOwnerResearcher(): Researcher {
  return { name: 'owner', propose: async () => ({ kind: 'none' }) };
}
