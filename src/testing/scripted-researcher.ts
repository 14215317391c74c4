/**
 * Researchers for tests: one that proposes what it is told, and one that proposes nothing at all.
 */
import type { Proposal } from '../core/journal/proposal.ts';
import type { Researcher } from '../ports/researcher.ts';

/** Experiment number -> what is proposed for it; of a list, the first that is not refused. */
export type Script = Readonly<Record<number, Proposal | readonly Proposal[]>>;

export interface ScriptedResearcherOptions {
  /** Exempt from the refusal of what was tried before. */
  readonly mayRepeat?: boolean;
}

/** Proposes by the experiment's number; past the end of its script it is exhausted. */
export function createScriptedResearcher(
  script: Script,
  { mayRepeat = false }: ScriptedResearcherOptions = {},
): Researcher {
  return {
    name: 'scripted',
    mayRepeat,
    propose: async ({ experiment, attempt }) => {
      const scripted = script[experiment] ?? [];
      const proposal = 'edits' in scripted ? scripted : scripted[attempt];
      if (proposal === undefined) return { kind: 'exhausted', reason: 'the script ends here' };
      return { kind: 'proposal', proposal };
    },
  };
}

/**
 * For A/A trials: every candidate is the incumbent again, with a fresh seed. Whatever a policy keeps of these is a false
 * discovery.
 */
export function createNoOpResearcher(): Researcher {
  return {
    name: 'no-op',
    mayRepeat: true,
    propose: async ({ experiment, source }) => {
      const edits = Object.entries(source.files).map(([file, content]) => ({ kind: 'write' as const, file, content }));
      const title = `Nothing changed (${experiment})`;
      return { kind: 'proposal', proposal: { title, hypothesis: 'There is nothing to gain.', kind: 'code', edits } };
    },
  };
}

/** A proposal that sets knobs of one file, titled by itself. */
export function turnKnobs(settings: Readonly<Record<string, number>>, file = 'train.py'): Proposal {
  const entries = Object.entries(settings);
  return {
    title: entries.map(([knob, to]) => `${knob} -> ${to}`).join(', '),
    hypothesis: 'It may be better.',
    kind: 'knobs',
    edits: entries.map(([knob, to]) => ({ kind: 'set-knob', file, knob, to })),
  };
}
