/**
 * Chooses the study's interpreter and, when the owner says yes, installs what the sandbox requires into an environment of
 * the project's own. What is missing is a warning: the script's own import decides whether it is needed.
 */
import { join } from 'node:path';
import { exists } from '../../adapters/files/exists.ts';
import { readText } from '../../adapters/files/read-file.ts';
import { type FoundInterpreter, findInterpreter } from '../../adapters/python/find-interpreter.ts';
import {
  environmentName,
  installRequirements,
  ownEnvironmentFolder,
  ownPython,
} from '../../adapters/python/own-environment.ts';
import { SettingsError } from '../../core/base/errors.ts';
import { ask } from '../terminal/ask.ts';
import { say } from '../terminal/print.ts';
import type { LocatedBrief } from './locate-brief.ts';

/** The interpreter for this brief; installs nothing. */
export async function choosePython(located: LocatedBrief, asked: string | undefined): Promise<FoundInterpreter> {
  return findInterpreter({
    asked,
    projectFolders: [located.userSandbox, located.folder, located.root],
    environment: process.env,
    requirements: await requirementsOf(located),
    own: ownPython(process.env, await projectOf(located)),
  });
}

/** The sandbox's `requirements.txt`, if it has one. */
export async function requirementsOf(located: LocatedBrief): Promise<string | undefined> {
  const path = join(located.userSandbox, 'requirements.txt');
  return (await exists(path)) ? path : undefined;
}

/** The name of the environment that Nocturne would make for this project. */
export async function projectOf(located: LocatedBrief): Promise<string> {
  const requirements = await requirementsOf(located);
  const text = requirements === undefined ? '' : ((await readText(requirements)) ?? '');
  return environmentName(located.userSandbox, text);
}

/** The interpreter of a study, and what the owner should know of it. */
export interface PreparedPython {
  readonly executable: string;
  readonly warnings: readonly string[];
}

/**
 * The interpreter to use: the chosen one, or, where it is a shared one that lacks a requirement, an environment of the
 * project's own, into which that is installed when the owner says yes.
 */
export async function preparePython(
  located: LocatedBrief,
  asked: string | undefined,
  isYes: boolean,
): Promise<PreparedPython> {
  const found = await choosePython(located, asked);
  const { executable, warnings } = await meetRequirements(located, found, isYes);
  const passedOver = found.passedOver.map((text) => `${text}; the study uses ${executable}.`);
  return { executable, warnings: [...passedOver, ...warnings] };
}

async function meetRequirements(
  located: LocatedBrief,
  found: FoundInterpreter,
  isYes: boolean,
): Promise<PreparedPython> {
  const requirements = await requirementsOf(located);
  if (found.unmet.length === 0 || requirements === undefined) return { executable: found.executable, warnings: [] };
  if (!found.isReplaceable) return withWarning(found, requirements);
  const project = await projectOf(located);
  if (!(isYes || (await askToInstall(found, requirements, project)))) {
    return withWarning(found, requirements, '`--yes` installs it into an environment of this project.');
  }
  try {
    const own = await installRequirements(found, requirements, process.env, say, project);
    return { executable: own.executable, warnings: [] };
  } catch (error) {
    if (!(error instanceof SettingsError)) throw error;
    return withWarning(found, requirements, error.message);
  }
}

async function askToInstall(found: FoundInterpreter, requirements: string, project: string): Promise<boolean> {
  const folder = ownEnvironmentFolder(process.env, project);
  const answer = await ask(
    `${requirements} asks for ${found.unmet.join(', ')}, which ${found.executable} lacks.\nInstall it into an environment of this project, ${folder}? [Y/n] `,
  );
  return answer !== undefined && /^(y|yes|)$/i.test(answer);
}

function withWarning(found: FoundInterpreter, requirements: string, more?: string): PreparedPython {
  const { executable, origin, unmet } = found;
  const them = unmet.length === 1 ? 'it' : 'them';
  const warning = `${executable} (${origin}) does not meet ${unmet.join(', ')} of ${requirements}; the runs go on without ${them}, and fail if they need ${them}.`;
  return { executable, warnings: [more === undefined ? warning : `${warning} ${more}`] };
}
