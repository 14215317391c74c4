/**
 * Runs a study from its plan to its stop: starts it, or resumes it where it stopped, under its lock.
 */

import { join } from 'node:path';
import { readStudyInRepository } from '../../adapters/git/read-study.ts';
import { ResearchError, StudyError } from '../../core/base/errors.ts';
import { countText } from '../../core/base/format.ts';
import { type Stop, stopOf } from '../../core/decide/stopping.ts';
import type { Earlier } from '../../core/journal/earlier.ts';
import { extendedSession } from '../../core/journal/extended-stop.ts';
import { currentOwnerPause, type History } from '../../core/journal/history.ts';
import { sessionOf } from '../../core/journal/kept-settings.ts';
import { sessionSeconds } from '../../core/journal/live-time.ts';
import { messagesOf } from '../../core/views/check.ts';
import { findKeepDisagreements } from '../../core/views/check-keeps.ts';
import { awaitLeftoverConfirmationRuns } from '../../loop/await-leftover-run.ts';
import { type Beginning, prepareStudy, resumeStudy, startStudy } from '../../loop/begin.ts';
import { research } from '../../loop/research.ts';
import type { Study } from '../../loop/study.ts';
import type { Mirror } from '../../ports/mirror.ts';
import type { LocatedBrief } from '../compose/locate-brief.ts';
import { say } from '../terminal/print.ts';
import { clearForAnew } from './begin-anew.ts';
import { makeFirstCalls } from './first-call.ts';
import { mendRefs, requireOwnRefs } from './own-study.ts';
import { type Plan, planStudy } from './plan-study.ts';
import type { RunFlags } from './settings.ts';
import { withLockedStudy } from './with-locked-study.ts';

export interface RunEnd {
  readonly stop: Stop;
  readonly exitCode: number;
  readonly tag: string;
}

/** Runs a study until it stops. Throws ResearchErrors only. */
export async function runStudy(briefArgument: string, flags: RunFlags): Promise<RunEnd> {
  const tag = flags.restore === undefined ? flags.tag : await restoreFrom(flags.restore, briefArgument, flags.tag);
  const { beginning, anew, warnings, absent, machine, ...plan } = await planStudy(
    briefArgument,
    tag === undefined ? flags : { ...flags, tag },
  );
  const mirror = flags.mirror === undefined ? undefined : await mirrorOf(plan.located, plan.tag, flags.mirror);
  const { json: isJson = false, plain: isPlain = false, allowSleep: allowsSleep = false } = flags;
  const clear = async (folder: string) => anew && clearForAnew(folder, { ...plan, anew });
  const settings = {
    ...plan,
    clear,
    ...(mirror && { mirror }),
    isJson,
    isPlain,
    allowsSleep,
    agreesToRent: flags.yes ?? false,
  };
  const { result, wasInterrupted } = await withLockedStudy(
    settings,
    async ({ study, hasStarted, asked, isolation, say, show }) => {
      // A study that ends by its rule at once asks nobody.
      const isOver = hasStarted && !anew && asksNobody(study.history(), plan.brief);
      const first = await makeFirstCalls(isOver ? [] : asked, plan.brief, study.signal);
      const warn = () => [...warnings, ...first.warnings].forEach((warning) => void say(`warning: ${warning}`));
      if (hasStarted && !anew) await goOn(study, plan.located, { absent, machine, isolation }, say).then(warn);
      else if (beginning) {
        sayAssumed(plan.located, say);
        if (beginning.earlier) say(earlierLine(beginning.earlier, plan.brief));
        warn();
        await startStudy(study, { ...beginning, isolation, absent, machine });
      }
      await first.journal(study);
      show();
      return conduct(study);
    },
  );
  return { stop: result, tag: plan.tag, exitCode: wasInterrupted ? 130 : exitCodeOf(result) };
}

/** Whether a rule ends the study at once, or it stands at a ceiling that was not raised: even a small call costs. */
function asksNobody(history: History, brief: Plan['brief']): boolean {
  const { reason } = history.stopped ?? {};
  if (reason === 'usd' || reason === 'tokens') {
    const [before, now] = [history.session.stop[reason], sessionNow(history, brief).stop[reason]];
    if (before !== undefined && now !== undefined && now <= before) return true;
  }
  return stopOf(withSession(history, brief), { at: new Date().toISOString() }) !== undefined;
}

