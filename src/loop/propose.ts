/**
 * Asks the researcher for the next proposal, and refuses what would waste a run.
 */
import { ok } from '../core/base/errors.ts';
import { withFullStop } from '../core/base/format.ts';
import type { Stop } from '../core/decide/stopping.ts';
import { beforeStudy, triedBeforeStudy } from '../core/journal/earlier.ts';
import type { Proposal } from '../core/journal/proposal.ts';
import { combinationOf, combiner } from '../core/judge/combine.ts';
import { shownEdits, unmaskProposal } from '../core/proposal/hidden-values.ts';
import { applyEdits } from '../core/proposal/patch.ts';
import type { Source } from '../core/space/knob.ts';
import type { FaultCode } from '../ports/model.ts';
import type { AwayReply, ProposalReply, ProposalRequest, Researcher } from '../ports/researcher.ts';
import { proposeHandedIn } from './propose-handed-in.ts';
import { proposeOvertaken } from './reapply.ts';
import { recordProposal } from './record-proposal.ts';
import { refusalOf } from './refusal.ts';
import type { Study } from './study.ts';
import { untilStopped, waitForHandIn, waitForModel } from './until-stopped.ts';

/** What came of asking: a reply, or the reason why asking ends the study; undefined where it is to be asked again. */
export type Answer =
  | { readonly kind: 'reply'; readonly researcher: Researcher; readonly reply: Reply; readonly request: Asking }
  | { readonly kind: 'ending'; readonly stop: Stop }
  | undefined;

/** A request, with the experiment whose source it shows. */
export interface Asking extends ProposalRequest {
  readonly parent: number;
}

/**
 * Journals what the controller proposes itself, before anyone is asked: what was handed in, what gained on an older incumbent, and
 * near misses together. False where that is nothing.
 */
export async function proposeOwn(study: Study): Promise<boolean> {
  const { experiments, refusedInARow, handedIn, overtaken } = study.history();
  const request = await requestOf(study, { experiment: experiments.length, attempt: refusedInARow });
  if (handedIn[0]) await proposeHandedIn(study, request, handedIn[0]);
  else if (overtaken[0] !== undefined) await proposeOvertaken(study, request, overtaken[0]);
  else return combine(study, request);
  return true;
}

/** Asks the researcher, and its stand-in while it is away; journals nothing of a proposal. */
export async function ask(study: Study, request: Asking): Promise<Answer> {
  const { lab } = study;
  const reply = await askOne(study, lab.researcher, request);
  if (reply.kind !== 'away') return answerOf(study, lab.researcher, reply, request);
  if (reply.fault.code === 'aborted') return undefined;
  await noteAbsence(study, request, reply);
  if (!lab.fallback) return waitOrStop(study, reply);
  const instead = await askOne(study, lab.fallback, request);
  if (instead.kind !== 'away') return answerOf(study, lab.fallback, instead, request);
  if (instead.fault.code === 'aborted') return undefined;
  await noteAbsence(study, request, instead);
  return waitOrStop(study, reply, instead);
}

async function answerOf(
  study: Study,
  researcher: Researcher,
  reply: Exclude<ProposalReply, { kind: 'away' }>,
  request: Asking,
): Promise<Answer> {
  if (reply.kind !== 'none') return { kind: 'reply', researcher, reply, request };
  study.lab.emit({ event: 'step-begun', step: 'await-hand-in', experiment: request.experiment });
  return waitForHandIn(study);
}

/** Without anyone to propose, the study waits, unless each of its models refuses the requests themselves. */
async function waitOrStop(study: Study, ...away: readonly AwayReply[]): Promise<Answer> {
  const [first] = away;
  if (first && away.every(({ fault }) => refusesRequests.has(fault.code))) {
    const detail = [withFullStop(first.fault.message), first.remedy ?? ''].join(' ').trim();
    const stop = { reason: 'paused', detail: `${first.model} refuses what it is asked: ${detail}` } as const;
    return { kind: 'ending', stop };
  }
  return waitForModel(study, Math.min(...away.map(({ fault }) => fault.retryAfterSeconds ?? 0)));
}

/** Faults of the request, which no wait ends. */
const refusesRequests: ReadonlySet<FaultCode> = new Set<FaultCode>(['bad-request']);

