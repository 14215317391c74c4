import { mkdir, mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import type { Job, JobEnd, Stage } from '../../src/ports/engine.ts';
import {
  createScriptedEngine,
  type ScriptedEngine,
  type ScriptedRun,
  scoringRun,
} from '../../src/testing/scripted-engine.ts';
import { type BasicBehaviour, describeEngineContract } from '../contracts/engine-contract.ts';

const stage = (name: Stage['name'], exitCode: number) => ({ name, exitCode, signal: null, seconds: 1, cpuSeconds: 1 });
const exited = (...stages: JobEnd['stages']): JobEnd => ({ ending: 'exited', stages, seconds: 2 });

const runs: Record<BasicBehaviour, ScriptedRun> = {
  scores: {
    log: { train: 'step=1\n---\nval_bpb: 1.5\n', score: '---\nval_bpb: 1.5\n' },
    end: exited(stage('train', 0), stage('score', 0)),
  },
  fails: { log: { train: '' }, end: exited(stage('train', 7)) },
  hangs: { log: { train: 'ready\n' }, end: undefined },
};

async function jobWith(id: string): Promise<Job> {
  const folder = await mkdtemp(join(tmpdir(), 'nocturne-scripted-'));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  const env = { NOCTURNE_RUN_DIR: join(folder, 'run') };
  await mkdir(env.NOCTURNE_RUN_DIR);
  return { id, folder, stages: [{ name: 'train', argv: ['python3', 'train.py'], folder, env }], limitSeconds: 60 };
}

describeEngineContract('the scripted engine', async () => {
  const engines: ScriptedEngine[] = [];
  const open = () => {
    const engine = createScriptedEngine((job) => runs[job.id as BasicBehaviour]);
    engines.push(engine);
    return engine;
  };
  return {
    engine: open(),
    reopen: open,
    reader: open,
    job: jobWith,
    starts: async (job) => engines.flatMap((engine) => engine.jobs).filter((started) => started === job).length,
  };
});

it('a scripted job leaves its files where a script would', async () => {
  const engine = createScriptedEngine(() => ({ ...runs.scores, files: { 'metrics.json': '{"val_bpb":1.5}' } }));
  const job = await jobWith('0001/run-1');
  await engine.submit(job);
  expect(await readFile(join(job.folder, 'run', 'metrics.json'), 'utf8')).toBe('{"val_bpb":1.5}');
  expect(await engine.readLogEnd(job, 'score', 100)).toBe('---\nval_bpb: 1.5\n');
});

it('a scoring run prints its score in a block', async () => {
  const engine = createScriptedEngine(() => scoringRun('val_bpb', '2.10'));
  const job = await jobWith('0001/run-1');
  await engine.submit(job);
  expect(await engine.tail(job, 'train', 0)).toMatchObject({ text: '---\nval_bpb: 2.10\n' });
  expect(await engine.poll(job, 1)).toMatchObject({ kind: 'ended', end: { ending: 'exited' } });
});
