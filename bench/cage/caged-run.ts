/**
 * One run of a bench, through the engine as any run: bare or in a cage.
 */
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { createLocalEngine } from '../../src/adapters/engines/local.ts';
import { homeVariables } from '../../src/adapters/isolation/home-variables.ts';
import { SettingsError } from '../../src/core/base/errors.ts';
import type { Job, Stage } from '../../src/ports/engine.ts';
import type { Rung } from '../../src/ports/isolation.ts';

/** What a stage of a bench runs. */
export interface BenchStage {
  readonly name: 'train' | 'score';
  readonly argv: Stage['argv'];
  readonly folder: string;
  readonly env: Readonly<Record<string, string>>;
  readonly read: readonly string[];
  readonly write: readonly string[];
}

export interface BenchRun {
  /** Wall seconds from the job's start to its result. */
  readonly seconds: number;
  /** Processor seconds of its stages. */
  readonly cpuSeconds: number;
  /** Milliseconds since the epoch, as the supervisor noted its start. */
  readonly startedAt: number;
  readonly log: string;
}

const limitSeconds = 1800;

/** Runs the stages in a job folder of their own. */
export async function runStages(
  folder: string,
  stages: readonly BenchStage[],
  python: string,
  rung?: Rung,
): Promise<BenchRun> {
  mkdirSync(folder, { recursive: true });
  const engine = createLocalEngine({ python });
  const job: Job = { id: 'bench', folder, limitSeconds, stages: stages.map((stage) => stageOf(stage, folder, rung)) };
  const began = Date.now();
  await engine.submit(job);
  const state = await engine.poll(job, limitSeconds);
  const log = await engine.readLogEnd(job, 'train', 1 << 16);
  const last = state.kind === 'ended' ? state.end.stages.at(-1) : undefined;
  if (state.kind !== 'ended' || last?.exitCode !== 0 || last.name !== stages.at(-1)?.name) {
    throw new SettingsError(`a run of the bench failed: ${log.trimEnd().split('\n').at(-1)}`);
  }
  const cpuSeconds = state.end.stages.reduce((sum, stage) => sum + stage.cpuSeconds, 0);
  return { seconds: state.end.seconds, cpuSeconds, startedAt: began, log };
}

function stageOf({ name, argv, folder, env, read, write }: BenchStage, job: string, rung: Rung | undefined): Stage {
  const home = join(job, `home-${name}`);
  const bare = join(job, `bare-${name}`);
  // Bare, it has a home of its own too: what a full one costs to search is no cost of the cage.
  if (rung === undefined) mkdirSync(join(bare, 'tmp'), { recursive: true });
  const own = homeVariables(rung === undefined ? bare : home, rung);
  const cage = rung && { rung, read, write, fixed: [], home, network: false };
  const all = { PATH: process.env.PATH ?? '/usr/bin:/bin', ...own, ...env };
  return { name, argv, folder, env: all, ...(cage && { cage }) };
}
