import { mkdir, mkdtemp, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { loadPrompts } from '../../src/adapters/prompt-files.ts';
import { SettingsError } from '../../src/core/base/errors.ts';

async function briefFolderWith(files: Readonly<Record<string, string>>): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'nocturne-prompts-'));
  await mkdir(join(folder, 'prompts'));
  for (const [name, text] of Object.entries(files)) await writeFile(join(folder, 'prompts', name), text);
  return folder;
}

test('the shipped prompts use exactly the names that are offered', async () => {
  const render = await loadPrompts('/nowhere');
  expect(render('scored', { metric: 'val_bpb' })).toContain('`val_bpb` is measured by a scorer');
});

test("a study's own prompt wins over the shipped one, file by file", async () => {
  const render = await loadPrompts(await briefFolderWith({ 'explore.md': 'Be bold.\n' }));
  expect(render('explore', {})).toBe('Be bold.');
  expect(render('scored', { metric: 'acc' })).toContain('`acc`');
});

test('a name that no prompt has is an error before the study starts', async () => {
  const folder = await briefFolderWith({ 'scored.md': '{{metric}} of {{model}}' });
  await expect(loadPrompts(folder)).rejects.toThrow(SettingsError);
  await expect(loadPrompts(folder)).rejects.toThrow(`${join(folder, 'prompts', 'scored.md')}: {{model}}`);
});
