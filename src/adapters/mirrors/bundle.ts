/**
 * Git bundles of a study's commits. They are put together from the commits themselves, not from refs, so that a bundle
 * holds exactly what a snapshot names. https://git-scm.com/docs/gitformat-bundle
 */
import { mkdir, readdir, readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { Git } from '../git/git.ts';

export interface BundleRequest {
  /** Ref -> commit. */
  readonly refs: ReadonlyMap<string, string>;
  /** Commits that whoever reads the bundle has. */
  readonly without: readonly string[];
  /** For packing; emptied. */
  readonly workFolder: string;
  readonly signal: AbortSignal;
}

/** The bundle's bytes. */
export async function makeBundle(git: Git, { refs, without, workFolder, signal }: BundleRequest): Promise<Buffer> {
  await rm(workFolder, { recursive: true, force: true });
  await mkdir(workFolder, { recursive: true });
  const wanted = [...new Set(refs.values())].filter((commit) => !without.includes(commit));
  const input = `${[...wanted, ...without.map((commit) => `^${commit}`)].join('\n')}\n`;
  await git.run(['pack-objects', '--quiet', '--revs', join(workFolder, 'pack')], { input, signal });
  const [pack = ''] = (await readdir(workFolder)).filter((name) => name.endsWith('.pack'));
  const bytes = await readFile(join(workFolder, pack));
  await rm(workFolder, { recursive: true, force: true });
  return Buffer.concat([Buffer.from(headerOf(refs, without)), bytes]);
}

/** Names of SHA-256 are as long as its digests; only the third version of the format can say so. */
function headerOf(refs: ReadonlyMap<string, string>, without: readonly string[]): string {
  const isSha256 = [...refs.values()].some((commit) => commit.length === 64);
  return [
    isSha256 ? '# v3 git bundle\n@object-format=sha256' : '# v2 git bundle',
    ...without.map((commit) => `-${commit}`),
    ...[...refs].map(([ref, commit]) => `${commit} ${ref}`),
    '\n',
  ].join('\n');
}

/** Takes the objects of a bundle into the repository, moving no ref; git checks each of them. */
export async function takeBundle(git: Git, path: string, signal: AbortSignal): Promise<void> {
  await git.run(['bundle', 'unbundle', path], { signal });
}
