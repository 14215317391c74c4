/**
 * The arms that `researcher: auto` chooses among: a researcher together with the kind of edit that is asked of it.
 */
import { ok } from '../base/errors.ts';
import {
  type ArmName,
  callsModelOrAgent,
  findResearcher,
  researchers,
  type SingleResearcher,
  type SingleResearcherRow,
} from '../base/researchers.ts';
import type { Proposal } from './proposal.ts';

/**
 * The researchers with arms: those that call a model or an agent first, then by expected gain, ties as in the table.
 */
const rows = researchers
  .filter(({ arms }) => arms.length > 0)
  .toSorted((a, b) => Number(callsModelOrAgent(b)) - Number(callsModelOrAgent(a)) || maxGainOf(b) - maxGainOf(a));

const arms = rows.flatMap((row) => row.arms.map((arm) => ({ ...arm, researcher: row })));

/** Every arm; which of them a study has depends on its model, its command and what is installed. */
export const armNames: readonly ArmName[] = arms.map(({ name }) => name);

/** The researchers behind the arms: a share may be given to one of these as a whole. */
export const armResearchers: readonly SingleResearcher[] = rows.map(({ name }) => name);

/** The researcher that an arm asks. */
export function researcherOf(arm: ArmName): SingleResearcher {
  return findArm(arm).researcher.name;
}

/**
 * Whether each proposal of an arm calls a model or an agent: after fewer refusals than a search, another arm is asked.
 */
export function isModelArm(arm: ArmName): boolean {
  return callsModelOrAgent(findArm(arm).researcher);
}

/** Whether an arm changes code, and not only knobs. */
export function isCodeArm(arm: ArmName): boolean {
  return findArm(arm).kind === 'code';
}

/** Gain per budget that an arm is expected to have before it was tried; 1 is the gain of the study as a whole. */
export function expectedGainOf(arm: ArmName): number {
  return findArm(arm).expectedGain;
}

/** The kind of edit that an arm asks for; undefined where its researcher makes only one. */
export function wantedKind(arm: ArmName): Proposal['kind'] | undefined {
  const { kind, researcher } = findArm(arm);
  return makesBothKinds(researcher) ? kind : undefined;
}

/**
 * The arm that a proposal counts for: that of the kind it is, even if another kind was asked for. Undefined for a
 * researcher that is not in the table.
 */
export function armOf(researcher: string, kind: Proposal['kind'], asked?: string): ArmName | undefined {
  const row = findResearcher(researcher);
  if (row === undefined) return undefined;
  const own = makesBothKinds(row) ? row.arms.filter((arm) => arm.kind === kind) : row.arms;
  return (own.find(({ name }) => name === asked) ?? own[0])?.name;
}

/** The arm that a refusal counts for: the one that was asked. Undefined for a researcher that is not in the table. */
export function refusedArmOf(researcher: string, asked: string): ArmName | undefined {
  const own = findResearcher(researcher)?.arms.find(({ name }) => name === asked)?.name;
  return own ?? armOf(researcher, 'code', asked);
}

function findArm(name: ArmName): (typeof arms)[number] {
  const arm = arms.find((each) => each.name === name);
  ok(arm, 'every arm stands in the table of researchers');
  return arm;
}

function makesBothKinds({ arms: own }: SingleResearcherRow): boolean {
  return new Set(own.map(({ kind }) => kind)).size > 1;
}

function maxGainOf({ arms: own }: SingleResearcherRow): number {
  return Math.max(...own.map(({ expectedGain }) => expectedGain));
}
