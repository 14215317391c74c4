/**
 * What a command of the brief is executed as, and with which variables: the same for `prepare`, training, scorer and short runs.
 */
import { existsSync } from 'node:fs';
import { dirname, isAbsolute, join, relative } from 'node:path';
import type { Argv } from '../../core/journal/settings/argv.ts';
import type { Stage } from '../../ports/engine.ts';
import { readNotebookCommand, runnerArgv } from '../notebooks/notebook-command.ts';
import { readEnvCommand } from './env-command.ts';
import { type OwnTree, withOwnTree } from './own-tree.ts';
import { withProjectTools } from './project-tools.ts';

export interface StageCommandOptions {
  /** As the brief has it, its places filled. */
  readonly argv: Argv;
  /** Where it runs, absolute. */
  readonly folder: string;
  /** What it gets besides the variables that the command itself sets. */
  readonly environment: Readonly<Record<string, string>>;
  /** Absolute path of the study's Python. */
  readonly interpreter: string;
  /** The top level of the owner's repository, absolute. */
  readonly checkout: string;
  readonly ownTree: OwnTree;
}

/** The command as the engine executes it, with its whole environment. */
export function stageCommand(options: StageCommandOptions): Pick<Stage, 'argv' | 'env'> {
  const { argv, folder, environment, interpreter, checkout, ownTree } = options;
  const { command, variables } = readEnvCommand(argv, folder);
  const given = withProjectTools({ ...environment, ...variables }, command, interpreter, checkout);
  const [program = '', ...rest] = command;
  const found = [environmentProgram(program, folder, checkout, ownTree.tree), ...rest];
  return { argv: resolveArgv(found, interpreter), env: withOwnTree(given, ownTree) };
}

/** `.venv/bin/python` and the scripts beside it are the checkout's: git ignores an environment, so no run has it. */
function environmentProgram(program: string, folder: string, checkout: string, tree: string): string {
  if (!program.includes('/') || isAbsolute(program) || existsSync(join(folder, program))) return program;
  const own = join(checkout, relative(tree, folder), program);
  return existsSync(own) && existsSync(join(dirname(dirname(own)), 'pyvenv.cfg')) ? own : program;
}

/**
 * The command with `python` or `python3` replaced by the path of the study's interpreter: some systems lack a `python`. One that
 * executes a notebook runs through our own runner.
 */
function resolveArgv(argv: Argv, interpreter: string): Argv {
  const notebook = readNotebookCommand(argv);
  if (notebook !== undefined) return runnerArgv(notebook, interpreter);
  const [command = '', ...rest] = argv;
  return [command === 'python' || command === 'python3' ? interpreter : command, ...rest];
}
