import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { withInterpreter } from '../../../src/adapters/run-folders/environment.ts';
import { withProjectTools } from '../../../src/adapters/run-folders/project-tools.ts';
import { temporaryFolder } from '../../helpers/temporary-repo.ts';

function virtualEnvironment(folder: string): string {
  mkdirSync(join(folder, 'bin'), { recursive: true });
  writeFileSync(join(folder, 'pyvenv.cfg'), '');
  return join(folder, 'bin', 'python');
}

const uvRun = ['uv', 'run', 'train.py'];

it("uv uses the project's environment as it is", () => {
  const checkout = temporaryFolder();
  const python = virtualEnvironment(join(checkout, '.venv'));
  const uv = { UV_PROJECT_ENVIRONMENT: join(checkout, '.venv'), UV_NO_SYNC: '1' };
  expect(withProjectTools({ HOME: '/h' }, uvRun, python, checkout)).toEqual({ HOME: '/h', ...uv });
});

it('uv uses the environment that the owner named for it', () => {
  const [checkout, elsewhere] = [temporaryFolder(), join(temporaryFolder(), 'env')];
  const python = virtualEnvironment(elsewhere);
  const named = { UV_PROJECT_ENVIRONMENT: elsewhere };
  expect(withProjectTools(named, uvRun, python, checkout)).toEqual({ ...named, UV_NO_SYNC: '1' });
});

it.each([
  ['of another place', () => virtualEnvironment(join(temporaryFolder(), 'env'))],
  ['of the system', () => '/usr/bin/python3'],
])('an interpreter %s is not forced on uv', (_, python) => {
  expect(withProjectTools({ HOME: '/h' }, uvRun, python(), temporaryFolder())).toEqual({ HOME: '/h' });
});

it('the virtual environment of the interpreter is the active one, for poetry and pip', () => {
  const folder = join(temporaryFolder(), 'env');
  expect(withInterpreter({}, virtualEnvironment(folder)).VIRTUAL_ENV).toBe(folder);
  expect(withInterpreter({}, '/usr/bin/python3')).not.toHaveProperty('VIRTUAL_ENV');
});

it('a command that may sync by itself is left alone', () => {
  const checkout = temporaryFolder();
  const python = virtualEnvironment(join(checkout, '.venv'));
  for (const argv of [
    ['uv', 'sync'],
    ['sh', 'train.sh'],
    ['python', 'train.py'],
  ]) {
    expect(withProjectTools({}, argv, python, checkout)).toEqual({});
  }
});
