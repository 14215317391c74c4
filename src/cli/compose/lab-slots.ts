/**
 * How many runs a study makes at once on this machine, and what each of them has of it.
 */
import { freeMemoryMib } from '../../adapters/slots/free-memory.ts';
import { elsewhere, openSlots, slotsInMemory } from '../../adapters/slots/open-slots.ts';
import type { Slots } from '../../adapters/slots/slot.ts';
import { countText, formatExperiment } from '../../core/base/format.ts';
import type { Brief } from '../../core/brief/brief.ts';
import type { Entry } from '../../core/journal/entry.ts';
import type { JobKey, JobState } from '../../ports/engine.ts';

export interface LabSlots {
  readonly dealt: Slots;
  /** How many of them may be used now: with `auto` no more than the memory has room for, once the baseline's peak is known. */
  readonly count: () => number;
  /** Learns the baseline's peak from an ended run of it. */
  readonly learn: (job: JobKey, state: JobState) => void;
}

export interface LabSlotsOptions {
  readonly brief: Brief;
  /** Whether runs are on other machines. */
  readonly isAway: boolean;
  /** The study's journal so far. */
  readonly entries: readonly Entry[];
  /** Says what the owner should know. */
  readonly tell: (message: string) => void;
}

/** How many runs a study makes at once on machines of which nothing is known here. */
export function slotsElsewhere({ slots }: Pick<Brief, 'slots'>): number {
  return slots === 'auto' ? elsewhere.each.length : slots;
}

/** Deals the slots that the brief asks for. */
export async function openLabSlots({ brief, isAway, entries, tell }: LabSlotsOptions): Promise<LabSlots> {
  const ended = entries.filter((entry) => entry.event === 'run-ended');
  const hadSeveral = ended.some(({ result }) => result.where !== undefined);
  const dealt = isAway ? elsewhere : await openSlots(brief, process.env, hadSeveral);
  const all = isAway ? slotsElsewhere(brief) : dealt.each.length;
  const free = brief.slots === 'auto' && !isAway && all > 1 ? await freeMemoryMib() : undefined;
  let count = all;
  const bound = (peakMib = 0) => {
    if (free === undefined || peakMib === 0) return;
    const room = slotsInMemory(free, peakMib);
    if (room >= count) return;
    count = room;
    tell(roomText(room, all, free, peakMib));
  };
  for (const { experiment, result } of ended) if (experiment === 0) bound(result.peakMemoryMb);
  return {
    dealt,
    count: () => count,
    learn: ({ id }, state) => {
      if (state.kind !== 'ended' || !id.startsWith(`${formatExperiment(0)}/run-`)) return;
      bound(state.end.stages.find(({ name }) => name === 'train')?.peakMemoryMb);
    },
  };
}

function roomText(room: number, all: number, freeMib: number, peakMib: number): string {
  const runs = countText(room, 'run');
  return `${runs} at once, of ${all} that there are slots for: ${freeMib} MiB of memory were free, and the baseline takes ${Math.round(peakMib)}.`;
}
