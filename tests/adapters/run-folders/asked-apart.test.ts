import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { markOfModel } from '../../../src/adapters/cages/cage-job.ts';
import { wasAskedApart } from '../../../src/adapters/run-folders/asked-apart.ts';
import type { Import } from '../../../src/core/run/what-ran.ts';
import { fastFolder } from '../../helpers/fast-folder.ts';

const landlock = '{"tier": "landlock"}\n';
const own: Import = { kind: 'own', file: 'train.py', path: '/run/score/train.py' };

it.each<[string, string | undefined, readonly Import[], boolean]>([
  ['both processes entered a cage', landlock + landlock, [], true],
  ['there is no mark', undefined, [], false],
  ['nothing has entered', '', [], false],
  ['one of them entered a cage without rules on files', `${landlock}{"tier": "seccomp"}\n`, [], false],
  ['the mark is spoiled', 'null\n[]\n{"tier"', [], false],
  ['the scorer imported what experiments edit', landlock, [own], false],
  ['a compiled module was imported', landlock, [{ kind: 'compiled', file: '', path: '/x.so' }], true],
])('where %s the run is scored apart or not', async (_, mark, imports, expected) => {
  const folder = fastFolder();
  if (mark !== undefined) writeFileSync(join(folder, markOfModel), mark);
  expect(await wasAskedApart(folder, imports)).toBe(expected);
});
