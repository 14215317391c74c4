/**
 * A confirmation from its request to its result, under the study's lock. The brief may have changed since the study
 * ended: a setting that gives the study's numbers their meaning is taken from the journal, or must still be the same.
 */

import { exists } from '../../adapters/files/exists.ts';
import { SettingsError } from '../../core/base/errors.ts';
import { formatDuration } from '../../core/base/format.ts';
import type { Brief } from '../../core/brief/brief.ts';
import {
  type ConfirmationRequest,
  confirmationFor,
  defaultRuns,
  ordinaryConfirmation,
} from '../../core/confirm/next-confirmation-step.ts';
import { budgetNames } from '../../core/journal/fixed-work.ts';
import type { WholeHistory } from '../../core/journal/held-out.ts';
import { countedRuns, experimentOf, type History } from '../../core/journal/history.ts';
import { mean } from '../../core/statistics/moments.ts';
import { confirmationText } from '../../core/views/confirmation-text.ts';
import { awaitLeftoverConfirmationRuns, awaitLeftoverExperimentRuns } from '../../loop/await-leftover-run.ts';
import { requireComparable } from '../../loop/begin.ts';
import { confirm } from '../../loop/confirm.ts';
import type { Study } from '../../loop/study.ts';
import { locateBrief } from '../compose/locate-brief.ts';
import { preparePython } from '../compose/python.ts';
import { type FoundStudy, findStudy, goOnCommand } from '../study-folder/studies.ts';
import { say } from '../terminal/print.ts';
import { askSlots, withSlotsFound } from './ask-slots.ts';
import { requireOwnStudy } from './own-study.ts';
import { asStudy } from './run-study.ts';
import { type LockedStudy, withLockedStudy } from './with-locked-study.ts';

export interface ConfirmEnd {
  /** The result for people; undefined when the confirmation was stopped before it had one. */
  readonly text: string | undefined;
  readonly exitCode: number;
}

/** Confirms a study that no controller works on. Throws ResearchErrors only. */
export async function confirmStudy(
  briefArgument: string | undefined,
  tag: string | undefined,
  request: ConfirmationRequest,
  {
    isBare,
    slots,
    ...output
  }: {
    readonly isJson: boolean;
    readonly isPlain: boolean;
    readonly allowsSleep: boolean;
    /** Whether runs are to have the owner's own rights, whatever the brief says. */
    readonly isBare: boolean;
    /** Runs at once, where the brief's are not meant. */
    readonly slots?: Brief['slots'] | undefined;
  },
): Promise<ConfirmEnd> {
  const found = findStudy(briefArgument, tag, 'untold');
  requireSomethingToConfirm(found);
  requireLonger(found.history, request);
  const located = await locateBrief(found.briefArgument);
  await requireOwnStudy(found, located);
  const own = briefOf(located.brief, found.history);
  const wanted = { ...own, slots: slots ?? own.slots, ...(isBare && { isolation: 'none' as const }) };
  requireComparable(found.history, wanted);
  const { brief, found: sentences } = await withSlotsFound(wanted, found);
  for (const sentence of [...sentences, ...(await askSlots(brief, found.history))]) say(`warning: ${sentence}`);
  const { interpreter: before } = found.history;
  const interpreter = (await exists(before)) ? before : (await preparePython(located, undefined, false)).executable;
  const tierBefore = found.history.isolation;
  const settings = { located, brief, tag: found.tag, interpreter, tierBefore, start: found.history.start, ...output };
  const { result, wasInterrupted } = await withLockedStudy(settings, (work) => conduct(work, request));
  return { text: result, exitCode: wasInterrupted ? 130 : 0 };
}

/**
 * A longer budget is compared with a confirmation at the study's own, which is made first where there is none: the gain
 * that the study measured was selected, and would look larger than it is.
 */
async function conduct(work: LockedStudy, request: ConfirmationRequest): Promise<string | undefined> {
  const { study, say, show } = work;
  show();
  const { budgetSeconds, runs } = request;
  if (budgetSeconds === undefined) return conductOne(work, request);
  await requireFollowsBudget(study);
  const { heldOut, history } = study.whole();
  if (!ordinaryConfirmation(heldOut, history.incumbent)) {
    const text = `First a confirmation at the study's own budget, which the gain at ${formatDuration(budgetSeconds)} is compared with.`;
    say(text);
    if ((await conductOne(work, { runs })) === undefined) return undefined;
  }
  return conductOne(work, request);
}

