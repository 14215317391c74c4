/**
 * `nocturne doctor`: whether a study could start here, and what it would use.
 */
import { statfs } from 'node:fs/promises';
import type { Command } from 'commander';
import { execa } from 'execa';
import { noIsolation } from '../../adapters/isolation/no-isolation.ts';
import { withoutTree } from '../../adapters/project/dry-run.ts';
import { probeDevice } from '../../adapters/python/device-probe.ts';
import type { FoundInterpreter } from '../../adapters/python/find-interpreter.ts';
import { findOptuna, outdatedText } from '../../adapters/python/find-optuna.ts';
import { requireInstallable } from '../../adapters/python/own-environment.ts';
import { WorkspaceError } from '../../core/base/errors.ts';
import { alternativesText, formatDuration } from '../../core/base/format.ts';
import { type ChannelName, type EngineName, engineNames } from '../../core/base/names.ts';
import { lastLines } from '../../core/base/plain-text.ts';
import type { Brief } from '../../core/brief/brief.ts';
import { asksModelOrAgent } from '../../core/brief/proposers.ts';
import { colabGpus } from '../../core/journal/settings/engine-settings.ts';
import { describeDevice } from '../../core/preset/fit-preset.ts';
import { isolationOnce } from '../compose/isolation.ts';
import { type LocatedBrief, locateBrief } from '../compose/locate-brief.ts';
import { mayAskOptuna, namesOptuna } from '../compose/optuna.ts';
import { choosePython } from '../compose/python.ts';
import { coloursFor } from '../render/colours.ts';
import { wrapUnderNames } from '../render/fit-text.ts';
import { slotsText } from '../session/ask-slots.ts';
import type { EngineCheck } from '../session/check-engine.ts';
import type { dryRunBrief } from '../session/dry-run-brief.ts';
import { parseChannels } from '../session/parse-channels.ts';
import { parseName } from '../session/parse-name.ts';
import { parseCountOrAuto } from '../session/parse-number.ts';
import { parseTag } from '../session/parse-tag.ts';
import { chooseStudy } from '../session/plan-study.ts';
import { type Asked, askedOf, type Question, questions } from '../session/questions.ts';
import { applyFlags, withEngine } from '../session/settings.ts';
import { sentence } from '../terminal/error-text.ts';
import { printData, printJson, say } from '../terminal/print.ts';
import { listenForStop } from '../terminal/stop-signals.ts';
import { isolationFindings } from './find-isolation.ts';
import { asProblem, type Finding, isFinding } from './finding.ts';

/** Less free disk than this is a problem. */
const minFreeBytes = 1e9;

/** Where the texts of findings begin. */
const textColumn = 20;

interface DoctorFlags {
  readonly tag?: string;
  readonly python?: string;
  readonly quick?: boolean;
  readonly slots?: Brief['slots'];
  readonly engine?: EngineName;
  readonly address?: string;
  readonly gpu?: string;
  readonly yes?: boolean;
  /** A model in place of the brief's, or true for the brief's own. */
  readonly model?: string | true;
  /** Channels in place of those that a study would have, or true for those. */
  readonly notify?: readonly ChannelName[] | true;
  readonly json?: boolean;
}

/** Adds the command. */
export function addDoctor(program: Command): void {
  program
    .command('doctor')
    .summary('check Python, packages, GPU, git, isolation, disk and the model, and train once')
    .description(
      'Says whether a study could start here, and what it would use; exit 3 when something is missing, 2 when it is only ' +
        'a model that --model could not ask. Where nothing is, it runs the training once in a clean copy, as the first run of a study, for at most two minutes.',
    )
    .argument('[brief]', 'program.md, or the folder that has one', '.')
    .option('--tag <tag>', 'name of the study (default: the newest unfinished one, else a new one)', parseTag)
    .option('--python <path>', 'interpreter that runs would use')
    .option('--quick', 'leave out the training')
    .option(
      '--engine <name>',
      `run a job of five seconds through an engine: ${alternativesText(engineNames)}`,
      parseName('--engine', engineNames),
    )
    .option('--address <url>', 'with --engine ray: the dashboard of its cluster')
    .option('--gpu <name>', `with --engine colab: ${alternativesText(colabGpus)}`)
    .option('--yes', 'rent what that engine needs, without asking')
    .option('--slots <count>', 'runs at once, as for `run`', parseCountOrAuto('--slots'))
    .option('--model [provider:name]', "make one small call of the brief's model, or of this one")
    .option(
      '--notify [channels]',
      "send a test message through the brief's channels, or these",
      parseChannels('--notify'),
    )
    .option('--json', 'JSON on stdout')
    .action(async (brief: string, flags: DoctorFlags) => {
      const findings = await examine(...readModelFlag(brief, flags));
      if (flags.json) printJson({ findings });
      else printData(wrapUnderNames(findings.map(lineOf).join('\n'), textColumn));
      const problems = findings.filter(({ state }) => state === 'problem');
      const isModelOnly = flags.model !== undefined && problems.every(({ name }) => isOfModel(name));
      if (problems.length > 0) process.exitCode = isModelOnly ? 2 : 3;
    });
}

