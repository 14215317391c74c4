/**
 * Scaffolds a project: the brief, a sandbox, a .gitignore, and a repository of its own where there is none.
 */
import { cp, readdir, readFile, realpath, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { SettingsError } from '../core/base/errors.ts';
import { exists } from './files/exists.ts';
import { makeFolder } from './files/make-folder.ts';
import { openGit } from './git/git.ts';
import { readIdentity } from './git/identity.ts';
import { packagePath } from './package-root.ts';

export interface Scaffolded {
  readonly files: readonly string[];
  /** Whether the files were committed in a repository made for them; otherwise the owner commits them. */
  readonly isCommitted: boolean;
}

/** What training leaves in a sandbox when the owner runs it by hand, and the brief, which goes to the project's top. */
const notCopied = new Set(['__pycache__', 'data', 'private', 'run', 'runs', 'program.md']);

export type SandboxName = 'tiny' | 'gpt';

/** The text files of a scaffolded project that a preset may change. */
export interface Scaffold {
  readonly brief: string;
  readonly train: string;
}

export interface ScaffoldOptions {
  /** May change the brief and the training script before they are written. */
  readonly adapt?: (texts: Scaffold) => Scaffold;
  /** Makes a repository of its own also within another one. */
  readonly isApart?: boolean;
}

/** Writes the project into a folder; a SettingsError when a part of it exists already. */
export async function scaffold(
  folder: string,
  sandbox: SandboxName,
  { adapt = (texts) => texts, isApart = false }: ScaffoldOptions = {},
): Promise<Scaffolded> {
  await makeFolder(folder);
  for (const name of ['program.md', 'sandbox']) {
    if (!(await exists(join(folder, name)))) continue;
    throw new SettingsError(`There is a ${name} in ${folder} already.`, {
      hint: 'Use it with `nocturne run`, or choose an empty folder.',
    });
  }
  const isOwnRepository = isApart || !(await isInRepository(folder));
  const shipped = packagePath('sandbox', sandbox);
  const copy = join(folder, 'sandbox', sandbox);
  await cp(shipped, copy, {
    recursive: true,
    filter: (path) =>
      !path
        .slice(shipped.length)
        .split(/[\\/]/)
        .some((name) => notCopied.has(name)),
  });
  const texts = adapt({ brief: await readBriefOf(sandbox), train: await readFile(join(copy, 'train.py'), 'utf8') });
  await writeFile(join(folder, 'program.md'), texts.brief);
  await writeFile(join(copy, 'train.py'), texts.train);
  if (!(await exists(join(folder, '.gitignore')))) await writeFile(join(folder, '.gitignore'), gitignore);
  if (isOwnRepository) await commitAll(folder);
  return { files: await listFiles(folder), isCommitted: isOwnRepository };
}

/** The brief of `tiny` lies in its folder, so that it can be run there; that of `gpt` lies at the package's top. */
async function readBriefOf(sandbox: SandboxName): Promise<string> {
  if (sandbox === 'gpt') return readFile(packagePath('program.md'), 'utf8');
  const brief = await readFile(packagePath('sandbox', 'tiny', 'program.md'), 'utf8');
  return brief.replace(/^sandbox: \.$/m, () => 'sandbox: sandbox/tiny');
}

const gitignore = '__pycache__/\n*.pyc\n.venv/\nsandbox/*/data/\nsandbox/*/private/\nsandbox/*/run/\n';

/**
 * False too for a folder that its repository ignores, and in a checkout of this program, where `npx nocturne init` is
 * tried first: the project then gets a repository of its own.
 */
async function isInRepository(folder: string): Promise<boolean> {
  const git = openGit(folder);
  try {
    const top = (await git.run(['rev-parse', '--show-toplevel'])).replace(/\r?\n$/, '');
    if ((await realpath(top)) === (await realpath(packagePath()))) return false;
    // check-ignore fails under GIT_LITERAL_PATHSPECS=1, which openGit sets.
    const environment = { GIT_LITERAL_PATHSPECS: '0' };
    return (await git.run(['check-ignore', join(folder, 'program.md')], { environment })) === '';
  } catch {
    return false;
  }
}

async function commitAll(folder: string): Promise<void> {
  const git = openGit(folder);
  await git.run(['init', '--quiet', '--initial-branch=main']);
  await git.run(['add', '--all']);
  const { name, email } = await readIdentity(git);
  await git.run(['commit', '--quiet', '--message', 'Start the project'], {
    environment: {
      GIT_AUTHOR_NAME: name,
      GIT_AUTHOR_EMAIL: email,
      GIT_COMMITTER_NAME: name,
      GIT_COMMITTER_EMAIL: email,
    },
  });
}

async function listFiles(folder: string): Promise<string[]> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  return entries
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name).slice(folder.length + 1))
    .filter((path) => !path.startsWith('.git/'))
    .sort();
}
