/**
 * Everything that is asked before a study starts or goes on. `run` ends at the first trouble, `doctor` lists all.
 */

import { join, posix } from 'node:path';
import { findChangedSince } from '../../adapters/git/changed-since.ts';
import { openGit } from '../../adapters/git/git.ts';
import { studyRefs } from '../../adapters/git/refs.ts';
import { commitOf, named, type StartPoint } from '../../adapters/git/start-point.ts';
import { hasNvidiaGpu } from '../../adapters/gpu/has-nvidia-gpu.ts';
import { openKnobReader } from '../../adapters/knob-reader/knob-reader.ts';
import { missingForNotebooks } from '../../adapters/notebooks/missing-for-notebooks.ts';
import { readNotebookCommand } from '../../adapters/notebooks/notebook-command.ts';
import { requireLinks } from '../../adapters/run-folders/link-paths.ts';
import { SettingsError, WorkspaceError } from '../../core/base/errors.ts';
import type { Brief } from '../../core/brief/brief.ts';
import { asksModel, asksModelOrAgent } from '../../core/brief/proposers.ts';
import { experimentOf, type History } from '../../core/journal/history.ts';
import { isOutside } from '../../core/journal/settings/brief-path.ts';
import type { Knob } from '../../core/space/knob.ts';
import { buildSpace, rebuildSpace } from '../../core/space/range/build-space.ts';
import { checkDeclared } from '../../core/space/range/check-declared.ts';
import { requireComparable } from '../../loop/begin.ts';
import { createWorkspace } from '../compose/compose.ts';
import type { LocatedBrief } from '../compose/locate-brief.ts';
import { type FoundStudy, newestTag } from '../study-folder/studies.ts';
import { askSlots } from './ask-slots.ts';
import type { Anew } from './begin-anew.ts';
import { requireOwnRefs, requireOwnStudy } from './own-study.ts';
import type { RunFlags } from './settings.ts';
import { mendedStarts, requireKnobsFile, startWithKnobs } from './start-with-knobs.ts';

/** What is to be run. */
export interface Asked {
  readonly located: LocatedBrief;
  readonly brief: Brief;
  readonly flags: Pick<RunFlags, 'tag' | 'from' | 'seed'>;
  readonly tag: string;
  /** The study, where it has begun. */
  readonly study: FoundStudy | undefined;
  /** A study of this tag that has measured nothing, and begins anew because its brief or its files were mended. */
  readonly anew?: Anew | undefined;
  /** Absolute path of the python that runs use; looked for once, and not before a question needs it. */
  readonly interpreter: () => Promise<string>;
  /** Where a new study starts; looked up once. */
  readonly start: () => Promise<StartPoint>;
}

export interface Question {
  /** What it is about, in one word. */
  readonly name: string;
  /** Sentences that the owner should know. Throws a ResearchError for what keeps the study from running. */
  readonly ask: (asked: Asked) => Promise<readonly string[]>;
}

/** The questions, in the order in which `run` asks them. */
export const questions: readonly Question[] = [
  { name: 'study', ask: askStudy },
  { name: 'model', ask: askModels },
  { name: 'git', ask: askFiles },
  { name: 'notebook', ask: askNotebook },
  { name: 'link', ask: askLinks },
  { name: 'space', ask: askSpace },
  { name: 'gpu', ask: askGpu },
  { name: 'slots', ask: ({ brief, study }) => askSlots(brief, study?.history) },
];

/** The questions' subject. */
export function askedOf(asked: Omit<Asked, 'start' | 'interpreter'>, findPython: () => Promise<string>): Asked {
  const { located, brief } = asked;
  const findStart = () =>
    startWithKnobs(brief.knobs, {
      root: located.root,
      sandbox: located.sandboxInRepository,
      edit: brief.edit,
      include: located.includeInRepository,
      link: brief.link.filter((path) => !isOutside(path)),
      briefPath: located.briefInRepository,
      ...fromOf(asked),
    });
  return { ...asked, interpreter: once(findPython), start: once(findStart) };
}

