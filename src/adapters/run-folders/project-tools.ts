/**
 * What makes the package tools of a project use its own environment in a run, although they stand in the run's tree: they
 * would make a new one there, each time, from the network.
 */
import { basename, resolve } from 'node:path';
import type { Argv } from '../../core/journal/settings/argv.ts';
import { pathInside } from '../files/path-inside.ts';
import { virtualEnvironmentOf } from './environment.ts';

/**
 * The environment in which a command `uv run …` uses the project's environment as it is, without a sync, which would point
 * its editable packages at the run's tree. Nothing changes for another command, such as a script that calls `uv sync`, or
 * where the interpreter is not of the project's own environment.
 */
export function withProjectTools(
  environment: Readonly<Record<string, string>>,
  argv: Argv,
  interpreter: string,
  checkout: string,
): Record<string, string> {
  const own = virtualEnvironmentOf(interpreter);
  const isUvRun = basename(argv[0] ?? '') === 'uv' && argv.includes('run');
  if (!isUvRun || own === undefined || !isProjects(own, environment, checkout)) return { ...environment };
  return { ...environment, UV_PROJECT_ENVIRONMENT: own, UV_NO_SYNC: '1' };
}

function isProjects(
  folder: string,
  { UV_PROJECT_ENVIRONMENT: named }: Readonly<Record<string, string>>,
  checkout: string,
) {
  if (named !== undefined && resolve(checkout, named) === folder) return true;
  return pathInside(checkout, folder) !== undefined;
}
