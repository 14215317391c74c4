/**
 * Opens the researchers of a study: the brief's researcher, its stand-in, and the arms of `auto`.
 */
import { type Arm, createAutoResearcher } from '../../adapters/researchers/auto-researcher.ts';
import { createTrialReader, type ReadTrials } from '../../adapters/researchers/trial-reader.ts';
import { steadySeconds } from '../../adapters/steady-seconds.ts';
import { StudyError } from '../../core/base/errors.ts';
import { callsModelOrAgent, findResearcher, type SingleResearcherRow } from '../../core/base/researchers.ts';
import { asksModelOrAgent, proposersOf } from '../../core/brief/proposers.ts';
import type { Lab } from '../../ports/lab.ts';
import type { Researcher } from '../../ports/researcher.ts';
import { type OpenerOptions, researcherOpeners } from './researcher-openers.ts';

/** The brief's researcher, the one that proposes while its model is away, and all that may be asked for a first call. */
export async function openResearchers(
  given: Omit<OpenerOptions, 'readTrials'>,
): Promise<Pick<Lab, 'researcher' | 'fallback'> & { readonly asked: readonly Researcher[] }> {
  const options = { ...given, readTrials: openTrialReader(given.lab) };
  const { researcher, shares } = options.brief;
  if (researcher === 'auto') {
    const arms = await openArms(options);
    const asked = arms.flatMap((arm) => [arm.researcher, ...(arm.standIn ? [arm.standIn] : [])]);
    return { researcher: createAutoResearcher({ arms, shares, seconds: steadySeconds }), asked: [...new Set(asked)] };
  }
  const opened = await researcherOpeners[researcher].open(options);
  const standIn = await openStandIn(options);
  return { researcher: opened, ...(standIn && { fallback: standIn }), asked: standIn ? [opened, standIn] : [opened] };
}

/**
 * The researcher that `fallback:` names: one that needs no model, or `llm` with another model. Undefined when the brief
 * names none or asks no model that could be away.
 */
async function openStandIn(options: OpenerOptions): Promise<Researcher | undefined> {
  const { fallback } = options.brief;
  if (fallback === undefined || !asksModelOrAgent(options.brief)) return undefined;
  const row = findResearcher(fallback);
  if (row !== undefined) return researcherOpeners[row.name].open(options);
  const { createModelResearcher } = await import('./model-researchers.ts');
  return createModelResearcher(options, fallback);
}

/** The arms that this brief and this machine allow, in the order of the table of researchers. */
async function openArms(options: OpenerOptions): Promise<Arm[]> {
  const standIn = await openStandIn(options);
  const arms: Arm[] = [];
  for (const row of proposersOf(options.brief)) {
    const own = await openArmsOf(row, options);
    arms.push(...(callsModelOrAgent(row) ? own.map((arm) => ({ ...arm, standIn })) : own));
  }
  return arms;
}

async function openArmsOf(row: SingleResearcherRow, options: OpenerOptions): Promise<Arm[]> {
  const { open, openArms: openEach, suits } = researcherOpeners[row.name];
  const shared = openEach === undefined ? await open(options) : undefined;
  const each = openEach?.(options) ?? {};
  return row.arms.flatMap(({ name }) => {
    const researcher = shared ?? each[name];
    return researcher === undefined ? [] : [{ name, researcher, suits }];
  });
}

function openTrialReader({ workspace, knobReader }: OpenerOptions['lab']): ReadTrials {
  return createTrialReader(async (commit) => {
    const reading = await knobReader.read(await workspace.read(commit));
    if (reading.kind === 'read') return reading.knobs;
    throw new StudyError(`The editable files of ${commit.slice(0, 7)} cannot be read: ${reading.reason}.`);
  });
}
