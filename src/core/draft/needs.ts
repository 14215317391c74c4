/**
 * What a run in a clean tree lacks of the checkout: files that git does not have, folders beside the sandbox, variables.
 *
 * It is found from what the script asked for, as a trace tells it, and from the error that it ended with.
 */
import { folderOf, joined } from './project-files.ts';

/** What one run of a script did, as far as it could be seen; paths are from the repository's top, `/`-separated. */
export interface Trace {
  /** Files of the tree that it read. */
  readonly opened: readonly string[];
  /** Paths of the tree that it asked for and that were not there. */
  readonly missing: readonly string[];
  /** Files of the tree that it wrote. */
  readonly written: readonly string[];
  /** Files of the tree that Python imported. */
  readonly imported: readonly string[];
  /** Modules that Python found in the owner's repository, since the tree lacks them. */
  readonly foreign: readonly { readonly name: string; readonly path: string }[];
  /** Names of the environment variables that the project's own code asked for. */
  readonly variables: readonly string[];
  /** Random generators that were seeded, such as `numpy.random.seed` with `42`. */
  readonly seeds: readonly { readonly by: string; readonly value: string }[];
}

/** What is in the checkout and in no commit: the topmost paths from the repository's top, folders with a `/` behind them. */
export interface Uncommitted {
  readonly ignored: readonly string[];
  readonly untracked: readonly string[];
}

export interface MissingFiles {
  /** Paths to link into runs, from the repository's top. */
  readonly link: readonly string[];
  /** Files that belong into a commit, since they are code. */
  readonly commit: readonly string[];
  /** Files in which people keep keys: for the owner to link. */
  readonly secret: readonly string[];
}

/** Files in which people keep keys: no run is given one unless the owner's brief names it. */
const secrets =
  /(?:^|\/)(?:\.env(?:\.[\w-]+)?|\.netrc|\.pypirc|\.aws|\.ssh|\.kaggle|kaggle\.json|credentials(?:\.\w+)?|secrets?\.(?:ya?ml|toml|json|ini|env)|[^/]+\.(?:pem|key))(?:\/|$)/i;

/** Which of the paths asked for are in the checkout although no commit has them. What a training leaves is left out. */
export function missingFiles(asked: readonly string[], { ignored, untracked }: Uncommitted): MissingFiles {
  const link = new Set<string>();
  const commit = new Set<string>();
  const secret = new Set<string>();
  for (const path of asked) {
    for (const entry of [...ignored, ...untracked]) {
      const found = overlapOf(path, entry);
      if (found === undefined || isLeaving(found)) continue;
      if (secrets.test(found)) secret.add(found);
      else if (untracked.includes(entry) && isCode(path)) commit.add(path);
      else link.add(found);
    }
  }
  const isInside = (path: string) => [...link].some((other) => other !== path && path.startsWith(`${other}/`));
  return {
    link: [...link].filter((path) => !isInside(path)).sort(),
    commit: [...commit].sort(),
    secret: [...secret].sort(),
  };
}

/** What of an entry a path asks for: the entry, when the path is it or lies in it, or holds it. */
function overlapOf(path: string, entry: string): string | undefined {
  const bare = entry.replace(/\/$/, '');
  return path === bare || path.startsWith(`${bare}/`) || bare.startsWith(`${path}/`) ? bare : undefined;
}

const leavings =
  /(?:^|\/)(?:__pycache__|\.venv|venv|env|node_modules|\.git|runs|wandb|mlruns|lightning_logs|outputs?|checkpoints?|ckpts?|logs?|tb_logs|results?|tmp|\.cache|\.ipynb_checkpoints|\.pytest_cache|\.ruff_cache|build|dist|[^/]+\.egg-info)(?:\/|$)|\.(?:pyc|log|ckpt|tmp|swp|out)$/i;

/** Whether a path is what trainings and tools leave behind: a run that saw it would go on from an earlier one. */
export function isLeaving(path: string): boolean {
  return leavings.test(path);
}

function isCode(path: string): boolean {
  return /\.(?:py|pyx|ya?ml|toml|ipynb|jl|R|mjs|js|sh)$/.test(path);
}

