/**
 * A job as another machine is told of it: every path of this machine that travels becomes the path that it has there.
 *
 * Where the root of the other machine is, which Python it has and where it keeps temporary files is known only there, so tokens
 * stand for them; `src/python/away_job.py` fills them in.
 */
import { dirname } from 'node:path';
import { literalPattern } from '../../../core/base/literal-pattern.ts';
import type { Job, SealedPlace, Stage } from '../../../ports/engine.ts';
import { pathInside } from '../../files/path-inside.ts';
import { isAllowedName } from '../../run-folders/allowed-names.ts';

/** A folder or file of this machine, absolute, and where it lies on the other one: below the root, or a token. */
export interface Place {
  readonly here: string;
  readonly there: string;
}

/** Texts that only the other machine can fill in. */
export const tokens = {
  root: '@nocturne-root@',
  temporary: '@nocturne-temporary@',
  python: '@nocturne-python@',
  pythonFolder: '@nocturne-python-folder@',
} as const;

export interface Crossing {
  /** What travels, and where it goes; the innermost of several counts. */
  readonly places: readonly Place[];
  /** Absolute path of the python that runs use here. */
  readonly python: string;
  /** The environment of this process, from which the variables of stages were taken. */
  readonly environment: Readonly<Record<string, string | undefined>>;
  /** Names of variables that the owner wants runs to have. */
  readonly passed: readonly string[];
}

/** What the supervisor there is told, with tokens. */
export type SpecThere = Pick<Job, 'folder' | 'stages' | 'limitSeconds' | 'sealed' | 'mayChange' | 'where'>;

/** The spec of a job for another machine. Cages stay here: whether and how one can be entered there is another question. */
export function specThere(job: Job, crossing: Crossing): SpecThere {
  const rewrite = rewriter(placesThere(crossing, temporaryOf(job)));
  const { limitSeconds, mayChange, where, sealed = [] } = job;
  return {
    folder: rewrite(job.folder),
    stages: job.stages.map((stage) => stageThere(stage, rewrite, crossing)),
    limitSeconds,
    sealed: sealed.filter(({ place }) => travels(place, crossing.places)).map((place) => sealedThere(place, rewrite)),
    ...(mayChange === undefined ? {} : { mayChange }),
    ...(where && { where }),
  };
}

/**
 * The spec of a job for another machine that shares this one's files: paths stay, and what is this machine's own, its temporary
 * folder and the variables that it only handed on, is the other's there.
 */
export function specInPlace(job: Job, crossing: Pick<Crossing, 'environment' | 'passed'>): SpecThere {
  const { folder, limitSeconds, mayChange, where, sealed = [] } = job;
  const rewrite = rewriter([...temporaryOf(job)]);
  const stages = job.stages.map(({ cage: _, ...stage }) => {
    const isKept = ([name, value]: [string, string]) =>
      name === 'PATH' || mayTravel(name, value, { ...crossing, local: none });
    const env = Object.entries(stage.env).filter(isKept);
    return { ...stage, env: Object.fromEntries(env.map(([name, value]) => [name, rewrite(value)])) };
  });
  const more = { ...(mayChange === undefined ? {} : { mayChange }), ...(where && { where }) };
  return { folder, stages, limitSeconds, sealed, ...more };
}

function stageThere({ cage: _, ...stage }: Stage, rewrite: Rewrite, crossing: Crossing): Stage {
  const argv = stage.argv.map(rewrite);
  const env = Object.entries(stage.env).filter(([name, value]) => mayTravel(name, value, crossing));
  return {
    ...stage,
    argv,
    folder: rewrite(stage.folder),
    env: {
      ...Object.fromEntries(env.map(([name, value]) => [name, rewrite(value)])),
      // A scorer's bytecode is kept on one machine only.
      PYTHONDONTWRITEBYTECODE: '1',
    },
  };
}

/** These say where things are on this machine. */
const ofThisMachine: ReadonlySet<string> = new Set([
  'PATH',
  'HOME',
  'USER',
  'LOGNAME',
  'VIRTUAL_ENV',
  'PYTHONPYCACHEPREFIX',
]);

const none: ReadonlySet<string> = new Set();

/** Whether a variable means something there: not where it was only taken over from this machine. */
function mayTravel(
  name: string,
  value: string,
  {
    environment,
    passed,
    local = ofThisMachine,
  }: Pick<Crossing, 'environment' | 'passed'> & { local?: ReadonlySet<string> },
): boolean {
  if (passed.includes(name)) return true;
  if (local.has(name)) return false;
  return !(isAllowedName(name) && environment[name] === value);
}

/** What a link leads to is another path there, so of links only a change is to be seen. */
function sealedThere({ place, files, ...rest }: SealedPlace, rewrite: Rewrite): SealedPlace {
  const digests = Object.entries(files).map(([path, digest]) => [path, digest?.startsWith('-> ') ? null : digest]);
  return { ...rest, place: rewrite(place), files: Object.fromEntries(digests) };
}

function travels(path: string, places: readonly Place[]): boolean {
  return places.some(({ here }) => pathInside(here, path) !== undefined);
}

/** The folder of a run's temporary files, of which each stage has a part. */
function temporaryOf({ stages }: Job): readonly Place[] {
  const folders = stages.flatMap(({ env }) => env.TMPDIR ?? []);
  return [...new Set(folders.map((folder) => dirname(folder)))].map((here) => ({ here, there: tokens.temporary }));
}

type Rewrite = (text: string) => string;

/** What a path of this machine becomes there, the first that fits. */
function placesThere({ places, python }: Crossing, temporary: readonly Place[]): readonly Place[] {
  return [
    ...places.map(({ here, there }) => ({ here, there: `${tokens.root}/${there}` })),
    ...temporary,
    { here: python, there: tokens.python },
    { here: dirname(python), there: tokens.pythonFolder },
  ];
}

/** Rewrites each path in a text, wherever it stands alone or between separators, as in `--data=/a/b` and `/a/b:/c`. */
function rewriter(places: readonly Place[]): Rewrite {
  if (places.length === 0) return (text) => text;
  const there = new Map(places.toReversed().map((place) => [place.here, place.there]));
  const heres = [...there.keys()].sort((one, other) => other.length - one.length);
  const pattern = new RegExp(`(?<=^|[\\s:;,='"])(?:${heres.map(literalPattern).join('|')})(?=$|[/\\s:;,='"])`, 'g');
  return (text) => text.replace(pattern, (found) => there.get(found) ?? found);
}
