import { expect, it } from 'vitest';
import { allowedEnvironment, withInterpreter } from '../../../src/adapters/run-folders/environment.ts';

it.each([
  'PATH',
  'HOME',
  'LANG',
  'TZ',
  'TMPDIR',
  'LD_LIBRARY_PATH',
  'CUDA_VISIBLE_DEVICES',
  'NVIDIA_DRIVER_CAPABILITIES',
  'HF_HOME',
  'TORCH_HOME',
  'TRITON_CACHE_DIR',
  'XDG_CACHE_HOME',
  'OMP_NUM_THREADS',
  'NOCTURNE_DATA_DIR',
])('a run sees %s', (name) => {
  expect(allowedEnvironment({ [name]: 'x' }, [])).toEqual({ [name]: 'x' });
});

it.each([
  'OPENAI_API_KEY',
  'ANTHROPIC_API_KEY',
  'AWS_SECRET_ACCESS_KEY',
  'GITHUB_TOKEN',
  'HF_TOKEN',
  'HF_API_KEY',
  'HUGGING_FACE_HUB_TOKEN',
  'NVIDIA_API_KEY',
  'NOCTURNE_SECRET',
  'XDG_PASSWORD',
  'PYTHONPATH',
  'VIRTUAL_ENV',
  'LD_PRELOAD',
  'SSH_AUTH_SOCK',
  'EDITOR',
  'path',
])('a run never sees %s', (name) => {
  expect(allowedEnvironment({ [name]: 'x' }, [])).toEqual({});
});

it('the brief may allow further names, and only those', () => {
  const environment = { WANDB_MODE: 'offline', WANDB_DIR: '/w', EMPTY: '', GONE: undefined };
  expect(allowedEnvironment(environment, ['WANDB_MODE', 'EMPTY', 'GONE', 'ABSENT'])).toEqual({
    WANDB_MODE: 'offline',
    EMPTY: '',
  });
});

it("the interpreter's own folder goes first on PATH", () => {
  expect(withInterpreter({ PATH: '/usr/bin:/bin', HOME: '/h' }, '/venv/bin/python')).toEqual({
    PATH: '/venv/bin:/usr/bin:/bin',
    HOME: '/h',
    PYTHONUNBUFFERED: '1',
  });
  expect(withInterpreter({}, '/venv/bin/python').PATH).toBe('/venv/bin:/usr/local/bin:/usr/bin:/bin');
});
