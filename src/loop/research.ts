/**
 * The loop: ask what to do next, do it, and ask again, until a rule or the owner stops it.
 */
import { ok, StudyError } from '../core/base/errors.ts';
import type { Brief } from '../core/brief/brief.ts';
import { type Ending, isEnd, nextSteps, spareSlotsOf } from '../core/decide/next-step.ts';
import type { Step } from '../core/decide/step.ts';
import { hoursStop, type Stop } from '../core/decide/stopping.ts';
import { currentGpuPause, experimentOf, keptInOrder } from '../core/journal/history.ts';
import type { UnreportedGuard } from '../core/judge/guards.ts';
import { type Asks, createAsks } from './asks.ts';
import { type Beside, createBeside } from './beside.ts';
import { commitCandidate } from './commit-candidate.ts';
import { giveVerdict } from './give-verdict.ts';
import { awaitGpu } from './gpu.ts';
import { lookAtDataAtStop } from './look-at-data.ts';
import { proposeOwn } from './propose.ts';
import { bringGaugeUpToDate } from './read-gauge.ts';
import { reapply } from './reapply.ts';
import { awaitRun, startRun } from './run.ts';
import { type StopWanted, stopperOf } from './stop-request.ts';
import { momentOf, type Study } from './study.ts';
import { awaitResume, unlessStopped } from './until-stopped.ts';

/** Performs steps until the study stops; returns why. Throws a StudyError when the baseline does not run. */
export async function research(study: Study): Promise<Stop> {
  // A step that the stop ended is repeated when the study goes on.
  return (await unlessStopped(study, () => performSteps(study))) ?? stop(study, stopByRequest(study));
}

async function performSteps(study: Study): Promise<Stop> {
  const beside = createBeside();
  const asks = createAsks(study, beside);
  try {
    for (;;) {
      beside.check();
      const wanted = await study.stopWanted();
      const exhausted = wanted === 'now' ? undefined : await asks.take();
      if (exhausted) return await stopByRule(study, exhausted);
      const steps = nextSteps(study.history(), momentOf(study.lab), asks.room(wanted !== 'no'));
      const step = steps.filter((each) => mayBegin(each, wanted, steps)).find((each) => !beside.has(keyOf(each)));
      if (step) await begin(study, step, beside, asks);
      else if (beside.isIdle()) return await end(study, steps.find(isEnd));
      else {
        study.spareSlots.offer(spareSlotsOf(study.history(), steps, study.lab.slots));
        await Promise.race([beside.next(), study.spareSlots.changed()]);
      }
    }
  } finally {
    // What is left of it when a step failed ends without a word in the journal; runs go on, and are adopted by the next session.
    study.leave();
    await beside.settle();
  }
}

type Beginning = Exclude<Step, Ending>;

/** A run that is awaited may be running already, and only `awaitRun` ends it; nothing else begins in a study that ends. */
function mayBegin(step: Step, wanted: StopWanted, steps: readonly Step[]): step is Beginning {
  if (step.kind === 'await-run') return true;
  if (wanted === 'now' || steps.some(isEnd)) return false;
  return !isWait(step) || wanted === 'no';
}

/** A wait that a stop of any kind ends. */
function isWait({ kind }: Step): boolean {
  return kind === 'await-gpu' || kind === 'await-resume';
}

/** What may be under way beside others has a key of its own. */
function keyOf(step: Step): string {
  if (step.kind === 'await-run') return `run ${step.experiment}/${step.run}`;
  return step.kind;
}

async function begin(study: Study, step: Beginning, beside: Beside, asks: Asks): Promise<void> {
  switch (step.kind) {
    case 'await-run':
      return beside.start(keyOf(step), () => awaitRun(study, step));
    case 'await-gpu':
      return beside.start(keyOf(step), () =>
        awaitGpu(study, () => hoursStop(study.history(), momentOf(study.lab)) !== undefined),
      );
    case 'await-resume':
      return beside.start(keyOf(step), () => awaitResume(study));
    case 'propose': {
      study.lab.emit({ event: 'step-begun', step: 'propose', experiment: step.experiment });
      const isOwn = study.history().settled.length > 0 && (await study.alone(() => proposeOwn(study)));
      return isOwn ? undefined : asks.ask(step);
    }
    default:
      return study.alone(() => perform(study, step));
  }
}

/** Nothing is under way, and nothing may begin. */
async function end(study: Study, step: Ending | undefined): Promise<Stop> {
  if (!step) return stop(study, stopByRequest(study));
  if (step.kind === 'give-up') throw await baselineFailed(study, step);
  if (step.kind === 'refuse-guard') throw guardUnreported(step.guard);
  return currentGpuPause(study.history()) ? stop(study, step) : stopByRule(study, step);
}

function stopByRequest({ signal }: Study): Stop {
  const why = signal.aborted ? (signalTexts[stopperOf(signal)] ?? 'on request') : 'on request';
  return { reason: 'stopped', detail: `stopped ${why}; run it again to go on` };
}

