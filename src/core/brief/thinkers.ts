/**
 * Which settings bring in somebody who thinks: a language model, or a coding agent.
 */

import { armsWithin } from '../auto/shares.ts';
import { type ArmName, armNames, researcherOf } from '../journal/arm.ts';

interface ProposerSettings {
  readonly researcher: string;
  readonly model?: string | undefined;
  readonly command?: readonly string[] | undefined;
  readonly shares?: Readonly<Record<string, number>> | undefined;
}

/** Whether the model of these settings proposes. */
export function asksModel(settings: ProposerSettings): boolean {
  return settings.researcher === 'llm' || (settings.model !== undefined && hasArmOf(settings, 'llm'));
}

/** Whether the coding agent of these settings proposes. */
export function asksCommand(settings: ProposerSettings): boolean {
  return settings.researcher === 'command' || (settings.command !== undefined && hasArmOf(settings, 'command'));
}

/** Whether anybody who reads prose and notes proposes. */
export function isThinking(settings: ProposerSettings): boolean {
  return asksModel(settings) || asksCommand(settings);
}

/** Whether `auto` may ask an arm of this researcher, as far as the shares go. */
export function hasArmOf({ researcher, shares = {} }: ProposerSettings, asked: 'llm' | 'command' | 'bayes'): boolean {
  if (researcher !== 'auto') return false;
  const own = armNames.filter((arm: ArmName) => researcherOf(arm) === asked);
  return armsWithin(own, shares).length > 0;
}
