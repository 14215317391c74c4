/**
 * What the studies of a brief can learn from each other: what one kept that another has not tried.
 */
import { experimentRow } from '../journal/experiment-row.ts';
import { type History, keptInOrder } from '../journal/history.ts';
import { turnedBy } from '../space/trials/trials.ts';

export interface UntriedKeep {
  readonly experiment: number;
  readonly title: string;
  /** Over its parent, in its own study. */
  readonly gain: number | null;
}

/** Keeps that are named of one study. */
const maxKeeps = 20;

/** What a study kept that another has tried in no experiment, the largest gain first. */
export function untriedKeeps(study: History, other: History): UntriedKeep[] {
  const tried = triedIn(other);
  const keeps = keepsBeyond(study, other.experiments[0]?.candidate?.content);
  const untried = keeps.filter(({ experiment, proposal, candidate }) => {
    if (experiment === 0 || proposal === undefined) return false;
    if (candidate && other.contents.has(candidate.content)) return false;
    const settings = settingsOf(proposal);
    return settings.length === 0 || settings.some((setting) => !tried.has(setting));
  });
  return untried
    .map((record) => ({
      experiment: record.experiment,
      title: record.proposal?.title ?? '',
      gain: experimentRow(study, record).gain,
    }))
    .sort((a, b) => (b.gain ?? 0) - (a.gain ?? 0))
    .slice(0, maxKeeps);
}

/** What it kept after the keep with this content, on which another study stands from its start; all where none has it. */
function keepsBeyond(study: History, start: string | undefined) {
  const keeps = keptInOrder(study);
  return keeps.slice(1 + keeps.findIndex(({ candidate }) => candidate !== undefined && candidate.content === start));
}

/** Every value that an experiment set a knob to, and every value that a knob had before. */
function triedIn({ experiments }: History): ReadonlySet<string> {
  const tried = new Set<string>();
  for (const { proposal, from = {} } of experiments) {
    for (const [key, value] of Object.entries(from)) tried.add(settingText(key, value));
    for (const setting of settingsOf(proposal)) tried.add(setting);
  }
  return tried;
}

function settingsOf(proposal: Parameters<typeof turnedBy>[0]): string[] {
  return Object.entries(turnedBy(proposal)).map(([key, value]) => settingText(key, value));
}

function settingText(key: string, value: unknown): string {
  return `${key} = ${JSON.stringify(value)}`;
}
