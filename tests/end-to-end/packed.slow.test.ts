/** The package as it is published: packed, installed elsewhere, and used in a project there. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { execa } from 'execa';
import { expect, test } from 'vitest';
import { packagePath } from '../../src/adapters/package-root.ts';
import { smallProjects } from '../helpers/small-projects.ts';
import { temporaryFolder, temporaryRepo } from '../helpers/temporary-repo.ts';

test('a tarball that is installed elsewhere looks at a project there, and its hints can be typed', async () => {
  const folder = temporaryFolder();
  // What is in dist was built before the tests.
  const packing = ['pack', '--ignore-scripts', '--json', '--pack-destination', folder];
  const packed = await execa('npm', packing, { cwd: packagePath() });
  const [{ filename }] = JSON.parse(packed.stdout) as [{ filename: string }];
  const install = ['install', '--no-audit', '--no-fund', '--prefix', folder, join(folder, filename)];
  await execa('npm', install, { cwd: folder });
  const nocturne = join(folder, 'node_modules', '.bin', 'nocturne');

  const [project] = smallProjects;
  const repo = temporaryRepo(project?.files ?? {});
  const made = await execa(nocturne, ['init', '--yes'], {
    cwd: repo.root,
    reject: false,
    // The tests themselves may have been started by npm.
    env: { npm_lifecycle_event: undefined },
  });
  expect(made.exitCode, made.stderr).toBe(0);
  expect(made.stderr).toMatch(/^Next: nocturne run$/m);
  for (const line of project?.brief ?? []) expect(repo.read('program.md')).toContain(line);

  // Started by npx from the tarball, in a project that does not have it.
  const again = await execa(nocturne, ['status'], {
    cwd: repo.root,
    reject: false,
    env: { npm_lifecycle_event: 'npx' },
  });
  expect(again.stderr).not.toContain('npx nocturne');
  const demo = await execa(nocturne, ['init', '--demo', join(folder, 'demo')], { reject: false });
  expect(demo.exitCode, demo.stderr).toBe(0);
  expect(readFileSync(join(folder, 'demo', 'program.md'), 'utf8')).toContain('sandbox: sandbox/tiny');
});

test('the package says what it needs to be published', () => {
  const { files, bin, publishConfig, license } = JSON.parse(readFileSync(packagePath('package.json'), 'utf8'));
  expect(files).toEqual(expect.arrayContaining(['dist', 'src/python', 'prompts', 'sandbox', 'require-node.cjs']));
  expect({ bin, publishConfig, license }).toMatchObject({
    bin: { nocturne: 'dist/cli/main.js' },
    publishConfig: { access: 'public', provenance: true },
    license: 'MIT',
  });
});
