/** `nocturne init` in projects of many forms, and the command that it prints, typed as it is printed. */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { execa } from 'execa';
import { expect, test } from 'vitest';
import { entriesOf, journalOf, nocturne } from '../helpers/nocturne.ts';
import { nocturneCommand } from '../helpers/program.ts';
import { endlessScript, type SmallProject, smallProjects, stumblingProjects } from '../helpers/small-projects.ts';
import { openRepo, type TemporaryRepo, temporaryFolder, temporaryRepo } from '../helpers/temporary-repo.ts';

const variables = { MY_PROJECT_WIDTH: '4' };

function repoOf({ files, uncommitted = {} }: SmallProject): TemporaryRepo {
  const repo = temporaryRepo(files);
  for (const [path, content] of Object.entries(uncommitted)) repo.write(path, content);
  return repo;
}

/** Types the command in a shell in which `nocturne` is this program. */
async function type(folder: string, command: string) {
  const program = nocturneCommand.map((word) => `'${word}'`).join(' ');
  const identity = 'export GIT_AUTHOR_NAME=Ada GIT_AUTHOR_EMAIL=a@b.c GIT_COMMITTER_NAME=Ada GIT_COMMITTER_EMAIL=a@b.c';
  const script = `${identity}; nocturne() { ${program} "$@"; }; ${command} --tag a --max-experiments 2`;
  return execa('bash', ['-c', script], { cwd: folder, env: variables, reject: false });
}

async function expectStudy(folder: string, args: readonly string[] = []): Promise<string> {
  const made = await nocturne(folder, ['init', '--yes', '--json', ...args], variables);
  expect(made.exitCode, made.stderr).toBe(0);
  const { next } = JSON.parse(made.stdout) as { next: string };
  const said = await type(folder, next);
  expect(said.exitCode, `${next}\n${said.stderr}`).toBe(0);
  expect(entriesOf(journalOf(folder, 'a'), 'study-stopped').at(-1)).toMatchObject({ reason: 'experiments' });
  return next;
}

test.each(smallProjects)('$title: a brief from one look, and a study of it', async (project) => {
  const repo = repoOf(project);
  const before = repo.git('rev-parse', 'HEAD');
  const folder = join(repo.root, project.folder ?? '.');
  await expectStudy(folder);
  const text = repo.read(join(project.folder ?? '.', 'program.md'));
  for (const line of project.brief) expect(text).toContain(line);
  const doctor = await nocturne(folder, ['doctor', '--tag', 'other'], variables);
  expect(doctor.exitCode, doctor.stdout).toBe(0);
  expect(repo.git('rev-parse', 'HEAD')).toBe(before);
  expect(repo.git('status', '--porcelain')).toBe(`?? ${join(project.folder ?? '.', 'program.md')}`);
});

test.each(stumblingProjects)('$title is said, and nothing is written', async ({ files, args = [], says }) => {
  const repo = temporaryRepo(files);
  const said = await nocturne(repo.root, ['init', '--yes', ...args]);
  expect(said).toMatchObject({ exitCode: 2, stdout: '' });
  let at = -1;
  for (const text of says) {
    const found = said.stderr.indexOf(text, at + 1);
    expect(found, `${text} in\n${said.stderr}`).toBeGreaterThan(at);
    at = found;
  }
  expect(repo.git('status', '--porcelain')).toBe('');
});

const [plain] = smallProjects;

test('a script that never ends is ended at its budget', async () => {
  const repo = temporaryRepo({ 'train.py': endlessScript });
  await expectStudy(repo.root, ['--limit', '3s', '--budget', '2s']);
  // A slow machine may take longer than the budget asked for until the first score is seen, and a budget never ends before that.
  expect(repo.read('program.md')).toMatch(/^budget: \d+s .*\nend_at_budget: true/m);
});

test('a folder without git', async () => {
  const folder = temporaryFolder();
  const repo = openRepo(folder);
  for (const [path, content] of Object.entries(plain?.files ?? {})) repo.write(path, content);
  expect(await expectStudy(folder)).toMatch(/^git init && git add -A && git commit /);
});

test('a folder without git that has an environment and large data commits neither', async () => {
  const folder = temporaryFolder();
  const repo = openRepo(folder);
  repo.write('.venv/lib/huge.py', 'x = 1\n');
  repo.write('rows.bin', Buffer.alloc(21e6));
  repo.write('train.py', `rows = len(open("rows.bin", "rb").read())\n${plain?.files['train.py']}`);
  await expectStudy(folder);
  expect(repo.git('ls-files')).toBe('.gitignore\nprogram.md\ntrain.py');
  expect(repo.read('program.md')).toContain('link: [rows.bin]');
});

test('a repository without a commit', async () => {
  const repo = openRepo(temporaryFolder());
  repo.git('init', '--quiet', '--initial-branch=main');
  for (const [path, content] of Object.entries(plain?.files ?? {})) repo.write(path, content);
  expect(await expectStudy(repo.root)).toMatch(/^git add -A && git commit /);
});

test('a repository with changes that are not committed keeps them', async () => {
  const repo = temporaryRepo(plain?.files ?? {});
  repo.write('train.py', `${repo.read('train.py')}# mine\n`);
  expect(await expectStudy(repo.root)).toBe('nocturne run --from worktree');
  expect(repo.git('status', '--porcelain')).toContain('M train.py');
});

test('a script that git does not know yet', async () => {
  const repo = temporaryRepo({ 'README.md': 'soon\n' });
  for (const [path, content] of Object.entries(plain?.files ?? {})) repo.write(path, content);
  expect(await expectStudy(repo.root)).toContain('git add ');
});

test('several scripts: the likeliest is taken and the others are said', async () => {
  const files = { 'train.py': plain?.files['train.py'] ?? '', 'finetune.py': plain?.files['train.py'] ?? '' };
  const repo = temporaryRepo(files);
  const said = await nocturne(repo.root, ['init', '--yes']);
  expect(said).toMatchObject({ exitCode: 0, stdout: '' });
  expect(said.stderr).toContain('also found: finetune.py (--train COMMAND)');
  expect(said.stderr.split('\n').filter((line) => line.length > 80)).toEqual([]);
  expect(existsSync(join(repo.root, 'program.md'))).toBe(true);
});

test('the command and the metric may be named', async () => {
  const repo = temporaryRepo(plain?.files ?? {});
  await expectStudy(repo.root, ['--train', 'python train.py --width 8', '--metric', 'train_loss']);
  expect(repo.read('program.md')).toContain('train: python train.py --width 8');
  expect(repo.read('program.md')).toContain('metric: train_loss');
});