function fromOf({ flags, anew }: Pick<Asked, 'flags' | 'anew'>): { from?: string } {
  const from = flags.from ?? anew?.from;
  return from === undefined ? {} : { from };
}

function once<Value>(find: () => Promise<Value>): () => Promise<Value> {
  let found: Promise<Value> | undefined;
  return () => {
    found ??= find();
    return found;
  };
}

/** Whether a study that has begun can go on with these flags and settings; which other study a new one is not. */
async function askStudy({ located, brief, flags, tag, study, anew, start }: Asked): Promise<readonly string[]> {
  if (anew) return [`Study ${tag} has measured nothing yet, and begins anew: ${anew.why}.`];
  if (study === undefined) return flags.tag === undefined ? endedWarnings(located, flags, await start()) : [];
  refuseStartFlags(tag, flags);
  await requireOwnStudy(study, located);
  requireComparable(study.history, brief);
  return [];
}

function refuseStartFlags(tag: string, flags: Asked['flags']): void {
  const flag = flags.from !== undefined ? '--from' : flags.seed !== undefined ? '--seed' : undefined;
  if (flag === undefined) return;
  throw new SettingsError(`${flag} is for a new study, and study ${tag} has begun.`, {
    hint: 'Leave the flag out to go on, or start a new study with --tag.',
  });
}

/** Tells an owner who may have meant to go on with the last study that this is a new one, and where it starts. */
async function endedWarnings(
  { runs, root }: LocatedBrief,
  flags: Asked['flags'],
  point: StartPoint,
): Promise<string[]> {
  const last = newestTag(runs);
  if (last === undefined) return [];
  const isAsked = flags.from !== undefined || flags.seed !== undefined;
  const why = isAsked ? `This is a new study, not ${last}` : `${last} has ended, so this is a new study`;
  const from = flags.from === undefined ? 'HEAD' : flags.from;
  const where = `It starts from ${from} (${point.start.slice(0, 10)})`;
  return [`${why}; \`--tag ${last}\` goes on with that one.`, `${where}${await bestOf(last, root, point, flags)}.`];
}

/** What that start has of the last study's best. */
async function bestOf(last: string, root: string, { start }: StartPoint, { from }: Asked['flags']): Promise<string> {
  const git = openGit(root);
  const branch = `autoresearch/${last}`;
  const best = await commitOf(git, `refs/heads/${branch}`);
  if (best === undefined || from === branch) return '';
  const isIncluded = (await git.run(['rev-list', '-1', best, `^${start}`])).trim() === '';
  if (isIncluded) return `, with all that ${last} kept in it`;
  return from === undefined ? `, not from the best of ${last}: \`--from ${branch}\` does` : '';
}

/** Finds a missing key, an unknown provider or a mistake in a prompt; makes no call. */
async function askModels({ located, brief }: Asked): Promise<readonly string[]> {
  if (!asksModelOrAgent(brief)) return [];
  const { openModel } = await import('../compose/model-researchers.ts');
  const { loadPrompts } = await import('../../adapters/prompt-files.ts');
  await loadPrompts(located.folder);
  if (asksModel(brief) && brief.model !== undefined) await openModel(brief, brief.model);
  if (brief.fallback?.includes(':')) await openModel(brief, brief.fallback);
  return [];
}

async function askFiles(asked: Asked): Promise<readonly string[]> {
  if (asked.study !== undefined) {
    const { history } = asked.study;
    const { root } = asked.located;
    // A tip that is gone is put back before it is asked about.
    const hasTip = (await commitOf(openGit(root), `refs/autoresearch/${asked.tag}/tip`)) !== undefined;
    if (hasTip) await requireOwnRefs(history, root);
    return askChanges(asked, history);
  }
  const { start, warnings } = await asked.start();
  await studyRefs(openGit(asked.located.root), asked.tag).requireFree(start, asked.anew?.history.start);
  return warnings;
}

