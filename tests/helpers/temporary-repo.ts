/** A real git repository in a temporary directory, removed when the test ends. */
import { execFileSync } from 'node:child_process';
import { chmodSync, mkdirSync, mkdtempSync, readFileSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { onTestFinished } from 'vitest';

export interface TemporaryRepo {
  readonly root: string;
  /** Runs git in the repository as its user would; gives what it printed, trimmed. */
  readonly git: (...args: string[]) => string;
  readonly write: (path: string, content: string | Buffer) => void;
  readonly read: (path: string) => string;
  /** Adds everything and commits it; gives the commit. */
  readonly commit: (message?: string) => string;
  readonly writeHook: (name: string, script: string) => void;
}

/** A folder that is gone after the test. */
export function temporaryFolder(): string {
  const folder = realpathSync(mkdtempSync(join(tmpdir(), 'nocturne test ü ')));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

/** A repository without a commit. */
export function emptyRepo(init: readonly string[] = []): TemporaryRepo {
  const root = temporaryFolder();
  runGit(root, 'init', '--quiet', '--initial-branch=main', '--template=', ...init);
  return openRepo(root);
}

/** A repository with these files in one commit. */
export function temporaryRepo(files: Readonly<Record<string, string>>, init: readonly string[] = []): TemporaryRepo {
  const repo = emptyRepo(init);
  for (const [path, content] of Object.entries(files)) repo.write(path, content);
  repo.commit('start');
  return repo;
}

/** The repository, worktree or clone whose top is this folder. */
export function openRepo(root: string): TemporaryRepo {
  const git = (...args: string[]) => runGit(root, ...args);
  const write = (path: string, content: string | Buffer) => {
    mkdirSync(dirname(join(root, path)), { recursive: true });
    writeFileSync(join(root, path), content);
  };
  return {
    root,
    git,
    write,
    read: (path) => readFileSync(join(root, path), 'utf8'),
    commit: (message = 'change') => {
      git('add', '--all');
      git('commit', '--quiet', '--message', message);
      return git('rev-parse', 'HEAD');
    },
    writeHook: (name, script) => {
      write(`.git/hooks/${name}`, `#!/bin/sh\n${script}\n`);
      chmodSync(join(root, '.git/hooks', name), 0o755);
    },
  };
}

function runGit(root: string, ...args: string[]): string {
  const settings = [
    'user.name=Ada',
    'user.email=ada@example.org',
    'protocol.file.allow=always',
    // Else every commit starts one more git, to see whether there is something to tidy up.
    'maintenance.auto=false',
  ];
  const { PATH, HOME } = process.env;
  const env = { PATH, HOME, LC_ALL: 'C', GIT_CONFIG_GLOBAL: '/dev/null', GIT_CONFIG_NOSYSTEM: '1' };
  return execFileSync('git', [...settings.flatMap((setting) => ['-c', setting]), ...args], {
    cwd: root,
    env,
    encoding: 'utf8',
    stdio: 'pipe',
  }).trim();
}
