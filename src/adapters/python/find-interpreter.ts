/**
 * Chooses the Python that runs use: the one asked for, else the project's, else the active one, else the system's.
 */
import { join } from 'node:path';
import { SettingsError } from '../../core/base/errors.ts';
import { exists } from '../files/exists.ts';
import { examineInterpreter, type Interpreter, probeInterpreter } from './probe.ts';
import { projectEnvironments } from './project-environments.ts';

export interface InterpreterQuery {
  /** `--python`. */
  readonly asked?: string | undefined;
  /** Folders whose `.venv`, or environment of poetry, pixi or conda, belongs to the project, nearest first. */
  readonly projectFolders: readonly string[];
  readonly environment: Readonly<Record<string, string | undefined>>;
  /** The sandbox's `requirements.txt`, if it has one. */
  readonly requirements?: string | undefined;
  /** Path of the python in the tool's own environment, which may not exist. */
  readonly own: string;
}

export interface FoundInterpreter extends Interpreter {
  /** Where it was found, for people to read. */
  readonly origin: string;
  /** Whether the tool's own environment may be used in its place when it lacks a requirement: a shared one may. */
  readonly isReplaceable: boolean;
  /** The project's own environments that were passed over because they do not run, with what they said. */
  readonly passedOver: readonly string[];
}

/** The first choice that runs; instead of a shared one that lacks a requirement, the tool's own environment. */
export async function findInterpreter(query: InterpreterQuery): Promise<FoundInterpreter> {
  if (query.asked !== undefined) return requireAsked(query.asked, query.requirements);
  const refused: string[] = [];
  const passedOver: string[] = [];
  for (const { command, origin, isReplaceable } of await choicesOf(query)) {
    const examined = await examineInterpreter(command, query.requirements);
    if (examined.kind === 'unusable') {
      if (examined.found !== undefined && command !== query.own) refused.push(`${origin} ${examined.found}`);
      if (!isReplaceable) passedOver.push(`${command} (${origin}) ${examined.found ?? 'does not run'}`);
      continue;
    }
    const { interpreter } = examined;
    // A project's environment is used as it is; a shared python that lacks a requirement gives way to ours.
    const own = isReplaceable && interpreter.unmet.length > 0 ? await probeOwn(query) : undefined;
    return own
      ? { ...own, origin: ownOrigin, isReplaceable, passedOver }
      : { ...interpreter, origin, isReplaceable, passedOver };
  }
  throw noneFound(refused);
}

const ownOrigin = "nocturne's own environment";

/** The tool's own environment; undefined too for one left half-made, into which nothing can be installed. */
async function probeOwn({ own, requirements }: InterpreterQuery): Promise<Interpreter | undefined> {
  if (!(await exists(own))) return undefined;
  const found = await probeInterpreter(own, requirements);
  return found && (found.hasPip || found.unmet.length === 0) ? found : undefined;
}

function noneFound(refused: readonly string[]): SettingsError {
  const isPartial = refused.some((text) => text.includes('No module named'));
  const found = refused.length === 0 ? 'neither a .venv, nor an active environment, nor `python3`' : refused.join('; ');
  const what = isPartial ? 'the whole of Python (the package python3; a python3-minimal is too little)' : 'Python';
  return new SettingsError(`No Python 3.8 or newer was found: ${found}.`, {
    hint: `Install ${what}, or name one with --python /path/to/python.`,
  });
}

async function requireAsked(asked: string, requirements: string | undefined): Promise<FoundInterpreter> {
  const examined = await examineInterpreter(asked, requirements);
  if (examined.kind === 'usable')
    return { ...examined.interpreter, origin: '--python', isReplaceable: false, passedOver: [] };
  const found = examined.found?.replace(/^does not run(: )?/, '');
  const detail = found ? `: it ${examined.found}` : '';
  throw new SettingsError(`--python ${asked} is not a Python 3.8 or newer that runs${detail}.`, {
    hint: 'Give the path of a python executable, such as .venv/bin/python.',
  });
}

interface Choice {
  readonly command: string;
  readonly origin: string;
  /** Whether the tool's own environment is used instead when this one lacks a requirement. */
  readonly isReplaceable: boolean;
}

async function choicesOf({ projectFolders, environment, own }: InterpreterQuery): Promise<Choice[]> {
  const projects = await projectEnvironments(projectFolders, environment);
  const choices: Choice[] = projects.map((each) => ({ ...each, isReplaceable: false }));
  for (const name of ['VIRTUAL_ENV', 'CONDA_PREFIX']) {
    const prefix = environment[name];
    if (prefix)
      choices.push({ command: join(prefix, 'bin', 'python'), origin: `the active ${name}`, isReplaceable: true });
  }
  choices.push({ command: 'python3', origin: 'python3 on PATH', isReplaceable: true });
  choices.push({ command: own, origin: ownOrigin, isReplaceable: true });
  return choices;
}