/** Throws for a change of the owner's since the start, which the study would never see. */
async function askChanges(asked: Asked, history: History): Promise<readonly string[]> {
  const { located, brief, tag } = asked;
  const { root, sandboxInRepository: sandbox, briefInRepository } = located;
  const { start, checkout, experiments, tip } = history;
  const editable = brief.edit.map((path) => posix.join(sandbox, path));
  const { changed: differing, added } = await findChangedSince({
    root,
    paths: [sandbox, ...located.includeInRepository],
    editable,
    exempt: [briefInRepository, posix.join(posix.dirname(briefInRepository), 'runs')],
    start,
    checkout,
    accepted: [tip, ...experiments.flatMap(({ kept }) => (kept === undefined ? [] : [kept])).reverse()],
  });
  const edited = differing.filter((path) => editable.includes(path));
  const isTried = edited.length > 0 && (await isHandedIn(asked, history));
  // Where the owner proposes, the work tree is where the next experiment is being written.
  const isWorkplace = brief.researcher === 'owner';
  const changed = isTried || isWorkplace ? differing.filter((path) => !editable.includes(path)) : differing;
  const unseen = [
    ...(added.length === 0 ? [] : [`Not in study ${tag}, so absent from its runs: ${named(added)}.`]),
    ...(edited.length === 0 || isTried || !isWorkplace ? [] : [notHandedIn(edited)]),
  ];
  if (changed.length === 0) return unseen;
  const fresh = await newKnobs(asked, history, changed);
  const [are, them] = changed.length === 1 ? ['is', 'it'] : ['are', 'them'];
  const what = `${named(changed)}${fresh.length === 0 ? '' : ` (new knobs: ${fresh.join(', ')})`}`;
  const short = start.slice(0, 10);
  const merge = history.kept === 0 ? '' : `; \`git merge autoresearch/${tag}\` first adds the best so far`;
  const back = `git checkout ${short} -- ${changed.map((path) => `":/${path}"`).join(' ')}`;
  throw new WorkspaceError(
    `${what} ${are} not as study ${tag} has ${them}: it started from commit ${short}, and its runs would not have the change`,
    {
      hint: `${changed.every((path) => editable.includes(path)) ? `Hand it in with \`nocturne try --tag ${tag}\`; or try` : 'Try'} the change in a new study: commit it, then \`nocturne run --tag NAME\`${merge}. Or go on without it: ${back}`,
    },
  );
}

function notHandedIn(edited: readonly string[]): string {
  const [are, they] = edited.length === 1 ? ['is', 'it'] : ['are', 'they'];
  return `The runs are of what \`nocturne try\` hands in, so not of ${named(edited)} as ${they} ${are} now.`;
}

/** Whether the editable files as they are in the work tree were handed in, or tried in any other way. */
async function isHandedIn({ located, brief, tag }: Asked, history: History): Promise<boolean> {
  const [{ readEditable }, { withoutSecrets }] = await Promise.all([
    import('./read-hand-in-source.ts'),
    import('./read-hand-in.ts'),
  ]);
  const files = await readEditable(located.userSandbox, brief.edit);
  const { files: told } = withoutSecrets(files, files);
  if (history.handedIn.some((one) => brief.edit.every((file) => one.files[file] === told[file]))) return true;
  return history.contents.has(await createWorkspace(located, tag).identify(files));
}

/** Knobs of the owner's files that the study's incumbent lacks; none where the files do not parse. */
async function newKnobs(asked: Asked, history: History, changed: readonly string[]): Promise<readonly string[]> {
  const { located, brief, interpreter } = asked;
  const edited = brief.edit.filter((path) => changed.includes(posix.join(located.sandboxInRepository, path)));
  const { readText } = await import('../../adapters/files/read-file.ts');
  const contents = edited.map(async (path) => [path, (await readText(join(located.userSandbox, path))) ?? ''] as const);
  const reading = await openKnobReader({ interpreter: await interpreter(), brief }).read(
    Object.fromEntries(await Promise.all(contents)),
  );
  if (reading.kind === 'unreadable') return [];
  const known = (await readKnobs(asked, incumbentOf(history)))?.map(({ name }) => name) ?? [];
  return reading.knobs.map(({ name }) => name).filter((name) => !known.includes(name));
}

