import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { createFileTable, type FileState } from '../../../src/adapters/run-folders/file-table.ts';
import { createSealFile } from '../../../src/adapters/run-folders/seal-file.ts';
import { temporaryFolder } from '../../helpers/temporary-repo.ts';

/** The same as a map, which a table must agree with. */
function both(paths: readonly string[]) {
  const [table, map] = [createFileTable(), new Map<string, FileState>()];
  const set = (path: string, state: FileState) => {
    table.set(path, state);
    map.set(path, state);
  };
  for (const [index, path] of paths.entries()) set(path, { ctime: index + 0.5, size: index });
  const remove = (path: string) => {
    table.delete(path);
    map.delete(path);
  };
  const agree = () => {
    expect(new Map(table.entries())).toEqual(map);
    expect(table.size()).toBe(map.size);
    for (const path of [...map.keys(), ...paths]) expect(table.get(path)).toEqual(map.get(path));
  };
  return { table, set, remove, agree };
}

describe('a table of files', () => {
  const paths = ['a', 'b/c', 'b/d', 'b/e/f', 'constructor', '__proto__/__proto__', 'b/hasOwnProperty'];

  it('has what was set, at each path', () => {
    const { set, agree } = both(paths);
    agree();
    set('b/c', { ctime: 9, size: 9, hash: 'x' });
    set('b/d', { ctime: 9, size: 9, kind: 'link' });
    agree();
    set('b/c', { ctime: 8, size: 8 });
    agree();
  });

  it.each([
    ['the first of a folder', ['b/c']],
    ['the last of a folder', ['b/hasOwnProperty']],
    ['all of a folder', ['b/c', 'b/d', 'b/hasOwnProperty']],
    ['what is not there', ['b', 'x/y', '']],
  ])('forgets %s, and no other', (_, removed) => {
    const { set, remove, agree } = both(paths);
    set('b/hasOwnProperty', { ctime: 1, size: 1, hash: 'own' });
    for (const path of removed) remove(path);
    agree();
    set('b/c', { ctime: 2, size: 2 });
    agree();
  });

  it('has a root that is a file', () => both(['']).agree());
});

describe('a seal', () => {
  it('is read as it was written, whatever the files are called', async () => {
    const folder = temporaryFolder();
    const { table, set } = both(['', 'constructor', '__proto__/__proto__', 'a/b', 'a/é "\n']);
    set('a/b', { ctime: 1764409475123.25, size: 2, hash: 'h' });
    const habits = { files: ['a'], folders: [], trees: [] };
    mkdirSync(join(folder, 'base'));
    await createSealFile(join(folder, 'base')).write({ leftovers: [], fixed: { '../data': table.folders }, habits });
    const { fixed, ...rest } = await createSealFile(join(folder, 'base')).read();
    expect(rest).toEqual({ leftovers: [], habits });
    expect(new Map(createFileTable(fixed['../data']).entries())).toEqual(new Map(table.entries()));
  });

  it.each([
    ['a column that is too short', (text: string) => text.replace('"ctimes":[0.5]', '"ctimes":[]')],
    ['a time that is no number', (text: string) => text.replace('"ctimes":[0.5]', '"ctimes":["now"]')],
  ])('with %s is one sentence', async (_, spoil) => {
    const base = temporaryFolder();
    await createSealFile(base).write({ leftovers: [], fixed: { data: both(['a']).table.folders } });
    const text = readFileSync(join(base, 'sealed.json'), 'utf8');
    writeFileSync(join(base, 'sealed.json'), spoil(text));
    expect(spoil(text)).not.toBe(text);
    await expect(createSealFile(base).read()).rejects.toThrow(/must say what .* found JSON of another shape\.$/);
  });
});
