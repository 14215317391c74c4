/**
 * Journals a proposal: with marks in the place of secrets, and with what its knobs were set to before.
 */
import type { EntryOf, Expectation } from '../core/journal/entry.ts';
import { newFailingSearchWarning } from '../core/journal/failing-search.ts';
import type { JournalledValue, Proposal } from '../core/journal/proposal.ts';
import { hideValues } from '../core/proposal/hidden-values.ts';
import type { Source } from '../core/space/knob.ts';
import { knobKey } from '../core/space/trials/trials.ts';
import type { AskedBy } from '../ports/researcher.ts';
import type { Study } from './study.ts';

/** Whose proposal it is, and the number that it gets. */
type By = Pick<EntryOf<'proposal-made'>, 'experiment' | 'attempt' | 'researcher'> & Partial<AskedBy>;

interface Further {
  /** The experiments that it puts together. */
  readonly combines?: readonly number[];
  /** The experiment whose edits, which gained on an older incumbent, it makes. */
  readonly reapplies?: number;
  readonly expects?: Expectation | undefined;
  /** The reverted experiment that it runs again. */
  readonly repeats?: number | undefined;
  /** The experiment that `source` is of; default: the incumbent. */
  readonly parent?: number;
  /** Secrets of the parent's files that are not known otherwise. */
  readonly secrets?: readonly string[];
}

/** Journals it. */
export async function recordProposal(
  study: Study,
  by: By,
  source: Source,
  proposal: Proposal,
  { combines, reapplies, expects, repeats, parent = study.history().incumbent, secrets = [] }: Further = {},
): Promise<void> {
  const from = valuesBefore(source, proposal);
  const of = {
    ...(combines && { combines: [...combines] }),
    ...(reapplies !== undefined && { reapplies }),
    ...(expects && { expects }),
    ...(repeats !== undefined && { repeats }),
  };
  const find = study.lab.secretsIn ?? (() => []);
  const told = hideValues(proposal, source.files, (text) => [
    ...find(text),
    ...secrets.filter((secret) => text.includes(secret)),
  ]);
  await study.record({ event: 'proposal-made', ...by, parent, proposal: told, ...(from && { from }), ...of });
  const warning = newFailingSearchWarning(study.history(), by.experiment);
  if (warning !== undefined) study.lab.emit({ event: 'warning-raised', message: warning });
}

/** What the proposal's knobs were set to before, by key; undefined when it sets none. */
export function valuesBefore({ knobs }: Source, { edits }: Proposal): Record<string, JournalledValue> | undefined {
  const from: Record<string, JournalledValue> = {};
  for (const edit of edits) {
    if (edit.kind !== 'set-knob') continue;
    const value = knobs.find(({ file, name }) => file === edit.file && name === edit.knob)?.value;
    if (value !== undefined)
      from[knobKey({ file: edit.file, name: edit.knob })] = typeof value === 'object' ? [...value] : value;
  }
  return Object.keys(from).length === 0 ? undefined : from;
}
