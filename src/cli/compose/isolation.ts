/**
 * What keeps the runs of a session from the rest of the machine: what it has, if that is enough.
 */
import { mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { removeTree } from '../../adapters/files/remove-tree.ts';
import { findIsolation } from '../../adapters/isolation/find-isolation.ts';
import { noIsolation } from '../../adapters/isolation/no-isolation.ts';
import type { Brief } from '../../core/brief/brief.ts';
import { requireTier, type TierQuestion } from '../../core/brief/required-tier.ts';
import type { Isolation } from '../../ports/isolation.ts';
import { engineOpeners } from './engines.ts';

/** What keeps runs on another machine from the rest of that one: nothing of ours. */
const isolationAway: Isolation = {
  tier: 'none',
  open: [],
  whyNotHigher: 'runs are on another machine, where no cage is entered',
};

export interface IsolationQuestion {
  readonly brief: Pick<Brief, 'isolation' | 'engine'>;
  readonly interpreter: string;
  /** Absolute folder, which is there, in which the probes may lay out what they need. */
  readonly studyFolder: string;
  /** What the study's last session had; undefined for a new study. */
  readonly before?: string | undefined;
  readonly tag: string;
}

/** What this machine has, where the owner wants any; throws where it is less than the brief demands or than the study had before. */
export async function requireIsolation({
  brief,
  interpreter,
  studyFolder,
  before,
  tag,
}: IsolationQuestion): Promise<Isolation> {
  const find = async () => {
    if (brief.isolation === 'none') return noIsolation;
    if (engineOpeners[brief.engine].isAway) return isolationAway;
    return findIsolation({ interpreter, folder: studyFolder });
  };
  const isolation = await find();
  requireEnough(isolation, { demanded: brief.isolation, before, tag });
  return isolation;
}

/** Throws where it is less than is demanded, or than the study had before. */
export function requireEnough({ tier, whyNotHigher }: Isolation, asked: Omit<TierQuestion, 'found' | 'why'>): void {
  const why = whyNotHigher === '' ? undefined : whyNotHigher.replace(/\.$/, '');
  requireTier({ ...asked, found: tier, why });
}

const known = new Map<string, Promise<Isolation>>();

/** What this machine has for runs of this interpreter, for a look that no study has asked for; found once. */
export function isolationOnce(interpreter: string): Promise<Isolation> {
  const found = known.get(interpreter) ?? inTemporaryFolder((folder) => findIsolation({ interpreter, folder }));
  known.set(interpreter, found);
  return found;
}

async function inTemporaryFolder<Result>(act: (folder: string) => Promise<Result>): Promise<Result> {
  const folder = await mkdtemp(join(tmpdir(), 'nocturne-isolation-'));
  try {
    return await act(folder);
  } finally {
    await removeTree(folder);
  }
}
