/**
 * Chooses the Python that runs use: the one asked for, else the project's, else the active one, else the system's.
 */
import { join } from 'node:path';
import { SettingsError } from '../../core/base/errors.ts';
import { exists } from '../exists.ts';
import { type Interpreter, probeInterpreter } from './probe.ts';

export interface InterpreterQuery {
  /** `--python`. */
  readonly asked?: string | undefined;
  /** Folders whose `.venv` belongs to the project, nearest first. */
  readonly projectFolders: readonly string[];
  readonly environment: Readonly<Record<string, string | undefined>>;
  /** The sandbox's `requirements.txt`, if it has one. */
  readonly requirements?: string | undefined;
  /** The tool's own environment's python, whether it was made or not. */
  readonly own: string;
}

export interface FoundInterpreter extends Interpreter {
  /** Why this one, for people. */
  readonly origin: string;
}

/** The first candidate that runs. The tool's own environment is preferred over a system python that lacks a requirement. */
export async function findInterpreter(query: InterpreterQuery): Promise<FoundInterpreter> {
  if (query.asked !== undefined) return requireAsked(query.asked, query.requirements);
  for (const { command, origin, isOwn } of await candidatesOf(query)) {
    const found = await probeInterpreter(command, query.requirements);
    if (!found) continue;
    // A project's own environment is taken as it is; a shared one gives way to ours when it lacks something.
    if (isOwn && found.unmet.length > 0 && (await exists(query.own))) {
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

interface Place {
  readonly command: string;
  readonly origin: string;
  /** Whether the tool's own environment may stand in for it. */
  readonly isOwn: boolean;
}

async function candidatesOf({ projectFolders, environment, own }: InterpreterQuery): Promise<Place[]> {
  const places: Place[] = [];
  for (const folder of projectFolders) {
    const command = join(folder, '.venv', 'bin', 'python');
    if (await exists(command)) places.push({ command, origin: "the project's .venv", isOwn: false });
  }
  for (const name of ['VIRTUAL_ENV', 'CONDA_PREFIX']) {
    const prefix = environment[name];
    if (prefix) places.push({ command: join(prefix, 'bin', 'python'), origin: `the active ${name}`, isOwn: true });
  }
  places.push({ command: 'python3', origin: 'python3 on PATH', isOwn: true });
  places.push({ command: own, origin: "nocturne's own environment", isOwn: true });
  return places;
}
