/**
 * Chooses the study's interpreter and, when the owner says yes, installs what the sandbox requires.
 */
import { join } from 'node:path';
import { exists } from '../../adapters/files/exists.ts';
import { type FoundInterpreter, findInterpreter } from '../../adapters/python/find-interpreter.ts';
import {
  installRequirements,
  ownEnvironmentFolder,
  ownPython,
  requireInstallable,
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
    own: ownPython(process.env),
  });
}

/** The sandbox's `requirements.txt`, if it has one. */
export async function requirementsOf(located: LocatedBrief): Promise<string | undefined> {
  const path = join(located.userSandbox, 'requirements.txt');
  return (await exists(path)) ? path : undefined;
}

/**
 * The interpreter that meets the sandbox's requirements: the chosen one, or Nocturne's own environment, into which they
 * are installed when the owner says yes.
 */
export async function preparePython(located: LocatedBrief, asked: string | undefined, isYes: boolean): Promise<string> {
  const found = await choosePython(located, asked);
  const requirements = await requirementsOf(located);
  if (found.unmet.length === 0 || requirements === undefined) return found.executable;
  if (asked !== undefined) throw unmet(found, requirements, '--python');
  await requireInstallable(found, process.env);
  if (!(isYes || (await askToInstall(found, requirements)))) throw unmet(found, requirements, found.origin);
  const own = await installRequirements(found, requirements, process.env, say);
  return own.executable;
}

async function askToInstall(found: FoundInterpreter, requirements: string): Promise<boolean> {
  const folder = ownEnvironmentFolder(process.env);
  const answer = await ask(
    `${requirements} asks for ${found.unmet.join(', ')}, which ${found.executable} lacks.\nInstall it into nocturne's own environment, ${folder}? [Y/n] `,
  );
  return answer !== undefined && /^(y|yes|)$/i.test(answer);
}

function unmet(found: FoundInterpreter, requirements: string, origin: string): SettingsError {
  return new SettingsError(
    `The sandbox needs ${found.unmet.join(', ')} (${requirements}), which ${found.executable} (${origin}) lacks.`,
    { hint: "Say --yes to install it into nocturne's own environment, or name another Python with --python." },
  );
}
