/**
 * The tool's own Python environment: made once, on consent, when the study's Python lacks what a sandbox requires.
 */
import { accessSync, constants, existsSync, lstatSync } from 'node:fs';
import { homedir, tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { execa } from 'execa';
import { SettingsError } from '../../core/base/errors.ts';
import { makeEnvironment, requireMaker } from './make-environment.ts';
import { type Interpreter, probeInterpreter } from './probe.ts';

type Environment = Readonly<Record<string, string | undefined>>;

/**
 * Where the environment is, or would be: in the folder for caches, or, where that of the home folder cannot be written,
 * in a folder of this user for temporary files.
 */
export function ownEnvironmentFolder(environment: Environment): string {
  const asked = environment.XDG_CACHE_HOME;
  const usual = join(asked || join(homedir(), '.cache'), 'nocturne', 'python');
  if (asked || existsSync(usual) || mayMake(usual)) return usual;
  const temporary = join(tmpdir(), `nocturne-${process.getuid?.() ?? 0}`);
  return isOursOrFree(temporary) ? join(temporary, 'python') : usual;
}

/** The python of that environment. */
export function ownPython(environment: Environment): string {
  return pythonIn(ownEnvironmentFolder(environment));
}

/**
 * Installs a requirements file into the tool's own environment, made first if need be. Where the base has torch, the
 * environment sees the base's packages, so that an installed torch is used as it is.
 */
export async function installRequirements(
  base: Interpreter,
  requirements: string,
  environment: Environment,
  say: (line: string) => void,
): Promise<Interpreter> {
  const folder = ownEnvironmentFolder(environment);
  const python = pythonIn(folder);
  await requireInstallable(base, environment);
  if (!(await isUsable(folder))) {
    say(`Making a Python environment in ${folder} …`);
    await makeEnvironment(base, folder);
  }
  say(`Installing ${base.unmet.join(', ')} into it …`);
  await install(python, requirements, say);
  const own = await probeInterpreter(python, requirements);
  if (own && own.unmet.length === 0) return own;
  throw notInstalled(requirements, 'the environment does not meet it even after the installation', python);
}

/** Throws where the own environment is not there and this Python cannot make it. */
export async function requireInstallable(base: Interpreter, environment: Environment): Promise<void> {
  if (base.maker === null && !(await isUsable(ownEnvironmentFolder(environment)))) requireMaker(base);
}

/** False for one that was left half-made: its python runs, and nothing can be installed into it. */
async function isUsable(folder: string): Promise<boolean> {
  const own = await probeInterpreter(pythonIn(folder));
  return own?.hasPip ?? false;
}

async function install(python: string, requirements: string, say: (line: string) => void): Promise<void> {
  const flags = ['--disable-pip-version-check', '--progress-bar', 'off', '--retries', '2'];
  const running = execa(python, ['-m', 'pip', 'install', ...flags, '-r', requirements], {
    reject: false,
    all: true,
    stdin: 'ignore',
  });
  for await (const line of running.iterable({ from: 'all' })) {
    if (!isWarning(line)) say(`  ${line}`);
  }
  const { failed, shortMessage, all } = await running;
  if (failed) throw notInstalled(requirements, reasonIn(all) || shortMessage || 'unknown', python);
}

/** What pip repeats for each retry; its last line says what came of it. */
const isWarning = (line: string) => /^WARNING: /.test(line);

const unreachable = /NewConnectionError|NameResolutionError|ConnectTimeoutError|ProxyError|Max retries exceeded/;

function reasonIn(said: string): string {
  if (unreachable.test(said)) return 'pip cannot reach the package index over the network';
  return said.trim().split('\n').at(-1) ?? '';
}

function notInstalled(requirements: string, reason: string, python: string): SettingsError {
  return new SettingsError(`What ${requirements} asks for could not be installed: ${reason.replace(/\.$/, '')}.`, {
    hint: `Try \`${python} -m pip install -r ${requirements}\` yourself, or name a Python that has it with --python.`,
  });
}

function pythonIn(folder: string): string {
  return join(folder, 'bin', 'python');
}

/** Whether the nearest folder that exists can be written. */
function mayMake(path: string): boolean {
  const parent = dirname(path);
  if (!existsSync(parent)) return parent !== path && mayMake(parent);
  try {
    accessSync(parent, constants.W_OK | constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

/** Anyone may make a folder of any name among temporary files, and what lies in it would be run. */
function isOursOrFree(folder: string): boolean {
  const found = lstatSync(folder, { throwIfNoEntry: false });
  return found === undefined || (found.isDirectory() && found.uid === process.getuid?.());
}
