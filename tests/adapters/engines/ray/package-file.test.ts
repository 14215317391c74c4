import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { buffer } from 'node:stream/consumers';
import { execa } from 'execa';
import { describe, expect, it, onTestFinished } from 'vitest';
import { entryOf, packageOf, partsOf } from '../../../../src/adapters/engines/ray/package-file.ts';
import { interpreter } from '../../../helpers/interpreter.ts';

async function folder(): Promise<string> {
  const made = await mkdtemp(join(tmpdir(), 'nocturne-package-'));
  onTestFinished(() => rm(made, { recursive: true, force: true }));
  return made;
}

/** What Python's zipfile, with which Ray unpacks, finds: [name, mode, content] of each entry, checked. */
async function readBack(zip: Buffer): Promise<unknown> {
  const file = join(await folder(), 'a.zip');
  await writeFile(file, zip);
  const read =
    'import json,sys,zipfile\nz=zipfile.ZipFile(sys.argv[1])\nassert z.testzip() is None\n' +
    'print(json.dumps([[i.filename,oct(i.external_attr>>16),z.read(i).decode("latin1")] for i in z.infolist()]))';
  return JSON.parse((await execa(interpreter, ['-c', read, file])).stdout);
}

describe('a package for Ray', () => {
  it('is a zip file that Python reads', async () => {
    const made = await packageOf([entryOf('a.json', '{"a":1}'), entryOf('empty', '')]);
    const zip = await buffer(made.body.open());
    expect(zip.length).toBe(made.body.bytes);
    expect(await readBack(zip)).toEqual([
      ['a.json', '0o100644', '{"a":1}'],
      ['empty', '0o100644', ''],
    ]);
  });

  it('has one name for one content', async () => {
    const names = await Promise.all(
      [
        [entryOf('a', 'x')],
        [entryOf('a', 'x')],
        [entryOf('b', 'x')],
        [entryOf('a', 'y')],
        [entryOf('a', 'x'), entryOf('b', '')],
      ].map(async (entries) => (await packageOf(entries)).name),
    );
    expect(names[0]).toMatch(/^_ray_pkg_[0-9a-f]{32}\.zip$/);
    expect(names[1]).toBe(names[0]);
    expect(new Set(names).size).toBe(4);
  });

  it.each([
    [0, ['f.part-0-of-1']],
    [10, ['f.part-0-of-1']],
    [11, ['f.part-0-of-2', 'f.part-1-of-2']],
    [25, ['f.part-0-of-3', 'f.part-1-of-3', 'f.part-2-of-3']],
  ])('a file of %i bytes goes in parts of at most ten, which together are the file', async (bytes, names) => {
    const file = join(await folder(), 'f');
    const content = Buffer.from(Array.from({ length: bytes }, (_, index) => index));
    await writeFile(file, content);
    const parts = partsOf(file, 'f', bytes, 10);
    expect(parts.map(({ name }) => name)).toEqual(names);
    const read = await Promise.all(parts.map(({ open }) => buffer(open())));
    expect(Buffer.concat(read)).toEqual(content);
    expect(read.map(({ length }) => length)).toEqual(parts.map((part) => part.bytes));
  });
});