/** Whether the Python of the runs has what executes a notebook, where the brief trains one. */
async function askNotebook({ brief, interpreter }: Asked): Promise<readonly string[]> {
  const command = readNotebookCommand(brief.train);
  if (command === undefined || command.before.length > 0) return [];
  const python = await interpreter();
  const missing = await missingForNotebooks(python);
  if (missing.length === 0) return [];
  throw new SettingsError(`\`train:\` runs ${command.notebook}, and ${python} has no ${missing.join(' and no ')}.`, {
    hint: `Install what is missing: ${python} -m pip install ${missing.join(' ')}`,
  });
}

async function askLinks({ located, brief }: Asked): Promise<readonly string[]> {
  await requireLinks(brief.link, located.userSandbox);
  return [];
}

/** Whether the ranges are those of knobs, and whether a search has any knob to turn. */
async function askSpace(asked: Asked): Promise<readonly string[]> {
  const { brief, located, study } = asked;
  if (study === undefined) {
    const { start } = await asked.start();
    const knobs = await requireKnobsOf(asked, start);
    requireKnobs(asked, knobs.length, buildSpace(knobs, brief.space, located.path).length);
    return [];
  }
  const { history } = study;
  requireKnobsFile(
    brief.knobs,
    await createWorkspace(located, asked.tag).read(incumbentOf(history)),
    history.incumbent,
  );
  const now = await requireKnobsOf(asked, incumbentOf(history));
  const atStart = (await readKnobs(asked, history.start)) ?? [];
  const idle = checkDeclared({ atStart, now }, brief.space, located.path);
  requireKnobs(asked, now.length, rebuildSpace(now, brief.space).length);
  return [
    ...idle.map((name) => `\`space.${name}\` does nothing: experiment ${history.incumbent} has no such knob any more.`),
    ...mendedStarts(brief.knobs, history.session.knobs ?? {}, asked.tag),
  ];
}

function incumbentOf(history: History): string {
  return experimentOf(history, history.incumbent).candidate?.commit ?? history.start;
}

async function requireKnobsOf(asked: Asked, commit: string): Promise<readonly Knob[]> {
  const reading = await readSource(asked, commit);
  if (reading.kind === 'unreadable') throw new SettingsError(`The editable files do not parse: ${reading.reason}.`);
  return reading.knobs;
}

async function readKnobs(asked: Asked, commit: string): Promise<readonly Knob[] | undefined> {
  const reading = await readSource(asked, commit);
  return reading.kind === 'unreadable' ? undefined : reading.knobs;
}

async function readSource({ located, tag, interpreter }: Asked, commit: string) {
  return openKnobReader({ interpreter: await interpreter(), brief: located.brief }).read(
    await createWorkspace(located, tag).read(commit),
  );
}

function requireKnobs({ brief }: Asked, known: number, searched: number): void {
  if (searched > 0 || brief.researcher === 'owner' || asksModelOrAgent(brief)) return;
  const constant =
    'Write a value to turn into the script, as a constant such as `LEARNING_RATE = 0.1` or as the default of a flag, and commit it';
  // Constants of other languages are not read.
  const isRead = brief.edit.some((file) => /\.(?:py|ipynb|ya?ml|json|toml)$/.test(file));
  const hint =
    known === 0
      ? `${isRead ? `${constant}, or declare` : 'Declare'} one in the brief: \`knobs: { lr: 0.1 in log 0.001..1 }\`, with \`{lr}\` in \`train:\`.`
      : 'It has values that are left alone: `nocturne space` shows each with the reason, and a range under `space:` has one searched.';
  throw new SettingsError(`The ${brief.researcher} researcher has no knob to turn in ${brief.edit.join(', ')}.`, {
    hint,
  });
}

/** Warns of `stop.gpu_hours` on a machine without a GPU, where it would never end the study. */
async function askGpu({ brief }: Asked): Promise<readonly string[]> {
  if (brief.stop.gpuHours === undefined || (await hasNvidiaGpu())) return [];
  return ['No GPU is seen by nvidia-smi, so stop.gpu_hours will not end this study; stop.hours would.'];
}
