/**
 * Says to a study, running or not, how it is to go on: pause, resume, extend.
 */
import { randomUUID } from 'node:crypto';
import { findHolder } from '../../adapters/run-lock.ts';
import { ok, ResearchError, SettingsError } from '../../core/base/errors.ts';
import { type Heard, hearWord, type WordEvent } from '../../core/decide/hear-word.ts';
import type { Entry, EntryOf } from '../../core/journal/entry.ts';
import { saidSession } from '../../core/journal/extended-stop.ts';
import type { OwnerWord } from '../../core/journal/owner-word.ts';
import { type ExtensibleRules, extensibleNames } from '../../core/journal/settings/stop-rules.ts';
import { locateBrief } from '../compose/locate-brief.ts';
import type { FoundStudy } from '../study-folder/studies.ts';
import { type Reached, reachStudy } from './reach-study.ts';

type WordEntry = EntryOf<WordEvent>;

/** The journal's entry of it. Throws a SettingsError, and changes nothing, where the study cannot do it as it stands. */
export async function giveWord(study: FoundStudy, word: OwnerWord): Promise<Reached<WordEntry>> {
  required(hearWord(study.history, word, ''));
  return reachStudy(study, {
    message: word,
    answerIn: (entry, id) => (isWord(entry) && entry.id === id ? entry : undefined),
    journal: async (archive, history) => {
      const body = required(hearWord(history, word, randomUUID()));
      const entry = await archive.append({ ...body, isIdle: true });
      if (!isWord(entry)) throw new Error('what is heard of a word is an entry of one');
      return entry;
    },
  });
}

/** Pauses a running study; the same for one that its controller left without a word, which `giveWord` cannot tell from it. */
export async function pauseStudy(study: FoundStudy): Promise<Reached<WordEntry>> {
  const { tag, history } = study;
  if (!history.stopped && !(await findHolder(study.folder))) {
    throw new SettingsError(`Study ${tag} is not running, so there is nothing to pause.`, {
      hint: `See where it stands with \`nocturne status --tag ${tag}\`.`,
    });
  }
  return giveWord(study, { kind: 'pause' });
}

export interface ExtendedRules {
  readonly from: ExtensibleRules;
  readonly to: ExtensibleRules;
  /** Whether a controller works on the study now. */
  readonly isRunning: boolean;
}

/** Raises stop rules by so much; gives what they were and are. */
export async function extendStudy(study: FoundStudy, by: ExtensibleRules): Promise<ExtendedRules> {
  const { answer, isRunning } = await giveWord(study, { kind: 'extend', by });
  ok(answer.event === 'stop-extended', 'the answer to an extension is one');
  return { from: answer.from, to: answer.to, isRunning };
}

/**
 * What the command that goes on needs to stop at the raised limits, each with a blank before it: a limit that was a flag's and not
 * the brief's is not known to a `run` without that flag.
 */
export async function raisedFlags({ history, briefArgument }: FoundStudy, to: ExtensibleRules): Promise<string> {
  const before = saidSession(history).stop;
  const inBrief = await stopRulesOf(briefArgument);
  const flags = extensibleNames.filter((name) => to[name] !== undefined && inBrief[name] !== before[name]);
  return flags.map((name) => ` --max-${name} ${to[name]}`).join('');
}

/** Empty where there is no brief any more, which `run` will say. */
async function stopRulesOf(briefArgument = '.'): Promise<ExtensibleRules> {
  try {
    return (await locateBrief(briefArgument)).brief.stop;
  } catch (error) {
    if (error instanceof ResearchError) return {};
    throw error;
  }
}

/** That a pause has ended; `goOn` is the command that goes on with a study which is not running. */
export function resumeSentence({ tag }: Pick<FoundStudy, 'tag'>, isRunning: boolean, goOn: string): string {
  return isRunning ? `Study ${tag} goes on.` : `Study ${tag} is paused no longer. ${idleSentence(goOn)}`;
}

/** That a study is not running, with the command that goes on with it. */
export function idleSentence(goOn: string): string {
  return `It is not running: \`${goOn}\` goes on with it.`;
}

const wordEvents: ReadonlySet<Entry['event']> = new Set<WordEvent>([
  'study-paused',
  'pause-ended',
  'stop-extended',
  'withdrawal-asked',
]);

function isWord(entry: Entry): entry is WordEntry {
  return wordEvents.has(entry.event);
}

function required(heard: Heard): Extract<Heard, { kind: 'entry' }>['entry'] {
  if (heard.kind === 'entry') return heard.entry;
  const { reason, hint } = heard.kind === 'refused' ? heard : { reason: 'It is known already.', hint: '' };
  throw new SettingsError(reason, { hint });
}