const openings: readonly RegExp[] = [
  /No such file or directory: *b?['"]([^'"\n]+)['"]/g,
  /can't open file ['"]([^'"\n]+)['"]/g,
];
const mentions: readonly RegExp[] = [
  /(?:not found|does not exist|not exist|cannot find|Could not find|No such file)[^'"\n]{0,40}['"]([^'"\n]+)['"]/gi,
  /['"]([^'"\n]+)['"][^'"\n]{0,30}(?:not found|does not exist|not exist|is missing)/gi,
  /(?:^|\s)([\w./-]+\.\w+) (?:not found|does not exist)/gm,
  /cannot open (?:file )?['"]?([\w./-]+)/gi,
];
const files =
  /[\\/]|\.(?:[ct]sv|txt|jsonl?|ya?ml|toml|cfg|ini|py|ipynb|pkl|pickle|joblib|np[yz]|mat|arff|data?|bin|pth?|ckpt|model|onnx|safetensors|h5|hdf5|parquet|feather|arrow|xlsx?|db|sqlite3?|xml|html?|md|zip|t?gz|tar|bz2|xz|png|jpe?g|wav|flac|mp[34])$/i;

function pathsBy(patterns: readonly RegExp[], log: string): readonly string[] {
  return patterns.flatMap((pattern) => [...log.matchAll(pattern)].map(([, path = '']) => path));
}

/** Paths that a log says were not there, as written; what it only mentions may be the name of something else. */
export function pathsInErrors(log: string): readonly string[] {
  return [...new Set(pathsBy([...openings, ...mentions], log))];
}

/** The file or folder that was not there, where the log leaves no doubt that it is one; undefined elsewhere. */
export function missingPath(log: string): string | undefined {
  return pathsBy(openings, log)[0] ?? pathsBy(mentions, log).find((path) => files.test(path));
}

/** The module that Python did not find, as the log's last error says; undefined for another end. */
export function missingModule(log: string): string | undefined {
  return [...log.matchAll(/(?:ModuleNotFoundError|ImportError): No module named ['"]?([\w.]+)/g)].at(-1)?.[1];
}

/** Where the repository has a module: the folder that must be on the search path, and the path that holds the module. */
export interface ModulePlace {
  /** The folder to search, from the repository's top. */
  readonly folder: string;
  /** The module's file or folder. */
  readonly path: string;
}

/** The places of a module among the repository's files, those nearest to the sandbox first. */
export function placesOfModule(module: string, paths: readonly string[], sandbox: string): readonly ModulePlace[] {
  const [name = ''] = module.split('.');
  const found = new Map<string, ModulePlace>();
  for (const path of paths) {
    if (!path.endsWith('.py')) continue;
    const parts = path.split('/');
    const at = parts.findIndex((part, index) => part === name || (index === parts.length - 1 && part === `${name}.py`));
    if (at === -1) continue;
    const place = parts.slice(0, at + 1).join('/');
    if (!found.has(place)) found.set(place, { folder: folderOf(place), path: place });
  }
  const distance = ({ folder }: ModulePlace) => relativePath(sandbox, folder).split('/').length;
  return [...found.values()].sort((a, b) => distance(a) - distance(b));
}

/** The folders and files that hold modules which a run found only in the owner's repository. */
export function foreignPackages(foreign: Trace['foreign']): readonly string[] {
  const tops = foreign.map(({ name, path }) => {
    const depth = name.split('.').length - (/(?:^|\/)__init__\.py$/.test(path) ? 0 : 1);
    const parts = path.split('/');
    return depth === 0 || name === '__main__' ? path : parts.slice(0, Math.max(1, parts.length - depth)).join('/');
  });
  return [...new Set(tops)].sort();
}

/** A path as seen from a folder, both from the repository's top. */
export function relativePath(from: string, to: string): string {
  const start = from === '.' ? [] : from.split('/');
  const end = to === '.' ? [] : to.split('/');
  let common = 0;
  while (common < Math.min(start.length, end.length) && start[common] === end[common]) common++;
  return [...start.slice(common).map(() => '..'), ...end.slice(common)].join('/') || '.';
}

/** A path that a script wrote, from the repository's top; undefined for one outside the tree that it ran in. */
export function insideTree(path: string, folder: string, tree: string): string | undefined {
  if (path.startsWith(`${tree}/`)) return path.slice(tree.length + 1).replace(/\/$/, '');
  return path.startsWith('/') ? undefined : joined(folder, path);
}
