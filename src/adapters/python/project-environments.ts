/**
 * The Python environments that a project has by its own tools: uv, poetry, pixi and conda, each where that tool keeps it.
 */
import { homedir } from 'node:os';
import { basename, join, resolve } from 'node:path';
import { execa } from 'execa';
import { exists } from '../files/exists.ts';
import { readText } from '../files/read-file.ts';

type Environment = Readonly<Record<string, string | undefined>>;

export interface ProjectEnvironment {
  /** Path of its python, which is there. */
  readonly command: string;
  /** Where it was found, for people to read. */
  readonly origin: string;
}

/** The environments of these folders, nearest first; in each folder uv's before poetry's, pixi's and conda's. */
export async function projectEnvironments(
  folders: readonly string[],
  environment: Environment,
): Promise<readonly ProjectEnvironment[]> {
  const found: ProjectEnvironment[] = [];
  for (const folder of new Set(folders)) {
    for (const find of [ofUv, ofPoetry, ofPixi, ofConda]) {
      const place = await find(folder, environment);
      if (place === undefined) continue;
      const command = join(place.prefix, 'bin', 'python');
      if (await exists(command)) found.push({ command, origin: place.origin });
    }
  }
  return found;
}

interface Place {
  readonly prefix: string;
  readonly origin: string;
}

/** `.venv`, which poetry, pdm and people make too; or where UV_PROJECT_ENVIRONMENT puts it. */
async function ofUv(folder: string, { UV_PROJECT_ENVIRONMENT: named }: Environment): Promise<Place | undefined> {
  if (named && (await exists(join(folder, 'pyproject.toml')))) {
    return { prefix: resolve(folder, named), origin: "uv's UV_PROJECT_ENVIRONMENT" };
  }
  return { prefix: join(folder, '.venv'), origin: "the project's .venv" };
}

/** Where poetry keeps it, outside the project as a rule. Poetry is asked only about a project of its own. */
async function ofPoetry(folder: string, environment: Environment): Promise<Place | undefined> {
  const isPoetrys =
    (await exists(join(folder, 'poetry.lock'))) ||
    /^\[tool\.poetry\]/m.test((await readText(join(folder, 'pyproject.toml'))) ?? '');
  if (!isPoetrys || (await exists(join(folder, '.venv')))) return undefined;
  // An active environment would be its answer, whatever the project's own is.
  const { VIRTUAL_ENV: _, CONDA_PREFIX: __, ...rest } = environment;
  const asked = await execa('poetry', ['env', 'info', '--path', '--no-ansi'], {
    cwd: folder,
    env: rest,
    extendEnv: false,
    reject: false,
    timeout: 30_000,
    stdin: 'ignore',
  });
  const prefix = asked.failed ? '' : asked.stdout.trim();
  return prefix === '' ? undefined : { prefix, origin: "poetry's environment of the project" };
}

async function ofPixi(folder: string): Promise<Place | undefined> {
  return { prefix: join(folder, '.pixi', 'envs', 'default'), origin: "pixi's environment of the project" };
}

/** The environment that `environment.yml` names, among those that conda has made. */
async function ofConda(folder: string, environment: Environment): Promise<Place | undefined> {
  for (const file of ['environment.yml', 'environment.yaml']) {
    const name = /^name:[ \t]*["']?([^\s"'#]+)/m.exec((await readText(join(folder, file))) ?? '')?.[1];
    if (name === undefined) continue;
    const prefix = (await condaPrefixes(environment)).find((each) => basename(each) === name);
    if (prefix !== undefined) return { prefix, origin: `conda's environment ${name}` };
  }
  return undefined;
}

/** The active one first, then those that conda lists in the home folder. */
async function condaPrefixes(environment: Environment): Promise<readonly string[]> {
  const { CONDA_PREFIX: active = '', HOME = homedir() } = environment;
  const listed = (await readText(join(HOME, '.conda', 'environments.txt'))) ?? '';
  return [active, ...listed.split(/\r?\n/)].filter((prefix) => prefix !== '');
}
