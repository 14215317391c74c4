/**
 * The variables of a stage in a cage: its own home in place of the owner's, and no attempt at a network that is not there.
 */
import { dirname, join } from 'node:path';
import type { Rung } from '../../ports/isolation.ts';
import { homeVariables } from '../isolation/home-variables.ts';

type Variables = Readonly<Record<string, string>>;

/**
 * What goes over the stage's environment. A variable that the stage itself sets, in place of the owner's, stays; `given` are the
 * owner's, and `caches` those of them that name a folder of downloads, with its path in the home.
 */
export function cageVariables(
  env: Variables,
  home: string,
  { given, caches, rung }: { readonly given: Variables; readonly caches: Variables; readonly rung: Rung },
): Variables {
  const own = { ...homeVariables(home, rung), ...mapValues(caches, (path) => join(home, path)) };
  const free = Object.entries(own).filter(([name]) => env[name] === undefined || env[name] === given[name]);
  return Object.fromEntries(free);
}

/** Without a network, these libraries use what was downloaded before instead of waiting for an answer. */
const offline: Variables = {
  HF_HUB_OFFLINE: '1',
  HF_DATASETS_OFFLINE: '1',
  TRANSFORMERS_OFFLINE: '1',
  WANDB_MODE: 'offline',
};

/** The same for a stage without a network, where the owner does not say otherwise. */
export function offlineVariables(env: Variables): Variables {
  return Object.fromEntries(Object.entries(offline).filter(([name]) => env[name] === undefined));
}

/** The folders for temporary files and compilers that a stage's own variables name, so that it may write there. */
export function scratchFolders(env: Variables, given: Variables): string[] {
  const { TMPDIR, PYTHONPYCACHEPREFIX } = env;
  return [
    ...(TMPDIR === undefined || TMPDIR === given.TMPDIR ? [] : [TMPDIR]),
    ...(PYTHONPYCACHEPREFIX === undefined || env.PYTHONDONTWRITEBYTECODE ? [] : [PYTHONPYCACHEPREFIX]),
  ];
}

/** The folder of the run that a stage belongs to. */
export function runFolderOf(env: Variables): string {
  return dirname(env.NOCTURNE_RUN_DIR ?? '');
}

function mapValues(variables: Variables, change: (value: string) => string): Variables {
  return Object.fromEntries(Object.entries(variables).map(([name, value]) => [name, change(value)]));
}
