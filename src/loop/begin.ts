/**
 * Starts a study, or resumes the one in the journal, up to the point where the loop takes over.
 */

import { SettingsError, StudyError } from '../core/base/errors.ts';
import { lastLines, plainText } from '../core/base/plain-text.ts';
import type { Brief } from '../core/brief/brief.ts';
import { changedKeys } from '../core/brief/changed-keys.ts';
import type { Earlier } from '../core/journal/earlier.ts';
import type { AbsentResearcher } from '../core/journal/entry-parts.ts';
import { saidSession } from '../core/journal/extended-stop.ts';
import { budgetNames, clockNames, limitNames } from '../core/journal/fixed-work.ts';
import type { History } from '../core/journal/history.ts';
import { type Frozen, frozenOf, type Session, sessionOf } from '../core/journal/kept-settings.ts';
import type { Machine } from '../core/journal/machine.ts';
import { seedName } from '../core/journal/noise.ts';
import { briefNameOf } from '../core/journal/settings/settings.ts';
import type { Isolation } from '../ports/isolation.ts';
import { awaitEnd } from './run.ts';
import type { Study } from './study.ts';
import { unlessStopped } from './until-stopped.ts';

/** What a study is started with, in addition to its brief. */
export interface Beginning {
  readonly tag: string;
  /** The text from which the seeds of runs and draws are hashed. */
  readonly study: string;
  /** The brief's path, relative to the repository's root. */
  readonly briefPath: string;
  readonly start: string;
  /** What the owner has checked out, where that is not the start. */
  readonly checkout?: string;
  /** What it goes on from. */
  readonly earlier?: Earlier;
  readonly isolation: Pick<Isolation, 'tier' | 'open'>;
  /** Who takes no part in this session of `auto`, and why. */
  readonly absent?: readonly AbsentResearcher[];
  readonly interpreter: string;
  /** Where runs run, where a model or an agent is told of it. */
  readonly machine?: Machine | undefined;
  readonly version: string;
}

/** Journals the start, with the settings that stay frozen from here on. */
export async function startStudy({ lab, record }: Study, beginning: Beginning): Promise<void> {
  const { briefPath, absent, machine, isolation, ...given } = beginning;
  const mentions = (texts: readonly string[]) => lab.workspace.mentions(beginning.start, texts);
  await record({
    event: 'study-started',
    ...given,
    brief: briefPath,
    frozen: frozenOf(lab.brief),
    session: sessionOf(lab.brief),
    ...isolationFields(isolation),
    isSeedNamed: await lab.workspace.mentions(beginning.start, [seedName], 'run'),
    isBudgetNamed: await mentions(budgetNames),
    isClockRead: await mentions(clockNames),
    isLimitNamed: await mentions(limitNames),
    draws: 'near-first',
    assumes: 'public',
    ...absentField(absent),
    ...(machine && { machine }),
  });
}

/** Journals the resumption and the changed settings. Throws when one of those changed that give the numbers meaning. */
export async function resumeStudy(
  { lab, record, history }: Study,
  isolation: Beginning['isolation'],
  { absent, machine }: Pick<Beginning, 'absent' | 'machine'> = {},
): Promise<void> {
  requireComparable(history(), lab.brief);
  const current = sessionOf(lab.brief);
  const changed = changedSettings(saidSession(history()), current);
  const found = { ...absentField(absent), ...(machine && { machine }) };
  await record({ event: 'study-resumed', session: current, changed, ...isolationFields(isolation), ...found });
  const last = history().experiments[history().settled.at(-1) ?? 0];
  // A crash right after a revert leaves the run's trees on the disk.
  if (last?.verdict?.decision === 'revert') await lab.runFolders.discard(last.experiment);
}

/** Nothing is probed where runs are not kept from anything. */
function isolationFields({ tier, open }: Beginning['isolation']): { isolation: string; open?: string[] } {
  return { isolation: tier, ...(tier === 'none' ? {} : { open: [...open] }) };
}

function absentField(absent: readonly AbsentResearcher[] = []): { absent?: AbsentResearcher[] } {
  return absent.length === 0 ? {} : { absent: [...absent] };
}

/** Throws when a setting that gives the study's numbers their meaning is another one in this brief. */
export function requireComparable(history: History, brief: Brief): void {
  const { tag, experiments } = history;
  const [key] = changedFrozen(history, brief);
  if (key === undefined) return;
  const hasBranch = experiments[0]?.candidate !== undefined;
  throw new SettingsError(
    `Study ${tag} was started with another \`${key}\`; its numbers would no longer be comparable.`,
    {
      hint: hasBranch
        ? `Set \`${key}\` back, or start a new study from the best of this one with \`nocturne run --from autoresearch/${tag}\`.`
        : `Set \`${key}\` back, or start a new study with --tag.`,
    },
  );
}

/** The settings that give the study's numbers their meaning and differ in this brief, named as in a brief. */
export function changedFrozen({ frozen }: History, brief: Brief): readonly string[] {
  return changedSettings(frozen, frozenOf(brief));
}

/** The settings that differ, named as in a brief, in which the metric's goal is a setting of its own. */
function changedSettings<Settings extends Frozen | Session>(before: Settings, after: Settings): string[] {
  return changedKeys(flat(before), flat(after)).map(briefNameOf);
}

function flat(settings: Frozen | Session): object {
  if (!('metric' in settings)) return settings;
  const { goal, ...metric } = settings.metric;
  return { ...settings, metric, goal };
}

/** Runs the brief's `prepare` to its end, unless it was done before. Throws a StudyError when it fails. */
export async function prepareStudy(study: Study): Promise<void> {
  await unlessStopped(study, () => prepare(study));
}

async function prepare(study: Study): Promise<void> {
  const { lab, history } = study;
  const job = await lab.runFolders.layBase(history().start);
  if (job) {
    lab.emit({ event: 'step-begun', step: 'prepare', experiment: 0 });
    await lab.engine.submit(job);
    const state = await awaitEnd(study, job, async () => {});
    if ((await study.stopWanted()) === 'now') return;
    const isDone = state.kind === 'ended' && state.end.ending === 'exited' && state.end.stages.at(-1)?.exitCode === 0;
    if (!isDone) throw prepareFailed(await lab.runFolders.baseLog());
  }
  await lab.runFolders.sealBase();
}

function prepareFailed(log: string): StudyError {
  return new StudyError(
    `The brief's \`prepare\` command failed. The last lines of its log:\n${lastLines(plainText(log), 20)}`,
    {
      hint: 'Mend the command in the brief, or the files that it reads and commit them, and run again: nothing has been tried yet, so the study begins anew.',
    },
  );
}
