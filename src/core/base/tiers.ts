/**
 * The tiers of isolation: their order, and in words what each keeps training code from.
 */
import { type Tier, tierNames } from './names.ts';

/** What a tier does, for people: as the end of "training code …". */
export const tierWords: Readonly<Record<Tier, string>> = {
  none: 'runs with your own rights',
  seccomp: 'has no network and no hold on other processes, but your files are as open to it as to you',
  user: 'is a user of its own without network: what only you may read or write is closed to it',
  landlock: 'reads only what a run needs, writes only its own folders, and has no network',
  'landlock-user': 'is a user of its own, reads only what a run needs, writes only its own folders, and has no network',
  namespaces: 'sees only what a run needs and its own processes, writes only its own folders, and has no network',
};

/** The same in few words, for a line of the screen; the network is said apart. */
export const tierGists: Readonly<Record<Tier, string>> = {
  none: 'training code runs with your own rights',
  seccomp: 'your files are open to it',
  user: 'a user of its own',
  landlock: "the run's files",
  'landlock-user': "the run's files, its own user",
  namespaces: "the run's files and processes",
};

/** Whether a name is that of a tier; a journal of a later version may have others. */
export function isTier(name: string): name is Tier {
  return (tierNames as readonly string[]).includes(name);
}

/** How high a tier is: 0 for `none`, and for what is not known here. */
export function rankOf(name: string): number {
  return isTier(name) ? tierNames.indexOf(name) : 0;
}

/** The lower of two tiers, by their names. */
export function lowerTier(one: string, other: string): string {
  return rankOf(other) < rankOf(one) ? other : one;
}
