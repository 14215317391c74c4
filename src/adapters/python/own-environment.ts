/**
 * The tool's own Python environments: made on consent, one for Optuna, and one for each project whose Python lacks what its
 * sandbox requires, so that no project changes the packages under another's study.
 */
import { createHash } from 'node:crypto';
import { accessSync, constants, existsSync, lstatSync } from 'node:fs';
import { homedir, tmpdir } from 'node:os';
import { basename, dirname, join } from 'node:path';
import { execa } from 'execa';
import { SettingsError } from '../../core/base/errors.ts';
import { makeEnvironment, requireMaker } from './make-environment.ts';
import { type Interpreter, probeInterpreter } from './probe.ts';

type Environment = Readonly<Record<string, string | undefined>>;

/**
 * Where the environment of a project, or without one that for Optuna, is or would be: in the folder for caches, or, where
 * that of the home folder cannot be written, in a folder of this user for temporary files. `project` is a file name.
 */
export function ownEnvironmentFolder(environment: Environment, project?: string): string {
  const asked = environment.XDG_CACHE_HOME;
  const inside = project === undefined ? ['python'] : ['projects', project];
  const usual = join(asked || join(homedir(), '.cache'), 'nocturne', ...inside);
  if (asked || existsSync(usual) || mayMake(usual)) return usual;
  const temporary = join(tmpdir(), `nocturne-${process.getuid?.() ?? 0}`);
  return isOursOrFree(temporary) ? join(temporary, ...inside) : usual;
}

/** The python of that environment. */
export function ownPython(environment: Environment, project?: string): string {
  return pythonIn(ownEnvironmentFolder(environment, project));
}

/** The name of a project's environment: another one when the project moves, or when it requires something else. */
export function environmentName(folder: string, requirements: string): string {
  const hash = createHash('sha256').update(`${folder}\0${requirements}`).digest('hex');
  return `${basename(folder).replace(/[^\w.-]/g, '_')}-${hash.slice(0, 10)}`;
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
  project?: string,
): Promise<Interpreter> {
  const folder = ownEnvironmentFolder(environment, project);
  const python = pythonIn(folder);
  await requireInstallable(base, environment, project);
  if (!(await isUsable(folder))) {
    say(`Making a Python environment in ${folder} …`);
    await makeEnvironment(base, folder);
  }
  say(`Installing ${base.unmet.join(', ')} into it …`);
  await install(python, requirements, say);
  const own = await probeInterpreter(python, requirements);
  // What pip installed without a word may still be a line that cannot be looked up: the script's own import decides.
  if (own && (own.unmet.length === 0 || project !== undefined)) return own;
  throw notInstalled(requirements, 'the environment does not meet it even after the installation', python);
}

/** A tool of Python packages that is installed into an environment of its own. */
export interface PythonTool {
  /** Such as `Optuna`; in small letters it is what Python imports. */
  readonly name: string;
  readonly requirements: string;
  /** The name of its environment; the one for Optuna where it is left out. */
  readonly environment?: string;
}

/** Installs a tool beside a study's Python, and finds it there. Throws a SettingsError when that fails. */
export async function installTool<Found>(
  { name, requirements, environment: own }: PythonTool,
  interpreter: string,
  environment: Environment,
  say: (line: string) => void,
  find: () => Promise<Found | undefined>,
): Promise<Found> {
  const base = await probeInterpreter(interpreter, requirements);
  if (!base) throw new SettingsError(`${interpreter} does not run, so ${name} could not be installed.`);
  await installRequirements(base, requirements, environment, say, own);
  const found = await find();
  if (found !== undefined) return found;
  throw new SettingsError(`${name} is installed but cannot be imported.`, {
    hint: `Try \`${ownPython(environment, own)} -c "import ${name.toLowerCase()}"\` yourself.`,
  });
}

/** Throws where the own environment is not there and this Python cannot make it. */
export async function requireInstallable(base: Interpreter, environment: Environment, project?: string): Promise<void> {
  if (base.maker === null && !(await isUsable(ownEnvironmentFolder(environment, project)))) requireMaker(base);
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
    // Pip reads `-e .` from its current folder.
    cwd: dirname(requirements),
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
