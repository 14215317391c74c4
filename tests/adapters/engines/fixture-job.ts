/**
 * Jobs for tests of the local engine: real Python programs in a temporary folder, and a look at what they leave
 * running.
 */
import { mkdir, mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import { packagePath } from '../../../src/adapters/package-root.ts';
import type { Job, Stage } from '../../../src/ports/engine.ts';
import { interpreter } from '../../helpers/interpreter.ts';

interface FixtureOptions {
  readonly limitSeconds?: number;
  /** When the train stage is asked to end. */
  readonly endSeconds?: number;
  /** The fixture that scores, if any. */
  readonly score?: string;
}

/** A job whose train stage runs a fixture, written as on a command line: `ticks 2`. */
export async function fixtureJob(train: string, options: FixtureOptions = {}): Promise<Job> {
  const folder = await mkdtemp(join(tmpdir(), 'nocturne-engine-'));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  const runFolder = join(folder, 'run');
  await mkdir(runFolder);
  const { endSeconds } = options;
  const stages: Stage[] = [
    { ...stageOf('train', train, runFolder), ...(endSeconds === undefined ? {} : { endSeconds }) },
  ];
  if (options.score) stages.push(stageOf('score', options.score, runFolder));
  return { id: '0001/run-1', folder, stages, limitSeconds: options.limitSeconds ?? 60 };
}

/** The folder that the job's script sees as its own. */
export function runFolderOf(job: Job): string {
  return join(job.folder, 'run');
}

/** Number of starts that the job's script noted. */
export async function startsOf(job: Job): Promise<number> {
  const notes = await readFile(join(runFolderOf(job), 'starts'), 'utf8').catch(() => '');
  return notes.split('\n').length - 1;
}

/** Live processes with the job's run folder, by its name in the job's, in their environment. */
export async function survivorsOf(job: Job, runFolder = 'run'): Promise<string[]> {
  const survivors: string[] = [];
  for (const pid of (await readdir('/proc')).filter((name) => /^\d+$/.test(name))) {
    const environment = await readFile(`/proc/${pid}/environ`, 'utf8').catch(() => '');
    if (environment.split('\0').includes(`NOCTURNE_RUN_DIR=${join(job.folder, runFolder)}`) && (await isAlive(pid)))
      survivors.push(pid);
  }
  return survivors;
}

/** Whether a process is there and no zombie. */
export async function isAlive(pid: string | number): Promise<boolean> {
  const stat = await readFile(`/proc/${pid}/stat`, 'utf8').catch(() => '');
  return stat !== '' && !'ZX'.includes(stat.charAt(stat.lastIndexOf(')') + 2));
}

function stageOf(name: Stage['name'], command: string, runFolder: string): Stage {
  const [fixture, ...options] = command.split(' ');
  const argv = [interpreter, '-S', packagePath('tests', 'fixtures', 'train', `${fixture}.py`), ...options];
  const env = { PATH: process.env.PATH ?? '', NOCTURNE_RUN_DIR: runFolder, PYTHONDONTWRITEBYTECODE: '1' };
  return { name, argv, folder: runFolder, env };
}