/** `doctor --model sandbox/tiny` means the brief there: a model's name has a colon. */
function readModelFlag(brief: string, flags: DoctorFlags): [string, DoctorFlags] {
  const { model } = flags;
  if (typeof model !== 'string' || model.includes(':')) return [brief, flags];
  return [model, { ...flags, model: true }];
}

function isOfModel(name: string): boolean {
  return name === 'model' || name === 'fallback';
}

async function examine(briefArgument: string, flags: DoctorFlags): Promise<Finding[]> {
  const { tag, python, quick, model, slots, engine, notify } = flags;
  const found = await locateBrief(briefArgument).catch((error) =>
    asProblem(error instanceof WorkspaceError ? 'git' : 'brief')(error),
  );
  const located = isFinding(found) || slots === undefined ? found : { ...found, brief: { ...found.brief, slots } };
  if (isFinding(located)) return [located, nodeFinding(), await gpuFinding(), ...(await isolationFindings())];
  const chosen = await choosePython(located, python).catch(asProblem('python'));
  const own = [
    { name: 'brief', state: 'ok', text: `${located.path}: ${located.brief.metric.goal} ${located.brief.metric.name}` },
    isFinding(chosen) ? chosen : await pythonFinding(chosen),
    await diskFinding(located),
    ...(await optunaFindings(located, python)),
    ...(await proposerFindings(located, model)),
    ...(isFinding(chosen) ? [] : await findTrackers(located, tag, chosen.executable)),
  ] as const;
  const asked = await askAll(located, tag, chosen);
  const [brief, ...others] = own;
  const known = [...own, ...asked];
  const trained =
    quick ||
    engine !== undefined ||
    notify !== undefined ||
    isFinding(chosen) ||
    known.some(({ state }) => state === 'problem')
      ? []
      : (await trainingFindings(located, tag, chosen.executable)).map((finding) => unlessInstalled(finding, chosen));
  return [
    brief,
    ...asked.filter(({ name }) => name === 'git'),
    ...trained,
    ...others,
    ...asked.filter(({ name, text }) => name !== 'git' && !own.some((finding) => finding.text === text)),
    ...(engine === undefined || isFinding(chosen)
      ? []
      : [await engineFinding(located, engine, chosen.executable, flags)]),
    ...(notify === undefined ? [] : await notifyFindings(located.brief, notify)),
    nodeFinding(),
    await gpuFinding(isFinding(chosen) ? undefined : chosen),
    ...(asked.some(({ name, state }) => name === 'slots' && state === 'problem')
      ? []
      : await slotsFindings(located, flags)),
    ...(await isolationFindings(isFinding(chosen) ? undefined : { located, tag, python: chosen.executable })),
  ];
}

/** Whether an engine runs a job, and where. */
async function engineFinding(
  located: LocatedBrief,
  engine: EngineName,
  interpreter: string,
  { yes = false, ...flags }: DoctorFlags,
): Promise<Finding> {
  const { checkEngine } = await import('../session/check-engine.ts');
  const asked = { ...located, brief: withEngine(located.brief, engine, flags) };
  const stop = listenForStop(say, async () => {});
  try {
    const request = { located: asked, interpreter, isAgreed: yes, tell: say, signal: stop.signal };
    return await checkEngine(request).then((found) => foundByEngine(engine, found), asProblem('engine'));
  } finally {
    stop.dispose();
    if (stop.wasInterrupted()) process.exitCode = 130;
  }
}

/** Where the study would be sent while it runs; nothing for a brief without trackers. */
async function findTrackers(
  { brief, folder, runs }: LocatedBrief,
  tag = 'TAG',
  interpreter: string,
): Promise<readonly Finding[]> {
  if (Object.keys(brief.trackers).length === 0) return [];
  const { trackerFindings } = await import('./find-trackers.ts');
  return trackerFindings(brief.trackers, { folder, runs, tag, interpreter, isYes: false });
}

/** Whether a test message arrives. */
async function notifyFindings(brief: Brief, notify: readonly ChannelName[] | true): Promise<readonly Finding[]> {
  const { channelFindings } = await import('./find-channels.ts');
  const names = notify === true ? undefined : notify;
  return channelFindings(brief, names).catch((error) => [asProblem('notify')(error)]);
}

