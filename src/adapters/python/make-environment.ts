/**
 * Makes a Python environment with pip in it: whole, or not at all.
 */
import { mkdir, rename } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { execa } from 'execa';
import { SettingsError } from '../../core/base/errors.ts';
import { removeTree } from '../files/remove-tree.ts';
import type { Interpreter } from './probe.ts';

/**
 * Makes it at `folder`, in place of what is there. It is made under another name and then renamed, so that a failure or
 * a kill leaves nothing that looks like an environment. Throws a SettingsError that says what to install or to change.
 */
export async function makeEnvironment(base: Interpreter, folder: string): Promise<void> {
  requireMaker(base);
  const making = `${folder}.${process.pid}.making`;
  await makeParent(folder);
  try {
    await removeTree(making);
    await make(base, making);
    await removeTree(folder);
    await rename(making, folder);
  } finally {
    await removeTree(making);
  }
}

/** Throws where this Python has nothing that puts pip into an environment; the hint names the package to install. */
export function requireMaker(base: Interpreter): void {
  if (base.maker !== null) return;
  const { unmet, executable } = base;
  throw new SettingsError(
    `Nocturne would install ${unmet.join(', ')} into a Python environment of its own, and ${executable} has neither ensurepip nor pip to make one.`,
    { hint: `${howToInstallMaker(base)}, then start this again.` },
  );
}

/** Such as `python3.12-venv` of apt, which has the parts that Debian and Ubuntu leave out of python3. */
function howToInstallMaker({ isDebian, version }: Interpreter): string {
  if (!isDebian) return 'Install pip for it (the package python3-pip of most systems)';
  const sudo = process.getuid?.() === 0 ? '' : 'sudo ';
  return `Install it with \`${sudo}apt install python${shortVersion(version)}-venv\``;
}

/** By the standard library's own way, or, where ensurepip is missing or broken, by the pip of the base. */
async function make(base: Interpreter, folder: string): Promise<void> {
  const { executable, hasPip, maker } = base;
  // An installed torch is used as it is.
  const site = base.torch === null ? [] : ['--system-site-packages'];
  const whole = maker === 'ensurepip' ? await ran(executable, ['-m', 'venv', ...site, folder]) : undefined;
  if (whole?.kind === 'done') return;
  if (whole !== undefined && !hasPip) throw notMade(base, whole.said);
  await removeTree(folder);
  const packages = join(folder, 'lib', `python${shortVersion(base.version)}`, 'site-packages');
  const pip = ['-m', 'pip', 'install', '-qq', '--disable-pip-version-check', '--target', packages, 'pip'];
  for (const args of [['-m', 'venv', '--without-pip', ...site, folder], pip]) {
    const step = await ran(executable, args);
    if (step.kind === 'failed') throw notMade(base, step.said);
  }
}

type Ran = { readonly kind: 'done' } | { readonly kind: 'failed'; readonly said: string };

async function ran(command: string, args: readonly string[]): Promise<Ran> {
  const {
    failed,
    all = '',
    shortMessage = '',
  } = await execa(command, args, {
    reject: false,
    all: true,
    stdin: 'ignore',
  });
  return failed ? { kind: 'failed', said: all.trim().split('\n').at(-1) || shortMessage } : { kind: 'done' };
}

function notMade(base: Interpreter, said: string): SettingsError {
  return new SettingsError(`${base.executable} cannot make a Python environment: ${said.replace(/\.$/, '')}.`, {
    hint: `${howToInstallMaker(base)}, or name another Python with --python.`,
  });
}

/** Only this user may look into it: what lies there is run. */
async function makeParent(folder: string): Promise<void> {
  const parent = dirname(folder);
  await mkdir(parent, { recursive: true, mode: 0o700 }).catch((cause) => {
    throw new SettingsError(`No Python environment can be made in ${parent}: ${codeOf(cause)}.`, {
      hint: 'Name a folder that can be written with XDG_CACHE_HOME=/path, or a Python that has the packages with --python.',
      cause,
    });
  });
}

function codeOf({ code, message }: NodeJS.ErrnoException): string {
  if (code === 'EROFS') return 'it is on a file system that is read-only';
  if (code === 'EACCES' || code === 'EPERM') return 'it cannot be written';
  return message;
}

function shortVersion(version: string): string {
  return version.split('.').slice(0, 2).join('.');
}
