/**
 * What the runs of a session may read beside their own files, found once: the machine's other disks, what the owner's words
 * name, programs and downloads in the owner's home; never the repository, the study or keys.
 */
import { existsSync, readdirSync } from 'node:fs';
import { homedir } from 'node:os';
import { delimiter, isAbsolute, join, relative } from 'node:path';
import { pathInside } from '../files/path-inside.ts';
import type { HomeLinks, ShownFolder } from './home-links.ts';
import { cacheVariables, readInHome, secretNames } from './home-places.ts';
import { namedPaths, wholePaths } from './named-paths.ts';
import { entriesOf, openAround, real } from './open-around.ts';

export interface ReachOptions {
  /** Nocturne's own environment. */
  readonly environment: Readonly<Record<string, string | undefined>>;
  /** The variables that runs get. */
  readonly given: Readonly<Record<string, string>>;
  /** The owner's repository, absolute: what runs need of it they are given by name. */
  readonly checkout: string;
  /** Git's folders, the studies' folder and whatever else no name opens, absolute. */
  readonly closed: readonly string[];
  /** Where the study's Python imports from, absolute. */
  readonly imports: readonly string[];
  /** The words of the brief's commands. */
  readonly arguments: readonly string[];
  /** The owner's own words: the same commands, lines of the start's files. */
  readonly words: string;
  /** Absolute paths that the brief links. */
  readonly links: readonly string[];
}

export interface Reach {
  /** What runs read where it is there; absolute. */
  readonly around: readonly string[];
  /** The same for `prepare`, which is the owner's own code: the home with its keys too. */
  readonly aroundPrepare: readonly string[];
  /** The folders that a home of a run shows. */
  readonly shown: readonly ShownFolder[];
  /** What the owner keeps downloads in, which `prepare` may fill: absolute. */
  readonly caches: readonly string[];
  /** Variables that name such a folder, with its path in a home of a run. */
  readonly cachesByVariable: Readonly<Record<string, string>>;
  /** Where the owner keeps downloads, absolute; it may not be there. */
  readonly cache: string;
  /** The links of the home that `prepare` has. */
  readonly homeOfPrepare: HomeLinks;
}

/** Folders at the top that runs get from the cage itself, or that hold what is not theirs. */
const notAround = [
  ...['home', 'root', 'Users', 'tmp', 'var', 'run', 'proc', 'dev', 'boot', 'lost+found'],
  ...['usr', 'lib', 'lib32', 'lib64', 'bin', 'sbin', 'opt', 'etc', 'sys'],
];

/** Finds out what runs may read. */
export function findReach(options: ReachOptions): Reach {
  const { environment, given, words, links, checkout, imports } = options;
  const home = real(environment.HOME ?? homedir());
  const closed = options.closed.map(real);
  const homes = [home, real(homedir()), '/root', '/home', '/Users', ...windowsHomes()];
  const elsewhere = [real(checkout), ...closed, ...homes, ...temporary(environment), ...drives()];
  const values = Object.values(given);
  const naming = { home, closed };
  const named = [
    ...namedPaths([words, ...values].join('\n'), naming),
    ...wholePaths([...options.arguments, ...values], naming),
    ...links,
  ];
  const cache = cacheOf(environment, home);
  const inHome = readInHome.map((path) => (path === '.cache' ? cache : join(home, path))).filter(isThere);
  const programs = programFolders(environment, home);
  const own = [...inHome, ...programs, ...named, ...imports, join(checkout, '.venv')].filter(isThere);
  const around = [...openAround(topFolders(), elsewhere), ...openAround(own, closed)];
  const byVariable = cacheVariables.flatMap((name) => {
    const place = given[name];
    return place !== undefined && isAbsolute(place) && isThere(place) ? [[name, place] as const] : [];
  });
  return {
    around: [...new Set(around)],
    aroundPrepare: openWhole(home, [checkout, ...options.closed]),
    shown: [
      { at: '.cache', place: cache, depth: 3 },
      ...byVariable.map(([name, place]) => ({ at: join('.owner', name), place, depth: 2 })),
      ...shownWhole([...inHome, ...named, ...programs], home, cache),
    ],
    homeOfPrepare: { ...wholeEntries(home), '.cache': cache },
    cache,
    caches: [
      ...inHome.filter((place) => !isOfPrograms(relative(home, place))),
      ...byVariable.map(([, place]) => place),
    ],
    cachesByVariable: Object.fromEntries(byVariable.map(([name]) => [name, join('.owner', name)])),
  };
}

