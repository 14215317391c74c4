/**
 * What keeps the runs of a session from the rest of the machine: what it has, if that is enough.
 */
import { mkdir, mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { removeTree } from '../../adapters/files/remove-tree.ts';
import { findIsolation } from '../../adapters/isolation/find-isolation.ts';
import { noIsolation } from '../../adapters/isolation/no-isolation.ts';
import type { Brief } from '../../core/brief/brief.ts';
import { requireTier } from '../../core/brief/required-tier.ts';
import type { Isolation } from '../../ports/isolation.ts';

export interface IsolationQuestion {
  readonly brief: Pick<Brief, 'isolation'>;
  readonly interpreter: string;
  /** Absolute folder in which the probes may lay out what they need. */
  readonly studyFolder: string;
  /** What the study's last session had; undefined for a new study. */
  readonly before?: string | undefined;
  readonly tag: string;
}

/** What this machine has; nothing is looked for where the owner wants none. */
export async function findIsolationFor({
  brief,
  interpreter,
  studyFolder,
}: Omit<IsolationQuestion, 'before' | 'tag'>): Promise<Isolation> {
  if (brief.isolation === 'none') return noIsolation;
  await mkdir(studyFolder, { recursive: true });
  return findIsolation({ interpreter, folder: studyFolder });
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

/** The same; throws where it is less than the brief demands or than the study had before. */
export async function requireIsolation(question: IsolationQuestion): Promise<Isolation> {
  const { brief, before, tag } = question;
  const isolation = await findIsolationFor(question);
  const { tier, whyNotHigher } = isolation;
  const why = whyNotHigher === '' ? undefined : whyNotHigher.replace(/\.$/, '');
  requireTier({ found: tier, why, demanded: brief.isolation, before, tag });
  return isolation;
}
