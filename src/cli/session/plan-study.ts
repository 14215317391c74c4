/**
 * Plans a study, and finds every mistake in its brief and flags before anything is written.
 */
import { join } from 'node:path';
import { isInRepository } from '../../adapters/git/change-study.ts';
import { openGit } from '../../adapters/git/git.ts';
import { studyRefs } from '../../adapters/git/refs.ts';
import { resolveStart } from '../../adapters/git/start-point.ts';
import { hasNvidiaGpu } from '../../adapters/gpu/has-nvidia-gpu.ts';
import type { Optuna } from '../../adapters/python/find-optuna.ts';
import { createKnobReader } from '../../adapters/python/knob-reader.ts';
import { requireLinks } from '../../adapters/run-folders/base.ts';
import { SettingsError } from '../../core/base/errors.ts';
import type { Brief } from '../../core/brief/brief.ts';
import { asksModel, asksModelOrAgent } from '../../core/brief/proposers.ts';
import type { AbsentResearcher } from '../../core/journal/entry-parts.ts';
import { buildSpace } from '../../core/space/range/build-space.ts';
import type { Beginning } from '../../loop/begin.ts';
import { createWorkspace } from '../compose/compose.ts';
import { type LocatedBrief, locateBrief } from '../compose/locate-brief.ts';
import { absentResearchers, prepareOptuna } from '../compose/optuna.ts';
import { preparePython } from '../compose/python.ts';
import { isForeign } from '../study-folder/make-study-folder.ts';
import { findStudy, findUnfinishedTag, hasJournal, newestTag } from '../study-folder/studies.ts';
import { packageVersion } from '../terminal/version.ts';
import { requireOwnStudy } from './own-study.ts';
import { applyFlags, type RunFlags } from './settings.ts';

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
  /** Absent for a study that goes on. */
  readonly beginning: Beginning | undefined;
  /** What the owner should know, one sentence each. */
  readonly warnings: readonly string[];
}

/** The plan for this brief and these flags. Throws ResearchErrors only. */
export async function planStudy(briefArgument: string, flags: RunFlags): Promise<Plan> {
  const located = await locateBrief(briefArgument);
  const brief = applyFlags(located.brief, flags);
  const tag = await chooseTag(located, flags.tag, new Date());
  const isNew = !hasJournal(located.runs, tag);
  if (!isNew) {
    refuseStartFlags(tag, flags);
    await requireOwnStudy(findStudy(located.folder, tag), located);
  }
  await checkModels(located, brief);
  const interpreter = await preparePython(located, flags.python, flags.yes ?? false);
  const goesOn = { beginning: undefined, warnings: [] };
  const how = isNew ? await beginningOf(located, brief, tag, interpreter, flags) : goesOn;
  const optuna = await prepareOptuna(brief, interpreter);
  return { located, brief, tag, interpreter, optuna, absent: absentResearchers(brief, optuna), ...how };
}

const months = ['jan', 'feb', 'mar', 'apr', 'may', 'jun', 'jul', 'aug', 'sep', 'oct', 'nov', 'dec'] as const;

/** The newest study that could go on, else a new one named after today: `nov23`, then `nov23-2`. */
async function chooseTag({ runs, root }: LocatedBrief, asked: string | undefined, today: Date): Promise<string> {
  if (asked !== undefined) return asked;
  const unfinished = findUnfinishedTag(runs);
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

/** The isolation that the journal and the report name; this version has none. */
export const isolation = 'none';

async function beginningOf(
  located: LocatedBrief,
  brief: Brief,
  tag: string,
  interpreter: string,
  flags: RunFlags,
): Promise<Pick<Plan, 'beginning' | 'warnings'>> {
  const { start, warnings } = await resolveStart({
    root: located.root,
    sandbox: located.sandboxInRepository,
    edit: brief.edit,
    include: located.includeInRepository,
    briefPath: located.briefInRepository,
    ...(flags.from === undefined ? {} : { from: flags.from }),
  });
  await studyRefs(openGit(located.root), tag).requireFree(start);
  await requireLinks(brief.link, located.userSandbox);
  await checkSpace(located, brief, tag, interpreter, start);
  const beginning = {
    tag,
    study: flags.seed ?? tag,
    briefPath: located.briefInRepository,
    start,
    isolation,
    interpreter,
    version: packageVersion(),
  };
  return { beginning, warnings: [...endedWarnings(located, flags), ...warnings, ...(await gpuWarnings(brief))] };
}

/** Tells an owner who may have meant to go on with the last study that this is a new one. */
function endedWarnings({ runs }: LocatedBrief, { tag }: RunFlags): string[] {
  const last = tag === undefined ? newestTag(runs) : undefined;
  return last === undefined
    ? []
    : [`${last} has ended, so this is a new study; \`--tag ${last}\` goes on with that one.`];
}

/** Warns of `stop.gpu_hours` on a machine without a GPU, where it would never end the study. */
async function gpuWarnings({ stop }: Brief): Promise<string[]> {
  if (stop.gpuHours === undefined || (await hasNvidiaGpu())) return [];
  return ['No GPU is seen by nvidia-smi, so stop.gpu_hours will not end this study; stop.hours would.'];
}

/** Finds a missing key, an unknown provider or a mistake in a prompt before the study starts; makes no call. */
async function checkModels(located: LocatedBrief, brief: Brief): Promise<void> {
  if (!asksModelOrAgent(brief)) return;
  const { openModel } = await import('../compose/model-researchers.ts');
  const { loadPrompts } = await import('../../adapters/prompt-files.ts');
  await loadPrompts(located.folder);
  if (asksModel(brief) && brief.model !== undefined) await openModel(brief, brief.model);
  if (brief.fallback?.includes(':')) await openModel(brief, brief.fallback);
}

async function checkSpace(
  located: LocatedBrief,
  brief: Brief,
  tag: string,
  interpreter: string,
  start: string,
): Promise<void> {
  const files = await createWorkspace(located, tag).read(start);
  const reading = await createKnobReader(interpreter).read(files);
  if (reading.kind === 'unreadable') throw new SettingsError(`The editable files do not parse: ${reading.reason}.`);
  const isSearch = !asksModelOrAgent(brief);
  if (buildSpace(reading.knobs, brief.space, located.path).length > 0 || !isSearch) return;
  throw new SettingsError(`The ${brief.researcher} researcher has no knob to turn in ${brief.edit.join(', ')}.`, {
    hint: 'Give the script constants such as `LEARNING_RATE = 0.1` at top level, or declare ranges under `space:`.',
  });
}

function refuseStartFlags(tag: string, flags: RunFlags): void {
  const flag = flags.from !== undefined ? '--from' : flags.seed !== undefined ? '--seed' : undefined;
  if (flag === undefined) return;
  throw new SettingsError(`${flag} is for a new study, and study ${tag} has begun.`, {
    hint: 'Leave the flag out to go on, or start a new study with --tag.',
  });
}
