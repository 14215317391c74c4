/**
 * What becomes of a study when the owner takes a keep out: the keep before it is the incumbent again, the keep is reverted, and so are
 * those that stand on it, whose edits are tried again on what is left.
 */
import { ok } from '../base/errors.ts';
import { keptInOrder } from './history.ts';
import type { Draft, ExperimentDraft } from './history-draft.ts';

/** Takes this keep out of a draft. The branch has yet to be moved then. */
export function withdraw(draft: Draft, experiment: number): void {
  const line = keptInOrder(draft).map((record) => draft.experiments[record.experiment] as ExperimentDraft);
  const place = line.findIndex((record) => record.experiment === experiment);
  const before = line[place - 1];
  ok(before?.kept !== undefined, 'only a keep that stands on another one is taken out');
  const [own, ...later] = line.slice(place);
  for (const record of line.slice(place)) {
    const { kept, verdict } = record;
    ok(kept !== undefined, 'the line consists of keeps');
    record.withdrawn = { kept, with: experiment };
    delete record.kept;
    const statistics = verdict?.statistics && { statistics: verdict.statistics };
    record.verdict =
      record === own
        ? { decision: 'revert', reason: 'the owner took it out', ...statistics }
        : {
            decision: 'revert',
            reason: `taken out with experiment ${experiment}, on which it stood; its edits are tried again`,
            ...statistics,
            overtakenBy: before.experiment,
          };
  }
  draft.overtaken = [...later.map((record) => record.experiment), ...draft.overtaken];
  draft.incumbent = before.experiment;
  draft.tip = before.kept;
  before.isBranchMoved = false;
  draft.kept -= later.length + 1;
  draft.sinceKeep = 0;
  draft.withdrawals += 1;
  draft.toWithdraw = draft.toWithdraw.filter((each) => draft.experiments[each]?.kept !== undefined);
}
