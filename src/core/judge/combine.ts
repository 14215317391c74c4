/**
 * The proposal that makes the edits of several near misses together, where the `value` policy finds it worth the runs.
 *
 * It takes up what the incumbent has left free: a knob that still has the value that its experiment changed, a text that
 * still stands there once. What broke a guard, failed, or was too good to be true takes no part.
 */
import { countedRuns, type ExperimentRecord, experimentOf, type History, scorelessRun } from '../journal/history.ts';
import type { Edit, Proposal } from '../journal/proposal.ts';
import { applyEdits } from '../proposal/patch.ts';
import { type Source, sameValue } from '../space/knob.ts';
import { knobKey } from '../space/trials/trials.ts';
import { vetoOf } from './guards.ts';
import { dueCombination } from './policies/value/combination.ts';
import type { StudyWalk } from './policies/value/walk-history.ts';
import { isSuspicious } from './suspicion.ts';

/** Who a combination is journalled as proposed by: none of the researchers. */
export const combiner = 'combine';

export interface Combination {
  readonly proposal: Proposal;
  /** The experiments whose edits it makes. */
  readonly combines: readonly number[];
}

/** The combination to try next on the incumbent's source; undefined while none is worth its runs. */
export function combinationOf(history: History, walk: StudyWalk, source: Source): Combination | undefined {
  const belief = walk.over(history)?.belief();
  if (!belief) return undefined;
  const recordAt = (place: number) => experimentOf(history, walk.experimentAt(place));
  const isFree = memoised((place) => isStillFree(history, recordAt(place), source));
  const joins = (places: readonly number[]) =>
    places.every(isFree) &&
    applyEdits(
      source,
      places.flatMap((place) => editsOf(recordAt(place))),
    ).kind === 'patched';
  const places = dueCombination(belief, joins);
  return places && combinationFrom(places.map(recordAt));
}

function combinationFrom(records: readonly ExperimentRecord[]): Combination {
  const edits = records.flatMap(editsOf);
  const numbers = records.map(({ experiment }) => experiment);
  const combines = numbers.toSorted((a, b) => a - b);
  const title = `Combine experiments ${combines.slice(0, -1).join(', ')} and ${combines.at(-1)}`;
  const reasons = records.map(({ experiment, proposal }) => `${experiment} (${proposal?.title})`);
  const hypothesis = `Each of these may be a gain, none was clear enough to keep alone: ${reasons.join('; ')}.`;
  const kind = edits.every((edit) => edit.kind === 'set-knob') ? 'knobs' : 'code';
  return { proposal: { title, hypothesis: hypothesis.slice(0, maxHypothesis), kind, edits }, combines };
}

/** Characters that a hypothesis may have. */
const maxHypothesis = 4000;

/** Whether an experiment's edits would do today what they did then, and nothing but its score spoke against it. */
function isStillFree(history: History, record: ExperimentRecord, { knobs }: Source): boolean {
  const edits = editsOf(record);
  const isUnchanged = (edit: Edit) => {
    if (edit.kind !== 'set-knob') return edit.kind === 'replace';
    const now = knobs.find(({ file, name }) => file === edit.file && name === edit.knob)?.value;
    const then = record.from?.[knobKey({ file: edit.file, name: edit.knob })];
    return now !== undefined && then !== undefined && sameValue(now, then);
  };
  if (edits.length === 0 || !edits.every(isUnchanged) || record.withdrawn) return false;
  const isDisturbed =
    scorelessRun(record) !== undefined || countedRuns(record).some(({ result }) => result?.contention);
  return !isDisturbed && vetoOf(history, record) === undefined && !isSuspicious(history, record);
}

function editsOf({ proposal }: ExperimentRecord): readonly Edit[] {
  return proposal?.edits ?? [];
}

function memoised(ask: (key: number) => boolean): (key: number) => boolean {
  const known = new Map<number, boolean>();
  return (key) => {
    const answer = known.get(key) ?? ask(key);
    known.set(key, answer);
    return answer;
  };
}
