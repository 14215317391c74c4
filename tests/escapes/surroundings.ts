/**
 * The probes on every rung, in surroundings of another kind than the tests': root, an ordinary user, what Docker leaves to root.
 */
import { chmod, chown, mkdtemp, rm } from 'node:fs/promises';
import { release } from 'node:os';
import { join } from 'node:path';
import { execa, execaSync } from 'execa';
import type { RungTrial } from '../../src/adapters/isolation/try-rung.ts';
import { packagePath } from '../../src/adapters/package-root.ts';
import type { Tier } from '../../src/core/base/names.ts';
import { type Condition, promisedBy, promisedIf } from '../../src/core/base/promises.ts';
import type { Isolation, Rung } from '../../src/ports/isolation.ts';
import { interpreter } from '../helpers/interpreter.ts';

/** As `tests/fixtures/surroundings.py` makes them. */
export type Kind = 'root' | 'docker' | 'user' | 'without-landlock' | 'without-seccomp';

const ordinaryUser = 1000;
const script = packagePath('tests', 'fixtures', 'surroundings.py');

/** Whether the tests may make any surroundings but their own. */
export const isRoot = process.getuid?.() === 0;

/** Whether a command works in these surroundings. */
function works(kinds: readonly Kind[], command: readonly string[]): boolean {
  if (!isRoot) return false;
  return !execaSync(interpreter, ['-B', script, ...kinds, '--', ...command], { reject: false, cwd: '/' }).failed;
}

/** A Python that these surroundings may start, and that may read this program; undefined where there is none. */
export function pythonFor(kinds: readonly Kind[]): string | undefined {
  const reads = ['-c', `open(${JSON.stringify(packagePath('dist', 'adapters', 'isolation', 'find-isolation.js'))})`];
  const found = ['/usr/bin/python3', interpreter].find((python) => works(kinds, [python, ...reads]));
  return works(kinds, [process.execPath, '--version']) ? found : undefined;
}

/** A study's folder that every user may enter, of the user whom these surroundings have. */
async function studyFolder(kinds: readonly Kind[]): Promise<string> {
  const folder = await mkdtemp(join('/var/tmp', 'nocturne-escapes-'));
  await chmod(folder, 0o755);
  if (kinds.includes('user')) await chown(folder, ordinaryUser, ordinaryUser);
  return folder;
}

async function climb(kinds: readonly Kind[], python: string, how: readonly string[]): Promise<unknown> {
  const folder = await studyFolder(kinds);
  const program = [process.execPath, packagePath('tests', 'fixtures', 'climb.mjs'), python, folder, ...how];
  try {
    const { stdout } = await execa(interpreter, ['-B', script, ...kinds, '--', ...program], { cwd: '/' });
    return JSON.parse(stdout);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** What came of the probes without a cage and on each rung. */
export interface AllTrials {
  readonly bare: RungTrial;
  readonly trials: readonly { readonly rung: Rung; readonly trial: RungTrial }[];
}

/** Makes all probes on all rungs. */
export async function allTrials(kinds: readonly Kind[], python: string): Promise<AllTrials> {
  return (await climb(kinds, python, [])) as AllTrials;
}

/** What the program itself takes there. */
export async function isolationIn(kinds: readonly Kind[], python: string): Promise<Isolation> {
  return (await climb(kinds, python, ['climb'])) as Isolation;
}

/** What a rung promises here: what its tier always does, and what it does where the condition holds. */
export function promisedOn(rung: Rung, kinds: readonly Kind[]): readonly string[] {
  const isKept = (condition: Condition) => holds(condition, rung, kinds);
  const further = promisedIf(rung.tier as Tier).filter(({ condition }) => isKept(condition));
  return [...promisedBy(rung.tier), ...further.map(({ words }) => words)];
}

function holds(condition: Condition, rung: Rung, kinds: readonly Kind[]): boolean {
  const asRoot = !kinds.includes('user');
  const [major = 0, minor = 0] = release().split('.').map(Number);
  const isRecent = major > 6 || (major === 6 && minor >= 12);
  const answers: Readonly<Record<Condition, boolean>> = {
    'as root': asRoot,
    'from Linux 6.12 on': isRecent,
    'as root, from Linux 6.12 on': asRoot && isRecent,
    'unless it keeps CAP_DAC_OVERRIDE': rung.keeps !== 'CAP_DAC_OVERRIDE',
    'with an ordinary /proc': true,
  };
  return answers[condition];
}
