/**
 * Folds a journal into its History, entry by entry.
 *
 * The History grows in place, so that a step costs the same after ten thousand experiments as after ten. No
 * other module changes one.
 */

import { ok } from '../base/errors.ts';
import { lowerTier } from '../base/tiers.ts';
import { endRun } from './end-run.ts';
import type { Entry, EntryOf } from './entry.ts';
import { extendedSession, extensionsLeft, withExtension } from './extended-stop.ts';
import { extendHeldOut, type HeldOutDraft, type HeldOutEntry, isHeldOut, nothingHeldOut } from './fold-held-out.ts';
import type { WholeHistory } from './held-out.ts';
import { type ArmChoice, countedRuns, type History, isDropped, nextNumber, type Spent } from './history.ts';
import { type Draft, type ExperimentDraft, liveFrom, nothingSpent, startDraft } from './history-draft.ts';
import { secondsSinceStart, sessionSeconds } from './live-time.ts';
import { runsInFlight } from './runs-in-flight.ts';
import { extensibleNames } from './settings/stop-rules.ts';
import { withdraw } from './withdraw.ts';

export interface Fold {
  /** Undefined until the study has started. */
  readonly history: () => History | undefined;
  /** The same history, together with what is held out of it. */
  readonly whole: () => WholeHistory | undefined;
  readonly add: (entry: Entry) => void;
}

/** An empty fold; add entries in the journal's order. */
export function createFold(): Fold {
  let whole: { readonly history: Draft; readonly heldOut: HeldOutDraft } | undefined;
  return {
    history: () => whole?.history,
    whole: () => whole,
    add: (entry) => {
      if (entry.event === 'study-started') {
        whole = { history: startDraft(entry, whole?.history.handedIn), heldOut: nothingHeldOut() };
      }
      ok(whole !== undefined, 'a journal begins with study-started');
      const { history, heldOut } = whole;
      if (isHeldOut(entry)) extendHeldOut(heldOut, entry);
      else if (entry.event === 'stop-requested') noteStop(whole, entry);
      else if (entry.event === 'journal-mended') noteMend(whole, entry);
      else if (entry.event !== 'study-started') extend(history, entry);
      // A confirmation, with its stop and its pauses, a new name or a hand-in may come days after the study ended: none is live time.
      if (!isHeldOut(entry) && !isLate(history, entry)) goOn(history, entry);
      if ('result' in entry) history.gpuSeconds += entry.result.seconds * (entry.result.conditions?.gpus ?? 0);
      history.lastSeq = entry.seq;
    },
  };
}

/** What is no part of a session's live time whenever it comes. */
const lateEvents: ReadonlySet<Entry['event']> = new Set([
  'stop-requested',
  'study-renamed',
  'handed-in',
  'journal-mended',
]);

/** Whether an entry came after the session had ended, or from another process than its controller. */
function isLate({ stopped }: Pick<Draft, 'stopped'>, entry: Entry): boolean {
  if (lateEvents.has(entry.event)) return true;
  switch (entry.event) {
    case 'gpu-away':
    case 'gpu-back':
      return stopped !== undefined;
    case 'study-paused':
    case 'pause-ended':
    case 'stop-extended':
    case 'withdrawal-asked':
      return stopped !== undefined || entry.isIdle === true;
    default:
      return false;
  }
}

/** The history of a journal's entries; undefined when the study never started. */
export function foldHistory(entries: Iterable<Entry>): History | undefined {
  return foldWhole(entries)?.history;
}

/** The same together with what is held out of it, for code that reports. */
export function foldWhole(entries: Iterable<Entry>): WholeHistory | undefined {
  const fold = createFold();
  for (const entry of entries) fold.add(entry);
  return fold.whole();
}

