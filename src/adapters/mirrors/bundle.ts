/**
 * Git bundles of a study's commits. They are made from the commits themselves, not from refs, so that a bundle holds
 * exactly what a snapshot names. https://git-scm.com/docs/gitformat-bundle
 */
import { mkdir, readdir, readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { Git } from '../git/git.ts';

export interface BundleRequest {
  /** Ref -> commit. */
  readonly refs: ReadonlyMap<string, string>;
  /** Commits that the reader of the bundle has already. */
  readonly without: readonly string[];
  /** Folder to pack in; its content is removed. */
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

/** A repository with SHA-256 needs version 3 of the format; its commits are known by their 64 digits. */
function headerOf(refs: ReadonlyMap<string, string>, without: readonly string[]): string {
  const isSha256 = [...refs.values()].some((commit) => commit.length === 64);
  return [
    isSha256 ? '# v3 git bundle\n@object-format=sha256' : '# v2 git bundle',
    ...without.map((commit) => `-${commit}`),
    ...[...refs].map(([ref, commit]) => `${commit} ${ref}`),
    '\n',
  ].join('\n');
}

/** Adds the objects of a bundle to the repository and moves no ref; git checks each object. */
export async function takeBundle(git: Git, path: string, signal: AbortSignal): Promise<void> {
  await git.run(['bundle', 'unbundle', path], { signal });
}
