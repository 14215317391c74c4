/**
 * Drafts a brief from a look at an entry point: the score, the budget, the files with knobs. Throws a SettingsError that
 * says what is missing where a study could not be made of it.
 */
import { basename, join } from 'node:path';
import { readText } from '../../adapters/files/read-file.ts';
import { openKnobReader } from '../../adapters/knob-reader/knob-reader.ts';
import { type DryRun, withoutTree } from '../../adapters/project/dry-run.ts';
import type { Project } from '../../adapters/project/list-project.ts';
import { BriefError, SettingsError } from '../../core/base/errors.ts';
import type { Goal } from '../../core/base/metric.ts';
import { lastLines, plainText } from '../../core/base/plain-text.ts';
import { parseBrief } from '../../core/brief/parse-brief.ts';
import { type Ended, guessBudget } from '../../core/draft/budget-guess.ts';
import { briefText, type Draft, type DraftKnob } from '../../core/draft/draft.ts';
import type { EntryPoint } from '../../core/draft/entry-points.ts';
import { readFailure } from '../../core/draft/failure.ts';
import {
  type AskedMetric,
  fileCandidates,
  type MetricCandidate,
  metricCandidates,
} from '../../core/draft/metric-candidates.ts';
import { isLeaving, relativePath } from '../../core/draft/needs.ts';
import { joined, type ProjectFile } from '../../core/draft/project-files.ts';
import { readSeeds } from '../../core/draft/seeds.ts';
import { endsBySteps } from '../../core/journal/fixed-work.ts';
import { concludeRun } from '../../core/run/conclude-run.ts';
import type { Knob } from '../../core/space/knob.ts';
import { planKnobs } from '../../core/space/range/build-space.ts';
import { deriveRange } from '../../core/space/range/derive-range.ts';
import { fitsKnob } from '../../core/space/range/knob-range.ts';
import type { KnobPlan } from '../../core/space/range/place-conditions.ts';
import { isTrainingLength, lengthIsAll, lengthIsStill } from '../../core/space/range/training-length.ts';
import { setByTrain } from '../../core/space/set-by-train.ts';
import { spaceRows } from '../../core/views/space-rows.ts';
import type { KnobReader } from '../../ports/knob-reader.ts';
import { type Look, lookSeed } from './look-at-project.ts';
import { isUsable, trainOf, wasCut } from './setup.ts';

export interface DraftRequest {
  readonly look: Look;
  readonly project: Project;
  /** All entry points that were found. */
  readonly others: readonly EntryPoint[];
  readonly asked: AskedMetric;
  /** The budget that the owner says. */
  readonly budgetSeconds: number | undefined;
  /** Chooses among several candidates, the likeliest of which is first. */
  readonly choose: (candidates: readonly MetricCandidate[]) => Promise<MetricCandidate>;
}

export interface Drafted {
  readonly draft: Draft;
  readonly text: string;
  readonly otherMetrics: readonly MetricCandidate[];
}

/** The draft and its text, which `parseBrief` accepts. */
export async function draftBrief(request: DraftRequest): Promise<Drafted> {
  const { look, project } = request;
  const { run, setup } = look;
  const typed = trainOf(setup).join(' ');
  if (!isUsable(run)) throw failed(look, request, typed);
  const sandbox = joined(project.prefix, setup.sandbox) ?? '.';
  const candidates = candidatesIn(run, sandbox, request.asked);
  const metric = await chooseMetric(candidates, typed, request);
  requireCounted(look, metric, typed, sandbox);
  const files = await editableFiles(look, project, sandbox);
  const seeds = readSeeds(files, run.trace, lookSeed);
  const ended = endOf(look, files, metric.name);
  const budget = guessBudget(ended, request.budgetSeconds);
  const isWorkFixed =
    ended.kind !== 'by-budget' &&
    !budget.endsAtBudget &&
    endsBySteps([...files.map(({ text }) => text), ...trainOf(setup)]);
  const { edit, knobs, source } = await readKnobs(look, files, isWorkFixed);
  const draft: Draft = {
    title: basename(project.folder),
    sandbox: setup.sandbox,
    train: trainOf(setup),
    edit,
    metric,
    budget,
    include: setup.include.map((path) => relativePath(project.prefix, path)),
    link: setup.link.map((path) => relativePath(sandbox, path)),
    env: setup.env,
    network: setup.network,
    knobs,
    seeds,
    isRepeatable: await repeats(request, metric, sandbox, seeds.kind === 'read', ended),
    seconds: secondsOf(look),
  };
  const otherMetrics = candidates.filter(({ name }) => name !== metric.name);
  return { ...accepted(draft, source), otherMetrics };
}

