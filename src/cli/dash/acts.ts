/**
 * What a page asks for: each is what the command of that name does, with its checks.
 */
import { dirname } from 'node:path';
import { z } from 'zod';
import { SettingsError } from '../../core/base/errors.ts';
import { extensibleNames } from '../../core/journal/settings/stop-rules.ts';
import { maxSignFlipPairs } from '../../core/statistics/sign-flip.ts';
import { extensionText } from '../../core/views/extension-text.ts';
import { extendStudy, giveWord, idleSentence, pauseStudy, raisedFlags, resumeSentence } from '../session/give-word.ts';
import { leaveNote, noteSentences, readNote } from '../session/leave-note.ts';
import { runCommand } from '../session/run-command.ts';
import { stopSentence, stopStudy } from '../session/stop-study.ts';
import type { FoundStudy } from '../study-folder/studies.ts';
import { say } from '../terminal/print.ts';
import type { LiveStudy } from './live-studies.ts';

const actSchema = z.discriminatedUnion('act', [
  z.object({ act: z.literal('note'), text: z.string() }),
  z.object({ act: z.literal('stop'), now: z.literal('yes').optional() }),
  z.object({ act: z.literal('pause') }),
  z.object({ act: z.literal('resume') }),
  z.object({ act: z.literal('extend'), rule: z.enum(extensibleNames), by: z.coerce.number().positive() }),
  z.object({ act: z.literal('confirm'), runs: z.coerce.number().int().min(2).max(maxSignFlipPairs) }),
]);

/** Does what is asked for; gives the words for the owner. Throws ResearchErrors only. */
export async function perform(live: LiveStudy, raw: unknown): Promise<string> {
  const asked = actSchema.safeParse(raw);
  if (!asked.success) throw new SettingsError('This is nothing that a study can be asked for.');
  const { data } = asked;
  const study: FoundStudy = { ...live, briefArgument: dirname(dirname(live.folder)) };
  switch (data.act) {
    case 'note':
      return note(study, data.text);
    case 'stop':
      return stopSentence(await stopStudy(study, data.now === 'yes', say));
    case 'pause':
      await pauseStudy(study);
      return `Study ${study.tag} is paused; runs in flight still end.`;
    case 'resume':
      return resumeSentence(study, (await giveWord(study, { kind: 'resume' })).isRunning, goOnWith(study));
    case 'extend':
      return extend(study, data.rule, data.by);
    case 'confirm':
      return confirm(study, data.runs);
    default:
      return data satisfies never;
  }
}

async function note(study: FoundStudy, text: string): Promise<string> {
  return noteSentences(await leaveNote(study, readNote(text)), study.history).join(' ');
}

async function extend(study: FoundStudy, rule: (typeof extensibleNames)[number], by: number): Promise<string> {
  if (rule === 'experiments' && !Number.isInteger(by)) throw new SettingsError('Experiments come in whole numbers.');
  const { from, to, isRunning } = await extendStudy(study, { [rule]: by });
  const goOn = isRunning ? '' : idleSentence(`${goOnWith(study)}${await raisedFlags(study, to)}`);
  return `Study ${study.tag} may use ${extensionText({ from, to })}. ${goOn}`.trim();
}

/** Without the folder, which a page does not tell. */
function goOnWith({ tag }: FoundStudy): string {
  return `nocturne run --tag ${tag}`;
}

async function confirm({ tag, briefArgument = '.' }: FoundStudy, runs: number): Promise<string> {
  const flags = ['--tag', tag, '--brief', briefArgument, '--runs', String(runs)];
  await runCommand(['confirm', '--detach', '--json', ...flags]);
  return `The confirmation of study ${tag} has begun, with ${runs} fresh seeds for each.`;
}
