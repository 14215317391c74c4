/**
 * The job of one run: which commands, where, and with which environment.
 */
import { join } from 'node:path';
import type { Argv, Brief } from '../../core/brief.ts';
import { formatExperiment } from '../../core/format.ts';
import type { Job, Stage } from '../../ports/engine.ts';
import type { RunKey } from '../../ports/run-folders.ts';

export interface RunJobOptions {
  readonly brief: Brief;
  readonly studyFolder: string;
  readonly sandboxInRepository: string;
  readonly interpreter: string;
  /** What every run sees beside its own variables. */
  readonly environment: Readonly<Record<string, string>>;
  readonly dataFolder: string;
  readonly privateFolder: string;
}

/** `runs/<tag>/0007/run-1`. */
export function runFolderOf(studyFolder: string, key: RunKey): string {
  return join(studyFolder, formatExperiment(key.experiment), `run-${key.run}`);
}

/** Training in `work/`, then the brief's scorer in `score/`, the same commit where no training ran. */
export function createRunJob(options: RunJobOptions, key: RunKey): Job {
  const { brief, studyFolder, sandboxInRepository, dataFolder, privateFolder, interpreter } = options;
  const folder = runFolderOf(studyFolder, key);
  const env = {
    ...options.environment,
    NOCTURNE_SEED: String(key.seed),
    NOCTURNE_BUDGET_SECONDS: String(brief.budgetSeconds),
    NOCTURNE_RUN_DIR: join(folder, 'output'),
    NOCTURNE_DATA_DIR: dataFolder,
  };
  const stageOf = (name: 'train' | 'score', argv: Argv, tree: string, more = {}): Stage => ({
    name,
    argv: resolveArgv(argv, interpreter),
    folder: join(folder, tree, sandboxInRepository),
    env: { ...env, ...more },
  });
  const stages = [stageOf('train', brief.train, 'work')];
  if (brief.score) {
    const scoring = {
      NOCTURNE_PRIVATE_DIR: privateFolder,
      NOCTURNE_SPLIT: 'validation',
      PYTHONPYCACHEPREFIX: join(studyFolder, 'score-bytecode'),
    };
    stages.push(stageOf('score', brief.score, 'score', scoring));
  }
  const id = `${formatExperiment(key.experiment)}/run-${key.run}`;
  return { id, folder, stages, limitSeconds: brief.timeoutSeconds };
}

/** `python` means the study's interpreter by its own path: some systems have only a `python3`. */
export function resolveArgv([command = '', ...rest]: Argv, interpreter: string): Argv {
  return [command === 'python' || command === 'python3' ? interpreter : command, ...rest];
}
