/**
 * Jobs on machines that see this one's files at the same paths, as the nodes of a cluster do: nothing is packed, and all that a job
 * writes is here already.
 */
import { mkdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { Brief } from '../../../core/brief/brief.ts';
import { exists } from '../../files/exists.ts';
import { contentOf } from '../../files/read-json.ts';
import { writeWhole } from '../../files/write-whole.ts';
import { packagePath } from '../../package-root.ts';
import { allowedNames } from '../../run-folders/allowed-names.ts';
import { readJobStart } from '../job-files.ts';
import type { Ground } from './parts.ts';
import { specInPlace } from './rewrite.ts';

export interface InPlaceOptions {
  /** Absolute path of the python that runs use, on every machine. */
  readonly python: string;
  readonly brief: Pick<Brief, 'env'>;
  /** Default: this process's own. */
  readonly environment?: Readonly<Record<string, string | undefined>>;
}

/** The ground of shared files. */
export function createInPlaceGround({ python, brief, environment = process.env }: InPlaceOptions): Ground {
  return {
    lay: async (job) => {
      const orders = join(job.folder, 'orders.json');
      await mkdir(job.folder, { recursive: true });
      const text = {
        folder: job.folder,
        archives: [],
        spec: specInPlace(job, { environment, passed: brief.env }),
        programs: packagePath('src', 'python'),
        inherit: allowedNames,
        keep: [],
        python,
      };
      // A job that was laid out by an earlier controller is known here by its name alone.
      if (!(await exists(orders))) await writeWhole(orders, JSON.stringify(text));
      return [python, '-I', '-S', '-X', 'utf8', packagePath('src', 'python', 'away_job.py'), 'run', job.folder, orders];
    },
    look: async (job) => ({
      hasStarted: contentOf(await readJobStart(job)) !== undefined,
      hasEnded: await exists(join(job.folder, 'result.json')),
    }),
    bringHome: async () => true,
    forget: async (job) => rm(join(job.folder, 'orders.json'), { force: true }),
  };
}
