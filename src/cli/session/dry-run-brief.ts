/**
 * Runs a brief's commands once, as the baseline's first run would, in a folder of its own and for a bounded time: what a
 * study would only find out after it has begun is known before.
 */
import { createLocalEngine } from '../../adapters/engines/local.ts';
import { type DryRun, dryRun } from '../../adapters/project/dry-run.ts';
import type { RunResult } from '../../core/journal/run.ts';
import { concludeRun } from '../../core/run/conclude-run.ts';
import { filesToRead } from '../../core/space/declared/places.ts';
import type { Isolation } from '../../ports/isolation.ts';
import type { LocatedBrief } from '../compose/locate-brief.ts';

export interface DryRunOfBrief {
  readonly interpreter: string;
  /** What keeps its runs from the rest of the machine, as a study's. */
  readonly isolation: Isolation;
  /** The commit that a study would start from. */
  readonly commit: string;
  /** How long `prepare`, and then training and scorer, may take, in seconds. */
  readonly limitSeconds: number;
  readonly signal: AbortSignal;
}

/** A script that counts its budget gets no more than this: the look is for whether it runs, not for how well. */
const maxBudgetSeconds = 10;
/** One that is ended at its budget may need it to print its first score. */
const maxEndedSeconds = 100;

/** What became of it, and the result that a study would journal. Throws ResearchErrors for what no run could start with. */
export async function dryRunBrief(
  located: LocatedBrief,
  { interpreter, ...request }: DryRunOfBrief,
): Promise<{ readonly run: DryRun; readonly result: RunResult }> {
  const { brief } = located;
  const maxSeconds = brief.endAtBudget ? maxEndedSeconds : maxBudgetSeconds;
  const run = await dryRun({
    ...located,
    ...request,
    checkout: located.root,
    interpreter,
    environment: process.env,
    engine: createLocalEngine({ python: interpreter }),
    seed: 1,
    ...(brief.budgetSeconds > maxSeconds ? { budgetSeconds: maxSeconds } : {}),
  });
  const result = concludeRun(run.ending, { ...run.outputs, editable: filesToRead(brief) }, brief.metric, {
    clock: brief.budgetClock,
  });
  return { run, result };
}