async function chooseMetric(candidates: readonly MetricCandidate[], typed: string, request: DraftRequest) {
  const { choose } = request;
  const known = candidates.filter(({ goal }) => goal !== undefined);
  const offered = known.length > 0 ? known : candidates;
  const [best] = offered;
  if (best === undefined) throw withoutAny(typed, request);
  const chosen = offered.length > 1 ? await choose(offered) : best;
  if (chosen.goal !== undefined) return { ...chosen, goal: chosen.goal };
  throw new SettingsError(
    `${typed} printed ${chosen.name} = ${chosen.value}, and its name does not say which way is better.`,
    {
      hint: 'Add `--goal minimize` or `--goal maximize`.',
    },
  );
}

/** What may be the score: what the script printed, else what stands in files that it wrote. */
function candidatesIn(run: DryRun, sandbox: string, asked: AskedMetric): readonly MetricCandidate[] {
  const printed = metricCandidates(run.outputs, asked);
  if (printed.some(({ goal }) => goal !== undefined)) return printed;
  const inFiles = fileCandidates(run.outputs, reportsIn(run, sandbox), asked);
  return inFiles.length > 0 ? inFiles : printed;
}

/** The files of figures that a run wrote, by their paths from the sandbox. */
function reportsIn({ reports }: DryRun, sandbox: string): readonly ProjectFile[] {
  return reports.flatMap(({ path, text }) => {
    const inside = relativePath(sandbox, path);
    return inside.startsWith('..') ? [] : [{ path: inside, text }];
  });
}

/** Throws for a run that ended well and would be void in a study, such as one that trained other code than its own. */
function requireCounted(
  { run, edited: editable }: Look,
  metric: MetricCandidate & { readonly goal: Goal },
  typed: string,
  sandbox: string,
): void {
  const metricFile = reportsIn(run, sandbox).find(({ path }) => path === metric.file)?.text;
  const outputs = { ...run.outputs, editable, ...(metricFile === undefined ? {} : { metricFile }) };
  const { measurement, reason } = concludeRun(run.ending, outputs, metric, { clock: 'wall' });
  if (measurement !== undefined || wasCut(run)) return;
  throw new SettingsError(`${typed} ended well, but no run of it would count: ${withoutTree(reason)}.`);
}

const shownLines = 8;

/** Why there is no score: the command within the program that failed, where there is one, else what was printed instead. */
function withoutAny(typed: string, request: DraftRequest): SettingsError {
  const { failedCommand } = request.look;
  if (failedCommand === undefined) return withoutScore(typed, request.look, request.asked);
  return failed(failedCommand, request, trainOf(failedCommand.setup).join(' '));
}

function withoutScore(typed: string, { run }: Look, { name }: AskedMetric): SettingsError {
  const end = withoutTree(lastLines(plainText(run.outputs.trainLog), shownLines));
  const said = end === '' ? 'it printed nothing' : `its last lines:\n${indented(end)}`;
  const isOver = !wasCut(run);
  const what = name === undefined ? 'no number that looks like a score' : `no number called ${name}`;
  const example = name ?? 'val_loss';
  const begin = isOver
    ? `${typed} ended well and printed ${what}`
    : `${typed} was still running when the look was over, and had printed ${what}`;
  const longer = isOver ? '' : 'Look longer with --limit 20m. ';
  return new SettingsError(`${begin}; ${said}`, {
    hint:
      longer +
      `Let its last line be \`print(f"METRIC ${example}={${example}}")\`, with the number that says how good the model is, or name one that it prints with --metric NAME.`,
  });
}

/** Its own error, and what the clean tree lacks of the checkout. */
function failed({ run, adapted, entry, setup }: Look, { project, others }: DraftRequest, typed: string): SettingsError {
  const { ending, outputs } = run;
  if (ending.kind === 'lost') return new SettingsError(`${typed} could not be run: ${ending.reason}.`);
  const exitCode = ending.stages.find((stage) => stage.exitCode !== 0)?.exitCode ?? null;
  const failure = readFailure(outputs.trainLog, exitCode, typed);
  const end = withoutTree(lastLines(plainText(outputs.trainLog), shownLines));
  const lacks = lackingIn(project, setup.link);
  const said = end === '' ? ' It printed nothing.' : `\n${indented(end)}`;
  return new SettingsError(`${typed} ${withoutTree(failure.what)}, run in a clean copy of the project:${said}`, {
    hint: [
      ...adapted.map((text) => `(${text}.)`),
      withoutTree(failure.hint),
      ...lacks,
      ...otherScripts(entry, others),
    ].join('\n'),
  });
}

