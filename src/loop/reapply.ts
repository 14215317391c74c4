/**
 * Moves what was proposed on an older incumbent onto the one that was kept meanwhile. It costs no run: a proposal that does not go
 * together with the keep is dropped, with the reason.
 */
import { ok } from '../core/base/errors.ts';
import { type ExperimentRecord, experimentOf } from '../core/journal/history.ts';
import type { Proposal } from '../core/journal/proposal.ts';
import { isOrphan, isOvertaken } from '../core/judge/overtaken.ts';
import { hideValues, shownEdits } from '../core/proposal/hidden-values.ts';
import { type Reapplied, reapplyEdits, wholeFiles } from '../core/proposal/reapply.ts';
import type { Source } from '../core/space/knob.ts';
import type { ProposalRequest } from '../ports/researcher.ts';
import { recordProposal, valuesBefore } from './record-proposal.ts';
import { refusalOf } from './refusal.ts';
import type { Study } from './study.ts';

/** A proposal that has not run yet goes on from the incumbent, or is reverted without a run. */
export async function reapply(study: Study, experiment: number): Promise<undefined> {
  const history = study.history();
  const record = experimentOf(history, experiment);
  const { source } = await study.readSource(history.incumbent);
  const { proposal, reason } = await worthRunning(study, record, source);
  if (proposal) return recordMove(study, record, source, proposal);
  const { incumbent } = history;
  const why = isOrphan(history, record)
    ? `dropped before it ran: experiment ${record.parent}, on which it stands, was taken out, and on experiment ${incumbent} ${reason}`
    : `dropped before it ran: experiment ${incumbent} was kept meanwhile, and on that ${reason}`;
  await study.record({ event: 'verdict-given', experiment, verdict: { decision: 'revert', reason: why } });
}

/** Moves an overtaken experiment that ran, where its edits make the same program on the incumbent: its runs are those of that. */
export async function reapplySame(study: Study, experiment: number): Promise<void> {
  const history = study.history();
  const record = experimentOf(history, experiment);
  if (!isOvertaken(history, record) || !record.candidate) return;
  const { source } = await study.readSource(history.incumbent);
  const moved = await movedOnto(study, record, source);
  if (moved.kind === 'refused') return;
  const content = await study.lab.workspace.identify(moved.files);
  if (content === record.candidate.content) await recordMove(study, record, source, moved.proposal);
}

/** Proposes the edits of an experiment that gained on an older incumbent, on this one; or journals why they are not tried. */
export async function proposeOvertaken(
  study: Study,
  { experiment, attempt, source }: ProposalRequest,
  overtaken: number,
): Promise<void> {
  const record = experimentOf(study.history(), overtaken);
  const { researcher = '', arm, why = '' } = record;
  const by = { experiment, attempt, researcher, ...(arm === undefined ? {} : { arm, why }) };
  const { proposal, reason } = await worthRunning(study, record, source);
  if (proposal) return recordProposal(study, by, source, proposal, { reapplies: overtaken });
  const title = record.proposal?.title ?? '';
  const told = `the edits of experiment ${overtaken} on experiment ${study.history().incumbent}: ${reason}`;
  await study.record({ event: 'proposal-refused', ...by, title, reason: told, reapplies: overtaken });
}

type Moved =
  | { readonly kind: 'moved'; readonly proposal: Proposal; readonly files: Source['files'] }
  | Extract<Reapplied, { kind: 'refused' }>;

/** The proposal that was moved, or the reason why it is not worth a run. What was handed in and has yet to run is never refused. */
async function worthRunning(
  study: Study,
  record: ExperimentRecord,
  source: Source,
): Promise<{ readonly proposal?: Proposal; readonly reason?: string }> {
  const moved = await movedOnto(study, record, source);
  if (moved.kind === 'refused') return { reason: moved.reason };
  const { proposal } = moved;
  const { experiment, researcher, runs } = record;
  const isUnrun = runs.length === 0;
  if (isUnrun && researcher === 'owner') return { proposal };
  // What gained on the parent that is the incumbent again is the same candidate there.
  const isSame = isUnrun || record.parent === study.history().incumbent;
  const reason = await refusalOf(study, source, proposal, isSame ? experiment : undefined);
  return reason === undefined ? { proposal } : { reason };
}

async function movedOnto(
  study: Study,
  { proposal, parent, researcher }: ExperimentRecord,
  onto: Source,
): Promise<Moved> {
  ok(proposal !== undefined && parent !== undefined, 'a numbered experiment has a proposal');
  const base = (await study.readSource(parent)).source;
  const edits = [...shownEdits(proposal, base.files)];
  const made = researcher === 'owner' ? wholeFiles(edits, base) : reapplyEdits(edits, base, onto);
  if (made.kind === 'refused') return made;
  if (made.edits.length === 0) return { kind: 'refused', reason: 'its edits change nothing' };
  const { hidden: _, ...rest } = proposal;
  return { kind: 'moved', proposal: { ...rest, edits: made.edits }, files: made.files };
}

async function recordMove(
  study: Study,
  record: ExperimentRecord,
  source: Source,
  proposal: Proposal,
): Promise<undefined> {
  const from = valuesBefore(source, proposal);
  const told = hideValues(proposal, source.files, study.lab.secretsIn ?? (() => []));
  const { incumbent } = study.history();
  await study.record({
    event: 'reapplied',
    experiment: record.experiment,
    parent: incumbent,
    proposal: told,
    ...(from && { from }),
  });
}
