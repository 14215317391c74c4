/**
 * Whether this machine has the slots that are asked for, and what they are.
 */
import { openSlots } from '../../adapters/slots/open-slots.ts';
import { SettingsError } from '../../core/base/errors.ts';
import { countText } from '../../core/base/format.ts';
import type { Brief } from '../../core/brief/brief.ts';
import type { WholeHistory } from '../../core/journal/held-out.ts';
import type { History } from '../../core/journal/history.ts';
import { runsInFlight } from '../../core/journal/runs-in-flight.ts';
import { deviceOf } from '../../core/run/device.ts';
import { engineOpeners } from '../compose/engines.ts';

/** What a brief's commands set for themselves would overrule what slots are dealt. */
const dealtNames = /^(?:CUDA|HIP|ROCR)_VISIBLE_DEVICES=/;

/** Sentences that the owner should know. Throws a SettingsError where there is too little, or it is none of the study's kind. */
export async function askSlots(brief: Brief, history: History | undefined): Promise<readonly string[]> {
  if (engineOpeners[brief.engine].isAway) return [];
  refuseOwnChoice(brief);
  const known = history && deviceOf(history.experiments);
  const { each, where, notes } = await openSlots(brief, process.env, known !== undefined);
  if (known !== undefined && where?.device !== undefined && where.device !== known) {
    throw otherDevice(history?.tag ?? '', known, where.device, brief);
  }
  return each.length > 1 || brief.gpus !== undefined ? notes : [];
}

/** The brief with a number in the place of `auto`, where runs are on other machines; sentences that say which and why. */
export async function withSlotsFound(
  brief: Brief,
  study: WholeHistory | undefined,
): Promise<{ readonly brief: Brief; readonly found: readonly string[] }> {
  const { room } = engineOpeners[brief.engine];
  if (brief.slots !== 'auto' || !room) return { brief, found: [] };
  const { slots, why } = await room(brief, study ? runsInFlight(study).length : 0);
  return { brief: { ...brief, slots }, found: [`\`slots: auto\` is ${slots}: ${why}.`] };
}

function refuseOwnChoice({ slots, train, score = [] }: Brief): void {
  if (slots === 1) return;
  const [own] = [...train, ...score].filter((word) => dealtNames.test(word));
  if (own === undefined) return;
  throw new SettingsError(`A command of the brief sets ${own}, so that runs at once would all have the same GPUs.`, {
    hint: 'Take it out of the command, and set it for Nocturne instead: slots are dealt of what it sees.',
  });
}

function otherDevice(tag: string, known: string, now: string, { slots }: Brief): SettingsError {
  return new SettingsError(
    `The runs of study ${tag} are on ${known}, and here ${slots === 1 ? 'it would be' : 'each would be'} on ${now}: they could not be compared.`,
    {
      hint: `Go on where there is the same, or start a new study from its best: \`nocturne run --tag NAME --from autoresearch/${tag}\`.`,
    },
  );
}

/**
 * What the slots are, in a sentence for those who look before a study: of a lone slot also what `auto` would make of the machine;
 * undefined where the brief gives a number of runs on other machines.
 */
export async function slotsText(brief: Brief): Promise<string | undefined> {
  if (engineOpeners[brief.engine].isAway) return (await withSlotsFound(brief, undefined)).found[0];
  const { each, words } = await openSlots(brief, process.env);
  if (each.length > 1) return `${countText(each.length, 'run')} at once, ${words}`;
  const auto = await openSlots({ ...brief, slots: 'auto' }, process.env).catch(() => undefined);
  const alone = brief.gpus === undefined ? 'one run at a time' : `one run at a time, ${words}`;
  if (auto === undefined || auto.each.length === 1) return alone;
  return `${alone}; \`slots: auto\` makes ${auto.each.length} at once, ${auto.words}`;
}
