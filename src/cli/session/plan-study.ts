/**
 * Plans a study, and finds every mistake in its brief and flags before anything is written.
 */
import { join } from 'node:path';
import { readEarlier } from '../../adapters/earlier-file.ts';
import { isInRepository } from '../../adapters/git/change-study.ts';
import { openGit } from '../../adapters/git/git.ts';
import { commitOf } from '../../adapters/git/start-point.ts';
import { askedChannels, openChannels } from '../../adapters/notify/open-channels.ts';
import type { Optuna } from '../../adapters/python/find-optuna.ts';
import type { Brief } from '../../core/brief/brief.ts';
import { asksModelOrAgent } from '../../core/brief/proposers.ts';
import type { AbsentResearcher } from '../../core/journal/entry-parts.ts';
import type { Machine } from '../../core/journal/machine.ts';
import type { Beginning } from '../../loop/begin.ts';
import type { Channel } from '../../ports/channel.ts';
import { describeMachine } from '../compose/describe-machine.ts';
import { type LocatedBrief, locateBrief } from '../compose/locate-brief.ts';
import { absentResearchers, prepareOptuna } from '../compose/optuna.ts';
import { preparePython } from '../compose/python.ts';
import { type OpenTracker, openTrackers } from '../compose/trackers.ts';
import { isForeign } from '../study-folder/make-study-folder.ts';
import { findStudy, findUnfinishedTag, hasJournal } from '../study-folder/studies.ts';
import { packageVersion } from '../terminal/version.ts';
import { withSlotsFound } from './ask-slots.ts';
import { type Anew, findAnew } from './begin-anew.ts';
import { type Asked, askedOf, questions } from './questions.ts';
import { applyFlags, type RunFlags } from './settings.ts';
import { takeUpStudy } from './take-up-study.ts';

/** What a study is run with, known before anything is written. */
export interface Plan {
  readonly located: LocatedBrief;
  readonly brief: Brief;
  readonly tag: string;
  readonly interpreter: string;
  /** For researchers that ask Optuna; undefined when they do without. */
  readonly optuna: Optuna | undefined;
  /** Researchers that `auto` goes without in this session. */
  readonly absent: readonly AbsentResearcher[];
  /** Where runs run; undefined where neither a model nor an agent is told of it. */
  readonly machine: Machine | undefined;
  /** Absent for a study that goes on; without what is found out under its lock. */
  readonly beginning: Omit<Beginning, 'isolation'> | undefined;
  /** The commit that the study starts from, or started from. */
  readonly start: string;
  /** The tier that the study's last session had; undefined for one that begins. */
  readonly tierBefore: string | undefined;
  /** Present for a study that has a journal and begins anew. */
  readonly anew: Anew | undefined;
  /** Where the owner is told of what happens. */
  readonly channels: readonly Channel[];
  /** Where the study is sent while it runs. */
  readonly trackers: readonly OpenTracker[];
  /** What the owner should know, one sentence each. */
  readonly warnings: readonly string[];
}

/** The plan for this brief and these flags. Throws ResearchErrors only. */
export async function planStudy(briefArgument: string, flags: RunFlags): Promise<Plan> {
  const located = await locateBrief(briefArgument);
  const wanted = applyFlags(located.brief, flags);
  const channels = openChannels(askedChannels(wanted, flags.notify, process.env), process.env);
  const { tag, study, anew } = await chooseStudy(located, flags, wanted);
  const { brief, found } = await withSlotsFound(wanted, study);
  const warnings: string[] = [...found];
  const findPython = async () => {
    const python = await preparePython(located, flags.python, flags.yes ?? false);
    warnings.push(...python.warnings);
    return python.executable;
  };
  const asked = askedOf({ located, brief, flags, tag, study, anew }, findPython);
  for (const { ask } of questions) warnings.push(...(await ask(asked)));
  const interpreter = await asked.interpreter();
  const { folder, runs } = located;
  const trackers = await openTrackers(brief.trackers, { folder, runs, tag, interpreter, isYes: flags.yes ?? false });
  const beginning =
    study === undefined ? await beginningOf(asked, (warning) => void warnings.push(warning)) : undefined;
  const search = await prepareOptuna(brief, interpreter);
  return {
    located,
    brief,
    tag,
    interpreter,
    optuna: search.optuna,
    absent: absentResearchers(brief, search),
    machine: asksModelOrAgent(brief) ? await describeMachine(interpreter, brief) : undefined,
    beginning,
    start: study?.history.start ?? beginning?.start ?? '',
    tierBefore: study?.history.isolation,
    anew,
    channels,
    trackers,
    warnings,
  };
}

async function beginningOf(asked: Asked, warn: (sentence: string) => void): Promise<Plan['beginning']> {
  const { located, flags, tag, anew } = asked;
  const { start } = await asked.start();
  const checkout = await commitOf(openGit(located.root), 'HEAD');
  const known = flags.from === undefined ? undefined : await takeUpStudy(asked, flags.from, start, warn);
  const earlier = known ?? (await readEarlier(located.folder));
  return {
    tag,
    study: flags.seed ?? anew?.history.study ?? tag,
    briefPath: located.briefInRepository,
    start,
    ...(checkout !== undefined && checkout !== start && { checkout }),
    ...(earlier && { earlier }),
    interpreter: await asked.interpreter(),
    version: packageVersion(),
  };
}

/** The study that these flags mean, where it has begun, and its tag. */
export async function chooseStudy(
  located: LocatedBrief,
  flags: Asked['flags'],
  brief: Brief,
): Promise<Pick<Asked, 'tag' | 'study' | 'anew'>> {
  const tag = await chooseTag(located, flags, new Date());
  if (!hasJournal(located.runs, tag)) return { tag, study: undefined };
  const study = findStudy(located.folder, tag, 'untold');
  const anew = study.history.tag === tag && !study.damage ? await findAnew(study.history, brief, located) : undefined;
  return anew ? { tag, study: undefined, anew } : { tag, study };
}

const months = ['jan', 'feb', 'mar', 'apr', 'may', 'jun', 'jul', 'aug', 'sep', 'oct', 'nov', 'dec'] as const;

/**
 * The newest study that could go on, else a new one named after today: `nov23`, then `nov23-2`. What only a new study
 * can take, such as `--from`, asks for one.
 */
async function chooseTag({ runs, root }: LocatedBrief, flags: Asked['flags'], today: Date): Promise<string> {
  if (flags.tag !== undefined) return flags.tag;
  const isForNew = flags.from !== undefined || flags.seed !== undefined;
  const unfinished = isForNew ? undefined : findUnfinishedTag(runs);
  if (unfinished !== undefined) return unfinished;
  const name = `${months[today.getMonth()]}${String(today.getDate()).padStart(2, '0')}`;
  let tag = name;
  for (let count = 2; await isTaken(tag, runs, root); count++) tag = `${name}-${count}`;
  return tag;
}

/** Whether a study has this tag, or left its refs although its folder was deleted, or the folder is no study's. */
async function isTaken(tag: string, runs: string, root: string): Promise<boolean> {
  return hasJournal(runs, tag) || (await isForeign(join(runs, tag))) || (await isInRepository(root, tag));
}
