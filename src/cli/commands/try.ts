/**
 * `nocturne try` and `nocturne wait`: an experiment of the owner's, or of an agent that drives the study, and its verdict.
 */
import type { Command } from 'commander';
import { parseDurationFlag, parseExperiment } from '../session/parse-number.ts';
import { parseTag } from '../session/parse-tag.ts';
import type { HandInSource } from '../session/read-hand-in-source.ts';
import { findStudy, goOnCommand } from '../study-folder/studies.ts';
import { printJson, say } from '../terminal/print.ts';

interface TryFlags {
  readonly from?: number;
  readonly title?: string;
  readonly hypothesis?: string;
  readonly tag?: string;
  readonly brief?: string;
  readonly wait?: boolean;
  readonly timeout?: number;
  readonly json?: boolean;
}

/** Adds both commands. */
export function addTry(program: Command): void {
  common(program.command('try'))
    .summary('hand in an experiment of your own')
    .description(
      'Hands in an experiment: an edited file, a folder of them, a unified diff, or else the editable files of the work tree. It gets its number at once, and is run, measured, judged and journalled like any other.',
    )
    .argument('[path]', 'edited file, folder or diff; `-` reads standard input')
    .option('--from <number>', 'experiment whose code a diff applies to (default: the incumbent)', parseExperiment)
    .option('--title <text>', 'what is changed, in a few words')
    .option('--hypothesis <text>', 'why it should help')
    .option('--wait', 'wait for its verdict')
    .action(handInExperiment);
  common(program.command('wait'))
    .summary('wait for the verdict of an experiment')
    .description('Waits until an experiment is judged, prints the verdict, and exits with 0 whatever it is.')
    .argument('<number>', 'number of the experiment', parseExperiment)
    .action(async (experiment: number, flags: TryFlags) => {
      const { waitForVerdict } = await import('../session/wait-for-verdict.ts');
      process.exitCode = await waitForVerdict(findStudy(flags.brief, flags.tag), experiment, flags);
    });
}

function common(command: Command): Command {
  return command
    .option('--timeout <duration>', 'how long to wait at most, such as 30m', parseDurationFlag('--timeout'))
    .option('--tag <tag>', 'name of the study (default: the one worked on last)', parseTag)
    .option('--brief <path>', 'program.md, or the folder that has one')
    .option('--json', 'JSON on stdout');
}

async function handInExperiment(path: string | undefined, flags: TryFlags): Promise<void> {
  const { submitExperiment } = await import('../session/submit-experiment.ts');
  const study = findStudy(flags.brief, flags.tag);
  const { from, title, hypothesis } = flags;
  const submitted = await submitExperiment(study, { source: await sourceAt(path), from, title, hypothesis });
  const { experiment, isRunning, incumbent, added, removed } = submitted;
  if (flags.json && !flags.wait) printJson(submitted);
  const against = `+${added} -${removed} lines against ${incumbent === 0 ? 'the baseline' : `the incumbent, experiment ${incumbent}`}`;
  say(`Experiment ${experiment} of study ${study.tag}: ${submitted.title} (${against}).`);
  if (!isRunning) say(`The study is not running: \`${goOnCommand(study)}\` runs it.`);
  else if (!flags.wait) say(`Its verdict: \`nocturne wait ${experiment} --tag ${study.tag}\`.`);
  if (!flags.wait) return;
  const { waitForVerdict } = await import('../session/wait-for-verdict.ts');
  process.exitCode = await waitForVerdict(findStudy(flags.brief, flags.tag), experiment, flags);
}

async function sourceAt(path: string | undefined): Promise<HandInSource> {
  if (path === undefined) return { kind: 'work-tree' };
  if (path !== '-') return { kind: 'path', path };
  const { text } = await import('node:stream/consumers');
  return { kind: 'text', text: await text(process.stdin), name: 'Standard input' };
}
