/** A study with jobs for the SkyPilot engine. */
import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import { createPacker } from '../../../../src/adapters/engines/travel/parcel.ts';
import { packagePath } from '../../../../src/adapters/package-root.ts';
import type { Engine, Job, Stage } from '../../../../src/ports/engine.ts';
import { interpreter } from '../../../helpers/interpreter.ts';

export interface SkyStudy {
  readonly studyFolder: string;
  readonly packer: ReturnType<typeof createPacker>;
  /** A job whose train stage runs a fixture of `tests/fixtures/train`, with its arguments. */
  readonly job: (train: string, score?: string, limitSeconds?: number) => Promise<Job>;
}

/** A study in a temporary folder. */
export async function skyStudy(): Promise<SkyStudy> {
  const root = await mkdtemp(join(tmpdir(), 'nocturne-sky-'));
  onTestFinished(() => rm(root, { recursive: true, force: true, maxRetries: 5 }));
  const studyFolder = join(root, 'runs', 'one');
  await mkdir(studyFolder, { recursive: true });
  const metric = { name: 'val_bpb', goal: 'minimize' } as const;
  const packer = createPacker({
    ...{ studyFolder, root, userSandbox: root, python: interpreter },
    brief: { link: [], env: [], metric },
  });
  let count = 0;
  return {
    studyFolder,
    packer,
    job: async (train, score, limitSeconds = 60) => {
      count += 1;
      const folder = join(studyFolder, String(count).padStart(4, '0'), 'run-1');
      const output = join(folder, 'output');
      await mkdir(output, { recursive: true });
      const stages = [stageOf('train', train, output), ...(score ? [stageOf('score', score, output)] : [])];
      return { id: `${String(count).padStart(4, '0')}/run-1`, folder, stages, limitSeconds };
    },
  };
}

function stageOf(name: Stage['name'], command: string, output: string): Stage {
  const [fixture, ...options] = command.split(' ');
  const argv = [interpreter, '-S', packagePath('tests', 'fixtures', 'train', `${fixture}.py`), ...options];
  return { name, argv, folder: output, env: { NOCTURNE_RUN_DIR: output, PYTHONDONTWRITEBYTECODE: '1' } };
}

/** Polls until the state is one of these kinds. */
export async function pollUntil(engine: Engine, job: Job, ...kinds: readonly string[]) {
  for (;;) {
    const state = await engine.poll(job, 1);
    if (kinds.includes(state.kind)) return state;
    if (state.kind === 'ended' || state.kind === 'lost') throw new Error(`the job is ${JSON.stringify(state)}`);
  }
}
