import { chmodSync, existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { openMirror } from '../../../src/adapters/mirrors/open-mirror.ts';
import { describeMirrorContract, freshClone, signal, snapshotOf, studyRepo } from '../../contracts/mirror-contract.ts';
import { emptyRepo, type TemporaryRepo, temporaryFolder } from '../../helpers/temporary-repo.ts';

const open = (target: string, repo: TemporaryRepo) =>
  openMirror(target, {
    root: repo.root,
    runsInRepository: 'runs',
    folder: repo.root,
    workFolder: join(temporaryFolder(), 'work'),
  });

describeMirrorContract('a git remote', () => {
  const bare = emptyRepo(['--bare']);
  return { open: (repo) => open(bare.root, repo) };
});

describeMirrorContract('a folder', () => {
  const folder = join(temporaryFolder(), 'copies');
  return { open: (repo) => open(folder, repo) };
});

describe('a git remote', () => {
  it('has the branch, the attempts, and the files as they lie below the root, for people without this program', async () => {
    const [bare, repo] = [emptyRepo(['--bare']), studyRepo()];
    const snapshot = snapshotOf(repo, 1);
    await (await open(bare.root, repo)).save(snapshot, signal);
    expect(bare.git('rev-parse', 'refs/heads/autoresearch/night')).toBe(snapshot.commits.get('tip'));
    expect(bare.git('rev-parse', 'refs/autoresearch/night/0002')).toBe(snapshot.commits.get('0002'));
    expect(bare.git('show', 'refs/autoresearch/night/journal:runs/night/results.tsv')).toBe('1 lines');
    expect(bare.git('rev-list', '--count', 'refs/autoresearch/night/journal')).toBe('1');
    bare.git('fsck', '--strict');
  });

  it('that rejects says why, and takes everything once it does not', async () => {
    const [bare, repo] = [emptyRepo(['--bare']), studyRepo()];
    const hook = join(bare.root, 'hooks', 'pre-receive');
    mkdirSync(join(bare.root, 'hooks'), { recursive: true });
    writeFileSync(hook, '#!/bin/sh\necho "the house is full" >&2\nexit 1\n');
    chmodSync(hook, 0o755);
    const mirror = await open(bare.root, repo);
    await expect(mirror.save(snapshotOf(repo), signal)).rejects.toThrow('the house is full');
    expect(bare.git('for-each-ref')).toBe('');
    rmSync(hook);
    expect(await mirror.save(snapshotOf(repo, 1), signal)).toEqual([]);
  });

  it('whose branch somebody moved keeps that, and gets all the rest', async () => {
    const [bare, repo] = [emptyRepo(['--bare']), studyRepo()];
    const mirror = await open(bare.root, repo);
    await mirror.save(snapshotOf(repo), signal);
    const theirs = bare.git('commit-tree', `${snapshotOf(repo).start}^{tree}`, '-m', 'theirs');
    bare.git('update-ref', 'refs/heads/autoresearch/night', theirs);
    const fresh = await open(bare.root, repo);
    const [remark] = await fresh.save(snapshotOf(repo, 1), signal);
    expect(remark).toContain('refs/heads/autoresearch/night');
    expect(remark).toContain('another program moved it');
    expect(bare.git('rev-parse', 'refs/heads/autoresearch/night')).toBe(theirs);
    expect(bare.git('rev-parse', '--verify', 'refs/autoresearch/night/0002')).not.toBe('');
  });

  it('whose attempt somebody moved is refused, also in the middle of a session', async () => {
    const [bare, repo] = [emptyRepo(['--bare']), studyRepo()];
    const mirror = await open(bare.root, repo);
    await mirror.save(snapshotOf(repo), signal);
    const theirs = bare.git('commit-tree', `${snapshotOf(repo).start}^{tree}`, '-m', 'theirs');
    bare.git('update-ref', 'refs/autoresearch/night/journal', theirs);
    await expect(mirror.save(snapshotOf(repo, 1), signal)).rejects.toThrow(/stale info|rejected/);
    bare.git('update-ref', 'refs/autoresearch/night/0001', theirs);
    await expect((await open(bare.root, repo)).save(snapshotOf(repo, 1), signal)).rejects.toThrow();
    expect(bare.git('rev-parse', 'refs/autoresearch/night/0001')).toBe(theirs);
  });

  it('that asks for a password is an error at once, which never holds the one that was given', async () => {
    const server = createServer((_, response) => {
      response.writeHead(401, { 'www-authenticate': 'Basic realm="git"' });
      response.end();
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    onTestFinished(() => void server.close());
    const { port } = server.address() as AddressInfo;
    const repo = studyRepo();
    for (const login of ['', 'ada:s3cret@']) {
      const mirror = await open(`http://${login}127.0.0.1:${port}/repo.git`, repo);
      expect(mirror.name).toBe(`http://127.0.0.1:${port}/repo.git`);
      const failure = await mirror.save(snapshotOf(repo), signal).catch((error: Error) => error.message);
      expect(failure).toMatch(/terminal prompts disabled|Authentication failed/);
      expect(failure).not.toContain('s3cret');
    }
  });

  it('that never answers is given up with its signal', async () => {
    const server = createServer(() => {});
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    onTestFinished(() => {
      server.close();
      server.closeAllConnections();
    });
    const { port } = server.address() as AddressInfo;
    const repo = studyRepo();
    const mirror = await open(`http://127.0.0.1:${port}/repo.git`, repo);
    const saved = mirror.save(snapshotOf(repo), AbortSignal.timeout(100));
    await expect(saved).rejects.toThrow('it did not answer in time');
  });

  it('that is not there is named', async () => {
    const mirror = await open('ssh://nobody@localhost:1/nowhere.git', studyRepo());
    await expect(mirror.tags(signal)).rejects.toThrow('ssh://localhost:1/nowhere.git: ');
  });
});

describe('a folder', () => {
  it('holds whole files, bundles and no repository', async () => {
    const [folder, repo] = [join(temporaryFolder(), 'copies'), studyRepo()];
    await (await open(folder, repo)).save(snapshotOf(repo), signal);
    const names = readdirSync(join(folder, 'night'), { recursive: true }).map(String).sort();
    expect(names).toEqual([
      '0001',
      '0001/patch.diff',
      'contents.json',
      'journal.jsonl',
      'results.tsv',
      'start.bundle',
      'study.bundle',
    ]);
    repo.git('bundle', 'verify', join(folder, 'night', 'start.bundle'));
    freshClone(repo).git('bundle', 'verify', join(folder, 'night', 'study.bundle'));
  });

  it('whose parent is not there is no folder yet to be made: the drive is not mounted', async () => {
    const folder = join(temporaryFolder(), 'drive', 'copies');
    await expect((await open(folder, studyRepo())).save(snapshotOf(studyRepo()), signal)).rejects.toThrow(
      `${folder}: the folder is not there`,
    );
    expect(existsSync(join(folder, '..'))).toBe(false);
  });

  it.each([
    ['journal.jsonl', 'is missing'],
    ['0001/patch.diff', 'is missing'],
  ])('that lost %s says so', async (path, words) => {
    const [folder, repo] = [join(temporaryFolder(), 'copies'), studyRepo()];
    await (await open(folder, repo)).save(snapshotOf(repo), signal);
    rmSync(join(folder, 'night', path));
    await expect((await open(folder, repo)).bring('night', signal)).rejects.toThrow(words);
  });

  it('whose bundle was cut is refused by git', async () => {
    const [folder, repo] = [join(temporaryFolder(), 'copies'), studyRepo()];
    const clone = freshClone(repo);
    await (await open(folder, repo)).save(snapshotOf(repo), signal);
    const bundle = join(folder, 'night', 'study.bundle');
    writeFileSync(bundle, readFileSync(bundle).subarray(0, -30));
    await expect((await open(folder, clone)).bring('night', signal)).rejects.toThrow(folder);
  });

  it('with a journal newer than its list, as a crash leaves it, comes back with that journal', async () => {
    const [folder, repo] = [join(temporaryFolder(), 'copies'), studyRepo()];
    await (await open(folder, repo)).save(snapshotOf(repo), signal);
    const journal = join(folder, 'night', 'journal.jsonl');
    writeFileSync(journal, `${readFileSync(journal, 'utf8')}a newer line\n`);
    const { files } = await (await open(folder, repo)).bring('night', signal);
    expect(files.get('journal.jsonl')?.toString()).toContain('a newer line');
    writeFileSync(journal, 'another line\n');
    await expect((await open(folder, repo)).bring('night', signal)).rejects.toThrow(
      'journal.jsonl is not what was saved',
    );
  });
});

describe('what a target is', () => {
  it.each([
    ['-x', /must be a git remote or a folder/],
    ['', /must be a git remote or a folder/],
    ['nothing', /found "nothing"/],
  ])('%j is none', async (target, words) => {
    await expect(open(target, studyRepo())).rejects.toThrow(words);
  });

  it('a remote by its name, an address, a repository by its path, and else a folder', async () => {
    const [repo, bare] = [studyRepo(), emptyRepo(['--bare'])];
    repo.git('remote', 'add', 'origin', 'https://ada:token@example.org/a.git');
    expect((await open('origin', repo)).name).toBe('https://example.org/a.git');
    expect((await open('git@example.org:a.git', repo)).name).toBe('git@example.org:a.git');
    expect((await open(bare.root, repo)).name).toBe(bare.root);
    expect((await open('./copies', repo)).name).toBe(join(repo.root, 'copies'));
  });
});