/** The history as the settings of this session would judge it. */
function withSession(history: History, brief: Plan['brief']): History {
  const sessionStartedAt = new Date().toISOString();
  const earlierSeconds = history.earlierSeconds + sessionSeconds(history);
  const now = { sessionStartedAt, lastAt: sessionStartedAt, sessionLive: undefined, earlierSeconds };
  return { ...history, ...now, pausedSeconds: 0, session: sessionNow(history, brief), refusedThisSession: 0 };
}

/** The settings of this session, with the limits that the owner raised. */
function sessionNow({ extended }: History, brief: Plan['brief']): History['session'] {
  return extendedSession(sessionOf(brief), extended);
}

/** A study that could not go on has not ended by its own rule. */
function exitCodeOf({ reason }: Stop): number {
  return reason === 'paused' ? 1 : 0;
}

/** What the study goes on from, a study's baseline not counted, and where its searches cannot. */
function earlierLine({ source, experiments, goal, study }: Earlier, { metric }: Plan['brief']): string {
  const known = study ? experiments.filter(({ isBaseline }) => !isBaseline) : experiments;
  const before = study && experiments.length - known.length > 1 ? ' and of those before it' : '';
  const file = study ? '' : ' (earlier.json)';
  const line = `Goes on from ${countText(known.length, 'experiment')} of ${source}${before}${file}; the baseline is measured anew.`;
  return goal === metric.goal ? line : `${line} They ${goal}, so no search learns from them.`;
}

/** Says what was read out of the folder of a brief without front matter, as the lines that would say it. */
function sayAssumed({ assumed = [] }: LocatedBrief, say: (line: string) => void): void {
  if (assumed.length === 0) return;
  const width = Math.max(...assumed.map(({ line }) => line.length));
  say('program.md has no front matter. Assumed, each with where it is from:');
  for (const { line, why } of assumed) say(`  ${line.padEnd(width)}  # ${why}`);
  say('To change any, begin program.md with `---`, these lines as they should be, and another `---`.');
}

/** Brings a study back from its mirror, and gives its tag. */
export async function restoreFrom(target: string, briefArgument: string, tag: string | undefined): Promise<string> {
  const { restoreStudy } = await import('./restore-study.ts');
  return restoreStudy(briefArgument, target, tag, say);
}

async function mirrorOf(located: LocatedBrief, tag: string, target: string): Promise<Mirror> {
  const { openMirrorOf } = await import('./restore-study.ts');
  return openMirrorOf(located, target, join(located.runs, tag, 'mirror', 'work'));
}

async function goOn(
  study: Study,
  located: LocatedBrief,
  { isolation, ...found }: Pick<Beginning, 'absent' | 'machine' | 'isolation'>,
  say: (line: string) => void,
): Promise<void> {
  const history = study.history();
  const mended = await mendRefs(study.whole(), located.root);
  if (mended !== undefined) say(mended);
  await requireOwnRefs(history, located.root);
  const stored = await readStudyInRepository(located.root, history.tag, history.start);
  for (const found of findKeepDisagreements(history, messagesOf(stored))) {
    say(`warning: the journal and the repository disagree, ${found}; see \`nocturne check\``);
  }
  const done = history.experiments.length - 1;
  await resumeStudy(study, isolation, found);
  await awaitLeftoverConfirmationRuns(study);
  const paused = currentOwnerPause(study.history());
  if (paused)
    say(`Study ${history.tag} is paused since ${paused.since}; \`nocturne resume --tag ${history.tag}\` goes on.`);
  else say(`Study ${history.tag} goes on after ${countText(done, 'experiment')}.`);
}

async function conduct(study: Study): Promise<Stop> {
  return asStudy(async () => {
    await prepareStudy(study);
    return research(study);
  });
}

/** Does `act`, and makes its ResearchErrors StudyErrors, whose exit code is 1. */
export async function asStudy<Result>(act: () => Promise<Result>): Promise<Result> {
  try {
    return await act();
  } catch (error) {
    // The study has begun: an error is now a failure of the study, no mistake in the command line or the brief.
    if (!(error instanceof ResearchError) || error instanceof StudyError) throw error;
    throw new StudyError(error.message, { ...(error.hint === undefined ? {} : { hint: error.hint }), cause: error });
  }
}
