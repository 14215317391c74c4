/**
 * A researcher for tests: it proposes what a script says.
 */
import type { Proposal } from '../core/journal/proposal.ts';
import type { Researcher } from '../ports/researcher.ts';

/** Experiment number -> what is proposed for it; a list has one proposal for each attempt, until one is not refused. */
export type Script = Readonly<Record<number, Proposal | readonly Proposal[]>>;

/** Proposes by the experiment's number; past the end of its script it is exhausted. */
export function createScriptedResearcher(script: Script): Researcher {
  return {
    name: 'scripted',
    propose: async ({ experiment, attempt }) => {
      const scripted = script[experiment] ?? [];
      const proposal = 'edits' in scripted ? scripted : scripted[attempt];
      if (proposal === undefined) return { kind: 'exhausted', reason: 'the script ends here' };
      return { kind: 'proposal', proposal };
    },
  };
}

/** A proposal that sets knobs of one file; its title is made of them. */
export function turnKnobs(settings: Readonly<Record<string, number>>, file = 'train.py'): Proposal {
  const entries = Object.entries(settings);
  return {
    title: entries.map(([knob, to]) => `${knob} -> ${to}`).join(', '),
    hypothesis: 'It may be better.',
    kind: 'knobs',
    edits: entries.map(([knob, to]) => ({ kind: 'set-knob', file, knob, to })),
  };
}
