/**
 * Asks the researcher for the next proposal, and refuses what would waste a run.
 */
import { ok } from '../core/errors.ts';
import type { Source } from '../core/knob.ts';
import { applyEdits } from '../core/patch.ts';
import type { Proposal } from '../core/proposal.ts';
import type { Stop } from '../core/stopping.ts';
import type { ProposalRequest } from '../ports/researcher.ts';
import { readSource } from './read-source.ts';
import type { Study } from './study.ts';

/** Journals one proposal, made or refused; a researcher with nothing left to try ends the study. */
export async function propose(study: Study, step: { experiment: number; attempt: number }): Promise<Stop | undefined> {
  const { lab, record } = study;
  const history = study.history();
  const { experiment, attempt } = step;
  lab.emit({ event: 'step-begun', step: 'propose', experiment });
  const { source, space } = await readSource(study, history.incumbent);
  const seed = `${history.study}/experiment ${experiment}/attempt ${attempt}`;
  const request: ProposalRequest = { experiment, attempt, source, space, history, seed };
  const reply = await lab.researcher.propose(request, study.signal);
  if (reply.kind === 'exhausted') return { reason: 'exhausted', detail: reply.reason };
  const { proposal } = reply;
  const researcher = lab.researcher.name;
  const reason = await refusalOf(study, source, proposal);
  if (reason === undefined) {
    await record({ event: 'proposal-made', experiment, attempt, parent: history.incumbent, researcher, proposal });
  } else {
    await record({ event: 'proposal-refused', experiment, attempt, researcher, title: proposal.title, reason });
  }
  return undefined;
}

/** Why a proposal is not worth a run; undefined when it is. */
async function refusalOf(study: Study, source: Source, proposal: Proposal): Promise<string | undefined> {
  const patch = applyEdits(source, proposal.edits);
  if (patch.kind === 'refused') return patch.reason;
  if (study.lab.researcher.mayRepeat) return undefined;
  const isUnchanged = Object.entries(patch.files).every(([file, content]) => content === source.files[file]);
  if (isUnchanged) return 'the edits change nothing';
  const earlier = study.history().contents.get(await study.lab.workspace.identify(patch.files));
  return earlier === undefined ? undefined : `the same candidate as experiment ${earlier}`;
}

/** The proposed files of an experiment; its proposal was found to apply before it was journalled. */
export function patchedFiles(source: Source, proposal: Proposal): Readonly<Record<string, string>> {
  const patch = applyEdits(source, proposal.edits);
  ok(patch.kind === 'patched', 'a journalled proposal applies to its parent');
  return patch.files;
}
