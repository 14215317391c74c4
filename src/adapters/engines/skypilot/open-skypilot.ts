/**
 * The SkyPilot engine as a study's settings say, what it would cost, and what an earlier session left rented.
 */
import type { Engine } from '../../../ports/engine.ts';
import { readRented } from '../rented.ts';
import { createSky } from './sky-cli.ts';
import { createSkyEngine, keptText, type SkyEngineOptions } from './sky-engine.ts';
import { createSkyMachine, engineName, writeOffer, writeTask } from './sky-machine.ts';
import type { SkySettings } from './sky-settings.ts';
import { openSkyShell } from './sky-shell.ts';

/** Opens the engine; asks for no machine yet. */
export function openSkypilot(options: Omit<SkyEngineOptions, 'sky' | 'openShell'>): Engine {
  return createSkyEngine({ ...options, sky: createSky(), openShell: openSkyShell });
}

/** What is to be rented, and what it costs, in words. */
interface SkyOffer {
  readonly what: string;
  readonly price: string;
  /** US dollars per hour; absent where sky knows no price. */
  readonly usd?: number;
  readonly isAgreed: boolean;
  readonly consentHint: string;
}

/** What a study with these settings would rent. Remembers the price: no machine is rented for more. A SettingsError says why there is none. */
export async function offerOf(settings: SkySettings, studyFolder: string): Promise<SkyOffer> {
  const choice = await createSky().choose(await writeTask(studyFolder, settings));
  await writeOffer(studyFolder, choice);
  const { usd } = choice;
  const terms = {
    what: choice.what,
    isAgreed: settings.consent ?? false,
    consentHint: '`skypilot: { consent: true }`',
  };
  if (usd === undefined) return { ...terms, price: 'unknown, since SkyPilot knows none' };
  const most =
    settings.max_usd === undefined || settings.max_usd <= usd
      ? ''
      : ` (up to $${settings.max_usd.toFixed(2)}, as the brief allows)`;
  return { ...terms, price: `$${usd.toFixed(2)} an hour${most}, from the launch until the study ends`, usd };
}

/** The names of what is rented for the study, or may be. */
export async function leftoversOf(studyFolder: string): Promise<readonly string[]> {
  const rented = await readRented(studyFolder, engineName);
  return rented ? [rented.name] : [];
}

/** Gives back what an earlier session left; the names of it. What cannot be given back is told, and stays noted. */
export async function giveBackLeftovers(
  studyFolder: string,
  tell: (message: string) => void,
): Promise<readonly string[]> {
  const names = await leftoversOf(studyFolder);
  if (names.length === 0) return [];
  const machine = createSkyMachine({ sky: createSky(), settings: {}, studyFolder, tell, openShell: openSkyShell });
  try {
    await machine.giveBack();
    return names;
  } catch (error) {
    tell(keptText(error));
    return [];
  }
}