function extend(
  draft: Draft,
  entry: Exclude<Entry, EntryOf<'study-started' | 'stop-requested' | 'journal-mended'> | HeldOutEntry>,
): void {
  switch (entry.event) {
    case 'study-resumed':
      resume(draft, entry);
      break;
    case 'handed-in': {
      const { experiment, id, title, hypothesis, files, from, hidden } = entry;
      ok(experiment === nextNumber(draft), `hand-ins are numbered without gaps, found ${experiment}`);
      draft.handedIn.push({ experiment, id, title, hypothesis, files, from, ...(hidden && { hidden }) });
      break;
    }
    case 'proposal-made':
      addExperiment(draft, entry);
      break;
    case 'reapplied':
      reapply(draft, entry);
      break;
    case 'proposal-refused': {
      const { experiment, attempt, researcher, title, reason } = entry;
      dropOvertaken(draft, entry.reapplies);
      const again = entry.reapplies === undefined ? {} : { reapplies: entry.reapplies };
      draft.refusals.push({ experiment, attempt, researcher, title, reason, ...again, ...choiceOf(entry) });
      draft.refusedInARow += 1;
      // That edits do nothing on a newer incumbent is no idea that came to nothing.
      if (entry.reapplies === undefined) draft.refusedThisSession += 1;
      break;
    }
    case 'candidate-committed': {
      const { commit, tree, content, form, code } = entry;
      draftOf(draft, entry.experiment).candidate = { commit, tree, content, ...(code ? { code } : {}) };
      if (!draft.contents.has(content)) draft.contents.set(content, entry.experiment);
      if (form !== undefined && !draft.forms.has(form)) draft.forms.set(form, entry.experiment);
      break;
    }
    case 'run-started': {
      const { run, seed, seq, slot, at } = entry;
      const own = slot === undefined ? {} : { slot };
      draftOf(draft, entry.experiment).runs.push({ run, seed, startedSeq: seq, startedAt: at, ...own, isVoid: false });
      break;
    }
    case 'run-ended':
      endRun(draftOf(draft, entry.experiment).runs, entry, draft.sessionSeq);
      break;
    case 'verdict-given':
      giveVerdict(draft, entry);
      break;
    case 'branch-moved':
      draftOf(draft, entry.experiment).isBranchMoved = true;
      draft.branch = entry.commit;
      break;
    case 'withdrawal-asked':
      draft.words.add(entry.id);
      draft.toWithdraw.push(entry.experiment);
      break;
    case 'keep-withdrawn':
      withdraw(draft, entry.experiment);
      break;
    case 'drift-suspected':
    case 'gain-doubted': {
      const { experiment, run, reason, seq } = entry;
      const asked = entry.event === 'gain-doubted' ? draft.doubts : draft.drifts;
      asked.push({ experiment, run, reason, seq });
      break;
    }
    case 'gpu-away': {
      const { experiment, kind, reason, at } = entry;
      draft.gpuPauses.push({ experiment, kind, reason, since: at });
      break;
    }
    case 'gpu-back': {
      const last = draft.gpuPauses.at(-1);
      if (last) last.until = entry.at;
      break;
    }
    case 'study-paused':
    case 'pause-ended':
    case 'stop-extended':
      hearOwner(draft, entry);
      break;
    case 'note-read':
      draft.notes.push({ text: entry.text, at: entry.at, ...(entry.id === undefined ? {} : { id: entry.id }) });
      break;
    case 'model-called':
      if (entry.outcome === 'answer') bringBack(draft.modelsAway, entry.asked);
      draft.spent = spendOn(draft.spent, entry);
      draft.spentOn.set(entry.experiment, spendOn(draft.spentOn.get(entry.experiment) ?? nothingSpent, entry));
      break;
    case 'model-away':
      if (!draft.modelsAway.has(entry.model)) draft.modelsAway.set(entry.model, { since: entry.at, code: entry.code });
      break;
    case 'smoke-ended':
      break;
    case 'insight-written':
      draft.insights.push({ experiment: entry.experiment, text: entry.text });
      break;
    case 'space-changed': {
      const { experiment, trials, reason, changes } = entry;
      draft.spaceChanges.push({ experiment, trials, reason, changes });
      break;
    }
    case 'study-renamed':
      draft.tag = entry.tag;
      break;
    case 'study-stopped':
      draft.stopped = { reason: entry.reason, detail: entry.detail };
      delete draft.isStopAsked;
      // A rule that ends a paused study, by the last run in flight, ends its pause too.
      if (entry.reason !== 'stopped' && entry.reason !== 'paused') endPause(draft, entry);
      break;
    default:
      entry satisfies never;
  }
}

