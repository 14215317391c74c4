#!/usr/bin/env node
/**
 * The `nocturne` command: finds the subcommand, and turns what the owner can mend into one sentence and an exit code.
 */
import '../../require-node.cjs';
import { Command, CommanderError } from 'commander';
import { ResearchError, SettingsError, StudyError } from '../core/base/errors.ts';
import { isFullDisk } from '../core/base/full-disk.ts';
import { fitted } from './render/fit-text.ts';
import { errorText, usageText } from './terminal/error-text.ts';
import { say, surviveLostOutput } from './terminal/print.ts';
import { packageVersion } from './terminal/version.ts';

/** Subcommands load on demand, so that `status` does not wait for what only `run` needs. */
const loaders: Readonly<Record<string, () => Promise<(program: Command) => void>>> = {
  init: async () => (await import('./commands/init.ts')).addInit,
  demo: async () => (await import('./commands/demo.ts')).addDemo,
  doctor: async () => (await import('./commands/doctor.ts')).addDoctor,
  run: async () => (await import('./commands/run.ts')).addRun,
  status: readCommands,
  log: readCommands,
  show: readCommands,
  diff: readCommands,
  studies: async () => (await import('./commands/studies.ts')).addStudies,
  space: async () => (await import('./commands/space.ts')).addSpace,
  report: async () => (await import('./commands/report.ts')).addReport,
  import: async () => (await import('./commands/import.ts')).addImport,
  check: async () => (await import('./commands/check.ts')).addCheck,
  confirm: async () => (await import('./commands/confirm.ts')).addConfirm,
  stop: async () => (await import('./commands/stop.ts')).addStop,
  pause: pauseCommands,
  resume: pauseCommands,
  extend: pauseCommands,
  revert: pauseCommands,
  clean: async () => (await import('./commands/clean.ts')).addClean,
  rename: async () => (await import('./commands/rename.ts')).addRename,
  remove: async () => (await import('./commands/remove.ts')).addRemove,
  try: async () => (await import('./commands/try.ts')).addTry,
  wait: async () => (await import('./commands/try.ts')).addTry,
  note: async () => (await import('./commands/note.ts')).addNote,
  watch: async () => (await import('./commands/watch.ts')).addWatch,
  mcp: async () => (await import('./commands/mcp.ts')).addMcp,
  dash: async () => (await import('./commands/dash.ts')).addDash,
  export: async () => (await import('./commands/export.ts')).addExport,
};

async function pauseCommands() {
  return (await import('./commands/pause.ts')).addPause;
}

async function readCommands() {
  return (await import('./commands/read-commands.ts')).addReadCommands;
}

async function createProgram(args: readonly string[]): Promise<Command> {
  const program = new Command('nocturne')
    .description('An autonomous machine-learning researcher that works while you sleep.')
    .version(packageVersion(), '-V, --version', 'print the version')
    .helpCommand('help [command]', 'print the help of a command')
    .addHelpText('after', afterHelp);
  prepareForErrors(program);
  const asked = loaders[args.find((argument) => !argument.startsWith('-')) ?? ''];
  const adders = new Set(asked ? [await asked()] : await Promise.all(Object.values(loaders).map((load) => load())));
  for (const add of adders) add(program);
  for (const command of program.commands) prepareForErrors(command);
  return program;
}

const afterHelp = `
Begin with \`nocturne demo\`, which needs no key and no GPU.
Exit codes: 0 ended by its own rule, 1 failed or could not go on, 2 something
must be mended first, 3 doctor found a problem, 130 interrupted.`;

/** Makes commander's usage errors read like our own, and keeps commander from ending the process. */
function prepareForErrors(command: Command): void {
  command
    .helpOption('-h, --help', 'print this help')
    .showSuggestionAfterError()
    .showHelpAfterError('Add --help for the flags.')
    .exitOverride()
    .configureOutput({ outputError: (text, write) => write(usageText(text)) });
}

async function main(args: readonly string[]): Promise<void> {
  try {
    const program = await createProgram(args);
    if (args.length === 0) program.outputHelp();
    else await program.parseAsync(args, { from: 'user' });
  } catch (error) {
    process.exitCode = explain(error, args);
  }
}

/** Says what went wrong and gives the exit code; a bug is rethrown, with its stack. */
function explain(error: unknown, args: readonly string[]): number {
  // commander has printed its message already; exit code 0 means that it printed the help or the version.
  if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : 2;
  if (!(error instanceof ResearchError)) {
    if (!isFullDisk(error)) throw error;
    say(fitted(errorText(fullDisk(error as Error))));
    return 1;
  }
  say(fitted(errorText(error)));
  if (error instanceof StudyError) return 1;
  return args[0] === 'doctor' ? 3 : 2;
}

/** What has no sentence of its own, such as before a study is opened. */
function fullDisk(cause: Error): ResearchError {
  return new SettingsError(`No room is left on a disk: ${cause.message}.`, {
    hint: 'Make room on it and run this again.',
    cause,
  });
}

surviveLostOutput();
await main(process.argv.slice(2));
