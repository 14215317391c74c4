/** Under a Node that is too old nothing is loaded that it cannot read: one sentence says which is needed. */
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { execa } from 'execa';
import { expect, test, vi } from 'vitest';
import { packagePath } from '../../src/adapters/package-root.ts';
import { program } from '../helpers/program.ts';
import { temporaryFolder } from '../helpers/temporary-repo.ts';

/** What this command prints and exits with under a Node that says this version. */
async function under(version: string, ...command: readonly string[]) {
  const preload = join(temporaryFolder(), 'version.cjs');
  writeFileSync(
    preload,
    `Object.defineProperty(process, 'versions', { value: { ...process.versions, node: '${version}' } });\n`,
  );
  const { exitCode, stderr } = await execa(process.execPath, ['--require', preload, ...command], { reject: false });
  return { exitCode, stderr };
}

test.each(['18.20.8', '20.18.9', '9.11.2'])('Node %s is named, with the one that is needed', async (version) => {
  const { exitCode, stderr } = await under(version, program, '--version');
  expect(exitCode).toBe(2);
  expect(stderr.split('\n')).toEqual([
    `nocturne: Node 20.19 or later is needed, and ${process.execPath} is Node ${version}.`,
    expect.stringMatching(/^Install a newer one/),
  ]);
});

test('the build of `npm ci` stops at the same sentence', async () => {
  vi.stubEnv('npm_command', 'ci');
  const { scripts } = JSON.parse(readFileSync(packagePath('package.json'), 'utf8'));
  expect(scripts.prepare).toBe('node prepare.cjs');
  const { exitCode, stderr } = await under('18.20.8', packagePath('prepare.cjs'));
  expect({ exitCode, stderr }).toMatchObject({ exitCode: 2, stderr: expect.stringContaining('Node 20.19 or later') });
});

test('what `npx` prepares anew is left as it is built, so that the command itself says the sentence', async () => {
  vi.stubEnv('npm_command', 'exec');
  expect(await under('18.20.8', packagePath('prepare.cjs'))).toEqual({ exitCode: 0, stderr: '' });
});

test.each(['20.19.0', '22.0.0', '100.1.0'])('Node %s is new enough', async (version) => {
  expect(await under(version, packagePath('require-node.cjs'))).toEqual({ exitCode: 0, stderr: '' });
});
