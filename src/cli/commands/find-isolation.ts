/**
 * What `nocturne doctor` says about isolation: what runs are kept from here, whether that is enough, and what they will miss.
 */
import { join } from 'node:path';
import { readText } from '../../adapters/files/read-file.ts';
import { networkUses } from '../../core/run/network-uses.ts';
import { isolationWords } from '../../core/views/isolation.ts';
import type { Isolation } from '../../ports/isolation.ts';
import { isolationOnce, requireEnough } from '../compose/isolation.ts';
import type { LocatedBrief } from '../compose/locate-brief.ts';
import { chooseStudy } from '../session/plan-study.ts';
import { asProblem, type Finding } from './finding.ts';

const name = 'isolation';

export interface IsolationSubject {
  readonly located: LocatedBrief;
  readonly tag: string | undefined;
  readonly python: string;
}

/** The findings for this brief; without a brief or a Python there is nothing that could be tried. */
export async function isolationFindings(subject?: IsolationSubject): Promise<Finding[]> {
  if (subject === undefined) return [{ name, state: 'note', text: 'not looked for: that takes a brief and a Python' }];
  const { located, python } = subject;
  const { brief } = located;
  if (brief.isolation === 'none') {
    return [{ name, state: 'note', text: 'none, as the brief asks: training code runs with your own rights' }];
  }
  const isolation = await isolationOnce(python);
  const refused = await refusal(subject, isolation);
  if (refused !== undefined) return [refused];
  return [findingOf(isolation, brief.network), ...(await networkFinding(located, isolation))];
}

function findingOf({ tier, open, whyNotHigher }: Isolation, hasNetwork: boolean): Finding {
  const text = `${tier}: training code ${isolationWords({ tier, hasNetwork })}`;
  const left = open.length === 0 ? [] : [`Open: ${open.join(', ')}.`];
  const higher = whyNotHigher === '' ? [] : [`No higher tier here: ${whyNotHigher}.`.replace(/\.+$/, '.')];
  const hint = [...left, ...higher].join(' ');
  return { name, state: tier === 'none' ? 'note' : 'ok', text, ...(hint === '' ? {} : { hint }) };
}

async function refusal({ located, tag }: IsolationSubject, isolation: Isolation): Promise<Finding | undefined> {
  const { brief } = located;
  const chosen = await chooseStudy(located, tag === undefined ? {} : { tag }, brief).catch(() => undefined);
  const before = chosen?.study?.history.isolation;
  try {
    requireEnough(isolation, { demanded: brief.isolation, before, tag: chosen?.tag ?? '' });
    return undefined;
  } catch (error) {
    return asProblem(name)(error);
  }
}

/** What the editable files ask the network for, which runs do not have. */
async function networkFinding({ brief, userSandbox }: LocatedBrief, { tier }: Isolation): Promise<Finding[]> {
  if (brief.network || tier === 'none') return [];
  const found: string[] = [];
  for (const file of brief.edit) {
    const uses = networkUses((await readText(join(userSandbox, file))) ?? '');
    if (uses.length > 0) found.push(`${file} (${uses.slice(0, 4).join(', ')})`);
  }
  if (found.length === 0) return [];
  const text = `runs have none, and ${found.join(' and ')} may ask for it`;
  const hint =
    'What was downloaded before is still found. If it must reach out: `network: true` in the brief, or fetch it in `prepare`.';
  return [{ name: 'network', state: 'note', text, hint }];
}
