/**
 * Waits for the runs that an earlier controller left running, when they belong to other work than what is about to begin: runs at
 * once would disturb each other. Their end is journalled later, by the study or confirmation that they belong to.
 */
import { contenderOf } from '../core/confirm/next-confirmation-step.ts';
import type { HeldOut } from '../core/journal/held-out.ts';
import { openRuns } from '../core/journal/history.ts';
import type { RunKey } from '../ports/run-folders.ts';
import { awaitEnd } from './run.ts';
import type { Study } from './study.ts';

/** Before a confirmation begins: waits for the study's own runs in flight. */
export async function awaitLeftoverExperimentRuns(study: Study): Promise<void> {
  for (const { experiment, candidate, runs } of study.history().experiments) {
    if (!candidate) continue;
    for (const run of openRuns({ runs })) await awaitLeftover(study, { ...run, experiment, commit: candidate.commit });
  }
}

/** Before a study or another confirmation goes on: waits for a confirmation's run in flight, if there is one. */
export async function awaitLeftoverConfirmationRun(study: Study, besides?: number): Promise<void> {
  const key = confirmationInFlight(study.whole().heldOut, besides);
  if (key) await awaitLeftover(study, key);
}

function confirmationInFlight(heldOut: HeldOut, besides: number | undefined): RunKey | undefined {
  for (const { confirmation, experiment, split, budgetSeconds, contenders } of heldOut.confirmations) {
    if (confirmation === besides) continue;
    for (const { contender, runs } of contenders) {
      const run = runs.find((each) => !each.result);
      const whose = { confirmation, contender };
      if (run)
        return {
          ...run,
          experiment,
          split,
          budgetSeconds,
          confirmation: whose,
          commit: contenderOf(heldOut, whose).commit,
        };
    }
  }
  return undefined;
}

async function awaitLeftover(study: Study, key: RunKey): Promise<void> {
  await awaitEnd(study, await study.lab.runFolders.lay(key), async () => {});
}
