/**
 * The tool's own Python environment: made once, on consent, when the study's Python lacks what a sandbox requires.
 */
import { mkdir } from 'node:fs/promises';
import { homedir } from 'node:os';
import { dirname, join } from 'node:path';
import { execa } from 'execa';
import { SettingsError } from '../../core/base/errors.ts';
import { type Interpreter, probeInterpreter } from './probe.ts';

/** Where the environment is, or would be. */
export function ownEnvironmentFolder(environment: Readonly<Record<string, string | undefined>>): string {
  return join(environment.XDG_CACHE_HOME || join(homedir(), '.cache'), 'nocturne', 'python');
}

/** The python of that environment. */
export function ownPython(environment: Readonly<Record<string, string | undefined>>): string {
  return join(ownEnvironmentFolder(environment), 'bin', 'python');
}

/**
 * Installs a requirements file into the tool's own environment, made first if need be. Where the base has torch, the
 * environment sees the base's packages, so that an installed torch is used as it is.
 */
export async function installRequirements(
  base: Interpreter,
  requirements: string,
  environment: Readonly<Record<string, string | undefined>>,
  say: (line: string) => void,
): Promise<Interpreter> {
  const folder = ownEnvironmentFolder(environment);
  const python = ownPython(environment);
  if (!(await probeInterpreter(python))) {
    say(`Making a Python environment in ${folder} …`);
    await mkdir(dirname(folder), { recursive: true });
    const site = base.torch === null ? [] : ['--system-site-packages'];
    await step(base.executable, ['-m', 'venv', '--clear', ...site, folder], say, requirements);
  }
  say(`Installing ${base.unmet.join(', ')} into it …`);
  await step(
    python,
    ['-m', 'pip', 'install', '--disable-pip-version-check', '--progress-bar', 'off', '-r', requirements],
    say,
    requirements,
  );
  const own = await probeInterpreter(python, requirements);
  if (own && own.unmet.length === 0) return own;
  throw failed(requirements, 'the environment does not meet it even after the installation');
}

async function step(
  command: string,
  args: readonly string[],
  say: (line: string) => void,
  requirements: string,
): Promise<void> {
  const running = execa(command, args, { reject: false, all: true, stdin: 'ignore' });
  for await (const line of running.iterable({ from: 'all' })) say(`  ${line}`);
  const { failed: hasFailed, shortMessage, all } = await running;
  if (hasFailed) throw failed(requirements, all.trim().split('\n').at(-1) || shortMessage || 'unknown');
}

function failed(requirements: string, reason: string): SettingsError {
  return new SettingsError(`What ${requirements} asks for could not be installed: ${reason}.`, {
    hint: `Install it yourself (\`python3 -m pip install -r ${requirements}\`) and name that Python with --python.`,
  });
}