/** What of the home is shown by one link each. */
function shownWhole(places: readonly string[], home: string, cache: string): ShownFolder[] {
  return places.flatMap((place) => {
    const at = pathInside(home, place);
    return at === undefined || at === '' || pathInside(cache, place) !== undefined ? [] : [{ at, place, depth: 0 }];
  });
}

/** All that is at the top of the home, for code that has the owner's keys too. */
function wholeEntries(home: string): HomeLinks {
  return Object.fromEntries((entriesOf(home) ?? []).map((name) => [name, join(home, name)]));
}

function isOfPrograms(inHome: string): boolean {
  return /^(?:\.local\/(?:bin|lib|include)|bin|go\/bin|\.cargo\/bin)$/.test(inHome);
}

function topFolders(): string[] {
  return readdirSync('/', { withFileTypes: true })
    .filter(({ name }) => !notAround.includes(name) && !secretNames.has(name))
    .map(({ name }) => `/${name}`);
}

function temporary({ TMPDIR }: ReachOptions['environment']): string[] {
  return ['/tmp', '/var/tmp', '/dev/shm', ...(TMPDIR === undefined ? [] : [real(TMPDIR)])];
}

/** A drive of a person's own that is mounted, as on Colab: what is named in it is open, the rest is not. */
function drives(): string[] {
  return ['/content/drive', '/gdrive'].filter(isThere);
}

/** The homes of Windows, as WSL shows them. */
function windowsHomes(): string[] {
  return (entriesOf('/mnt') ?? []).map((name) => `/mnt/${name}/Users`).filter(isThere);
}

function cacheOf({ XDG_CACHE_HOME: given }: ReachOptions['environment'], home: string): string {
  return given !== undefined && isAbsolute(given) ? given : join(home, '.cache');
}

/** The folders of the PATH that are in the home, and what their programs lead to. */
function programFolders({ PATH = '' }: ReachOptions['environment'], home: string): string[] {
  const folders = PATH.split(delimiter).filter((folder) => isAbsolute(folder) && isThere(folder));
  return folders
    .filter((folder) => {
      const inside = pathInside(home, real(folder));
      return inside !== undefined && inside !== '' && !inside.split('/').some((name) => secretNames.has(name));
    })
    .flatMap((folder) => [folder, ...prefixOf(folder)]);
}

/** The environment whose programs lie there: one of Python, conda, node or pyenv has marks of its own. */
function prefixOf(folder: string): string[] {
  const prefix = join(folder, '..');
  const marks = ['pyvenv.cfg', 'conda-meta', 'condabin', 'versions', 'lib/node_modules', 'lib/python3'];
  return marks.some((mark) => isThere(join(prefix, mark))) ? [prefix] : [];
}

/** The whole home for the owner's own code, but for the repository and the study where they lie in it. */
function openWhole(home: string, closed: readonly string[]): string[] {
  const inside = closed.map(real).filter((each) => pathInside(home, each) !== undefined);
  if (inside.length === 0) return [home];
  const open = (folder: string): string[] =>
    (entriesOf(folder) ?? [])
      .map((name) => join(folder, name))
      .flatMap((path) => {
        if (inside.includes(real(path))) return [];
        return inside.some((each) => pathInside(path, each) !== undefined) ? open(path) : [path];
      });
  return open(home);
}

function isThere(path: string): boolean {
  return existsSync(path);
}
