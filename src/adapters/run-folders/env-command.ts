/**
 * Commands such as `env PYTHONPATH=src python train.py`: their variables are taken into the environment, so that the study's
 * Python is found, and what is put before a PYTHONPATH stays there.
 */
import { delimiter, resolve } from 'node:path';
import type { Argv } from '../../core/journal/settings/argv.ts';

export interface EnvCommand {
  /** The command without `env` and its variables. */
  readonly command: Argv;
  /** The variables that it sets; the entries of a PYTHONPATH are absolute. */
  readonly variables: Readonly<Record<string, string>>;
}

/**
 * Reads a leading `env NAME=VALUE …`, or `NAME=VALUE …` as a shell has it, off a command that runs in this folder; one with
 * options of `env` stays as it is.
 */
export function readEnvCommand(argv: Argv, folder: string): EnvCommand {
  const words = argv[0] === 'env' ? argv.slice(1) : argv;
  const count = words.findIndex((word) => !assignment.test(word));
  const [command, ...rest] = words.slice(count);
  if (count < 1 || command === undefined || command.startsWith('-')) {
    return { command: argv, variables: {} };
  }
  const variables = Object.fromEntries(
    words.slice(0, count).map((word) => {
      const [name = '', value = ''] = [word.slice(0, word.indexOf('=')), word.slice(word.indexOf('=') + 1)];
      return [name, name === 'PYTHONPATH' ? absolutePaths(value, folder) : value];
    }),
  );
  return { command: [command, ...rest], variables };
}

const assignment = /^[A-Za-z_]\w*=/;

function absolutePaths(paths: string, folder: string): string {
  const entries = paths.split(delimiter).filter((entry) => entry !== '');
  return entries.map((entry) => resolve(folder, entry)).join(delimiter);
}