function otherScripts({ script }: EntryPoint, others: readonly EntryPoint[]): string[] {
  const names = others.map((each) => each.script).filter((each) => each !== script);
  return names.length === 0 ? [] : [`Other scripts that may train: ${names.slice(0, 4).join(', ')} (--train COMMAND).`];
}

/** What a clean tree does not have, for a script that works in the checkout; `linked` is what it was given of that. */
function lackingIn({ uncommitted, changed }: Project, linked: readonly string[]): string[] {
  const isGiven = (path: string) => linked.includes(path.replace(/\/$/, ''));
  const ignored = uncommitted.ignored.filter((path) => !isLeaving(path) && !isGiven(path));
  const named = (paths: readonly string[]) =>
    paths.slice(0, 6).join(', ') + (paths.length > 6 ? ` and ${paths.length - 6} more` : '');
  return [
    ...(ignored.length === 0
      ? []
      : [
          `If it works in your folder: git ignores ${named(ignored)}; a run has of that what the brief's \`link:\` names, such as \`link: [${ignored[0]?.replace(/\/$/, '')}]\`.`,
        ]),
    ...(uncommitted.untracked.length === 0 ? [] : [`No commit has ${named(uncommitted.untracked)}.`]),
    ...(changed.length === 0 ? [] : [`Changed since the last commit: ${named(changed)} (the copy has the changes).`]),
  ];
}

function indented(text: string): string {
  return text
    .split('\n')
    .map((line) => `  ${line.slice(0, 200)}`)
    .join('\n');
}

function secondsOf({ run: { ending } }: Look): number {
  return ending.kind === 'ended' ? (ending.stages.find(({ name }) => name === 'train')?.seconds ?? ending.seconds) : 0;
}

function endOf(look: Look, files: readonly ProjectFile[], metric: string): Ended {
  const { run } = look;
  const seconds = secondsOf(look);
  const scoreAfter = look.scoreAfter(metric);
  if (wasCut(run)) {
    return { kind: 'at-limit', seconds, log: plainText(run.outputs.trainLog), scoreAfter };
  }
  const readsBudget =
    run.trace.variables.includes('NOCTURNE_BUDGET_SECONDS') ||
    files.some(({ text }) => text.includes('NOCTURNE_BUDGET_SECONDS'));
  return readsBudget ? { kind: 'by-budget' } : { kind: 'by-itself', seconds, scoreAfter: scoreAfter ?? seconds };
}

/** Longer runs are not repeated for the seed alone. */
const maxRepeatSeconds = 15;

/** Whether another seed gives the same score; undefined where that was not tried. */
async function repeats(
  { look, asked }: DraftRequest,
  metric: MetricCandidate,
  sandbox: string,
  readsSeed: boolean,
  ended: Ended,
): Promise<boolean | undefined> {
  if (readsSeed || ended.kind !== 'by-itself' || ended.seconds > maxRepeatSeconds) return undefined;
  const run = await look.again(2);
  const second = candidatesIn(run, sandbox, { ...asked, name: metric.name })[0];
  return second === undefined ? undefined : second.value === metric.value;
}

const configs = /\.(?:ya?ml|json|toml)$/;
/** Files whose values say how the score is computed, or on what: no experiment may change them. */
const fixed =
  /(?:^|[/_-])(?:eval|evaluate|evaluation|metrics?|scor(?:e|er|ing)|prepare|download|tests?|conftest|setup|datasets?|data|dataloaders?|loaders?|tokenizers?|plot|visuali[sz]e|log|logging|logger)(?=[/_.-])/i;
const notConfigs =
  /(?:^|\/)(?:package(?:-lock)?|pyproject|tsconfig|uv|poetry|environment|dataset_info|vocab|tokenizer[^/]*)\.(?:json|toml|ya?ml)$|\.lock$/;
const maxFiles = 12;

/**
 * The script and the files of its method, as text: Python that its command names, such as nanoGPT's configurations, modules
 * that it imported, and configuration that it read.
 */
