import { expect, it } from 'vitest';
import { allowedEnvironment, heldBack, withInterpreter } from '../../../src/adapters/run-folders/environment.ts';

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
  'PYTHONPATH',
  'PYTHONHASHSEED',
  'SSL_CERT_FILE',
  'REQUESTS_CA_BUNDLE',
  'CURL_CA_BUNDLE',
  'HTTPS_PROXY',
  'no_proxy',
  'UV_INDEX_URL',
  'UV_OFFLINE',
  'PIP_INDEX_URL',
  'KERAS_BACKEND',
  'TF_CPP_MIN_LOG_LEVEL',
  'PYTORCH_CUDA_ALLOC_CONF',
  'TORCHINDUCTOR_CACHE_DIR',
  'JAX_PLATFORMS',
  'XLA_FLAGS',
  'NCCL_DEBUG',
  'WANDB_MODE',
  'MLFLOW_TRACKING_URI',
  'TOKENIZERS_PARALLELISM',
  'UV_KEYRING_PROVIDER',
  'OPENBLAS_NUM_THREADS',
  'CXXFLAGS',
  'CPATH',
  'CONDA_PREFIX',
  'LC_ALL',
  'RUSTFLAGS',
  'SLURM_JOB_ID',
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
  'WANDB_API_KEY',
  'UV_PUBLISH_TOKEN',
  'UV_INDEX_INTERNAL_PASSWORD',
  'POETRY_PYPI_TOKEN_INTERNAL',
  'CONDA_AUTH',
  'CARGO_REGISTRY_TOKEN',
  'SLURM_JWT',
  'TF_VAR_database',
  'TF_TOKEN_app_terraform_io',
  'PYTHONHOME',
  'PYTHONINSPECT',
  'GOOGLE_APPLICATION_CREDENTIALS',
  'VIRTUAL_ENV',
  'LD_PRELOAD',
  'SSH_AUTH_SOCK',
  'EDITOR',
  'path',
])('a run never sees %s', (name) => {
  expect(allowedEnvironment({ [name]: 'x' }, [])).toEqual({});
});

it('the brief may allow further names, and only those', () => {
  const environment = { WANDB_API_KEY: 'k', MY_DIR: '/w', EMPTY: '', GONE: undefined };
  expect(allowedEnvironment(environment, ['WANDB_API_KEY', 'EMPTY', 'GONE', 'ABSENT'])).toEqual({
    WANDB_API_KEY: 'k',
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

it.each([
  ['HTTPS_PROXY', 'http://ada:secret@proxy.example:3128'],
  ['PIP_INDEX_URL', 'https://abcdef@pypi.example/simple'],
  ['MLFLOW_TRACKING_URI', 'https://ada:secret@mlflow.example'],
  ['WANDB_NOTES', 'ghp_0123456789abcdefghijABCDEFGHIJ012345'],
])('a run never sees %s with a secret in its value', (name, value) => {
  expect(allowedEnvironment({ [name]: value }, [])).toEqual({});
  expect(allowedEnvironment({ [name]: value }, [name])).toEqual({ [name]: value });
  expect(heldBack({ [name]: value }, [])).toEqual([{ name, why: 'secret' }]);
});

it('the variables held back are listed by name, without those of the terminal', () => {
  const environment = {
    PATH: '/bin',
    WANDB_API_KEY: 'x',
    MY_DATA: '/d',
    TERM: 'xterm',
    SSH_AUTH_SOCK: '/s',
    ASKED: '1',
  };
  expect(heldBack(environment, ['ASKED'])).toEqual([
    { name: 'MY_DATA', why: 'unknown' },
    { name: 'WANDB_API_KEY', why: 'secret' },
  ]);
});
