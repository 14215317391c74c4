/**
 * The variables by which a stage in a cage finds its own home, temporary folder and caches.
 */
import { join } from 'node:path';
import type { Rung } from '../../ports/isolation.ts';

/** The variables for a stage whose cage has this home; they go over what the owner's environment says. */
export function homeVariables(home: string, { userBase }: Pick<Rung, 'userBase'> = {}): Record<string, string> {
  const temporary = join(home, 'tmp');
  const cache = join(home, '.cache');
  return {
    HOME: home,
    // A user of its own has no account, whose name some libraries ask for.
    USER: 'nocturne',
    LOGNAME: 'nocturne',
    TMPDIR: temporary,
    TEMP: temporary,
    TMP: temporary,
    XDG_CACHE_HOME: cache,
    XDG_CONFIG_HOME: join(home, '.config'),
    XDG_DATA_HOME: join(home, '.local', 'share'),
    XDG_STATE_HOME: join(home, '.local', 'state'),
    XDG_RUNTIME_DIR: join(home, 'run'),
    MPLCONFIGDIR: join(cache, 'matplotlib'),
    NUMBA_CACHE_DIR: join(cache, 'numba'),
    TORCHINDUCTOR_CACHE_DIR: join(cache, 'torchinductor'),
    TORCH_EXTENSIONS_DIR: join(cache, 'torch_extensions'),
    TRITON_CACHE_DIR: join(cache, 'triton'),
    CUDA_CACHE_PATH: join(cache, 'cuda'),
    // Packages of `pip install --user` are looked for below the home.
    ...(userBase === undefined ? {} : { PYTHONUSERBASE: userBase }),
  };
}
