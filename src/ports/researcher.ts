/**
 * What proposes the next experiment: a search, a model, a coding agent, or a mix of them.
 */
import type { EntryBody, Expectation } from '../core/journal/entry.ts';
import type { History } from '../core/journal/history.ts';
import type { Proposal } from '../core/journal/proposal.ts';
import type { StudyWalk } from '../core/judge/policies/value/walk-history.ts';
import type { Source, Space } from '../core/space/knob.ts';
import type { ModelFault } from './model.ts';

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
  /** The experiment that tried exactly these files before, so that a researcher can think again before it hands in. */
  readonly findEarlier?: (files: Source['files']) => Promise<number | undefined>;
  /** The editable files of an experiment, kept or not; undefined when there is none, or it has no candidate. */
  readonly filesOf?: (experiment: number) => Promise<Source['files'] | undefined>;
  /** The kind of edit that is wanted; absent: either. A proposal of the other kind is accepted too. */
  readonly wantedKind?: Proposal['kind'];
  /** What the `value` policy has made of the study so far, from which follows what a keep must be worth. */
  readonly walk?: StudyWalk;
  /** Waits for a slot that no run wants, for a short trial of a draft; undefined where the signal ended the wait. */
  readonly spareSlot?: (signal: AbortSignal) => Promise<SpareSlot | undefined>;
  /** Journals what the researcher did meanwhile; resolves when the history has it. */
  readonly record?: (news: ResearcherNews) => Promise<unknown>;
}

/** A slot of the study's that was taken for a while. */
export interface SpareSlot {
  /** Its number, from 0 on. */
  readonly slot: number;
  readonly giveBack: () => void;
}

/** What a researcher journals beside its proposal. */
export type ResearcherNews = Extract<
  EntryBody,
  { event: 'model-called' | 'model-away' | 'insight-written' | 'smoke-ended' | 'space-changed' }
>;

/**
 * Who really proposed, where that is another than the researcher that was asked: one of a mix, or one that stands in. It
 * is journalled in place of the one asked.
 */
export interface AskedBy {
  readonly researcher: string;
  /** What a mix counts the proposal for. */
  readonly arm?: string;
  /** Why this one proposed, in one sentence; empty where no other could. */
  readonly why: string;
  /** Seconds that it took for its answer. */
  readonly thoughtSeconds?: number;
  /** The search that was asked and failed, where this one proposed for want of its answer. */
  readonly inPlaceOf?: { readonly researcher: string; readonly reason: string };
}

/** A proposal, with what is known of it beforehand. */
export interface Proposing {
  readonly kind: 'proposal';
  readonly proposal: Proposal;
  readonly by?: AskedBy;
  /** What a model of the trials expects of it on the source that was shown. */
  readonly expects?: Expectation;
  /** The reverted experiment whose candidate this is once more: a second look, where noise may have hidden a gain. */
  readonly repeats?: number;
  /** What the researcher still does once the proposal is given, such as a note for later ones; no run waits for it. */
  readonly afterwards?: (signal: AbortSignal) => Promise<void>;
}

export type ProposalReply =
  | Proposing
  /** There is nothing left to try; it will stay so until the space changes. */
  | { readonly kind: 'exhausted'; readonly reason: string }
  /** It proposes nothing itself: experiments are handed in. */
  | { readonly kind: 'none' }
  /** This idea came to nothing; the next one may. To be journalled as a refused proposal. */
  | { readonly kind: 'failed'; readonly reason: string; readonly title?: string; readonly by?: AskedBy }
  /** The model or agent cannot be asked now, whatever the idea: let another researcher propose, or wait. */
  | AwayReply
  /** The next call would cross a ceiling, so it was not made. */
  | { readonly kind: 'ceiling'; readonly reason: 'usd' | 'tokens'; readonly detail: string };

export interface AwayReply {
  readonly kind: 'away';
  /** As the brief names it. */
  readonly model: string;
  readonly fault: ModelFault;
  /** What to set, where no wait would help and only the owner can. */
  readonly remedy?: string;
}

/** A call of a model or an agent that proposes nothing, as the journal has it. */
export type SmallCall = Omit<
  Extract<EntryBody, { event: 'model-called' }>,
  'event' | 'experiment' | 'attempt' | 'purpose'
>;

/** What one small call before the baseline found. */
export interface FirstCall {
  /** As the brief names it. */
  readonly model: string;
  /** Absent when it can be asked. */
  readonly away?: AwayReply;
  /** What it used; the caller journals it. */
  readonly called: readonly SmallCall[];
}

export interface Researcher {
  readonly name: string;
  readonly propose: (request: ProposalRequest, signal: AbortSignal) => Promise<ProposalReply>;
  /** Finds out whether its model or agent can be asked; absent where it asks none, or none by so small a call. */
  readonly firstCall?: (signal: AbortSignal) => Promise<FirstCall>;
}
