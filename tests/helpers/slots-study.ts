/** A study on several slots that never ran, for views and researchers. */
import type { Proposal } from '../../src/core/journal/proposal.ts';
import { turnKnobs } from '../../src/testing/index.ts';
import { createJournal, fakeHash, type Journal, scored, session } from './journal.ts';

/** A journal with the entries of experiments that lie over each other. */
export interface SlotsStudy {
  readonly journal: Journal;
  readonly propose: (experiment: number, proposal: Proposal, more?: Proposed) => void;
  readonly start: (experiment: number, slot: number) => void;
  readonly end: (experiment: number, value: number) => void;
  readonly move: (experiment: number, parent: number, proposal: Proposal) => void;
  readonly keep: (experiment: number) => void;
  readonly revert: (experiment: number, overtakenBy?: number) => void;
  /** The verdict on a proposal that does not go together with what was kept meanwhile. */
  readonly drop: (experiment: number) => void;
}

interface Proposed {
  readonly parent?: number;
  readonly reapplies?: number;
  readonly researcher?: string;
}

/** A study on four slots whose baseline has 2. */
export function beginSlots(): SlotsStudy {
  const journal = createJournal({ session: { ...session, slots: 4 } }).baseline(scored(2));
  const { add } = journal;
  const means = new Map<number, number>();
  const statisticsOf = (experiment: number) => {
    const mean = means.get(experiment) ?? 2;
    return { mean, incumbentMean: 2, gain: 2 - mean, runs: 1 };
  };
  return {
    journal,
    propose: (experiment, proposal, { parent = 0, researcher = 'random', ...more } = {}) => {
      add({ event: 'proposal-made', experiment, attempt: 0, parent, researcher, proposal, ...more });
      const [commit, tree] = [fakeHash('commit', experiment), fakeHash('tree', experiment)];
      add({ event: 'candidate-committed', experiment, commit, tree, content: `content ${experiment}` });
    },
    start: (experiment, slot) => add({ event: 'run-started', experiment, run: 1, seed: 1, slot }),
    end: (experiment, value) => {
      means.set(experiment, value);
      add({ event: 'run-ended', experiment, run: 1, result: scored(value) });
    },
    move: (experiment, parent, proposal) => add({ event: 'reapplied', experiment, parent, proposal }),
    keep: (experiment) => {
      const kept = fakeHash('keep', experiment);
      const verdict = { decision: 'keep' as const, reason: 'better', statistics: statisticsOf(experiment) };
      add({ event: 'verdict-given', experiment, verdict, kept });
      add({ event: 'branch-moved', experiment, commit: kept });
    },
    revert: (experiment, overtakenBy) => {
      const again = overtakenBy === undefined ? {} : { overtakenBy };
      const reason = overtakenBy === undefined ? 'worse' : `better; experiment ${overtakenBy} was kept meanwhile`;
      const verdict = { decision: 'revert' as const, reason, statistics: statisticsOf(experiment), ...again };
      add({ event: 'verdict-given', experiment, verdict });
    },
    drop: (experiment) => {
      const reason = 'dropped before it ran: experiment 1 was kept meanwhile, and on that its edits change nothing';
      add({ event: 'verdict-given', experiment, verdict: { decision: 'revert', reason } });
    },
  };
}

/**
 * Experiment 1 is kept, 2 gained on the baseline and is tried again as 5 in slot 0, 3 was dropped, 4 is in slot 2 and 6 waits.
 */
export function busySlots(): Journal {
  const study = beginSlots();
  const { propose, start, end } = study;
  propose(1, turnKnobs({ LR: 0.1 }));
  start(1, 0);
  propose(2, turnKnobs({ WIDTH: 16 }));
  start(2, 1);
  propose(3, turnKnobs({ LR: 0.2 }));
  end(1, 1.5);
  study.keep(1);
  end(2, 1.75);
  study.revert(2, 1);
  study.drop(3);
  propose(4, turnKnobs({ DEPTH: 8 }), { parent: 1 });
  start(4, 2);
  propose(5, turnKnobs({ WIDTH: 16 }), { parent: 1, reapplies: 2 });
  start(5, 0);
  propose(6, { ...turnKnobs({ SEED: 3 }), title: 'Another layer norm' }, { parent: 1 });
  return study.journal;
}

/** Experiment 2 is kept first, and 1, which is the same program on it, after that. */
export function keptInAnotherOrder(): Journal {
  const study = beginSlots();
  study.propose(1, turnKnobs({ LR: 0.2 }));
  study.start(1, 0);
  study.propose(2, turnKnobs({ LR: 0.1 }));
  study.start(2, 1);
  study.end(2, 1.5);
  study.keep(2);
  study.end(1, 1.25);
  study.move(1, 2, turnKnobs({ LR: 0.2 }));
  study.keep(1);
  return study.journal;
}
