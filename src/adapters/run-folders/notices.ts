/**
 * What the owner should know of the data, as a run or a look at them finds it out.
 */
import type { Notice } from '../../ports/run-folders.ts';

/** Sentences that are said once, in the order in which they came. */
export function createNotices() {
  const told = new Set<string>();
  let waiting: Notice[] = [];
  return {
    add: (notice: Notice) => {
      if (notice.moved === undefined && told.has(notice.message)) return;
      told.add(notice.message);
      waiting.push(notice);
    },
    take: (): readonly Notice[] => {
      const taken = waiting;
      waiting = [];
      return taken;
    },
  };
}
