/**
 * `nocturne stop`: asks the controller of a running study to end it.
 */
import type { Command } from 'commander';
import { leaveMessage } from '../../adapters/file-inbox.ts';
import { findHolder } from '../../adapters/run-lock.ts';
import { SettingsError } from '../../core/base/errors.ts';
import { withIdleStudy } from '../session/idle-study.ts';
import { parseTag } from '../session/parse-tag.ts';
import { giveBackRented } from '../session/rented.ts';
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
      const study = findStudy(flags.brief, flags.tag);
      const holder = await findHolder(study.folder);
      if (!holder) {
        const given = await withIdleStudy(study.folder, study.tag, () => giveBackRented(study.folder, say));
        if (given.length > 0) {
          if (flags.json) return printJson({ tag: study.tag, givenBack: given });
          return say(`Study ${study.tag} was not running. Given back: ${given.join(', ')}.`);
        }
        throw new SettingsError(`Study ${study.tag} is not running, so there is nothing to stop.`, {
          hint: `See where it stands with \`nocturne status --tag ${study.tag}\`.`,
        });
      }
      const isNow = flags.now ?? false;
      await leaveMessage(study.folder, { kind: 'stop', isNow });
      if (flags.json) printJson({ tag: study.tag, pid: holder.pid, now: isNow });
      else say(`Asked process ${holder.pid} to end study ${study.tag}${isNow ? ' now' : ' after this experiment'}.`);
    });
}
