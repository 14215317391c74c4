/**
 * `nocturne watch`: follows a study that another process runs, by reading its journal. It writes nothing, so leaving it
 * changes nothing.
 */
import type { Command } from 'commander';
import { findHolder } from '../../adapters/run-lock.ts';
import { openJobReader } from '../compose/engines.ts';
import { createRenderer } from '../render/render.ts';
import { parseTag } from '../session/parse-tag.ts';
import { followStudy } from '../study-folder/follow-study.ts';
import { findStudy, goOnCommand } from '../study-folder/studies.ts';
import { listenForLeave } from '../terminal/listen-for-leave.ts';
import { say } from '../terminal/print.ts';

interface WatchFlags {
  readonly tag?: string;
  readonly brief?: string;
  readonly plain?: boolean;
  readonly json?: boolean;
}

/** Adds the command. */
export function addWatch(program: Command): void {
  program
    .command('watch')
    .summary('follow a running study from elsewhere')
    .description(
      'Follows a study until it ends: the latest verdicts, and on a terminal the run in flight. It only reads.',
    )
    .option('--tag <tag>', 'name of the study (default: the one worked on last)', parseTag)
    .option('--brief <path>', 'program.md, or the folder that has one')
    .option('--plain', 'no live line')
    .option('--json', 'every entry of the journal, and the news of the run in flight, as JSON lines on stdout')
    .addHelpText('after', '\nOn a terminal, q or Ctrl-C leaves; the study goes on.')
    .action(watch);
}

/** Experiments of the past that are shown at the start. */
const shownExperiments = 10;

async function watch(flags: WatchFlags): Promise<void> {
  const study = findStudy(flags.brief, flags.tag);
  const { tag, folder, history } = study;
  const isHeld = async () => (await findHolder(folder)) !== undefined;
  const follower = followStudy(folder, isHeld, openJobReader(history.session.engine));
  const isJson = flags.json ?? false;
  const renderer = await createRenderer({
    isJson,
    isPlain: flags.plain ?? false,
    budgetSeconds: history.frozen.budgetSeconds,
    history: follower.history,
  });
  const first = isJson ? 0 : history.experiments.length - shownExperiments;
  const leave = listenForLeave();
  try {
    for await (const event of follower.events(leave.signal)) {
      const isOld = 'experiment' in event && event.experiment < first;
      if (!isOld) renderer.emit(event);
    }
  } finally {
    renderer.close();
    leave.dispose();
  }
  if (leave.signal.aborted) say(`Left study ${tag} as it is.`);
  else if (!follower.history()?.stopped) say(`Study ${tag} is not running; \`${goOnCommand(study)}\` goes on with it.`);
  if (leave.wasInterrupted()) process.exitCode = 130;
}
