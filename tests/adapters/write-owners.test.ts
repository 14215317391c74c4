import { readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { writeOwners } from '../../src/adapters/files/write-owners.ts';
import { SettingsError } from '../../src/core/base/errors.ts';
import { temporaryFolder } from '../helpers/temporary-repo.ts';

test.each([
  ['away/program.md', 'its folder is not there'],
  ['file/program.md', 'a file is in the place of its folder'],
  ['x'.repeat(300), 'ENAMETOOLONG'],
])('a file that cannot be written is one sentence, and nothing is left of it: %s', async (name, reason) => {
  const folder = temporaryFolder();
  writeFileSync(join(folder, 'file'), '');
  const error = await writeOwners(join(folder, name), 'text').catch((thrown: unknown) => thrown);
  expect(error).toBeInstanceOf(SettingsError);
  expect(String(error)).toContain(`cannot be written: ${reason}`);
  expect(readdirSync(folder)).toEqual(['file']);
});