async function conductOne({ study, say }: LockedStudy, request: ConfirmationRequest): Promise<string | undefined> {
  const confirmation = confirmationFor(study.whole(), request);
  say(opening(study.whole(), confirmation, request));
  say(durationText(study, confirmation, request));
  const end = await asStudy(async () => {
    await awaitLeftoverExperimentRuns(study);
    await awaitLeftoverConfirmationRuns(study, confirmation);
    return confirm(study, confirmation, request);
  });
  return end === 'done' ? confirmationText(study.whole(), confirmation) : undefined;
}

function opening(
  { history, heldOut }: WholeHistory,
  confirmation: number,
  { budgetSeconds }: ConfirmationRequest,
): string {
  const { tag, incumbent } = history;
  const isNew = confirmation > heldOut.confirmations.length;
  const at = budgetSeconds === undefined ? '' : ` at ${formatDuration(budgetSeconds)} a run`;
  return `Confirmation ${confirmation} of study ${tag} ${isNew ? 'begins' : 'goes on'}: experiment ${incumbent} against the baseline${at}.`;
}

/** How long it may take if each run takes as long as the baseline's did on average. */
function durationText({ lab, whole }: Study, confirmation: number, request: ConfirmationRequest): string {
  const { history, heldOut } = whole();
  const plan = heldOut.confirmations[confirmation - 1];
  const isAblated = plan?.isAblated ?? request.isAblated ?? false;
  const contenders = plan?.contenders.length ?? 2 + (isAblated && history.kept > 1 ? history.kept : 0);
  const made = plan?.contenders.reduce((sum, { runs }) => sum + countedRuns({ runs }).length, 0) ?? 0;
  const left = contenders * (plan?.runs ?? request.runs ?? defaultRuns) - made;
  const baseline = countedRuns(experimentOf(history, 0)).map((run) => run.result?.seconds ?? 0);
  const { budgetSeconds } = request;
  const longer = budgetSeconds === undefined ? 0 : budgetSeconds - history.frozen.budgetSeconds;
  const as = longer === 0 ? "the baseline's" : "the baseline's and the longer budget";
  const inTurn = Math.ceil(left / lab.slots);
  const beside = lab.slots === 1 ? '' : `, ${lab.slots} at once`;
  return `At most ${left} runs${beside}, ${formatDuration(inTurn * (mean(baseline) + longer))} if each takes as long as ${as}.`;
}

/** The brief without its researcher's settings, which a confirmation does not need and so does not check. */
function briefOf({ model: _, fallback: __, command: ___, ...brief }: Brief, { frozen, session }: History): Brief {
  const { budgetSeconds, budgetClock } = frozen;
  return { ...brief, budgetSeconds, budgetClock, timeoutSeconds: session.timeoutSeconds, researcher: 'random' };
}

function requireLonger({ tag, frozen }: History, { budgetSeconds }: ConfirmationRequest): void {
  if (budgetSeconds === undefined || budgetSeconds > frozen.budgetSeconds) return;
  const [own, asked] = [frozen.budgetSeconds, budgetSeconds].map(formatDuration);
  throw new SettingsError(`--budget must be longer than the ${own} that study ${tag} trained with, found ${asked}.`, {
    hint: "Leave it out to confirm the gain at the study's own budget.",
  });
}

/** Throws when the scripts of baseline and final name nothing by which a longer budget could reach them. */
async function requireFollowsBudget(study: Study): Promise<void> {
  const { start, tip, tag } = study.history();
  for (const commit of [start, tip]) {
    if (await study.lab.workspace.mentions(commit, budgetNames)) continue;
    const whose = commit === start ? 'the baseline' : 'the best experiment';
    throw new SettingsError(
      `A longer budget cannot reach the script of ${whose} in study ${tag}: it reads no NOCTURNE_BUDGET_SECONDS and keeps no TIME_BUDGET.`,
      {
        hint: 'A script that counts steps or epochs, or has its time as another constant, must take its length from NOCTURNE_BUDGET_SECONDS; start a new study with one that does.',
      },
    );
  }
}

function requireSomethingToConfirm(found: FoundStudy): void {
  const { tag, kept, experiments } = found.history;
  if (kept > 0) return;
  const isMeasured = experiments[0]?.verdict !== undefined;
  throw new SettingsError(
    isMeasured
      ? `Study ${tag} has kept nothing, so there is no gain to confirm.`
      : `Study ${tag} has not measured its baseline yet, so there is no gain to confirm.`,
    { hint: `Go on with \`${goOnCommand(found)}\`.` },
  );
}
