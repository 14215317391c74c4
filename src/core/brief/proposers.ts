/**
 * Which researchers a study of these settings may ask.
 */
import { armsWithin } from '../auto/shares.ts';
import { callsModelOrAgent, findResearcher, researchers, type SingleResearcherRow } from '../base/researchers.ts';

interface ProposerSettings {
  readonly researcher: string;
  readonly model?: string | undefined;
  readonly command?: readonly string[] | undefined;
  readonly fallback?: string | undefined;
  readonly shares?: Readonly<Record<string, number>> | undefined;
}

/** The rows of the researcher that is named, or of all that `auto` may ask as far as settings and shares go. */
export function proposersOf(settings: ProposerSettings): readonly SingleResearcherRow[] {
  if (settings.researcher !== 'auto') return researchers.filter(({ name }) => name === settings.researcher);
  return researchers.filter(
    (row) =>
      !lacksSetting(settings, row) &&
      armsWithin(
        row.arms.map(({ name }) => name),
        settings.shares ?? {},
      ).length > 0,
  );
}

/** Whether the settings lack the one that a researcher cannot propose without. */
export function lacksSetting(settings: ProposerSettings, { needs }: SingleResearcherRow): boolean {
  return needs?.kind === 'setting' && settings[needs.setting] === undefined;
}

/** Whether something that asks no model and no agent proposes, or stands in for one that is away. */
export function hasSearch(settings: ProposerSettings): boolean {
  const { researcher, fallback } = settings;
  if (researcher === 'auto' && proposersOf(settings).some((row) => !callsModelOrAgent(row))) return true;
  return fallback !== undefined && findResearcher(fallback) !== undefined;
}

/** Whether the model of these settings proposes. */
export function asksModel(settings: ProposerSettings): boolean {
  return proposersOf(settings).some(({ calls }) => calls === 'model');
}

/** Whether the coding agent of these settings proposes. */
export function asksAgent(settings: ProposerSettings): boolean {
  return proposersOf(settings).some(({ calls }) => calls === 'agent');
}

/** Whether a model or an agent proposes: one that reads prose and notes. */
export function asksModelOrAgent(settings: ProposerSettings): boolean {
  return proposersOf(settings).some(callsModelOrAgent);
}
