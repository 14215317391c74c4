/**
 * `nocturne doctor`: whether a study could start here, and what it would use.
 */
import { statfs } from 'node:fs/promises';
import type { Command } from 'commander';
import { execa } from 'execa';
import { resolveStart } from '../../adapters/git/start-point.ts';
import { probeDevice } from '../../adapters/python/device-probe.ts';
import type { FoundInterpreter } from '../../adapters/python/find-interpreter.ts';
import { findOptuna } from '../../adapters/python/find-optuna.ts';
import { requireInstallable } from '../../adapters/python/own-environment.ts';
import { WorkspaceError } from '../../core/base/errors.ts';
import { asksModelOrAgent } from '../../core/brief/proposers.ts';
import { describeDevice } from '../../core/preset/fit-preset.ts';
import { type LocatedBrief, locateBrief } from '../compose/locate-brief.ts';
import { mayAskOptuna, namesOptuna } from '../compose/optuna.ts';
import { choosePython } from '../compose/python.ts';
import { coloursFor } from '../render/colours.ts';
import { printData, printJson } from '../terminal/print.ts';
import { asProblem, type Finding, isFinding } from './finding.ts';

/** Less free disk than this is a problem. */
const minFreeBytes = 1e9;

/** Adds the command. */
export function addDoctor(program: Command): void {
  program
    .command('doctor')
    .summary('check Python, packages, GPU, git, isolation, disk and the model')
    .description('Says whether a study could start here, and what it would use; exit 3 when something is missing.')
    .argument('[brief]', 'program.md, or the folder that has one', '.')
    .option('--python <path>', 'interpreter that runs would use')
    .option('--json', 'JSON on stdout')
    .action(async (brief: string, flags: { python?: string; json?: boolean }) => {
      const findings = await examine(brief, flags.python);
      if (flags.json) printJson({ findings });
      else printData(findings.map(lineOf).join('\n'));
      if (findings.some((finding) => finding.state === 'problem')) process.exitCode = 3;
    });
}

async function examine(briefArgument: string, python: string | undefined): Promise<Finding[]> {
  const located = await locateBrief(briefArgument).catch((error) =>
    asProblem(error instanceof WorkspaceError ? 'git' : 'brief')(error),
  );
  if (isFinding(located)) return [located, nodeFinding(), await gpuFinding(), isolationFinding()];
  const found = await choosePython(located, python).catch(asProblem('python'));
  return [
    { name: 'brief', state: 'ok', text: `${located.path}: ${located.brief.metric.goal} ${located.brief.metric.name}` },
    await gitFinding(located),
    isFinding(found) ? found : await pythonFinding(found),
    await diskFinding(located),
    ...(await optunaFindings(located, python)),
    ...(await proposerFindings(located)),
    nodeFinding(),
    await gpuFinding(isFinding(found) ? undefined : found),
    isolationFinding(),
  ];
}

/** Which Optuna `bayes` would ask; nothing for a brief in which `bayes` never proposes. */
async function optunaFindings(located: LocatedBrief, asked: string | undefined): Promise<Finding[]> {
  if (!mayAskOptuna(located.brief)) return [];
  const python = await choosePython(located, asked).catch(asProblem('python'));
  if (isFinding(python)) return [];
  const found = await findOptuna(python.executable, process.env);
  if (found) {
    const sampler = found.hasGp ? 'Gaussian process' : 'TPE; the Gaussian process would need torch and scipy';
    return [{ name: 'optuna', state: 'ok', text: `${found.version} at ${found.python} (${sampler})` }];
  }
  const trouble = await requireInstallable({ ...python, unmet: ['Optuna'] }, process.env).catch(asProblem('optuna'));
  if (trouble) return [{ ...trouble, state: namesOptuna(located.brief) ? 'problem' : 'note' }];
  const hint = '`nocturne run --researcher bayes` installs it into an environment of its own.';
  return [{ name: 'optuna', state: 'note', text: `${python.executable} has none`, hint }];
}

/** The model and the agent that the brief asks. */
async function proposerFindings({ brief }: LocatedBrief): Promise<Finding[]> {
  if (!asksModelOrAgent(brief)) return [];
  const { findProposers } = await import('./find-proposers.ts');
  return findProposers(brief);
}

async function gitFinding(located: LocatedBrief): Promise<Finding> {
  const start = await resolveStart({
    root: located.root,
    sandbox: located.sandboxInRepository,
    edit: located.brief.edit,
    include: located.includeInRepository,
    briefPath: located.briefInRepository,
  }).catch(asProblem('git'));
  if (isFinding(start)) return start;
  const [warning] = start.warnings;
  const text = `${located.root}, a study would start from ${start.start.slice(0, 7)}`;
  return warning === undefined ? { name: 'git', state: 'ok', text } : { name: 'git', state: 'note', text: warning };
}

async function pythonFinding(found: FoundInterpreter): Promise<Finding> {
  const text = `${found.version} at ${found.executable} (${found.origin})`;
  if (found.unmet.length === 0) return { name: 'python', state: 'ok', text };
  const trouble = await requireInstallable(found, process.env).catch(asProblem('python'));
  if (trouble) return trouble;
  return {
    name: 'python',
    state: 'note',
    text: `${text} lacks ${found.unmet.join(', ')}`,
    hint: '`nocturne run` offers to install it into an environment of its own.',
  };
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

function isolationFinding(): Finding {
  return {
    name: 'isolation',
    state: 'note',
    text: 'none: training code runs with your own rights in this version',
  };
}

function lineOf({ name, state, text, hint }: Finding): string {
  const { green, yellow, red } = coloursFor(process.stdout);
  const marks = { ok: green('ok     '), note: yellow('note   '), problem: red('PROBLEM') };
  const indented = hint === undefined ? '' : `\n${hint}`.replaceAll('\n', `\n${' '.repeat(20)}`);
  return `${name.padEnd(10)} ${marks[state]}  ${text}${indented}`;
}
