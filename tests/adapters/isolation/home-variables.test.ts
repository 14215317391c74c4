import { describe, expect, it } from 'vitest';
import { homeVariables } from '../../../src/adapters/isolation/home-variables.ts';

describe('the variables of a home', () => {
  it('every folder that they name is the home or below it', () => {
    const folders = Object.values(homeVariables('/study/0007/run-1/home'));
    expect(folders.filter((folder) => !`${folder}/`.startsWith('/study/0007/run-1/home/'))).toEqual([]);
  });

  it('the caches of compilers are named, whose defaults lie in /tmp', () => {
    expect(homeVariables('/home')).toMatchObject({ TMPDIR: '/home/tmp' });
    expect(Object.keys(homeVariables('/home'))).toEqual(
      expect.arrayContaining(['TORCHINDUCTOR_CACHE_DIR', 'TRITON_CACHE_DIR', 'CUDA_CACHE_PATH']),
    );
  });
});
