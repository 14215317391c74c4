import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { packagePath } from '../../../src/adapters/package-root.ts';
import { programWords } from '../../../src/cli/terminal/as-typed.ts';
import { temporaryFolder } from '../../helpers/temporary-repo.ts';

const npx = { npm_lifecycle_event: 'npx' };
const byPath = `node ${packagePath('dist', 'cli', 'main.js')}`;

test('a program that is on the PATH is typed by its name', () => {
  expect(programWords({}, temporaryFolder())).toBe('nocturne');
});

test('within a checkout npx finds it', () => {
  expect(programWords(npx, packagePath())).toBe('npx nocturne');
  expect(programWords(npx, packagePath('docs'))).toBe('npx nocturne');
});

test('in a project that has it installed npx finds it, from its sub-folders too', () => {
  const project = temporaryFolder();
  mkdirSync(join(project, 'node_modules', '.bin'), { recursive: true });
  writeFileSync(join(project, 'node_modules', '.bin', 'nocturne'), '');
  mkdirSync(join(project, 'ml'));
  expect(programWords(npx, join(project, 'ml'))).toBe('npx nocturne');
});

test('elsewhere npx would fetch another package, so it is typed by its path', () => {
  const alone = temporaryFolder();
  expect(programWords(npx, alone)).toBe(byPath);
  writeFileSync(join(alone, 'package.json'), '{}');
  expect(programWords(npx, alone)).toBe(byPath);
});
