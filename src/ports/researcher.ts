/**
 * Whoever proposes.
 */
import type { History } from '../core/history.ts';
import type { Source, Space } from '../core/knob.ts';
import type { Proposal } from '../core/proposal.ts';

export interface ProposalRequest {
  /** The number that this proposal will get. */
  readonly experiment: number;
  /** How many proposals for this number were refused already. */
  readonly attempt: number;
  /** The incumbent's editable files. */
  readonly source: Source;
  readonly space: Space;
  readonly history: History;
  /** Everything random in the answer comes from this text, so that a resumed study proposes what the undisturbed one would. */
  readonly seed: string;
}

export type ProposalReply =
  | { readonly kind: 'proposal'; readonly proposal: Proposal }
  /** There is nothing left to try; it will stay so until the space changes. */
  | { readonly kind: 'exhausted'; readonly reason: string };

export interface Researcher {
  readonly name: string;
  /** Exempt from the refusal of proposals that change nothing: only for A/A trials under `testing/`. */
  readonly mayRepeat?: boolean;
  readonly propose: (request: ProposalRequest, signal: AbortSignal) => Promise<ProposalReply>;
}
