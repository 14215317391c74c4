/** Bad inputs: what an owner can get wrong, and the check that the program says so in one sentence and writes nothing. */
import { chmodSync, lstatSync, readdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { expect } from 'vitest';
import { nocturne } from './nocturne.ts';
import { type TemporaryRepo, temporaryFolder } from './temporary-repo.ts';

export interface BadInput {
  readonly title: string;
  readonly args: readonly string[];
  /** Makes the mistake. */
  readonly arrange?: (repo: TemporaryRepo) => unknown;
  /** Another PATH. */
  readonly path?: () => string;
  /** Every line on stderr, without the `nocturne: ` before the first; ROOT is the project's folder, `…` anything. */
  readonly says: readonly string[];
}

/** The last line of every mistake of usage. */
export const usage = 'Add --help for the flags.';

/** Runs the program on the mistake: exit code 2, these lines and no other, and not a byte written. */
export async function expectRefusal(repo: TemporaryRepo, { args, arrange, path, says }: BadInput): Promise<void> {
  await arrange?.(repo);
  const before = listing(repo.root);

  const said = await nocturne(repo.root, args, path === undefined ? {} : { PATH: path() });

  expect(said.stderr.split('\n')).toEqual(says.map((line, index) => matching(line, index, repo.root)));
  expect(said).toMatchObject({ exitCode: 2, stdout: '' });
  expect(listing(repo.root)).toEqual(before);
}

/** Puts a line into the brief's front matter, where it becomes line 2. */
export function inBrief(line: string): (repo: TemporaryRepo) => void {
  return replaceInBrief('---\n', `---\n${line}\n`);
}

/** Changes the brief. */
export function replaceInBrief(before: string, after: string): (repo: TemporaryRepo) => void {
  return (repo) => repo.write('program.md', repo.read('program.md').replace(before, after));
}

/** Writes a file and commits it. */
export function addCommitted(repo: TemporaryRepo, path: string, content: string): void {
  repo.write(path, content);
  repo.commit();
}

/** A PATH on which there are only these: programs of this machine by name, and scripts. */
export function pathWith(name?: string, scripts: Readonly<Record<string, string>> = {}): string {
  const folder = temporaryFolder();
  if (name !== undefined) symlinkSync(find(name), join(folder, name));
  for (const [script, text] of Object.entries(scripts)) {
    writeFileSync(join(folder, script), text);
    chmodSync(join(folder, script), 0o755);
  }
  return folder;
}

function find(name: string): string {
  const folders = (process.env.PATH ?? '').split(delimiter);
  const found = folders.map((folder) => join(folder, name)).find((path) => lstatSync(path, { throwIfNoEntry: false }));
  expect(found, `${name} on PATH`).toBeDefined();
  return found ?? '';
}

function matching(line: string, index: number, root: string): unknown {
  const whole = `${index === 0 ? 'nocturne: ' : ''}${line.replaceAll('ROOT', root)}`;
  if (!whole.includes('…')) return whole;
  const parts = whole.split('…').map((part) => part.replace(/[.*+?^${}()|[\]\\]/g, '\\$&'));
  return expect.stringMatching(new RegExp(`^${parts.join('\\S+')}$`));
}

/** Every path below a folder with its content; where the controller briefly works is left out when it is as it was. */
function listing(root: string): Record<string, string> {
  const entries = readdirSync(root, { recursive: true, withFileTypes: true });
  const paths = entries.map((entry) => join(entry.parentPath, entry.name)).sort();
  return Object.fromEntries(paths.map((path) => [path.slice(root.length + 1), contentOf(path)]));
}

function contentOf(path: string): string {
  return lstatSync(path).isFile() ? readFileSync(path, 'latin1') : '';
}
