import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { sourcesIn } from './build-program.ts';
import { temporaryFolder } from './temporary-repo.ts';

test('bytecode that Python leaves beside its scripts, and the folder it lies in, make no source newer', () => {
  const source = temporaryFolder();
  mkdirSync(join(source, 'python', '__pycache__'), { recursive: true });
  writeFileSync(join(source, 'main.ts'), '');
  writeFileSync(join(source, 'python', 'ask.py'), '');
  writeFileSync(join(source, 'python', '__pycache__', 'ask.cpython-312.pyc'), '');
  expect(sourcesIn(source)).toEqual([join(source, 'main.ts')]);
});
