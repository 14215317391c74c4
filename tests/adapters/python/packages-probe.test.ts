import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test, vi } from 'vitest';
import { probePackages } from '../../../src/adapters/python/packages-probe.ts';
import { temporaryFolder } from '../../helpers/temporary-repo.ts';

/** A folder with these files, on Python's path. */
function withModules(files: Readonly<Record<string, string>>): void {
  const folder = temporaryFolder();
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(join(folder, path, '..'), { recursive: true });
    writeFileSync(join(folder, path), text);
  }
  vi.stubEnv('PYTHONPATH', folder);
}

const metadataOf = (name: string, version: string) => `Metadata-Version: 2.1\nName: ${name}\nVersion: ${version}\n`;

test('a package is found with its version, and is not imported', async () => {
  withModules({
    'torch/__init__.py': 'raise SystemExit("imported")',
    'torch/version.py': "from typing import Optional\ncuda: Optional[str] = '12.8'\nhip: Optional[str] = None\n",
    'torch-9.8.7.dist-info/METADATA': metadataOf('torch', '9.8.7'),
    'flash_attn/__init__.py': 'raise SystemExit("imported")',
    'flash_attn-2.9.0.dist-info/METADATA': metadataOf('flash-attn', '2.9.0'),
    'of_unknown_version.py': '',
    'only_a_folder/data.txt': '',
  });
  const names = ['torch', 'flash_attn', 'of_unknown_version', 'only_a_folder', 'opened', 'nowhere.to_be_found'];
  expect(await probePackages('python3', names)).toEqual({
    platform: expect.stringMatching(/^\w+ \w+$/),
    cores: expect.any(Number),
    memoryMib: expect.any(Number),
    python: expect.stringMatching(/^3\.\d+\.\d+/),
    cuda: '12.8',
    packages: { torch: '9.8.7', flash_attn: '2.9.0', of_unknown_version: '' },
    absent: ['only_a_folder', 'opened', 'nowhere.to_be_found'],
  });
});

test('an interpreter that does not answer says nothing', async () => {
  expect(await probePackages('/nowhere/python', ['numpy'])).toBeUndefined();
});
