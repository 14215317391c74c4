/**
 * Chooses the Python that runs use: the one asked for, else the project's, else the active one, else the system's.
 */
import { join } from 'node:path';
import { SettingsError } from '../../core/base/errors.ts';
import { exists } from '../files/exists.ts';
import { type Interpreter, probeInterpreter } from './probe.ts';

export interface InterpreterQuery {
  /** `--python`. */
  readonly asked?: string | undefined;
  /** Folders whose `.venv` belongs to the project, nearest first. */
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
}

/** The first choice that runs; instead of a shared one that lacks a requirement, the tool's own environment. */
export async function findInterpreter(query: InterpreterQuery): Promise<FoundInterpreter> {
  if (query.asked !== undefined) return requireAsked(query.asked, query.requirements);
  for (const { command, origin, isReplaceable } of await choicesOf(query)) {
    const found = await probeInterpreter(command, query.requirements);
    if (!found) continue;
    // A project's .venv is used as it is; a shared python that lacks a requirement gives way to ours.
    if (isReplaceable && found.unmet.length > 0 && (await exists(query.own))) {
      const own = await probeInterpreter(query.own, query.requirements);
      if (own) return { ...own, origin: "nocturne's own environment" };
    }
    return { ...found, origin };
  }
  throw new SettingsError(
    'No Python 3.8 or newer was found: neither a .venv, nor an active environment, nor `python3`.',
    {
      hint: 'Install Python, or name one with --python /path/to/python.',
    },
  );
}

async function requireAsked(asked: string, requirements: string | undefined): Promise<FoundInterpreter> {
  const found = await probeInterpreter(asked, requirements);
  if (found) return { ...found, origin: '--python' };
  throw new SettingsError(`--python ${asked} is not a Python 3.8 or newer that runs.`, {
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
  const choices: Choice[] = [];
  for (const folder of projectFolders) {
    const command = join(folder, '.venv', 'bin', 'python');
    if (await exists(command)) choices.push({ command, origin: "the project's .venv", isReplaceable: false });
  }
  for (const name of ['VIRTUAL_ENV', 'CONDA_PREFIX']) {
    const prefix = environment[name];
    if (prefix)
      choices.push({ command: join(prefix, 'bin', 'python'), origin: `the active ${name}`, isReplaceable: true });
  }
  choices.push({ command: 'python3', origin: 'python3 on PATH', isReplaceable: true });
  choices.push({ command: own, origin: "nocturne's own environment", isReplaceable: true });
  return choices;
}
