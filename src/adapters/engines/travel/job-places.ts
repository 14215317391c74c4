/**
 * Where the folders of jobs lie on another machine, which of them a job may write to, and what it leaves there.
 */
import { createHash, randomBytes } from 'node:crypto';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import type { Brief } from '../../../core/brief/brief.ts';
import type { Job } from '../../../ports/engine.ts';
import { pathInside } from '../../files/path-inside.ts';
import type { Place } from './rewrite.ts';

/** Where a folder lies there; one from outside of the study gets a place of its own, with all that is below it. */
export function placeThere(study: Place, here: string, carried: readonly string[] = []): string {
  const inside = pathInside(study.here, here);
  if (inside !== undefined) return inside === '' ? study.there : `${study.there}/${inside}`;
  const carrier = carried.find((each) => each !== here && pathInside(each, here) !== undefined);
  if (carrier !== undefined) return `${placeThere(study, carrier)}/${pathInside(carrier, here)}`;
  return `${study.there}/outside/${createHash('sha256').update(here).digest('hex').slice(0, 12)}/${basename(here)}`;
}

/** The folders that are the job's own: it may write to them. */
export function carriedBy(job: Job): readonly string[] {
  const named = job.stages.flatMap(({ name, folder, env }) => [
    env.NOCTURNE_TREE ?? folder,
    env.NOCTURNE_RUN_DIR,
    env.NOCTURNE_DATA_DIR,
    name === 'prepare' ? env.NOCTURNE_PRIVATE_DIR : undefined,
  ]);
  const all = [...new Set([job.folder, ...named.flatMap((each) => each ?? [])])];
  return all.filter((one) => !all.some((other) => other !== one && pathInside(other, one) !== undefined));
}

/** What the job leaves besides its logs: what training saved, the file with the metric, and all that `prepare` made. */
export function leftBy(job: Job, { metric }: Pick<Brief, 'metric'>): readonly string[] {
  const places = job.stages.flatMap(({ name, folder, env }) => {
    if (name === 'prepare') return [env.NOCTURNE_TREE ?? folder, env.NOCTURNE_DATA_DIR, env.NOCTURNE_PRIVATE_DIR];
    return [env.NOCTURNE_RUN_DIR, ...(name === 'train' && metric.file ? [join(folder, metric.file)] : [])];
  });
  return [...new Set(places.flatMap((each) => each ?? []))];
}

/** The study's name on other machines: two studies in folders of one name must not meet there. */
export async function studyId(folder: string): Promise<string> {
  const path = join(folder, 'id');
  const made = randomBytes(6).toString('hex');
  await mkdir(folder, { recursive: true });
  await writeFile(path, made, { flag: 'wx' }).catch(() => {});
  return readFile(path, 'utf8');
}
