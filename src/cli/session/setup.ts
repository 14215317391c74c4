/**
 * How an entry point is run when `nocturne init` looks at it, and whether the run can be used.
 */
import { type DryRun, endedWell } from '../../adapters/project/dry-run.ts';
import type { Start } from '../../core/draft/entry-points.ts';

/** How an entry point is run: what a brief would say of it. */
export interface Setup {
  readonly start: Start;
  /** Folder researched, relative to the folder that is looked at. */
  readonly sandbox: string;
  /** From the repository's top. */
  readonly include: readonly string[];
  readonly link: readonly string[];
  readonly env: readonly string[];
  /** Whether it has the network. */
  readonly network: boolean;
  /** Folders on the module search path, relative to the sandbox. */
  readonly searchPath: readonly string[];
  /** Files that git does not know and a run needs, from the repository's top. */
  readonly commit: readonly string[];
}

/** The setup that a start says by itself. */
export function plainSetup(start: Start): Setup {
  return { start, sandbox: start.folder, include: [], link: [], env: [], network: false, searchPath: [], commit: [] };
}

/** Whether a run ended well, or went on well until the look was over. */
export function isUsable(run: DryRun): boolean {
  return run.stage === 'run' && (endedWell(run.ending) || wasCut(run));
}

/** Whether the look ended before the script did: at its limit, or since enough was seen. */
export function wasCut({ ending }: DryRun): boolean {
  return ending.kind === 'ended' && ending.ending !== 'exited';
}

/** The command of a run, as a brief has it. */
export function trainOf({ start, searchPath }: Setup): readonly string[] {
  return searchPath.length === 0 ? start.argv : ['env', `PYTHONPATH=${searchPath.join(':')}`, ...start.argv];
}
