/**
 * The arms that `researcher: auto` chooses among: a researcher together with the kind of edit that is asked of it.
 */
import type { Proposal } from './proposal.ts';

/** Every arm; which of them a study has depends on its model, its command and what is installed. */
export const armNames = [
  'llm-knobs',
  'llm-code',
  'command-code',
  'recipe',
  'bayes-gp',
  'bayes-tpe',
  'random',
  'grid',
] as const;
export type ArmName = (typeof armNames)[number];

/** The researchers behind the arms: a share may be given to one of these as a whole. */
export const armResearchers = ['llm', 'command', 'recipe', 'bayes', 'random', 'grid'] as const;
export type ArmResearcher = (typeof armResearchers)[number];

const researchers: Readonly<Record<ArmName, ArmResearcher>> = {
  'llm-knobs': 'llm',
  'llm-code': 'llm',
  'command-code': 'command',
  recipe: 'recipe',
  'bayes-gp': 'bayes',
  'bayes-tpe': 'bayes',
  random: 'random',
  grid: 'grid',
};

/** The researcher that an arm asks. */
export function researcherOf(arm: ArmName): ArmResearcher {
  return researchers[arm];
}

/** The kind of edit that an arm asks for; undefined where its researcher makes only one. */
export function wantedKind(arm: ArmName): Proposal['kind'] | undefined {
  if (arm === 'llm-knobs') return 'knobs';
  return arm === 'llm-code' ? 'code' : undefined;
}

/** The arm that a proposal counts for: what it is, whichever kind was asked for. Undefined for a foreign researcher. */
export function armOf(researcher: string, kind: Proposal['kind'], asked?: string): ArmName | undefined {
  if (researcher === 'llm') return kind === 'knobs' ? 'llm-knobs' : 'llm-code';
  const own = armNames.filter((name) => researchers[name] === researcher);
  return own.find((name) => name === asked) ?? own[0];
}

/** Whether an arm's proposals cost thought, and maybe money: such an arm is given up sooner than a search. */
export function isThinkingArm(arm: ArmName): boolean {
  return researchers[arm] === 'llm' || researchers[arm] === 'command';
}
