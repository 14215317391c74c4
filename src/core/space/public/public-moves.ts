/**
 * What became of moves like one in public studies: of a knob's kind, up or down, by how much.
 */
import moves from '../../../data/evidence/knob-moves.json' with { type: 'json' };

/** The tries of one kind of move, and in how many repositories they were made. */
export interface PublicRecord {
  readonly kept: number;
  readonly tried: number;
  readonly repositories: number;
  /** Mean gain of a try in the metric's own units, taking what was not kept for nothing: for comparing moves, no forecast. */
  readonly gainPerTry: number;
}

/** The tries of moves like the one between these values; undefined where the table has none. */
export function publicRecord(kind: string | undefined, from: number, to: number): PublicRecord | undefined {
  const step = stepOf(from, to);
  const row = moves.rows.find((each) => each.knob === kind && each.step === step);
  if (row === undefined) return undefined;
  const { kept, tried, repos } = row;
  return { kept, tried, repositories: repos, gainPerTry: (kept / tried) * (row.median_gain_of_keep ?? 0) };
}

/** Such as `kept in 25 of 35 public tries, 7 repositories`. */
export function recordText({ kept, tried, repositories }: PublicRecord): string {
  return `kept in ${kept} of ${tried} public tries, ${repositories} ${repositories === 1 ? 'repository' : 'repositories'}`;
}

/** Tries none of which was kept that say a move is not worth one more. */
const enoughFailures = 5;

/** Whether public tries speak against it: several, and none kept. */
export function isHopeless(record: PublicRecord | undefined): boolean {
  return record !== undefined && record.kept === 0 && record.tried >= enoughFailures;
}

function stepOf(from: number, to: number): string | undefined {
  if (from === 0 || to === 0) return from === to ? undefined : from === 0 ? 'off->on' : 'on->off';
  const ratio = to / from;
  if (ratio <= 0 || ratio === 1) return undefined;
  const size = Math.max(ratio, 1 / ratio);
  return `${ratio > 1 ? 'up' : 'down'} ${size < 1.5 ? 'under 1.5x' : size < 4 ? '1.5-4x' : '4x or more'}`;
}
