/**
 * Asks the researcher for the next proposal, and refuses what would waste a run.
 */
import { ok } from '../core/base/errors.ts';
import { withFullStop } from '../core/base/format.ts';
import type { Stop } from '../core/decide/stopping.ts';
import type { Proposal } from '../core/journal/proposal.ts';
import { combinationOf, combiner } from '../core/judge/combine.ts';
import { createFilesPatch } from '../core/proposal/file-patch.ts';
import { shownEdits, unmaskProposal } from '../core/proposal/hidden-values.ts';
import { applyEdits } from '../core/proposal/patch.ts';
import { findRepetition } from '../core/proposal/repetition.ts';
import type { NormalForm } from '../core/proposal/trivial-change.ts';
import { declaredKnobs, knobsFile } from '../core/space/declared/declared-knob.ts';
import { knobsTrouble } from '../core/space/declared/knobs-file.ts';
import type { Source } from '../core/space/knob.ts';
import type { FaultCode } from '../ports/model.ts';
import type { AwayReply, ProposalReply, ProposalRequest, Researcher } from '../ports/researcher.ts';
import { proposeHandedIn } from './propose-handed-in.ts';
import { recordProposal } from './record-proposal.ts';
import type { Study } from './study.ts';
import { untilStopped, waitForHandIn, waitForModel } from './until-stopped.ts';

/** Journals one proposal, made or refused; a researcher with nothing left to try, or at a ceiling, ends the study. */
export async function propose(study: Study, step: { experiment: number; attempt: number }): Promise<Stop | undefined> {
  const { lab } = study;
  lab.emit({ event: 'step-begun', step: 'propose', experiment: step.experiment });
  const request = await requestOf(study, step);
  const [handedIn] = study.history().handedIn;
  if (handedIn) return proposeHandedIn(study, request, handedIn);
  const { reply: held } = study.held;
  study.held.reply = undefined;
  if (held) return handleReply(study, held.researcher, request, held.reply);
  if (await combine(study, request)) return undefined;
  const reply = await ask(study, lab.researcher, request);
  if (reply.kind !== 'away') return handleReply(study, lab.researcher, request, reply);
  if (reply.fault.code === 'aborted') return undefined;
  await noteAbsence(study, request, reply);
  if (!lab.fallback) return waitOrStop(study, reply);
  const instead = await ask(study, lab.fallback, request);
  if (instead.kind !== 'away') return handleReply(study, lab.fallback, request, instead);
  if (instead.fault.code === 'aborted') return undefined;
  await noteAbsence(study, request, instead);
  return waitOrStop(study, reply, instead);
}

/** Without anyone to propose, the study waits, unless each of its models refuses the requests themselves. */
async function waitOrStop(study: Study, ...away: readonly AwayReply[]): Promise<Stop | undefined> {
  const [first] = away;
  if (first && away.every(({ fault }) => refusesRequests.has(fault.code))) {
    const detail = [withFullStop(first.fault.message), first.remedy ?? ''].join(' ').trim();
    return { reason: 'paused', detail: `${first.model} refuses what it is asked: ${detail}` };
  }
  return waitForModel(study, Math.min(...away.map(({ fault }) => fault.retryAfterSeconds ?? 0)));
}

/** Faults of the request, which no wait ends. */
const refusesRequests: ReadonlySet<FaultCode> = new Set<FaultCode>(['bad-request']);

