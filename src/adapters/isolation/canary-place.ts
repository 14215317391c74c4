/**
 * What the canaries aim at: a study, a checkout and a home as an owner has them, laid out for them and removed again.
 */
import { chmod, mkdir, mkdtemp, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { packagePath } from '../package-root.ts';
import type { HostSaid } from './canary-host.ts';

export interface CanaryPlace {
  /** All of it lies here. */
  readonly folder: string;
  readonly job: string;
  readonly work: string;
  readonly output: string;
  readonly data: string;
  /** The file that says where everything is. */
  readonly description: string;
  /** The name of what a probe leaves in folders that all programs share. */
  readonly name: string;
}

const files = [
  'home/.netrc',
  'repository/.git/config',
  'repository/.git/hooks/sample',
  'repository/.git/refs/heads/main',
  'repository/train.py',
  'study/journal.jsonl',
  'study/inbox/sample',
  'private/validation.bin',
  'data/train.bin',
  'earlier/weights.npz',
  'job/work/prepare.py',
  'job/work/train.py',
  'job/score/prepare.py',
];

/** Lays it out in a folder of its own within the given one. */
export async function layCanaryPlace(within: string, host: HostSaid, namesThreads: boolean): Promise<CanaryPlace> {
  const folder = await mkdtemp(join(within, 'canary-'));
  await chmod(folder, 0o755);
  for (const file of files) {
    await mkdir(dirname(join(folder, file)), { recursive: true });
    await writeFile(join(folder, file), 'canary');
  }
  await chmod(join(folder, 'home/.netrc'), 0o600);
  await chmod(join(folder, 'home'), 0o700);
  const at = (name: string) => join(folder, name);
  const job = at('job');
  const places = { job, work: join(job, 'work'), output: join(job, 'output'), data: at('data') };
  await mkdir(places.output);
  const name = `nocturne-${folder.slice(folder.lastIndexOf('/') + 1)}`;
  const others = { home: at('home'), repository: at('repository'), study: at('study') };
  const closed = { private: at('private'), earlier: at('earlier'), program: packagePath('src', 'python') };
  const description = at('place.json');
  await writeFile(description, JSON.stringify({ ...host, ...places, ...others, ...closed, name, namesThreads }));
  return { folder, ...places, description, name };
}
