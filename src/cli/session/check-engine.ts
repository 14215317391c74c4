/**
 * Proves an engine with a job of five seconds before a night is left to it: sent, queued, run, looked at, and brought home.
 */
import { randomUUID } from 'node:crypto';
import { copyFile, mkdir, readdir, rmdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { readText } from '../../adapters/files/read-file.ts';
import { removeTree } from '../../adapters/files/remove-tree.ts';
import { packagePath } from '../../adapters/package-root.ts';
import { SettingsError } from '../../core/base/errors.ts';
import { parseJson } from '../../core/base/parse-json.ts';
import type { Engine, Job, JobState } from '../../ports/engine.ts';
import { type EngineOptions, engineOpeners } from '../compose/engines.ts';
import type { LocatedBrief } from '../compose/locate-brief.ts';
import { agreeToRent, giveBackRented, rentedFor } from './rented.ts';

export interface EngineCheck {
  /** Where it ran, as the job itself said. */
  readonly node: string;
  readonly gpus: readonly string[];
  readonly python: string;
  /** Seconds until it started, of which it was in the engine's queue, and those of the job. */
  readonly waitedSeconds: number;
  readonly ranSeconds: number;
}

export interface CheckRequest {
  /** Its brief names the engine. */
  readonly located: LocatedBrief;
  /** Absolute path of the python that runs use. */
  readonly interpreter: string;
  /** Whether a price is agreed to. */
  readonly isAgreed: boolean;
  readonly tell: (message: string) => void;
  readonly signal: AbortSignal;
  /** How long nobody has to answer before it is an address that is wrong, or a cluster that is down (default 20). */
  readonly unheardSeconds?: number;
}

const saidSchema = z.object({ node: z.string(), gpus: z.array(z.string()), python: z.string() });
/** Its own time limit; how long it waits in a queue is the owner's patience. */
const limitSeconds = 120;

/** Runs the job. A SettingsError where the engine cannot do what a study needs; what was started or rented is given back in every case. */
export async function checkEngine({
  located,
  interpreter,
  isAgreed,
  tell,
  signal,
  unheardSeconds = 20,
}: CheckRequest): Promise<EngineCheck> {
  const studyFolder = join(located.runs, `.check-${randomUUID().slice(0, 8)}`);
  const options: EngineOptions = {
    ...located,
    ...{ python: interpreter, studyFolder, slots: 1, tell },
  };
  await giveBackOfEarlierChecks(located.runs, tell);
  await agreeToRent(options, isAgreed, tell);
  await mkdir(studyFolder, { recursive: true });
  await writeFile(join(studyFolder, '.gitignore'), '*\n');
  const engine = engineOpeners[located.brief.engine].open(options);
  const job = await layOut(studyFolder, interpreter);
  try {
    return await checkOn(engine, job, { tell, signal, unheardSeconds });
  } finally {
    await engine.cancel(job).catch(() => {});
    await engine.close?.();
    await removeUnlessRented(studyFolder, tell);
    // Where no study has begun, the folder of all studies is none of the owner's yet.
    await rmdir(located.runs).catch(() => {});
  }
}

/** What a check that was killed had rented. */
async function giveBackOfEarlierChecks(runs: string, tell: (message: string) => void): Promise<void> {
  const names = await readdir(runs).catch(() => []);
  for (const name of names.filter((each) => each.startsWith('.check-'))) {
    await giveBackRented(join(runs, name), tell);
    await removeUnlessRented(join(runs, name), tell);
  }
}

/** The folder is the only place that knows of a machine that may be rented still. */
async function removeUnlessRented(folder: string, tell: (message: string) => void): Promise<void> {
  const [left] = await rentedFor(folder);
  if (left === undefined) await removeTree(folder);
  else tell(`${left} may be rented still; the next \`nocturne doctor --engine\` gives it back, by ${folder}.`);
}

/** As a run is laid out, so that it travels as one. */
async function layOut(studyFolder: string, interpreter: string): Promise<Job> {
  const folder = join(studyFolder, '0000', 'run-1');
  const [work, output] = [join(folder, 'work'), join(folder, 'output')];
  for (const each of [work, output]) await mkdir(each, { recursive: true });
  await copyFile(packagePath('src', 'python', 'check_engine.py'), join(work, 'check_engine.py'));
  const env = { PATH: process.env.PATH ?? '', NOCTURNE_TREE: work, NOCTURNE_RUN_DIR: output };
  const stages = [{ name: 'train' as const, argv: [interpreter, 'check_engine.py'], folder: work, env }];
  return { id: 'check', folder, stages, limitSeconds };
}

async function checkOn(
  engine: Engine,
  job: Job,
  { tell, signal, unheardSeconds }: Required<Pick<CheckRequest, 'tell' | 'signal' | 'unheardSeconds'>>,
): Promise<EngineCheck> {
  await engine.greet?.();
  const began = performance.now();
  await engine.submit(job);
  let why: string | undefined;
  let startedAt: number | undefined;
  let heardAt = began;
  for (;;) {
    const state = await engine.poll(job, 1);
    if (state.kind !== 'queued' || !state.isUnheard) heardAt = performance.now();
    if (performance.now() - heardAt > unheardSeconds * 1000) {
      throw new SettingsError(`The check did not run: nobody has answered for ${unheardSeconds} seconds.`, {
        hint: 'What was asked, and how it failed, is told above.',
      });
    }
    if (signal.aborted) throw new SettingsError('The check was stopped.');
    if (state.kind === 'running') startedAt ??= performance.now();
    if (state.kind === 'queued' && state.why !== undefined && state.why !== why)
      tell(`It waits: ${state.why.replace(/\.$/, '')}.`);
    if (state.kind === 'queued') why = state.why;
    if (state.kind !== 'ended' && state.kind !== 'lost') continue;
    await engine.collect(job);
    const said = await saidBy(job, state, engine);
    const ranSeconds = state.kind === 'ended' ? state.end.seconds : 0;
    const waited = ((startedAt ?? performance.now()) - began) / 1000;
    return { ...said, waitedSeconds: waited, ranSeconds };
  }
}

/** What the job said of its machine, in the file that came home. */
async function saidBy(job: Job, state: JobState, engine: Engine): Promise<z.infer<typeof saidSchema>> {
  const text = await readText(join(job.folder, 'output', 'check.json'));
  const said = saidSchema.safeParse(parseJson(text ?? ''));
  const isGood = state.kind === 'ended' && state.end.stages.every(({ exitCode }) => exitCode === 0);
  if (isGood && said.success) return said.data;
  const log = (await engine.readLogEnd(job, 'train', 2000)).trim();
  throw new SettingsError(`The check did not run: ${whyOf(state)}.`, log === '' ? {} : { hint: `It printed: ${log}` });
}

function whyOf(state: JobState): string {
  if (state.kind === 'lost') return state.reason;
  if (state.kind !== 'ended') return 'it has not ended';
  if (state.end.ending !== 'exited') return `it ended as ${state.end.ending}`;
  const failed = state.end.stages.find(({ exitCode }) => exitCode !== 0);
  if (failed === undefined) return 'what it wrote did not come back';
  return `its command ended with ${failed.signal ?? `exit code ${failed.exitCode}`}`;
}
