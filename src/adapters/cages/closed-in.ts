/**
 * What isolation closed to a run that failed, as its log tells.
 */
import { existsSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import type { Brief } from '../../core/brief/brief.ts';
import { closedToRun } from '../../core/run/closed-to-run.ts';
import type { Rung } from '../../ports/isolation.ts';
import { pathInside } from '../files/path-inside.ts';
import { hasFileRules } from '../isolation/lower-rung.ts';

export interface ClosedOptions {
  readonly brief: Pick<Brief, 'network'>;
  readonly studyFolder: string;
  readonly environment: Readonly<Record<string, string | undefined>>;
}

/** Reads the end of a log; the answer is the end of a sentence. */
export function closedIn(rung: Rung, { brief, studyFolder, environment }: ClosedOptions) {
  const home = environment.HOME ?? homedir();
  const closedPath = (path: string): string | undefined => {
    if (!hasFileRules(rung)) return undefined;
    // A run that looks below its own home means the owner's.
    const [, below] = /\/(?:home|home-score|base\/home)\/((?!tmp\/|run\/).+)$/.exec(path) ?? [];
    const inStudy = pathInside(studyFolder, path);
    if (inStudy === undefined) return existsSync(path) ? path : undefined;
    if (below === undefined || !existsSync(join(home, below))) return undefined;
    return `~/${below}`;
  };
  return (log: string) => closedToRun(log, { hasNetwork: brief.network, closedPath });
}