/** What the owner says of how the study is to go on. */
function hearOwner(draft: Draft, entry: EntryOf<'study-paused' | 'pause-ended' | 'stop-extended'>): void {
  draft.words.add(entry.id);
  if (entry.event === 'study-paused') {
    draft.ownerPauses.push({ since: entry.at });
    draft.pausedFrom = secondsSinceStart(draft, entry);
  } else if (entry.event === 'pause-ended') endPause(draft, entry);
  else raise(draft, entry);
}

function raise(draft: Draft, { from, to }: EntryOf<'stop-extended'>): void {
  draft.extended = withExtension(draft.extended, from, to);
  draft.session = { ...draft.session, stop: { ...draft.session.stop, ...to } };
  const { stopped } = draft;
  if (stopped && extensibleNames.some((name) => name === stopped.reason && to[name] !== undefined))
    draft.stopped = { ...stopped, isExtended: true };
}

function endPause(draft: Draft, entry: Entry): void {
  const last = draft.ownerPauses.at(-1);
  if (!last || draft.pausedFrom === undefined) return;
  last.until = entry.at;
  const paused = secondsSinceStart(draft, isLate(draft, entry) ? undefined : entry) - draft.pausedFrom;
  draft.pausedSeconds += Math.max(0, paused);
  delete draft.pausedFrom;
}

function noteStop(
  whole: { readonly history: Draft; readonly heldOut: HeldOutDraft },
  { isAfterExperiment }: EntryOf<'stop-requested'>,
): void {
  if (whole.history.stopped === undefined) whole.history.isStopAsked = true;
  if (isAfterExperiment !== true) for (const run of runsInFlight(whole)) run.isStopped = true;
}

/** What another program did while a run was in flight may be that run's doing. */
function noteMend(
  whole: { readonly history: Draft; readonly heldOut: HeldOutDraft },
  { event: _, seq: __, live: ___, ...mend }: EntryOf<'journal-mended'>,
): void {
  whole.history.mends.push(mend);
  if (mend.kind !== 'repaired') for (const run of runsInFlight(whole)) run.isJournalTouched = true;
}

function draftOf(draft: Draft, experiment: number): ExperimentDraft {
  const record = draft.experiments[experiment];
  ok(record !== undefined, `the journal proposes experiment ${experiment} before it speaks of it`);
  return record;
}

function resume(draft: Draft, entry: EntryOf<'study-resumed'>): void {
  draft.earlierSeconds += sessionSeconds(draft);
  draft.sessionStartedAt = entry.at;
  draft.sessionSeq = entry.seq;
  draft.sessionLive = liveFrom(entry);
  draft.pausedSeconds = 0;
  if (draft.pausedFrom !== undefined) draft.pausedFrom = 0;
  draft.session = extendedSession(entry.session, draft.extended);
  draft.extended = extensionsLeft(draft.extended, entry.session);
  draft.isolation = entry.isolation;
  draft.lowestIsolation = lowerTier(draft.lowestIsolation, entry.isolation);
  draft.open = entry.open;
  delete draft.isStopAsked;
  if (entry.machine) draft.machine = entry.machine;
  delete draft.stopped;
  draft.refusedThisSession = 0;
  // A failed baseline stopped the study. An owner who resumes it has mended something, so the baseline runs again.
  const baseline = draftOf(draft, 0);
  if (baseline.verdict) return;
  for (const run of baseline.runs) if (run.result && !run.result.measurement) run.isVoid = true;
}

