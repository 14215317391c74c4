/**
 * `nocturne demo`: a whole study on the tiny sandbox, with no key, no GPU and no account.
 */
import { join, relative, resolve } from 'node:path';
import type { Command } from 'commander';
import { exists } from '../../adapters/files/exists.ts';
import { scaffold } from '../../adapters/scaffold.ts';
import { formatExperiment } from '../../core/base/format.ts';
import { experimentRows } from '../../core/journal/experiment-row.ts';
import { logLines } from '../render/log-lines.ts';
import { noIsolation } from '../session/isolation-flag.ts';
import { parseCount } from '../session/parse-number.ts';
import type { RunFlags } from '../session/settings.ts';
import { hideFromGit } from '../study-folder/make-study-folder.ts';
import { findStudy, hasJournal } from '../study-folder/studies.ts';
import { asTyped } from '../terminal/as-typed.ts';
import { say } from '../terminal/print.ts';

interface DemoFlags {
  readonly experiments: number;
  readonly seed?: string;
  readonly plain?: boolean;
  readonly json?: boolean;
  readonly detach?: boolean;
  readonly allowSleep?: boolean;
  readonly isolation: boolean;
}

const tag = 'demo';

/** Adds the command. */
export function addDemo(program: Command): void {
  program
    .command('demo')
    .summary('init + run on the tiny sandbox: no key, no GPU')
    .description('Scaffolds runs/demo and runs ten experiments there; a second demo goes on with ten more.')
    .option('--experiments <count>', 'how many experiments to add', parseCount('--experiments'), 10)
    .option('--seed <text>', 'what the seeds of a new demo are hashed from (default: demo-1)')
    .option('--detach', 'run on without this terminal; `watch`, `status` and `stop` find the study')
    .option('--no-isolation', noIsolation)
    .option('--allow-sleep', 'let an idle machine fall asleep meanwhile')
    .option('--plain', 'plain lines instead of a live footer')
    .option('--json', 'one event per line on stdout')
    .action(demo);
}

async function demo(flags: DemoFlags): Promise<void> {
  // From within the demo's own folder too: another demo would lie in the study of this one.
  const folder = resolve('.').endsWith(join('/runs', tag)) ? resolve('.') : resolve('runs', tag);
  if (!(await exists(join(folder, 'program.md')))) {
    await hideFromGit(folder);
    await scaffold(folder, 'tiny', { isApart: true });
    say(`Made ${relative('.', folder)}: a brief, a training script and a git repository of its own.`);
  }
  const isNew = !hasJournal(join(folder, 'runs'), tag);
  const done = isNew ? 0 : findStudy(folder, tag).history.experiments.length - 1;
  // Of ten seeds that were tried, demo-1 gave the median result, so a newcomer sees a typical study.
  const { seed = 'demo-1', plain, json, detach, allowSleep } = flags;
  const runFlags: RunFlags = {
    tag,
    maxExperiments: done + flags.experiments,
    isolation: flags.isolation,
    yes: true,
    ...(isNew ? { seed } : {}),
    ...(plain === undefined ? {} : { plain }),
    ...(json === undefined ? {} : { json }),
    ...(allowSleep === undefined ? {} : { allowSleep }),
  };
  if (detach) {
    const { runDetached } = await import('../session/run-detached.ts');
    process.exitCode = await runDetached(relative('.', folder), runFlags);
    return;
  }
  const { runStudy } = await import('../session/run-study.ts');
  const { exitCode } = await runStudy(folder, runFlags);
  process.exitCode = exitCode;
  if (!json) await showOutcome(folder);
}

async function showOutcome(folder: string): Promise<void> {
  const { history, folder: studyFolder } = findStudy(folder, tag);
  const rows = experimentRows(history);
  say(`\n${logLines(history, rows, process.stderr)}`);
  if (history.incumbent > 0) {
    const { readFile } = await import('node:fs/promises');
    const patch = join(studyFolder, formatExperiment(history.incumbent), 'patch.diff');
    say(`\nThe best, experiment ${history.incumbent}:\n\n${await readFile(patch, 'utf8')}`);
  }
  say(lookFurther(relative('.', folder) || '.'));
}

/** Commands that work where the owner stands. */
function lookFurther(folder: string): string {
  const commands = [
    [`git -C ${folder} log autoresearch/${tag}`, 'the kept experiments, a lab notebook'],
    ['nocturne report', 'the report; report.html has figures'],
    ['nocturne show 1', 'one experiment, from idea to verdict'],
    ['nocturne confirm', 'the gain again, on fresh seeds'],
    ['nocturne demo', 'ten more experiments'],
    [`${folder}/program.md`, 'the brief: what is researched, how'],
  ];
  const lines = commands.map(([command = '', what]) => `  ${asTyped(command).padEnd(39)} ${what}`);
  return `Look further:\n${lines.join('\n')}`;
}
