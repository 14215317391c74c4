/**
 * A study that has measured nothing may begin anew under its own tag, with the brief and the files as they were mended:
 * nothing is lost by that, and the owner need not think of another name.
 */
import { mkdir, readdir, rename } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { exists } from '../../adapters/files/exists.ts';
import { removeTree } from '../../adapters/files/remove-tree.ts';
import { openGit } from '../../adapters/git/git.ts';
import { studyRefs } from '../../adapters/git/refs.ts';
import { commitOf } from '../../adapters/git/start-point.ts';
import type { Brief } from '../../core/brief/brief.ts';
import { experimentOf, type History } from '../../core/journal/history.ts';
import { changedFrozen } from '../../loop/begin.ts';
import { engineOpeners } from '../compose/engines.ts';
import type { LocatedBrief } from '../compose/locate-brief.ts';

export interface Anew {
  readonly history: History;
  /** The commit that it starts from, where that is not what the owner has checked out. */
  readonly from?: string;
  /** Why, for the owner. */
  readonly why: string;
  /** Whether what `prepare` made is still what it would make. */
  readonly keepsBase: boolean;
}

/** Settings on which the base of a study depends. */
const baseSettings = ['prepare', 'sandbox', 'include', 'edit'];

/** How a study begins anew; undefined for one that has measured something, runs, or can go on as it is. */
export async function findAnew(history: History, brief: Brief, { root }: LocatedBrief): Promise<Anew | undefined> {
  const { runs } = experimentOf(history, 0);
  const isTried = history.experiments.length > 1 || runs.some(({ result }) => !result || result.measurement);
  if (isTried) return undefined;
  const keys = changedFrozen(history, brief);
  const head = await commitOf(openGit(root), 'HEAD');
  const isMoved = head !== undefined && head !== (history.checkout ?? history.start);
  if (keys.length === 0 && !isMoved) return undefined;
  const settings = keys.map((key) => `\`${key}\``).join(', ');
  const why = [...(keys.length > 0 ? [`${settings} changed`] : []), ...(isMoved ? ['there is a new commit'] : [])];
  const keepsBase = !isMoved && !keys.some((key) => baseSettings.includes(key));
  return {
    history,
    why: why.join(', and '),
    keepsBase,
    ...(isMoved || head === history.start ? {} : { from: history.start }),
  };
}

/** A study that begins anew, and where. */
export interface Clearing {
  readonly anew: Anew;
  readonly located: LocatedBrief;
  readonly brief: Brief;
  readonly tag: string;
  readonly interpreter: string;
  /** The commit that it starts from now. */
  readonly start: string;
}

/** Moves what the study has left out of the way, under its lock and before its folder is opened. */
export async function clearForAnew(studyFolder: string, clearing: Clearing): Promise<void> {
  const { anew, located, brief, tag, interpreter, start } = clearing;
  const { history, keepsBase } = anew;
  await studyRefs(openGit(located.root), tag).restart(history.start, start);
  const parent = join(studyFolder, 'earlier');
  const count = (await readdir(parent).catch(() => [])).length + 1;
  await moveThere(join(studyFolder, '0000'), join(parent, String(count)));
  if (keepsBase) return;
  const base = { id: 'base', folder: join(studyFolder, 'base') };
  const engine = engineOpeners[brief.engine].open({
    ...located,
    python: interpreter,
    brief,
    studyFolder,
    slots: 1,
    tell: () => {},
  });
  // A `prepare` that outlived its controller prepares for the brief as it was.
  if (await engine.wasStarted(base)) await engine.cancel({ ...base, stages: [], limitSeconds: 0 });
  for (const name of ['base', 'data', 'private']) await removeTree(join(studyFolder, name));
}

/** The logs of the baseline that failed stay. */
async function moveThere(from: string, to: string): Promise<void> {
  if (!(await exists(from))) return;
  await mkdir(dirname(to), { recursive: true });
  await rename(from, to);
}
