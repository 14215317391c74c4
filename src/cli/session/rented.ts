/**
 * Machines that cost money: asked about before one is rented, and given back where an earlier session left one.
 */
import { SettingsError } from '../../core/base/errors.ts';
import type { EngineName } from '../../core/base/names.ts';
import { type EngineOptions, engineOpeners, type Offer } from '../compose/engines.ts';
import { ask } from '../terminal/ask.ts';

type Say = (line: string) => void;

/**
 * Shows what the engine would rent and its price, and asks. A SettingsError where the owner says no, or cannot be asked and has not
 * agreed before. Asks nothing where the study has a machine already, as after a kill.
 */
export async function agreeToRent(options: EngineOptions, isAgreed: boolean, say: Say): Promise<void> {
  const { rents } = engineOpeners[options.brief.engine];
  if (!rents || (await rents.leftovers(options.studyFolder)).length > 0) return;
  const offer = await rents.offer(options);
  say(`${options.brief.engine} rents ${offer.what}. Price: ${offer.price}.`);
  if (!isAgreed && !offer.isAgreed) await requireYes(offer);
}

async function requireYes({ what, consentHint }: Offer): Promise<void> {
  const answer = await ask('Rent it? [y/N] ');
  if (answer !== undefined && /^y(es)?$/i.test(answer)) return;
  const why = answer === undefined ? 'there was nobody to agree to its price' : 'the answer was no';
  throw new SettingsError(`${what} was not rented: ${why}.`, {
    hint: `\`--yes\` agrees${consentHint === undefined ? '' : `, and so does ${consentHint} in the brief`}.`,
  });
}

/** Gives back what earlier sessions of the study rented and left, by all engines but one; the names of it. Tells what may be left. */
export async function giveBackRented(studyFolder: string, say: Say, except?: EngineName): Promise<readonly string[]> {
  const given: string[] = [];
  for (const [engine, { rents }] of Object.entries(engineOpeners)) {
    if (rents && engine !== except) given.push(...(await rents.giveBack(studyFolder, say)));
  }
  return given;
}

/** The names of what is rented for the study, or may be. */
export async function rentedFor(studyFolder: string): Promise<readonly string[]> {
  const all = await Promise.all(
    Object.values(engineOpeners).map(async ({ rents }) => rents?.leftovers(studyFolder) ?? []),
  );
  return all.flat();
}