async function editableFiles(
  { entry, run, setup }: Look,
  project: Project,
  sandbox: string,
): Promise<readonly ProjectFile[]> {
  const script = joined(project.prefix, entry.script) ?? entry.script;
  const known = new Set([...project.tracked, ...project.untracked]);
  // `config/small.py`, `--config=configs/default.py` and ml_collections' `configs/default.py:tiny`.
  const given = setup.start.argv.flatMap((word) => {
    const named = /^(?:--?[\w.-]+=)?([^=:]+\.py)(?::\w*)?$/.exec(word)?.[1];
    return named === undefined ? [] : (joined(sandbox, named) ?? []);
  });
  // A package may have more modules than are read here; the values of its configuration are what it is meant to be set by.
  const used = [
    ...given,
    ...run.trace.opened.filter((path) => configs.test(path) && !notConfigs.test(path)),
    ...run.trace.imported,
  ];
  const others = [...new Set(used)].filter((path) => path !== script && known.has(path) && !fixed.test(path));
  const files: ProjectFile[] = [];
  for (const path of [script, ...others].slice(0, maxFiles)) {
    const inside = relativePath(sandbox, path);
    const text = inside.startsWith('..') ? undefined : await readText(join(project.root, path));
    if (text !== undefined) files.push({ path: inside, text });
  }
  return files;
}

/**
 * The files that a search can turn something in, the script first, and what there is to turn. In a script of fixed work more
 * epochs would buy a score with time, and a range in the brief would have them searched: the owner writes that one, unless
 * there is nothing else.
 */
async function readKnobs({ interpreter, setup }: Look, files: readonly ProjectFile[], isWorkFixed: boolean) {
  const reader = openKnobReader({ interpreter, brief: { train: trainOf(setup), knobs: {} } });
  const parsed: ProjectFile[] = [];
  for (const file of files) {
    const reading = await reader.read({ [file.path]: file.text });
    if (reading.kind === 'read' || file === files[0]) parsed.push(file);
  }
  const all = await plansOf(reader, parsed);
  const isTurned = (path: string) => all.some(({ kind, knob }) => kind === 'searched' && knob.file === path);
  const edited = parsed.filter((file, index) => index === 0 || isTurned(file.path));
  const texts = Object.fromEntries(edited.map(({ path, text }) => [path, text]));
  const plans = edited.length === parsed.length ? all : await plansOf(reader, edited);
  const rows = spaceRows({ files: texts, knobs: plans.map(({ knob }) => knob) }, plans);
  const knobs = plans.map(({ knob }) => knob);
  const isLength = rows.map(({ from }, index) => {
    const knob = knobs[index];
    return isWorkFixed && from === 'derived' && knob !== undefined && isTrainingLength(knob);
  });
  const hasOthers = rows.some(({ range }, index) => range !== null && !isLength[index]);
  const drafted = rows.map(({ knob: name, file, text, range, why }, index): DraftKnob => {
    if (!isLength[index] || range === null) return { name, file, text, range, why };
    return { name, file, text, ...(hasOthers ? { range: null, why: lengthIsStill } : { range, why: lengthIsAll }) };
  });
  // A range that a script's library has may be of another type than the literal, which a brief could not declare.
  const isWritable = ({ name, range }: DraftKnob) =>
    range === null || knobs.every((knob) => knob.name !== name || fitsKnob(knob, range));
  return {
    edit: edited.map(({ path }) => path),
    source: knobs,
    knobs: drafted.map((knob, index) => ({
      ...knob,
      isWritable: isWritable(knob),
      isSetByTrain: isSetByTrain(knobs[index], isWorkFixed),
    })),
  };
}

/** Whether a search would turn it, were it not for the command, which sets it. */
function isSetByTrain(knob: Knob | undefined, isWorkFixed: boolean): boolean {
  if (knob?.still !== setByTrain || (isWorkFixed && isTrainingLength(knob))) return false;
  const { still: _, ...free } = knob;
  return deriveRange(free) !== undefined;
}

/** What a search would do with each knob of these files, read together; none where they do not parse. */
async function plansOf(reader: KnobReader, files: readonly ProjectFile[]): Promise<readonly KnobPlan[]> {
  const reading = await reader.read(Object.fromEntries(files.map(({ path, text }) => [path, text])));
  return planKnobs(reading.kind === 'read' ? reading.knobs : [], {}, 'program.md');
}

/** The draft with its text; without its ranges where a brief could not have them. */
function accepted(draft: Draft, source: readonly Knob[]): Pick<Drafted, 'draft' | 'text'> {
  const text = briefText(draft);
  try {
    planKnobs(source, parseBrief(text, 'program.md').space, 'program.md');
    return { draft, text };
  } catch (error) {
    if (!(error instanceof BriefError)) throw error;
  }
  const plain = { ...draft, knobs: draft.knobs.map((knob) => ({ ...knob, range: null })) };
  const plainBrief = briefText(plain);
  parseBrief(plainBrief, 'program.md');
  return { draft, text: plainBrief };
}
