/**
 * What the owner should know of the data, as a run or a look at them finds it out.
 */
import type { DataRemark } from '../../ports/run-folders.ts';

/** Sentences that are said once, in the order in which they came. */
export function createDataRemarks() {
  const told = new Set<string>();
  let waiting: DataRemark[] = [];
  return {
    add: (remark: DataRemark) => {
      if (remark.moved === undefined && told.has(remark.message)) return;
      told.add(remark.message);
      waiting.push(remark);
    },
    take: (): readonly DataRemark[] => {
      const taken = waiting;
      waiting = [];
      return taken;
    },
  };
}
