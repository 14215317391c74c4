/**
 * Says once what would be the same sentence at each experiment: why a researcher of `auto` is asked, what stands in for
 * another, why a candidate runs again, and that weights are graded on the holdout. The journal, `log --why` and `show` have every one.
 */
import type { EntryOf } from '../../core/journal/entry.ts';
import type { LoopEvent } from '../../core/journal/loop-event.ts';

/** For one session: gives each event back, without what was told before; undefined when nothing is left to tell. */
export function createTellOnce(): (event: LoopEvent) => LoopEvent | undefined {
  const told = new Set<string>();
  const isNew = (key: string) => {
    const { size } = told;
    return told.add(key).size > size;
  };
  return (event) => {
    if (event.event === 'proposal-made') {
      return event.why === undefined || isNew(reasonOf(event)) ? event : { ...event, why: '' };
    }
    if (event.event === 'holdout-scored' && event.result.measurement) return isNew('holdout') ? event : undefined;
    if (event.event === 'verdict-given' && event.verdict.decision === 'rerun') {
      return isNew(event.verdict.reason) ? event : { ...event, verdict: { ...event.verdict, reason: '' } };
    }
    return event;
  };
}

/** A researcher of a mix is explained at its first proposal, and so is what stands in for a failed one; else each reason once. */
function reasonOf({ arm, researcher, why = '', inPlaceOf }: EntryOf<'proposal-made'>): string {
  if (inPlaceOf) return `${researcher} in place of ${inPlaceOf.researcher}`;
  return arm ?? `${researcher}: ${why}`;
}