/** Why a study stopped, by the signal that its controller got. */
const signalTexts: Readonly<Record<string, string>> = {
  SIGHUP: 'because its terminal was closed (SIGHUP), which a study begun with --detach outlives',
  SIGTERM: 'by SIGTERM, as a shutdown or a scheduler sends it',
};

/** Performs a step that nothing else may go on beside. */
async function perform(
  study: Study,
  step: Exclude<Beginning, { kind: 'await-run' | 'await-gpu' | 'await-resume' | 'propose' }>,
): Promise<undefined> {
  switch (step.kind) {
    case 'reapply':
      return reapply(study, step.experiment);
    case 'commit-candidate':
      return commitCandidate(study, step.experiment);
    case 'start-run':
      return startRun(study, step);
    case 'give-verdict':
      return giveVerdict(study, step.experiment);
    case 'move-branch':
      return moveBranch(study, step.experiment);
    case 'withdraw':
      return withdraw(study, step.experiment);
    case 'suspect-drift':
    case 'doubt-gain':
      return askForAnotherRun(study, step);
    default:
      return step satisfies never;
  }
}

/** Moves the branch from where it is to this experiment's accepted commit; moving it twice is the same as once. */
async function moveBranch(study: Study, experiment: number): Promise<undefined> {
  const history = study.history();
  const { kept } = experimentOf(history, experiment);
  ok(kept !== undefined, 'only a keep moves the branch');
  await study.lab.workspace.moveBranch(history.branch, kept);
  await study.record({ event: 'branch-moved', experiment, commit: kept });
}

/** Takes a keep out, and with it what stands on it: their trees are no longer needed. The branch moves with the next step. */
async function withdraw(study: Study, experiment: number): Promise<undefined> {
  const line = keptInOrder(study.history());
  const place = line.findIndex((record) => record.experiment === experiment);
  for (const record of line.slice(place)) await study.lab.runFolders.discard(record.experiment);
  await study.record({ event: 'keep-withdrawn', experiment });
}

/** Journals why the incumbent is to be run again; the next step runs it. */
async function askForAnotherRun(
  { record }: Study,
  { kind, experiment, run, reason }: Extract<Step, { kind: 'suspect-drift' | 'doubt-gain' }>,
) {
  await record({ event: kind === 'doubt-gain' ? 'gain-doubted' : 'drift-suspected', experiment, run, reason });
  return undefined;
}

/** Nothing is proposed any more in this session, so the holdout may be looked at. */
async function stopByRule(study: Study, ending: Stop): Promise<Stop> {
  await lookAtDataAtStop(study);
  await bringGaugeUpToDate(study);
  return stop(study, ending);
}

async function stop(study: Study, { reason, detail }: Stop): Promise<Stop> {
  await study.lookAtJournal(true);
  await study.record({ event: 'study-stopped', reason, detail });
  return { reason, detail };
}

async function baselineFailed(
  { lab }: Study,
  { reason, evidence, isTimedOut }: Extract<Step, { kind: 'give-up' }>,
): Promise<StudyError> {
  const log = evidence === '' ? 'It printed nothing.' : `The last lines of its log:\n${evidence}`;
  const lines = (await lab.explainFailure?.({ reason, log: evidence })) ?? [];
  const differs =
    lines.length === 0
      ? ''
      : `\nWhat a run lacks that your checkout has:\n${lines.map((line) => `  ${line}`).join('\n')}`;
  return new StudyError(`The baseline has no score, so there is nothing to improve: ${reason}.\n${log}${differs}`, {
    hint: isTimedOut
      ? longerLimit(lab.brief)
      : 'Mend the brief, or the script and commit it, and run again: a new study starts (or the same one with its --tag, when the machine was at fault).',
  });
}

/** A brief of prose alone has no place for a setting, so all that its front matter needs is shown. */
function longerLimit({ form, metric, budgetSeconds, timeoutSeconds }: Brief): string {
  const longer = `timeout: ${Math.ceil(Math.max(timeoutSeconds * 6, 600) / 60)}m`;
  if (form === 'front-matter')
    return `The limit covers training and evaluation; \`${longer}\` in the brief allows more. Then run it again.`;
  const front = ['---', `metric: ${metric.name}`, `goal: ${metric.goal}`, `budget: ${budgetSeconds}s`, longer, '---'];
  return `The limit covers training and evaluation; a \`timeout:\` allows more. Begin the brief with these lines, and run it again:\n${front.join('\n')}`;
}

function guardUnreported({ name, reported }: UnreportedGuard): StudyError {
  const instead = reported.length === 0 ? 'it reports nothing beside the metric' : `it reports ${reported.join(', ')}`;
  return new StudyError(
    `The baseline does not report ${name}, which \`guards\` bounds, so nothing could be kept; ${instead}.`,
    {
      hint: 'Correct the name in the brief and run again: the study goes on.',
    },
  );
}
