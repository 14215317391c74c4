/** Where uv, pixi and conda keep the environment of a project; poetry itself is asked in a slow test. */
import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { expect, it } from 'vitest';
import { projectEnvironments } from '../../../src/adapters/python/project-environments.ts';
import { temporaryFolder } from '../../helpers/temporary-repo.ts';

/** A folder with these files, and an environment of this prefix in it. */
function projectWith(prefix: string, files: Readonly<Record<string, string>> = {}) {
  const folder = temporaryFolder();
  const command = join(folder, prefix, 'bin', 'python');
  for (const [path, text] of Object.entries({ ...files, [`${prefix}/bin/python`]: '' })) {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), text);
  }
  return { folder, command };
}

it('a project without an environment has none', async () => {
  expect(await projectEnvironments([temporaryFolder()], {})).toEqual([]);
});

it.each([
  ['.venv', "the project's .venv"],
  ['.pixi/envs/default', "pixi's environment of the project"],
])('%s is found, once', async (prefix, origin) => {
  const { folder, command } = projectWith(prefix);
  expect(await projectEnvironments([folder, folder], {})).toEqual([{ command, origin }]);
});

it('UV_PROJECT_ENVIRONMENT is read from the project, and only for one', async () => {
  const { folder, command } = projectWith('.other', { 'pyproject.toml': '' });
  const named = { UV_PROJECT_ENVIRONMENT: '.other' };
  expect(await projectEnvironments([folder], named)).toEqual([{ command, origin: "uv's UV_PROJECT_ENVIRONMENT" }]);
  expect(await projectEnvironments([projectWith('.other').folder], named)).toEqual([]);
});

it('the environment that environment.yml names is found among those of conda', async () => {
  const yml = { 'environment.yml': 'channels: [x]\nname: "vision" # ours\ndependencies: []\n' };
  const { folder, command } = projectWith('envs/vision', yml);
  const home = temporaryFolder();
  mkdirSync(join(home, '.conda'));
  writeFileSync(join(home, '.conda', 'environments.txt'), `/opt/conda\n${folder}/envs/vision\n`);
  const found = [{ command, origin: "conda's environment vision" }];
  expect(await projectEnvironments([folder], { HOME: home })).toEqual(found);
  expect(await projectEnvironments([folder], { HOME: '/none', CONDA_PREFIX: join(folder, 'envs/vision') })).toEqual(
    found,
  );
  expect(await projectEnvironments([folder], { HOME: '/none', CONDA_PREFIX: '/opt/conda/envs/other' })).toEqual([]);
});
