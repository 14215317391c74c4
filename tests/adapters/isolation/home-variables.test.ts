import { execFileSync } from 'node:child_process';
import { describe, expect, it } from 'vitest';
import { homeVariables } from '../../../src/adapters/isolation/home-variables.ts';
import { packagePath } from '../../../src/adapters/package-root.ts';
import { interpreter } from '../../helpers/interpreter.ts';

describe('the variables of a home', () => {
  it('every folder that they name is the home or below it', () => {
    const { USER, LOGNAME, ...paths } = homeVariables('/study/0007/run-1/home');
    expect(USER).toBe(LOGNAME);
    const folders = Object.values(paths);
    expect(folders.filter((folder) => !`${folder}/`.startsWith('/study/0007/run-1/home/'))).toEqual([]);
  });

  it('packages of one user are found where they were', () => {
    expect(homeVariables('/home', { userBase: '/root/.local' })).toMatchObject({ PYTHONUSERBASE: '/root/.local' });
  });

  it('a launcher in Python has the same variables', () => {
    const folder = packagePath('src', 'python');
    const code = `import json, sys; sys.path.insert(0, sys.argv[1]); from cage.home import home_variables
print(json.dumps(home_variables('/home/one', {'userBase': '/base'})))`;
    const said = execFileSync(interpreter, ['-B', '-c', code, folder], { encoding: 'utf8' });
    expect(JSON.parse(said)).toEqual(homeVariables('/home/one', { userBase: '/base' }));
  });

  it('the caches of compilers are named, whose defaults lie in /tmp', () => {
    expect(homeVariables('/home')).toMatchObject({ TMPDIR: '/home/tmp' });
    expect(Object.keys(homeVariables('/home'))).toEqual(
      expect.arrayContaining(['TORCHINDUCTOR_CACHE_DIR', 'TRITON_CACHE_DIR', 'CUDA_CACHE_PATH']),
    );
  });
});
