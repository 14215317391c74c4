/** What every mirror promises about the studies in it. */
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { Mirror, StudySnapshot } from '../../src/ports/mirror.ts';
import { openRepo, type TemporaryRepo, temporaryFolder, temporaryRepo } from '../helpers/temporary-repo.ts';

export interface MirrorFixture {
  /** The same place, as this repository sees it. */
  readonly open: (repo: TemporaryRepo) => Promise<Mirror>;
}

export const signal = new AbortController().signal;
const first = 'the first line\n';
/** The same study has the same commits. */
const made = new Map<string, string>();

/** A study with one kept attempt; `lines` further lines in its journal, each with an attempt. */
export function snapshotOf(repo: TemporaryRepo, lines = 0, beginning = first): StudySnapshot {
  const start = repo.git('rev-parse', 'main');
  const commit = (message: string, parent: string) => {
    const key = `${repo.root} ${message}`;
    const id = made.get(key) ?? repo.git('commit-tree', `${start}^{tree}`, '-p', parent, '-m', message);
    made.set(key, id);
    return id;
  };
  const attempts = Array.from({ length: lines + 1 }, (_, index) => commit(`attempt ${index + 1}`, start));
  const kept = commit('kept', start);
  const folder = temporaryFolder();
  const file = (path: string, text: string) => {
    const source = join(folder, path.replaceAll('/', '-'));
    writeFileSync(source, text);
    return { path, source };
  };
  return {
    tag: 'night',
    entries: lines + 1,
    experiments: lines + 1,
    start,
    commits: new Map([
      ['0000', start],
      ...attempts.map((id, index): [string, string] => [String(index + 1).padStart(4, '0'), id]),
      ['tip', kept],
    ]),
    earlierTips: [start, kept],
    files: [
      file('0001/patch.diff', 'a diff\n'),
      file('results.tsv', `${lines} lines\n`),
      file('journal.jsonl', beginning + 'another line\n'.repeat(lines)),
    ],
  };
}

/** A repository with a start. */
export function studyRepo(): TemporaryRepo {
  return temporaryRepo({ 'train.py': 'LR = 1\n' });
}

/** Another machine's clone, as of the start. */
export function freshClone(repo: TemporaryRepo): TemporaryRepo {
  const root = join(temporaryFolder(), 'clone');
  repo.git('clone', '--quiet', '--no-local', repo.root, root);
  return openRepo(root);
}

/** Runs the suite against the places that the function makes. */
export function describeMirrorContract(name: string, create: () => MirrorFixture): void {
  describe(`the contract of a mirror, kept by ${name}`, () => {
    it('what was saved comes back in a fresh clone, with every commit', async () => {
      const { open } = create();
      const repo = studyRepo();
      const clone = freshClone(repo);
      const snapshot = snapshotOf(repo, 2);
      expect(await (await open(repo)).save(snapshot, signal)).toEqual([]);

      const there = await open(clone);
      expect(await there.tags(signal)).toEqual(['night']);
      const { files } = await there.bring('night', signal);
      for (const { path, source } of snapshot.files) expect(files.get(path)).toEqual(readFileSync(source));
      for (const commit of snapshot.commits.values()) expect(clone.git('cat-file', '-t', commit)).toBe('commit');
      expect(clone.git('for-each-ref', 'refs/autoresearch')).toBe('');
    });

    it('the newest of several saves is there, by the same mirror or by that of a later session', async () => {
      const { open } = create();
      const repo = studyRepo();
      const mirror = await open(repo);
      for (const lines of [0, 1, 1]) expect(await mirror.save(snapshotOf(repo, lines), signal)).toEqual([]);
      expect(await (await open(repo)).save(snapshotOf(repo, 3), signal)).toEqual([]);
      const { files } = await (await open(freshClone(repo))).bring('night', signal);
      expect(files.get('journal.jsonl')?.toString().split('\n')).toHaveLength(5);
      expect(files.get('results.tsv')?.toString()).toBe('3 lines\n');
    });

    it('another study with the tag, and one that is further there, are left as they are', async () => {
      const { open } = create();
      const repo = studyRepo();
      await (await open(repo)).save(snapshotOf(repo, 2), signal);
      const other = (await open(repo)).save(snapshotOf(repo, 2, 'another first line\n'), signal);
      await expect(other).rejects.toThrow('it holds another study named night');
      const behind = (await open(repo)).save(snapshotOf(repo, 1), signal);
      await expect(behind).rejects.toThrow('study night there is further than here');
      const { files } = await (await open(freshClone(repo))).bring('night', signal);
      expect(files.get('results.tsv')?.toString()).toBe('2 lines\n');
    });

    it('the repository gets no ref of the mirror, and no commit of its journal', async () => {
      const { open } = create();
      const repo = studyRepo();
      const snapshot = snapshotOf(repo);
      const objects = () => repo.git('count-objects');
      const before = [repo.git('for-each-ref'), objects()];
      await (await open(repo)).save(snapshot, signal);
      expect([repo.git('for-each-ref'), objects()]).toEqual(before);
    });

    it('a save that is given up says so', async () => {
      const { open } = create();
      const repo = studyRepo();
      const saved = (await open(repo)).save(snapshotOf(repo), AbortSignal.abort());
      await expect(saved).rejects.toThrow('it did not answer in time');
    });
  });
}
