/**
 * `nocturne stop`: asks the controller of a running study to end it.
 */
import type { Command } from 'commander';
import { parseTag } from '../session/parse-tag.ts';
import { stopSentence, stopStudy } from '../session/stop-study.ts';
import { findStudy } from '../study-folder/studies.ts';
import { printJson, say } from '../terminal/print.ts';

interface StopFlags {
  readonly tag?: string;
  readonly brief?: string;
  readonly now?: boolean;
  readonly json?: boolean;
}

/** Adds the command. */
export function addStop(program: Command): void {
  program
    .command('stop')
    .summary('end a running study')
    .description('Ends a running study after the experiment in hand; `nocturne run` goes on with it later.')
    .option('--now', 'end the run in flight too; it is repeated when the study goes on')
    .option('--tag <tag>', 'name of the study (default: the one worked on last)', parseTag)
    .option('--brief <path>', 'program.md, or the folder that has one')
    .option('--json', 'JSON on stdout')
    .action(async (flags: StopFlags) => {
      const answer = await stopStudy(findStudy(flags.brief, flags.tag), flags.now ?? false, say);
      if (flags.json) printJson(answer);
      else say(stopSentence(answer));
    });
}
