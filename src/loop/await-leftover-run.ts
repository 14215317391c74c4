/**
 * Waits for the runs that an earlier controller left running, when they belong to other work than what is about to begin: runs at
 * once would disturb each other. Their end is journalled later, by the study or confirmation that they belong to.
 */
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

/** Before a study or another confirmation goes on: waits for the runs of confirmations that are in flight. */
export async function awaitLeftoverConfirmationRuns(study: Study, besides?: number): Promise<void> {
  for (const key of confirmationsInFlight(study.whole().heldOut, besides)) await awaitLeftover(study, key);
}

function confirmationsInFlight({ confirmations }: HeldOut, besides: number | undefined): readonly RunKey[] {
  const others = confirmations.filter(({ confirmation }) => confirmation !== besides);
  return others.flatMap(({ confirmation, experiment, split, budgetSeconds, contenders }) =>
    contenders.flatMap(({ contender, commit, runs }) =>
      openRuns({ runs }).map((run) => ({
        ...run,
        ...{ experiment, split, budgetSeconds, commit },
        confirmation: { confirmation, contender },
      })),
    ),
  );
}

async function awaitLeftover(study: Study, key: RunKey): Promise<void> {
  await awaitEnd(study, await study.lab.runFolders.lay(key), async () => {});
}
