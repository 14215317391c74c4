/**
 * OpenEvolve as its user has it from pip, on the same job and as slow a model: its evaluator starts the program that the model
 * wrote, and notes when that trained.
 */
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { execa } from 'execa';
import { startModelServer } from '../../tests/helpers/model-server/model-server.ts';
import { cpuSecondsOf, type TimedRun } from '../command/run-study.ts';
import { trainFor } from '../command/timed-project.ts';

/** What pip installs. */
export const openEvolveVersion = '0.4.0';

export interface OpenEvolveOptions {
  readonly folder: string;
  /** Programs beside the initial one. */
  readonly programs: number;
  readonly workers: number;
  readonly jobSeconds: number;
  readonly latencySeconds: number;
}

export interface OpenEvolveFigures {
  readonly seconds: number;
  readonly cpuSeconds: number;
  /** The initial program is experiment 0. */
  readonly runs: readonly TimedRun[];
}

const evaluator = `import os, re, subprocess, sys

def evaluate(path):
    said = subprocess.run([sys.executable, path], capture_output=True, text=True).stdout
    read = lambda name: float(re.search(name + r": (\\S+)", said).group(1))
    with open(os.environ["BENCH_TIMES"], "a") as file:
        file.write("{} {}\\n".format(read("began_at"), read("ended_at")))
    return {"combined_score": -read("score")}
`;

const configOf = (url: string, workers: number) => `log_level: ERROR
checkpoint_interval: 100000
diff_based_evolution: false
llm: { primary_model: scripted, api_base: "${url}", api_key: none }
evaluator: { parallel_evaluations: ${workers}, cascade_evaluation: false }
`;

/** Installs it into an environment in the folder; gives the Python there. */
export async function installOpenEvolve(folder: string): Promise<string> {
  const environment = join(folder, 'environment');
  await execa('python3', ['-m', 'venv', environment]);
  await execa(join(environment, 'bin', 'pip'), ['install', '--quiet', `openevolve==${openEvolveVersion}`]);
  return join(environment, 'bin', 'python');
}

/** Runs it to its end. */
export async function runOpenEvolve(python: string, options: OpenEvolveOptions): Promise<OpenEvolveFigures> {
  const { folder, programs, workers, jobSeconds, latencySeconds } = options;
  const train = trainFor(jobSeconds);
  const answer = async (_: unknown, index: number) => {
    await setTimeout(latencySeconds * 1000);
    const program = train.replace('LEARNING_RATE = 0.1', `LEARNING_RATE = ${index + 3} * 0.1`);
    return { reply: { text: `\`\`\`python\n${program}\`\`\``, usage: { uncached: 1, cached: 0, output: 1 } } };
  };
  const server = await startModelServer(answer, { clients: 'agents' });
  try {
    mkdirSync(folder);
    writeFileSync(join(folder, 'train.py'), train);
    writeFileSync(join(folder, 'evaluator.py'), evaluator);
    writeFileSync(join(folder, 'config.yaml'), configOf(server.openAIUrl, workers));
    const times = join(folder, 'times.txt');
    const files = ['train.py', 'evaluator.py', '--config', 'config.yaml', '--output', 'output'];
    const command = ['env', `BENCH_TIMES=${times}`, python, '-m', 'openevolve.cli', ...files];
    const began = performance.now();
    const cpuSeconds = await cpuSecondsOf([...command, '--iterations', String(programs)], folder);
    const seconds = (performance.now() - began) / 1000;
    if (server.violations.length > 0) throw new Error(`the model was asked wrongly: ${server.violations[0]}`);
    const lines = readFileSync(times, 'utf8').trim().split('\n');
    const runs = lines.map((line, experiment) => {
      const [from = 0, to = 0] = line.split(' ').map(Number);
      return { experiment, began: from, ended: to };
    });
    return { seconds, cpuSeconds, runs };
  } finally {
    await server.close();
  }
}
