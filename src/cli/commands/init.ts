/**
 * `nocturne init`: drafts a brief for the project that is there, or scaffolds the demo sandbox.
 */
import { readdir, stat } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import type { Command } from 'commander';
import { exists } from '../../adapters/files/exists.ts';
import { knownDevices } from '../../core/preset/preset.ts';
import type { ProjectFlags } from '../session/init-project.ts';

export interface InitFlags extends ProjectFlags {
  readonly demo?: boolean;
  readonly sandbox?: string;
  readonly gpu?: string;
  readonly from?: string;
}

/** Adds the command. */
export function addInit(program: Command): void {
  program
    .command('init')
    .summary('look at a project, run its training once, and write the brief')
    .description(
      'Finds the training script of a project, runs it once in a clean copy, and writes program.md from what it saw.\n' +
        'It adds no other file and commits nothing. In an empty folder it scaffolds the demo sandbox.',
    )
    .argument('[dir]', 'folder of the project', '.')
    .option('--yes', 'take the likeliest script and score without asking')
    .option('--train <command>', 'how the project trains, such as "python train.py --epochs 3"')
    .option('--metric <name>', 'the score, as the script prints it')
    .option('--goal <goal>', 'which way it is better: minimize or maximize')
    .option('--budget <duration>', 'training time per run, such as 60s; a longer script is ended there')
    .option(
      '--limit <duration>',
      'how long the script may run for the look (default: 2m, and 10m until a score is seen)',
    )
    .option(
      '--from <ledger>',
      'go on from the experiments of another program: results.tsv, optuna.db … (docs/import.md)',
    )
    .option(
      '--demo',
      'scaffold the demo sandbox: brief, scripts, .gitignore and, where there is none, a git repository',
    )
    .option('--sandbox <name>', 'with --demo: tiny (numpy, seconds) or gpt (PyTorch, minutes); with --gpu gpt')
    .option('--gpu <name>', `with --demo: size the gpt sandbox for auto, ${Object.keys(knownDevices).join(', ')}`)
    .option('--python <path>', 'interpreter that trains')
    .option('--json', 'JSON on stdout')
    .action(init);
}

async function init(dir: string, flags: InitFlags): Promise<void> {
  const isDemo = flags.demo || flags.sandbox !== undefined || flags.gpu !== undefined;
  if (isDemo || (flags.train === undefined && (await isEmpty(resolve(dir))))) {
    const { makeDemo } = await import('../session/make-demo.ts');
    return makeDemo(dir, { ...flags, isAsked: Boolean(isDemo) });
  }
  if (flags.from === undefined) return draft(dir, flags);
  const { readToCarryOn } = await import('../session/carry-on.ts');
  // The ledger is read before anything is run or written.
  const carryOn = await readToCarryOn(dir, flags.from, flags);
  if (!(await exists(join(resolve(dir), 'program.md')))) await draft(dir, flags);
  await carryOn();
}

async function draft(dir: string, flags: InitFlags): Promise<void> {
  const { initProject } = await import('../session/init-project.ts');
  await initProject(dir, flags);
}

/** What a new repository of a code host has; a folder with no more is empty. */
const blank = /^(?:\.git|\.gitignore|\.gitattributes|\.github|readme(?:\.\w+)?|licen[cs]e(?:\.\w+)?|\.ds_store)$/i;

/** Whether there is no project: no folder, or nothing in it; a file in its place is for the scaffold to refuse. */
async function isEmpty(folder: string): Promise<boolean> {
  const found = await stat(folder).catch(() => undefined);
  if (!found?.isDirectory()) return true;
  return (await readdir(folder)).every((name) => blank.test(name));
}
