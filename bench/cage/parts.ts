/**
 * What is run bare and caged: a start, a training, a compiled script, and whole runs of the two sandboxes.
 */
import { cpSync, mkdirSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { execa, execaSync } from 'execa';
import { packagePath } from '../../src/adapters/package-root.ts';
import type { BenchRun, BenchStage } from './caged-run.ts';

export interface Part {
  readonly name: string;
  /** What its figure is, and how much the cage may add to it. */
  readonly unit: 'ms' | 's of processor time' | 's';
  readonly bound: string;
  /** Lays out a fresh run in this folder. */
  readonly stages: (folder: string) => readonly BenchStage[];
  readonly figure: (run: BenchRun) => number;
}

const startScript = 'import time; print(time.time())';
const trainScript = `
import time, numpy
dice = numpy.random.default_rng(1)
one, two = dice.standard_normal((256, 256)), dice.standard_normal((256, 64))
began = time.process_time()
for step in range(1500):
    two = numpy.tanh(one @ two * 0.01)
    if step % 40 == 0:
        print("step=%d loss=%.4f" % (step, float(two[0, 0])), flush=True)
print("seconds", time.process_time() - began)
`;
const compiledScript = `
import os, torch
torch.manual_seed(1)
model = torch.nn.Sequential(torch.nn.Linear(64, 256), torch.nn.GELU(), torch.nn.Linear(256, 1))
step = torch.compile(lambda x: model(x).square().mean())
optimiser = torch.optim.SGD(model.parameters(), 0.01)
for _ in range(200):
    optimiser.zero_grad(); step(torch.randn(256, 64)).backward(); optimiser.step()
torch.save(model.state_dict(), os.path.join(os.environ["NOCTURNE_RUN_DIR"], "weights.pt"))
`;
const scoreScript = `
import os, torch
print(len(torch.load(os.path.join(os.environ["NOCTURNE_RUN_DIR"], "weights.pt"))))
`;

/** The parts that this Python can run; of sandbox/gpt only where seconds are given. */
export async function partsFor(python: string, folder: string, gptSeconds: number | undefined): Promise<Part[]> {
  const has = (module: string) => !execaSync(python, ['-c', `import ${module}`], { reject: false }).failed;
  const parts = [startPart(python)];
  if (has('numpy')) parts.push(trainPart(python), await sandboxPart('tiny', python, folder, 8));
  if (has('torch')) parts.push(compiledPart(python));
  if (has('torch') && gptSeconds !== undefined) parts.push(await sandboxPart('gpt', python, folder, gptSeconds));
  return parts;
}

function startPart(python: string): Part {
  return {
    name: 'start',
    unit: 'ms',
    bound: 'at most 10 ms more',
    stages: (folder) => [scriptStage('train', ['-I', '-S', '-c', startScript], python, folder)],
    figure: ({ log, startedAt }) => Number.parseFloat(log) * 1000 - startedAt,
  };
}

function trainPart(python: string): Part {
  return {
    name: 'training',
    unit: 's of processor time',
    bound: 'within 1 %',
    stages: (folder) => [scriptStage('train', ['-c', trainScript], python, folder)],
    figure: ({ log }) => Number.parseFloat(log.slice(log.lastIndexOf('seconds ') + 8)),
  };
}

function compiledPart(python: string): Part {
  return {
    name: 'compiled, start to score',
    unit: 's of processor time',
    bound: 'within 1 %',
    stages: (folder) => [
      scriptStage('train', ['-c', compiledScript], python, folder),
      scriptStage('score', ['-c', scoreScript], python, folder),
    ],
    figure: ({ cpuSeconds }) => cpuSeconds,
  };
}

function scriptStage(name: 'train' | 'score', words: readonly string[], python: string, folder: string): BenchStage {
  const output = join(folder, 'output');
  mkdirSync(output, { recursive: true });
  // One thread: how long two of them spin for each other is the machine's doing.
  const env = { NOCTURNE_RUN_DIR: output, OPENBLAS_NUM_THREADS: '1', OMP_NUM_THREADS: '1', MKL_NUM_THREADS: '1' };
  return { name, argv: [python, ...words], folder: output, env, read: [], write: [output] };
}

async function sandboxPart(sandbox: 'tiny' | 'gpt', python: string, folder: string, seconds: number): Promise<Part> {
  const base = join(folder, sandbox);
  cpSync(packagePath('sandbox', sandbox), base, { recursive: true });
  const places = { NOCTURNE_DATA_DIR: join(base, 'data'), NOCTURNE_PRIVATE_DIR: join(base, 'private') };
  const flags = sandbox === 'gpt' ? ['--data', 'stdlib'] : [];
  await execa(python, ['prepare.py', ...flags], { cwd: base, env: places });
  const scripts = readdirSync(base).filter((name) => name.endsWith('.py'));
  return {
    name: `sandbox/${sandbox}, a whole run of ${seconds} s`,
    unit: 's',
    bound: sandbox === 'tiny' ? 'at most 5 % more' : 'at most 3 % more',
    stages: (run) => {
      const [work, score, output] = ['work', 'score', 'output'].map((name) => join(run, name)) as [
        string,
        string,
        string,
      ];
      for (const place of [work, score, output]) mkdirSync(place, { recursive: true });
      for (const script of scripts) for (const place of [work, score]) cpSync(join(base, script), join(place, script));
      const { NOCTURNE_PRIVATE_DIR, NOCTURNE_DATA_DIR } = places;
      const threads = process.env.OMP_NUM_THREADS;
      const env = {
        NOCTURNE_DATA_DIR,
        NOCTURNE_RUN_DIR: output,
        NOCTURNE_SEED: '1',
        NOCTURNE_BUDGET_SECONDS: String(seconds),
        ...(threads === undefined ? {} : { OMP_NUM_THREADS: threads }),
      };
      const train: BenchStage = {
        ...{ name: 'train', argv: [python, 'train.py'], folder: work, env },
        ...{ read: [NOCTURNE_DATA_DIR], write: [work, output] },
      };
      const grade: BenchStage = {
        ...{ name: 'score', argv: [python, 'score.py'], folder: score, env: { ...env, NOCTURNE_PRIVATE_DIR } },
        ...{ read: [NOCTURNE_DATA_DIR, NOCTURNE_PRIVATE_DIR, output], write: [score] },
      };
      return [train, grade];
    },
    figure: (run) => run.seconds,
  };
}
