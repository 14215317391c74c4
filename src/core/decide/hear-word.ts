/**
 * What a word of the owner's comes to: an entry of the journal, or the reason why there is nothing that it could do.
 */
import type { EntryBody } from '../journal/entry.ts';
import { currentOwnerPause, type History } from '../journal/history.ts';
import type { OwnerWord } from '../journal/owner-word.ts';
import { type ExtensibleRules, extensibleNames } from '../journal/settings/stop-rules.ts';

/** The entries of words. */
export type WordEvent = 'study-paused' | 'pause-ended' | 'stop-extended' | 'withdrawal-asked';

export type Heard =
  | { readonly kind: 'entry'; readonly entry: Extract<EntryBody, { event: WordEvent }> }
  /** It is in the journal already. */
  | { readonly kind: 'known' }
  | { readonly kind: 'refused'; readonly reason: string; readonly hint: string };

/** What the word with this id comes to as the study stands. */
export function hearWord(history: History, word: OwnerWord, id: string): Heard {
  if (history.words.has(id)) return { kind: 'known' };
  switch (word.kind) {
    case 'pause':
      return pause(history, id);
    case 'resume':
      return resume(history, id);
    case 'extend':
      return extend(history, word.by, id);
    case 'revert':
      return revert(history, word.experiment, id);
    default:
      return word satisfies never;
  }
}

function pause(history: History, id: string): Heard {
  const { tag, stopped } = history;
  const paused = currentOwnerPause(history);
  if (paused)
    return refused(
      `Study ${tag} is paused already, since ${paused.since}.`,
      `\`nocturne resume --tag ${tag}\` goes on.`,
    );
  if (stopped)
    return refused(
      `Study ${tag} has stopped (${stopped.reason}), so there is nothing to pause.`,
      'A confirmation is not paused: `nocturne stop` ends it, and `nocturne confirm` goes on where it is.',
    );
  return { kind: 'entry', entry: { event: 'study-paused', id } };
}

function resume(history: History, id: string): Heard {
  const { tag } = history;
  if (currentOwnerPause(history)) return { kind: 'entry', entry: { event: 'pause-ended', id } };
  return refused(`Study ${tag} is not paused.`, `See where it stands with \`nocturne status --tag ${tag}\`.`);
}

function extend({ tag, session }: History, by: ExtensibleRules, id: string): Heard {
  const asked = extensibleNames.flatMap((name) => (by[name] === undefined ? [] : [[name, by[name]] as const]));
  const unlimited = asked.find(([name]) => session.stop[name] === undefined);
  if (unlimited) {
    const [name] = unlimited;
    return refused(
      `Study ${tag} has no limit on ${ruleWords[name]}, so there is nothing to extend.`,
      `\`stop: { ${name}: … }\` in the brief would set one.`,
    );
  }
  const from = asked.map(([name]) => [name, session.stop[name] ?? 0] as const);
  const to = asked.map(([name, more]) => [name, exact((session.stop[name] ?? 0) + more)] as const);
  return {
    kind: 'entry',
    entry: { event: 'stop-extended', id, from: Object.fromEntries(from), to: Object.fromEntries(to) },
  };
}

function revert({ tag, experiments, toWithdraw }: History, experiment: number, id: string): Heard {
  const record = experiments[experiment];
  const list = `\`nocturne log --tag ${tag}\` lists what was kept.`;
  if (experiment === 0)
    return refused(`The baseline of study ${tag} cannot be taken out: all else stands on it.`, list);
  if (!record)
    return refused(`Study ${tag} has no experiment ${experiment}; it has 0 to ${experiments.length - 1}.`, list);
  if (toWithdraw.includes(experiment) || record.withdrawn)
    return refused(`Experiment ${experiment} of study ${tag} is taken out already.`, list);
  if (record.kept === undefined)
    return refused(`Experiment ${experiment} of study ${tag} is not kept, so there is nothing to take out.`, list);
  return { kind: 'entry', entry: { event: 'withdrawal-asked', id, experiment } };
}

/** What each rule counts. */
export const ruleWords: Readonly<Record<(typeof extensibleNames)[number], string>> = {
  experiments: 'experiments',
  hours: 'hours',
  usd: 'US dollars',
};

/** Without what adding fractions leaves behind. */
function exact(sum: number): number {
  return Number(sum.toPrecision(12));
}

function refused(reason: string, hint: string): Heard {
  return { kind: 'refused', reason, hint };
}