/** What is asked for this experiment, on the incumbent of now. */
export async function requestOf(
  study: Study,
  { experiment, attempt }: { experiment: number; attempt: number },
): Promise<Asking> {
  const history = study.history();
  const parent = history.incumbent;
  const { source, space } = await study.readSource(parent);
  const seed = `${history.study}/experiment ${experiment}/attempt ${attempt}`;
  const findEarlier = async (files: Source['files']) => {
    const content = await study.lab.workspace.identify(files);
    const isKnown = triedBeforeStudy(history.earlier, content) !== undefined;
    return history.contents.get(content) ?? (isKnown ? beforeStudy : undefined);
  };
  const filesOf = async (of: number) => {
    const commit = history.experiments[of]?.candidate?.commit;
    return commit === undefined ? undefined : await study.lab.workspace.read(commit);
  };
  const { walk, record } = study;
  return { experiment, attempt, parent, source, space, history, seed, findEarlier, filesOf, walk, record };
}

/** Journals a combination of near misses, where that is worth more than another idea; false when none is. */
async function combine(study: Study, { experiment, attempt, source, history }: ProposalRequest): Promise<boolean> {
  if (study.lab.brief.policy !== 'value') return false;
  const combination = combinationOf(history, study.walk, source);
  if (!combination || (await refusalOf(study, source, combination.proposal)) !== undefined) return false;
  const { proposal, combines } = combination;
  await recordProposal(study, { experiment, attempt, researcher: combiner }, source, proposal, { combines });
  return true;
}

async function askOne(study: Study, researcher: Researcher, request: ProposalRequest): Promise<ProposalReply> {
  return untilStopped(study, (signal) => researcher.propose(request, signal));
}

type Reply = Exclude<ProposalReply, { kind: 'away' | 'none' }>;

/** Journals the answer as the next experiment's, or gives the reason why it ends the study. */
export async function takeAnswer(study: Study, answer: Answer): Promise<Stop | undefined> {
  if (answer === undefined) return undefined;
  if (answer.kind === 'ending') return answer.stop;
  const { reply, request, researcher } = answer;
  const { parent, source } = request;
  const history = study.history();
  const experiment = history.experiments.length;
  // Where others came between, it has another number than it was asked for.
  const attempt = experiment === request.experiment ? request.attempt : history.refusedInARow;
  const by = { experiment, attempt, researcher: researcher.name };
  switch (reply.kind) {
    case 'exhausted':
      return { reason: 'exhausted', detail: reply.reason };
    case 'ceiling':
      return { reason: reply.reason, detail: reply.detail };
    case 'failed':
      // An idea that the owner's stop cut short is no failure of the researcher.
      if ((await study.stopWanted()) === 'now') return undefined;
      await study.record({
        event: 'proposal-refused',
        ...by,
        ...reply.by,
        title: reply.title ?? '',
        reason: reply.reason,
      });
      return undefined;
    case 'proposal': {
      const find = study.lab.secretsIn ?? (() => []);
      const { expects, repeats } = reply;
      const { proposal, unknownMark } = unmaskProposal(reply.proposal, source.files, find);
      const reason =
        unknownMark === undefined
          ? await refusalOf(study, source, proposal, repeats)
          : `${unknownMark} stands for a value that is not shown, and no editable file holds it; leave such values as they are`;
      if (reason === undefined) {
        await recordProposal(study, { ...by, ...reply.by }, source, proposal, { parent, expects, repeats });
      } else {
        await study.record({ event: 'proposal-refused', ...by, ...reply.by, title: proposal.title, reason });
      }
      return undefined;
    }
    default:
      return reply satisfies never;
  }
}

/** Journals that the model went away, once until it answers again. */
async function noteAbsence(study: Study, { experiment }: ProposalRequest, { model, fault }: AwayReply): Promise<void> {
  if (study.history().modelsAway.has(model)) return;
  const { code, message, retryAfterSeconds } = fault;
  await study.record({
    event: 'model-away',
    experiment,
    model,
    code,
    message,
    ...(retryAfterSeconds === undefined ? {} : { retryAfterSeconds }),
  });
}

/** The proposed files of an experiment; its proposal was found to apply before it was journalled. */
export function patchedFiles(source: Source, proposal: Proposal): Readonly<Record<string, string>> {
  const patch = applyEdits(source, shownEdits(proposal, source.files));
  ok(patch.kind === 'patched', 'a journalled proposal applies to its parent');
  return patch.files;
}
