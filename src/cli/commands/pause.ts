/**
 * `nocturne pause`, `resume`, `extend` and `revert`: how a study is to go on.
 */
import type { Command } from 'commander';
import { SettingsError } from '../../core/base/errors.ts';
import { countText } from '../../core/base/format.ts';
import { keptInOrder } from '../../core/journal/history.ts';
import { runsInFlight } from '../../core/journal/runs-in-flight.ts';
import { extensionText } from '../../core/views/extension-text.ts';
import { extendStudy, giveWord, idleSentence, pauseStudy, raisedFlags, resumeSentence } from '../session/give-word.ts';
import { parseCount, parseExperiment, parsePositive } from '../session/parse-number.ts';
import { parseTag } from '../session/parse-tag.ts';
import { findStudy, goOnCommand } from '../study-folder/studies.ts';
import { printJson, say } from '../terminal/print.ts';

interface WordFlags {
  readonly tag?: string;
  readonly brief?: string;
  readonly json?: boolean;
}

interface ExtendFlags extends WordFlags {
  readonly experiments?: number;
  readonly hours?: number;
  readonly usd?: number;
}

/** Adds the commands. */
export function addPause(program: Command): void {
  common(program.command('pause'))
    .summary('begin nothing until `nocturne resume`')
    .description(
      'Pauses a running study: runs in flight go on to their end, and nothing begins until `nocturne resume`, also after the controller was started anew. Its hours stand still.',
    )
    .action(pause);
  common(program.command('resume'))
    .summary('end a pause')
    .description('Ends a pause that `nocturne pause` began.')
    .action(resume);
  common(program.command('extend'))
    .summary('give a study more experiments, hours or money')
    .description(
      'Raises stop rules of a study, running or ended, by so much; `nocturne run` goes on with one that has ended.',
    )
    .option('--experiments <count>', 'so many experiments more', parseCount('--experiments'))
    .option('--hours <hours>', 'so many live hours more', parsePositive('--hours'))
    .option('--usd <dollars>', 'so many US dollars more for model calls', parsePositive('--usd'))
    .action(extend);
  common(program.command('revert'))
    .summary('take a keep out of a study')
    .description(
      'Takes what was kept out again: the keep before it is the best so far, the branch goes back to that, and later keeps are tried again on it, with runs of their own. One whose edits do not go together with it is said.',
    )
    .argument('<number>', 'number of the kept experiment', parseExperiment)
    .action(revert);
}

function common(command: Command): Command {
  return command
    .option('--tag <tag>', 'name of the study (default: the one worked on last)', parseTag)
    .option('--brief <path>', 'program.md, or the folder that has one')
    .option('--json', 'JSON on stdout');
}

async function pause(flags: WordFlags): Promise<void> {
  const study = findStudy(flags.brief, flags.tag);
  const { tag } = study;
  const { answer, isRunning } = await pauseStudy(study);
  if (flags.json) return printJson({ tag, isRunning, pausedSince: answer.at });
  const inFlight = runsInFlight(findStudy(flags.brief, tag, 'untold')).length;
  const what = inFlight === 0 ? '' : ` ${countText(inFlight, 'run')} in flight will still end.`;
  say(`Study ${tag} is paused.${what} \`nocturne resume --tag ${tag}\` goes on.`);
}

async function resume(flags: WordFlags): Promise<void> {
  const study = findStudy(flags.brief, flags.tag);
  const { isRunning } = await giveWord(study, { kind: 'resume' });
  if (flags.json) return printJson({ tag: study.tag, isRunning });
  say(resumeSentence(study, isRunning, goOnCommand(study)));
}

async function extend(flags: ExtendFlags): Promise<void> {
  const { experiments, hours, usd } = flags;
  const by = {
    ...(experiments !== undefined && { experiments }),
    ...(hours !== undefined && { hours }),
    ...(usd !== undefined && { usd }),
  };
  if (Object.keys(by).length === 0) {
    throw new SettingsError('`nocturne extend` needs to know what there is to be more of.', {
      hint: 'Say --experiments, --hours or --usd, such as `nocturne extend --experiments 20`.',
    });
  }
  const study = findStudy(flags.brief, flags.tag);
  const { from, to, isRunning } = await extendStudy(study, by);
  if (flags.json) return printJson({ tag: study.tag, isRunning, from, to });
  say(`Study ${study.tag} may use ${extensionText({ from, to })}.`);
  if (!isRunning) say(idleSentence(`${goOnCommand(study)}${await raisedFlags(study, to)}`));
}

async function revert(experiment: number, flags: WordFlags): Promise<void> {
  const study = findStudy(flags.brief, flags.tag);
  const { tag, history } = study;
  const line = keptInOrder(history).map((record) => record.experiment);
  const later = line.slice(line.indexOf(experiment) + 1);
  const { isRunning } = await giveWord(study, { kind: 'revert', experiment });
  if (flags.json) return printJson({ tag, isRunning, experiment, later });
  const again = later.length === 0 ? '' : ` Tried again without it: ${later.join(', ')}.`;
  say(`Experiment ${experiment} of study ${tag} is to be taken out.${again}`);
  if (!isRunning) say(`The study is not running: \`${goOnCommand(study)}\` takes it out and goes on.`);
}