function addExperiment(draft: Draft, entry: EntryOf<'proposal-made'>): void {
  const { experiment, parent, researcher, proposal, from, combines, reapplies, expects, repeats, at } = entry;
  ok(experiment === draft.experiments.length, `experiments are numbered without gaps, found ${experiment}`);
  draft.experiments.push({
    experiment,
    parent,
    researcher,
    proposal,
    ...(from && { from }),
    ...(combines && { combines }),
    ...(reapplies !== undefined && { reapplies }),
    ...(expects && { expects }),
    ...(repeats !== undefined && { repeats }),
    proposedAt: at,
    runs: [],
    judgedRuns: 0,
    isBranchMoved: false,
    ...choiceOf(entry),
  });
  draft.unsettled.push(experiment);
  if (reapplies !== undefined) draft.reapplied += 1;
  if (draft.handedIn[0]?.experiment === experiment) draft.handedIn.shift();
  dropOvertaken(draft, reapplies);
  draft.refusedInARow = 0;
  draft.refusedThisSession = 0;
  draft.sinceKeep += 1;
}

function reapply(draft: Draft, { experiment, parent, proposal, from }: EntryOf<'reapplied'>): void {
  const record = draftOf(draft, experiment);
  record.parent = parent;
  record.proposal = proposal;
  if (from) record.from = from;
  // It was expected of the edits on the older parent.
  delete record.expects;
  if (record.runs.length > 0) return;
  delete record.candidate;
  forget(draft, record);
}

/** The candidate of a proposal that moves on to another parent, or is dropped, was never run: it was tried by nobody. */
function forget({ contents, forms }: Draft, record: ExperimentDraft): void {
  for (const known of [contents, forms])
    for (const [key, experiment] of known) if (experiment === record.experiment) known.delete(key);
}

function dropOvertaken(draft: Draft, reapplies: number | undefined): void {
  if (reapplies !== undefined) draft.overtaken = draft.overtaken.filter((experiment) => experiment !== reapplies);
}

function choiceOf({ arm, why, thoughtSeconds, inPlaceOf }: ArmChoice): ArmChoice {
  return {
    ...(arm === undefined ? {} : { arm }),
    ...(why === undefined ? {} : { why }),
    ...(thoughtSeconds === undefined ? {} : { thoughtSeconds }),
    ...(inPlaceOf === undefined ? {} : { inPlaceOf }),
  };
}

function giveVerdict(draft: Draft, entry: EntryOf<'verdict-given'>): void {
  const record = draftOf(draft, entry.experiment);
  record.verdict = entry.verdict;
  record.judgedRuns = countedRuns(record).length;
  if (entry.verdict.decision !== 'rerun') {
    draft.unsettled = draft.unsettled.filter((experiment) => experiment !== entry.experiment);
    draft.settled.push(entry.experiment);
  }
  if (isDropped(record)) forget(draft, record);
  if (entry.verdict.overtakenBy !== undefined) draft.overtaken.push(entry.experiment);
  if (entry.verdict.decision !== 'keep') return;
  ok(entry.kept !== undefined, 'a keep records its commit');
  record.kept = entry.kept;
  draft.incumbent = entry.experiment;
  draft.tip = entry.kept;
  if (entry.experiment === 0) return;
  draft.kept += 1;
  draft.sinceKeep = 0;
}

function bringBack(modelsAway: Map<string, unknown>, asked: string | undefined): void {
  if (asked === undefined) modelsAway.clear();
  else modelsAway.delete(asked);
}

function spendOn(spent: Spent, { usage, usd, isUnmetered, estimated, model }: EntryOf<'model-called'>): Spent {
  const tokens = usage.uncachedInput + usage.cachedInput + usage.cacheWrite + usage.output;
  const estimatedCalls = (spent.estimatedCalls ?? 0) + (estimated ? 1 : 0);
  return {
    tokens: spent.tokens + tokens,
    usd: spent.usd + (usd ?? 0),
    unpricedCalls: spent.unpricedCalls + (usd === undefined ? 1 : 0),
    unmeteredCalls: spent.unmeteredCalls + (isUnmetered ? 1 : 0),
    ...(estimatedCalls > 0 && { estimatedCalls }),
    model,
  };
}

function goOn(draft: Draft, { at, live }: Entry): void {
  draft.lastAt = at;
  if (draft.sessionLive && live !== undefined) draft.sessionLive = { ...draft.sessionLive, last: live };
}
