/**
 * `nocturne run`: the command and its flags.
 */
import type { Command } from 'commander';
import { alternativesText } from '../../core/base/format.ts';
import { channelNames, engineNames, policyNames } from '../../core/base/names.ts';
import { researcherNames } from '../../core/base/researchers.ts';
import { colabGpus } from '../../core/journal/settings/engine-settings.ts';
import { noIsolation } from '../session/isolation-flag.ts';
import { parseChannels } from '../session/parse-channels.ts';
import { parseCount, parseCountOrAuto, parseNumber, parsePositive } from '../session/parse-number.ts';
import { parseTag } from '../session/parse-tag.ts';
import type { RunFlags } from '../session/settings.ts';
import { say } from '../terminal/print.ts';

/** Adds the command and its flags. */
export function addRun(program: Command): void {
  program
    .command('run')
    .summary('start, or resume, the study of a brief')
    .description('Starts the study of a brief, or goes on where it stopped.')
    .argument('[brief]', 'program.md, or the folder that has one', '.')
    .option('--tag <tag>', 'name of the study (default: the newest unfinished one, else today)', parseTag)
    .option(
      '--from <ref>',
      'commit that a new study starts from, or `worktree` (default: HEAD); of autoresearch/TAG it also knows what that study tried',
    )
    .option('--researcher <name>', `who proposes: ${researcherNames.join(', ')}`)
    .option(
      '--model <provider:name>',
      'model that proposes, such as anthropic:claude-sonnet-5-5 (its `effort`, `max_output`, `context`: in the brief)',
    )
    .option('--policy <name>', `who decides: ${alternativesText(policyNames)}`)
    .option('--budget <duration>', 'training time per run, such as 30s or 5m')
    .option('--max-experiments <count>', "the study's total of experiments", parseCount('--max-experiments'))
    .option('--max-hours <hours>', 'live hours of the study', parsePositive('--max-hours'))
    .option(
      '--max-gpu-hours <hours>',
      'hours of runs times their GPUs, in all sessions',
      parsePositive('--max-gpu-hours'),
    )
    .option('--max-usd <dollars>', 'US dollars for model calls, in all sessions', parsePositive('--max-usd'))
    .option(
      '--max-tokens <count>',
      'tokens of model calls, read and written, in all sessions',
      parseCount('--max-tokens'),
    )
    .option('--target <value>', 'stop when the metric is this good', parseNumber('--target'))
    .option('--seed <text>', 'what the seeds of a new study are hashed from (default: the tag)')
    .option('--engine <name>', `where runs execute: ${alternativesText(engineNames)}`)
    .option('--address <url>', 'the dashboard of the Ray cluster, such as http://127.0.0.1:8265')
    .option(
      '--slots <count>',
      'runs at once: a number, or `auto` for what this machine, or the engine, has room for',
      parseCountOrAuto('--slots'),
    )
    .option('--gpu <name>', `GPU of a machine of Colab: ${alternativesText(colabGpus)}`)
    .option('--python <path>', 'interpreter that runs use')
    .option('--no-isolation', noIsolation)
    .option('--mirror <target>', 'keep a copy of the study at a git remote or in a folder, after every experiment')
    .option('--restore <target>', 'bring the study back from its mirror first, such as into a fresh clone')
    .option(
      '--notify <channels>',
      `tell you of a new best, trouble and the end: ${channelNames.join(', ')}, with commas between`,
      parseChannels('--notify'),
    )
    .option('--yes', 'install what the sandbox requires, and rent what the engine needs, without asking')
    .option('--detach', 'run on without this terminal; `watch`, `status` and `stop` find the study')
    .option('--allow-sleep', 'let an idle machine fall asleep meanwhile')
    .option('--plain', 'plain lines instead of a live footer')
    .option('--json', 'one event per line on stdout')
    .action(async (brief: string, flags: RunFlags) => {
      if (flags.detach) {
        const { runDetached } = await import('../session/run-detached.ts');
        process.exitCode = await runDetached(brief, flags);
        return;
      }
      const { runStudy } = await import('../session/run-study.ts');
      const { tag, exitCode } = await runStudy(brief, flags);
      process.exitCode = exitCode;
      if (!flags.json) await sayWhatCameOfIt(tag, brief, flags);
      // A process that git started for a mirror that never answered may hold our pipes open and so keep Node running.
      if (flags.mirror !== undefined) process.exit(exitCode);
    });
}

async function sayWhatCameOfIt(tag: string, brief: string, flags: RunFlags): Promise<void> {
  const [{ endSummary }, { findStudy }] = await Promise.all([
    import('../render/end-summary.ts'),
    import('../study-folder/studies.ts'),
  ]);
  const lookFlags = ` --tag ${tag}${brief === '.' ? '' : ` --brief ${JSON.stringify(brief)}`}`;
  const summary = endSummary(findStudy(brief, tag, 'untold'), lookFlags);
  if (summary !== '') say(summary);
  say(whatNext(tag, brief, lookFlags, flags));
}

function whatNext(tag: string, brief: string, lookFlags: string, { researcher, slots }: RunFlags): string {
  const again = brief === '.' ? '' : ` ${JSON.stringify(brief)}`;
  const same = researcher === undefined ? '' : ` --researcher ${researcher}`;
  const beside = slots === undefined ? '' : ` --slots ${slots}`;
  return `See \`nocturne report${lookFlags}\`;\ngo on with \`nocturne run${again} --tag ${tag}${same}${beside}\`.`;
}