function foundByEngine(engine: EngineName, check: EngineCheck): Finding {
  const { node, gpus, python, waitedSeconds, ranSeconds } = check;
  const device = gpus.length === 0 ? 'no GPU seen' : gpus.join(', ');
  const took = `started after ${formatDuration(waitedSeconds)}, ran ${formatDuration(ranSeconds)}`;
  return { name: 'engine', state: 'ok', text: `${engine} ran a job on ${node} (Python ${python}, ${device}): ${took}` };
}

/** Which Optuna `bayes` would ask; nothing for a brief in which `bayes` never proposes. */
async function optunaFindings(located: LocatedBrief, asked: string | undefined): Promise<Finding[]> {
  if (!mayAskOptuna(located.brief)) return [];
  const python = await choosePython(located, asked).catch(asProblem('python'));
  if (isFinding(python)) return [];
  const { optuna, outdated } = await findOptuna(python.executable, process.env);
  if (optuna) {
    const sampler = optuna.hasGp ? 'Gaussian process' : 'TPE; the Gaussian process would need torch and scipy';
    return [{ name: 'optuna', state: 'ok', text: `${optuna.version} at ${optuna.python} (${sampler})` }];
  }
  const trouble = await requireInstallable({ ...python, unmet: ['Optuna'] }, process.env).catch(asProblem('optuna'));
  if (trouble) return [{ ...trouble, state: namesOptuna(located.brief) ? 'problem' : 'note' }];
  const what = outdated ? 'a newer one' : 'it';
  const hint = `\`nocturne run --researcher bayes\` installs ${what} into an environment of its own.`;
  const text = `${python.executable} has ${outdated ? outdatedText(outdated) : 'none'}`;
  return [{ name: 'optuna', state: 'note', text, hint }];
}

/** The model and the agent that the brief asks. */
async function proposerFindings({ brief: own }: LocatedBrief, model: DoctorFlags['model']): Promise<Finding[]> {
  const brief = typeof model === 'string' ? applyFlags(own, { isolation: true, model }) : own;
  if (asksModelOrAgent(brief)) {
    const { findProposers } = await import('./find-proposers.ts');
    return findProposers(brief, model !== undefined);
  }
  return model === undefined ? [] : [{ name: 'model', state: 'note', text: 'the brief asks no model' }];
}

/** What `run` would ask before it begins: a finding on git, and one for each answer that is no plain yes. */
async function askAll(
  located: LocatedBrief,
  tag: string | undefined,
  python: FoundInterpreter | Finding,
): Promise<Finding[]> {
  const chosen = await chooseStudy(located, tag === undefined ? {} : { tag }, located.brief).catch(asProblem('study'));
  if (isFinding(chosen)) return [chosen];
  const flags = tag === undefined ? {} : { tag };
  const asked = askedOf({ located, brief: located.brief, flags, ...chosen }, async () =>
    isFinding(python) ? 'python3' : python.executable,
  );
  const findings: Finding[] = [];
  for (const { name, ask } of [settingsQuestion, ...questions]) {
    // Without a Python there is nothing that could read the files, which the finding on it says.
    if (name === 'space' && isFinding(python)) continue;
    const answer = await ask(asked).catch(asProblem(name));
    if (isFinding(answer)) findings.push(answer);
    else findings.push(...answer.map((text) => ({ name, state: 'note' as const, text })));
  }
  const trouble = findings.find(({ name, state }) => name === 'git' && state === 'problem');
  const distinct = findings.filter(({ text }, index) => findings.findIndex((each) => each.text === text) === index);
  return trouble === undefined ? [await startFinding(asked), ...distinct] : distinct;
}

/** A training that fails in a Python without what it requires says little of a study, for which that may be installed. */
function unlessInstalled(finding: Finding, { unmet, isReplaceable }: FoundInterpreter): Finding {
  if (finding.state !== 'problem' || unmet.length === 0 || !isReplaceable) return finding;
  const hint = `It ran without ${unmet.join(', ')}, which \`nocturne run --yes\` installs first.`;
  return { ...finding, state: 'note', hint };
}

/** How long `prepare`, and then the training with its scorer, may take. */
const limitSeconds = 120;

/** What the training does when it is run once; nothing for a study that has begun, whose baseline has been run. */
async function trainingFindings(
  located: LocatedBrief,
  tag: string | undefined,
  interpreter: string,
): Promise<readonly Finding[]> {
  const chosen = await chooseStudy(located, tag === undefined ? {} : { tag }, located.brief);
  if (chosen.study !== undefined) return [];
  const { dryRunBrief } = await import('../session/dry-run-brief.ts');
  const asked = askedOf({ located, brief: located.brief, flags: {}, ...chosen }, async () => interpreter);
  const { start: commit } = await asked.start();
  const stop = listenForStop(say, async () => {});
  try {
    const isolation = located.brief.isolation === 'none' ? noIsolation : await isolationOnce(interpreter);
    const request = { interpreter, isolation, commit, limitSeconds, signal: stop.signal };
    const finding = await dryRunBrief(located, request).then(trainingFinding, asProblem('training'));
    return [finding];
  } finally {
    stop.dispose();
    if (stop.wasInterrupted()) process.exitCode = 130;
  }
}

