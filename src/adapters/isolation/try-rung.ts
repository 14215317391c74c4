/**
 * Sends the canaries into a cage, as the engine sends a run.
 */
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { ResearchError } from '../../core/base/errors.ts';
import type { Job, Stage } from '../../ports/engine.ts';
import type { Cage, Rung } from '../../ports/isolation.ts';
import { createLocalEngine } from '../engines/local.ts';
import { exists } from '../files/exists.ts';
import { removeTree } from '../files/remove-tree.ts';
import { packagePath } from '../package-root.ts';
import type { CanaryHost } from './canary-host.ts';
import { type CanaryPlace, layCanaryPlace } from './canary-place.ts';
import { homeVariables } from './home-variables.ts';

/** What came of the canaries on one rung. */
export interface RungTrial {
  /** The probes that get through. */
  readonly open: readonly string[];
  readonly blocked: readonly string[];
  /** Why it is of no use: it cannot be entered, or something that training needs fails in it; undefined where all works. */
  readonly failure: string | undefined;
}

const errors = z.record(z.string(), z.string().nullable());
const printedSchema = z.object({ works: errors, probes: errors });

const limitSeconds = 60;
const maxLogBytes = 1 << 18;
const sharedFolders = {
  '/tmp': 'leave a file in /tmp',
  '/var/tmp': 'leave a file in /var/tmp',
  '/dev/shm': 'leave shared memory',
};

/** Makes all probes on one rung, or without a cage. */
export async function tryRung(
  rung: Rung | undefined,
  host: CanaryHost,
  interpreter: string,
  folder: string,
): Promise<RungTrial> {
  // A stage that could write to the controller's files in /proc names its threads only where a GPU needs that.
  const namesThreads = rung?.uid !== undefined && rung.keeps !== 'CAP_DAC_OVERRIDE';
  const place = await layCanaryPlace(folder, host.said, namesThreads);
  try {
    const job = jobOf(place, rung, interpreter);
    const printed = await runJob(job, interpreter);
    return typeof printed === 'string' ? failed(printed) : await judge(printed, place);
  } finally {
    await removeTree(place.folder);
  }
}

function jobOf(place: CanaryPlace, rung: Rung | undefined, interpreter: string): Job {
  const { job: folder, work, output, data, description } = place;
  const home = join(folder, 'home');
  const cage: Cage | undefined = rung && {
    rung,
    read: [data, description],
    write: [work, output],
    fixed: [join(work, 'prepare.py')],
    home,
    network: false,
  };
  const env = {
    PATH: process.env.PATH ?? '/usr/bin:/bin',
    NOCTURNE_RUN_DIR: output,
    PYTHONDONTWRITEBYTECODE: '1',
    ...homeVariables(home, rung),
  };
  const argv: Stage['argv'] = [interpreter, packagePath('src', 'python', 'canary_run.py'), description];
  const stage: Stage = { name: 'train', argv, folder: work, env, ...(cage && { cage }) };
  return { id: 'canary', folder, stages: [stage], limitSeconds };
}

/** What the canaries printed; a text where they did not come so far, in words. */
async function runJob(job: Job, interpreter: string): Promise<z.infer<typeof printedSchema> | string> {
  const engine = createLocalEngine({ python: interpreter });
  try {
    await engine.submit(job);
    const state = await engine.poll(job, limitSeconds * 2);
    const log = (await engine.readLogEnd(job, 'train', maxLogBytes)).trimEnd();
    const last = log.split('\n').at(-1) ?? '';
    const printed = printedSchema.safeParse(last.startsWith('{') ? JSON.parse(last) : undefined);
    if (printed.success) return printed.data;
    const code = state.kind === 'ended' ? (state.end.stages[0]?.exitCode ?? state.end.ending) : state.kind;
    return `the interpreter does not work in it (${[code, last].filter((word) => word !== '').join(': ')})`;
  } catch (error) {
    if (error instanceof ResearchError) return error.message.replace(/^.*did not start: /s, '').replace(/\.$/, '');
    throw error;
  }
}

async function judge({ works, probes }: z.infer<typeof printedSchema>, { name }: CanaryPlace): Promise<RungTrial> {
  const left = new Set<string>();
  for (const [folder, probe] of Object.entries(sharedFolders)) {
    const path = join(folder, name);
    if (await exists(path)) left.add(probe);
    await rm(path, { force: true });
  }
  const isOpen = (probe: string) =>
    Object.values(sharedFolders).includes(probe) ? left.has(probe) : probes[probe] === null;
  const names = Object.keys(probes);
  const failing = Object.entries(works).filter(([, error]) => error !== null);
  return {
    open: names.filter(isOpen),
    blocked: names.filter((probe) => !isOpen(probe)),
    failure:
      failing.length === 0 ? undefined : failing.map(([what, error]) => `it cannot ${what}: ${error}`).join('; '),
  };
}

function failed(failure: string): RungTrial {
  return { open: [], blocked: [], failure };
}
