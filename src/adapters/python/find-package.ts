/**
 * Finds a Python that has a package which a study's own may lack: the study's, else an environment of the tool's for that
 * package alone, into which it is installed on consent.
 */
import { execa } from 'execa';
import { packagePath } from '../package-root.ts';
import { installTool, ownPython } from './own-environment.ts';

type Environment = Readonly<Record<string, string | undefined>>;

/** The python that can import the package; undefined where neither has it. */
export async function findPackage(
  name: string,
  interpreter: string,
  environment: Environment,
): Promise<string | undefined> {
  // Not where the owner stands: a folder `wandb` there, as wandb leaves one, would be imported as a package.
  for (const python of [interpreter, ownPython(environment, environmentOf(name))]) {
    const options = { reject: false, stdin: 'ignore', timeout: 60_000, cwd: packagePath('src', 'python') } as const;
    const { failed } = await execa(python, ['-c', `import ${name}`], options);
    if (!failed) return python;
  }
  return undefined;
}

/** Installs the package into the tool's environment for it; gives its python. Throws a SettingsError when that fails. */
export async function installPackage(
  name: string,
  interpreter: string,
  environment: Environment,
  say: (line: string) => void,
): Promise<string> {
  const requirements = packagePath('src', 'python', `${name}-requirements.txt`);
  const tool = { name, requirements, environment: environmentOf(name) };
  const python = ownPython(environment, environmentOf(name));
  return installTool(tool, interpreter, environment, say, () => findPackage(name, python, environment));
}

function environmentOf(name: string): string {
  return `tracker-${name}`;
}
