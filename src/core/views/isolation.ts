/**
 * What a study's isolation keeps its training code from, in words: on the first screen, in status and on every report.
 */
import { countText } from '../base/format.ts';
import { isTier, tierGists, tierWords } from '../base/tiers.ts';
import type { History } from '../journal/history.ts';

/** What is known of the isolation of a session's runs. */
export interface Isolation {
  readonly tier: string;
  /** Whether the brief allows the network to training. */
  readonly hasNetwork: boolean;
  /** What it leaves open here, by the names of the probes that found it; undefined where that was not looked for. */
  readonly open?: readonly string[] | undefined;
}

/** The isolation of the last session. */
export function isolationOf({ isolation, session, open }: Pick<History, 'isolation' | 'session' | 'open'>): Isolation {
  return { tier: isolation, hasNetwork: session.network === true, open };
}

/** What it is, as the end of "training code …". */
export function isolationWords({ tier, hasNetwork }: Isolation): string {
  if (!isTier(tier)) return `runs with the isolation ${tier}, which this version does not know`;
  const words = tierWords[tier];
  if (!hasNetwork || tier === 'none') return words;
  const allowed = 'has the network, as `network: true` asks';
  return words
    .replace('has no network and no hold', `${allowed}, no hold`)
    .replace(' without network', `, ${allowed}`)
    .replace('has no network', allowed);
}

/** The line of the first screen. */
export function isolationGist({ tier, hasNetwork }: Isolation): string {
  if (tier === 'none') return tierGists.none;
  const gist = isTier(tier) ? `${tierGists[tier]}, ` : '';
  return `isolation ${tier}: ${gist}${hasNetwork ? 'with the network' : 'no network'}`;
}

/** Its name, and what it leaves open, for a line of `status`. */
export function isolationSummary({ tier, hasNetwork, open = [] }: Isolation): string {
  const network = hasNetwork && tier !== 'none' ? ', with network' : '';
  return `${tier}${network}${open.length === 0 ? '' : `; ${openText(open)}`}`;
}

/** The caveat of a report on it. */
export function isolationCaveat(history: Pick<History, 'isolation' | 'lowestIsolation' | 'session' | 'open'>): string {
  const isolation = isolationOf(history);
  const { tier, open = [] } = isolation;
  const words = isolationWords(isolation).replace('your own rights', "the owner's rights");
  // The ledger of another program does not say.
  if (tier === '') return '';
  const said = `Isolation: ${tier}. Training code ${words}.`;
  const left = open.length === 0 ? [] : [`${openText(open)}.`.replace(/^o/, 'O')];
  const lowest = history.lowestIsolation;
  const lower = lowest === tier ? [] : [`An earlier session of the study had less: ${lowest}.`];
  return [said, ...left, ...lower].join(' ');
}

function openText(open: readonly string[]): string {
  return `open to ${countText(open.length, 'probe')}: ${open.join(', ')}`;
}