async function requestOf(study: Study, { experiment, attempt }: { experiment: number; attempt: number }) {
  const history = study.history();
  const { source, space } = await study.readSource(history.incumbent);
  const seed = `${history.study}/experiment ${experiment}/attempt ${attempt}`;
  const findEarlier = async (files: Source['files']) => history.contents.get(await study.lab.workspace.identify(files));
  const filesOf = async (of: number) => {
    const commit = history.experiments[of]?.candidate?.commit;
    return commit === undefined ? undefined : await study.lab.workspace.read(commit);
  };
  const { walk, record } = study;
  return { experiment, attempt, source, space, history, seed, findEarlier, filesOf, walk, record };
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

async function ask(study: Study, researcher: Researcher, request: ProposalRequest): Promise<ProposalReply> {
  return untilStopped(study, (signal) => researcher.propose(request, signal));
}

type Reply = Exclude<ProposalReply, { kind: 'away' }>;

/** Journals the reply, or gives the reason why it ends the study. */
async function handleReply(
  study: Study,
  researcher: Researcher,
  request: ProposalRequest,
  reply: Reply,
): Promise<Stop | undefined> {
  if (isInterrupted(study, researcher, reply)) return undefined;
  const { experiment, attempt, source } = request;
  const by = { experiment, attempt, researcher: researcher.name };
  switch (reply.kind) {
    case 'exhausted':
      return { reason: 'exhausted', detail: reply.reason };
    case 'none':
      study.lab.emit({ event: 'step-begun', step: 'await-hand-in', experiment });
      return waitForHandIn(study);
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
      const { proposal, unknownMark } = unmaskProposal(reply.proposal, source.files, find);
      const reason =
        unknownMark === undefined
          ? await refusalOf(study, source, proposal)
          : `${unknownMark} stands for a value that is not shown, and no editable file holds it; leave such values as they are`;
      if (reason === undefined) {
        await recordProposal(study, { ...by, ...reply.by }, source, proposal);
      } else {
        await study.record({ event: 'proposal-refused', ...by, ...reply.by, title: proposal.title, reason });
      }
      return undefined;
    }
    default:
      return reply satisfies never;
  }
}

/**
 * Whether an experiment was handed in meanwhile, which has this number now. A proposal is held until its turn has come; a
 * reason to end the study is asked for again.
 */
function isInterrupted({ history, held }: Study, researcher: Researcher, reply: Reply): boolean {
  if (history().handedIn.length === 0 || reply.kind === 'failed') return false;
  if (reply.kind === 'proposal') held.reply = { researcher, reply };
  return true;
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

/** Why a proposal is not worth a run; undefined when it is. */
async function refusalOf(study: Study, source: Source, proposal: Proposal): Promise<string | undefined> {
  const patch = applyEdits(source, proposal.edits);
  if (patch.kind === 'refused') return patch.reason;
  const isUnchanged = Object.entries(patch.files).every(([file, content]) => content === source.files[file]);
  if (isUnchanged) return 'the edits change nothing';
  const unfit = unfitKnobs(study, patch.files) ?? (await unreadableData(study, source.files, patch.files));
  if (unfit !== undefined) return unfit;
  const secret = study.lab.findSecret?.(
    `${proposal.title}\n${proposal.hypothesis}\n${addedLines(source.files, patch.files)}`,
  );
  if (secret !== undefined) return `it contains what looks like a key (${secret})`;
  const earlier = study.history().contents.get(await study.lab.workspace.identify(patch.files));
  if (earlier !== undefined) return `the same candidate as experiment ${earlier}`;
  const [before, after] = [await formOf(study, source.files), await formOf(study, patch.files)];
  return before && after && findRepetition(study.history(), before, after);
}

/** Why the commands of the brief could not be given these files' values of the declared knobs. */
function unfitKnobs({ lab }: Study, files: Source['files']): string | undefined {
  const knobs = declaredKnobs(lab.brief.knobs);
  return knobs.length === 0 ? undefined : knobsTrouble(knobs, files[knobsFile] ?? '');
}

/**
 * Why a changed file that is no program cannot be read. A program that does not parse fails its run; a configuration file
 * that the run happens not to read would be kept, and the study could not go on from it.
 */
async function unreadableData(
  { lab }: Study,
  before: Source['files'],
  after: Source['files'],
): Promise<string | undefined> {
  const changed = Object.entries(after).filter(
    ([file, text]) => text !== before[file] && !/\.(?:py|ipynb)$/.test(file),
  );
  if (changed.length === 0) return undefined;
  const reading = await lab.knobReader.read(Object.fromEntries(changed));
  return reading.kind === 'unreadable' ? `it does not parse: ${reading.reason}` : undefined;
}

async function formOf({ lab }: Study, files: Source['files']): Promise<NormalForm | undefined> {
  return lab.normalForm?.(files);
}

/** The lines that the change adds: a key that is in the source already is not the proposal's. */
function addedLines(before: Source['files'], after: Source['files']): string {
  const patch = createFilesPatch(before, after);
  return patch
    .split('\n')
    .filter((line) => line.startsWith('+'))
    .join('\n');
}

/** The proposed files of an experiment; its proposal was found to apply before it was journalled. */
export function patchedFiles(source: Source, proposal: Proposal): Readonly<Record<string, string>> {
  const patch = applyEdits(source, shownEdits(proposal, source.files));
  ok(patch.kind === 'patched', 'a journalled proposal applies to its parent');
  return patch.files;
}