function trainingFinding({ run, result }: Awaited<ReturnType<typeof dryRunBrief>>): Finding {
  const { measurement, reason, evidence, seconds } = result;
  const took = formatDuration(seconds);
  if (measurement !== undefined)
    return { name: 'training', state: 'ok', text: `ran once in ${took}: ${measurement.value}` };
  const hint = withoutTree(lastLines(evidence, 8));
  const shown = hint === '' ? {} : { hint };
  if (run.stage === 'prepare')
    return { name: 'training', state: 'problem', text: sentence(`\`prepare\`: ${reason}`), ...shown };
  const isAtLimit = result.outcome === 'timed-out' && run.ending.kind === 'ended' && run.ending.ending === 'deadline';
  if (!isAtLimit) return { name: 'training', state: 'problem', text: sentence(`run once: ${reason}`), ...shown };
  return {
    name: 'training',
    state: 'note',
    text: `went on after ${took}, when it was stopped; its end was not seen`,
    ...shown,
  };
}

/** What the flags of `run` must make whole, where it is called without any. */
const settingsQuestion: Question = {
  name: 'settings',
  ask: async ({ brief }) => {
    applyFlags(brief, { isolation: true });
    return [];
  },
};

async function startFinding({ located, tag, study, start }: Asked): Promise<Finding> {
  const point = study === undefined ? await start() : undefined;
  const text =
    point === undefined
      ? `study ${tag} would go on from ${study?.history.tip.slice(0, 7)}`
      : `a study would start from ${point.start.slice(0, 7)}`;
  return { name: 'git', state: 'ok', text: `${located.root}, ${text}` };
}

async function pythonFinding(found: FoundInterpreter): Promise<Finding> {
  const text = `${found.version} at ${found.executable} (${found.origin})`;
  if (found.passedOver.length > 0) {
    return { name: 'python', state: 'note', text: `${found.passedOver.join('; ')}; a study would use ${text}` };
  }
  if (found.unmet.length === 0) return { name: 'python', state: 'ok', text };
  const hint = found.isReplaceable
    ? '`nocturne run --yes` installs it into an environment of this project; without it the runs fail if they need it.'
    : 'Install it there if the training needs it; the runs go on without it.';
  return { name: 'python', state: 'note', text: `${text} does not meet ${found.unmet.join(', ')}`, hint };
}

async function diskFinding(located: LocatedBrief): Promise<Finding> {
  const { bavail, bsize } = await statfs(located.folder);
  const free = bavail * bsize;
  const text = `${(free / 1e9).toFixed(1)} GB free`;
  if (free >= minFreeBytes) return { name: 'disk', state: 'ok', text };
  return { name: 'disk', state: 'problem', text: `${text}, expected at least 1 GB.`, hint: 'Make room on the disk.' };
}

function nodeFinding(): Finding {
  return { name: 'node', state: 'ok', text: process.version };
}

/** The device that torch would train on, measured, if the study's Python has torch; else what `nvidia-smi` names. */
async function gpuFinding(interpreter?: FoundInterpreter): Promise<Finding> {
  const device = interpreter?.torch ? await probeDevice(interpreter.executable) : undefined;
  if (device) return { name: 'gpu', state: device.kind === 'cuda' ? 'ok' : 'note', text: describeDevice(device) };
  const query = ['--query-gpu=name,memory.total', '--format=csv,noheader'];
  const { stdout, failed } = await execa('nvidia-smi', query, { reject: false, timeout: 20_000 });
  if (failed || stdout.trim() === '')
    return { name: 'gpu', state: 'note', text: 'no NVIDIA GPU found; training runs on the CPU' };
  return { name: 'gpu', state: 'ok', text: stdout.trim().split('\n').join('; ') };
}

/** What runs at once would have of this machine, or how many of them the engine could start now. */
async function slotsFindings({ brief }: LocatedBrief, { engine, ...flags }: DoctorFlags): Promise<Finding[]> {
  const asked = engine === undefined ? brief : withEngine(brief, engine, flags);
  const text = await slotsText(asked).catch(asProblem('slots'));
  if (text === undefined) return [];
  return [typeof text === 'string' ? { name: 'slots', state: 'ok', text } : text];
}

function lineOf({ name, state, text, hint }: Finding): string {
  const { green, yellow, red } = coloursFor(process.stdout);
  const marks = { ok: green('ok     '), note: yellow('note   '), problem: red('PROBLEM') };
  const indented = hint === undefined ? '' : `\n${hint}`.replaceAll('\n', `\n${' '.repeat(textColumn)}`);
  return `${name.padEnd(10)} ${marks[state]}  ${text}${indented}`;
}
