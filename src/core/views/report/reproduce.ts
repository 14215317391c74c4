/**
 * Commands to look into a study and to build on it: what was kept, every attempt, and how to go on.
 */
import type { History } from '../../journal/history.ts';

export interface Reproduction {
  readonly command: string;
  readonly purpose: string;
}

/** Commands to type in the repository. */
export function reproductionsOf({ tag, incumbent }: History): Reproduction[] {
  return [
    { command: `git log autoresearch/${tag}`, purpose: 'the kept experiments, as a lab notebook' },
    { command: `git merge autoresearch/${tag}`, purpose: 'take them over' },
    { command: `git for-each-ref refs/autoresearch/${tag}`, purpose: 'every attempt, kept or not' },
    { command: `nocturne show ${incumbent} --tag ${tag}`, purpose: 'the best experiment, run by run' },
    { command: `nocturne check --tag ${tag}`, purpose: 'hold this report against the journal and git' },
    { command: `nocturne confirm --tag ${tag}`, purpose: 'measure the gain again, on fresh seeds' },
    { command: `nocturne run --tag ${tag}`, purpose: 'go on' },
    { command: `nocturne run --from autoresearch/${tag}`, purpose: 'a new study that starts from the best' },
  ];
}
