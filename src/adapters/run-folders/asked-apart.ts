/**
 * Whether a scorer asked the run's code in a cage of its own. Only the scorer's side can write the mark, and only where rules on
 * files hold: the launcher of the cage adds a line to it as soon as a process has entered (`src/python/cage_launch.py`).
 */
import { join } from 'node:path';
import type { Import } from '../../core/run/what-ran.ts';
import { markOfModel } from '../cages/cage-job.ts';
import { readTextEnd } from '../files/read-file.ts';
import { hasFileRules } from '../isolation/lower-rung.ts';

const maxMarkBytes = 1 << 16;

/**
 * True when every process that the scorer started through the launcher entered such a cage, one at least, and none outside it
 * imported a file that experiments may edit: one in the cage cannot record what it imports.
 */
export async function wasAskedApart(jobFolder: string, imports: readonly Import[]): Promise<boolean> {
  const said = (await readTextEnd(join(jobFolder, markOfModel), maxMarkBytes)) ?? '';
  const lines = said.split('\n').filter((line) => line !== '');
  const isClosed = lines.length > 0 && lines.every((line) => hasFileRules({ tier: tierIn(line) }));
  return isClosed && !imports.some(({ kind }) => kind === 'own' || kind === 'elsewhere');
}

function tierIn(line: string): unknown {
  try {
    return (JSON.parse(line) as { readonly tier?: unknown } | null)?.tier;
  } catch {
    return undefined;
  }
}
