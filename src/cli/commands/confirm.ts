/**
 * `nocturne confirm`: the command and its flags.
 */
import type { Command } from 'commander';
import { SettingsError } from '../../core/base/errors.ts';
import { parseStrictNumber } from '../../core/base/strict-number.ts';
import { readDuration } from '../../core/journal/settings/parse-duration.ts';
import { maxSignFlipPairs } from '../../core/statistics/sign-flip.ts';
import { noIsolation } from '../session/isolation-flag.ts';
import { parseCountOrAuto } from '../session/parse-number.ts';
import { parseTag } from '../session/parse-tag.ts';
import type { ConfirmFlags } from '../session/run-detached.ts';
import { printData, say } from '../terminal/print.ts';

/** Adds the command. */
export function addConfirm(program: Command): void {
  program
    .command('confirm')
    .summary("measure a study's gain again, on fresh seeds and the holdout")
    .description(
      'Runs the baseline and the final in turn on seeds that the study has never used, graded on the holdout when the brief has a scorer, and says how large the gain is and how sure. The study itself stays as it is.',
    )
    .option('--runs <count>', 'fresh seeds for each of them (default: 5; from 6 on an exact test is added)', parseRuns)
    .option('--ablate', 'also run the final with each kept step left out')
    .option(
      '--budget <duration>',
      'train both longer than the study did, such as 30m, and say whether the gain is still there',
      parseBudget,
    )
    .option(
      '--slots <count>',
      'runs at once: a number, or `auto` (default: as `slots:` of the brief says)',
      parseCountOrAuto('--slots'),
    )
    .option('--tag <tag>', 'name of the study (default: the one worked on last)', parseTag)
    .option('--brief <path>', 'program.md, or the folder that has one')
    .option('--no-isolation', noIsolation)
    .option('--detach', 'run on without this terminal; `watch`, `status` and `stop` find the study')
    .option('--allow-sleep', 'let an idle machine fall asleep meanwhile')
    .option('--plain', 'plain lines instead of a live footer')
    .option('--json', 'one event per line on stdout; the last is `gain-confirmed`')
    .action(async (flags: ConfirmFlags) => {
      const { tag, brief, runs, ablate, budget, slots, json = false, plain = false, allowSleep = false } = flags;
      if (ablate && budget !== undefined) throw bothAsked;
      if (flags.detach) {
        const { confirmDetached } = await import('../session/run-detached.ts');
        process.exitCode = await confirmDetached(flags);
        return;
      }
      const { confirmStudy } = await import('../session/confirm-study.ts');
      const request = { runs, isAblated: ablate, budgetSeconds: budget };
      const output = { isJson: json, isPlain: plain, allowsSleep: allowSleep, isBare: !flags.isolation, slots };
      const { text, exitCode } = await confirmStudy(brief, tag, request, output);
      process.exitCode = exitCode;
      if (text === undefined) say(`Stopped; \`nocturne confirm${againFlags(flags)}\` goes on where it is.`);
      else if (!json) printData(text);
    });
}

/** What must be said again for the confirmation to go on as it was. */
function againFlags({ budget, slots }: ConfirmFlags): string {
  return `${budget === undefined ? '' : ` --budget ${budget}s`}${slots === undefined ? '' : ` --slots ${slots}`}`;
}

const bothAsked = new SettingsError(
  '--ablate and --budget do not go together: a longer budget is for the whole gain.',
  {
    hint: 'Ask for one of them at a time.',
  },
);

function parseBudget(text: string): number {
  const reading = readDuration(text);
  if (reading.kind === 'read') return reading.value;
  throw new SettingsError(`--budget must be ${reading.expected}, found ${JSON.stringify(text)}.`);
}

function parseRuns(text: string): number {
  const value = parseStrictNumber(text)?.value;
  if (value !== undefined && Number.isInteger(value) && value >= 2 && value <= maxSignFlipPairs) return value;
  throw new SettingsError(
    `--runs must be a whole number from 2 to ${maxSignFlipPairs}, found ${JSON.stringify(text)}.`,
  );
}
