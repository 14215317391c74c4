import { statSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { findChangedSince, type StudyFiles } from '../../../src/adapters/git/changed-since.ts';
import { type TemporaryRepo, temporaryRepo } from '../../helpers/temporary-repo.ts';

const files = {
  'lab/train.py': 'LR = 1\n',
  'lab/score.py': 'SCORE = 1\n',
  'lab/program.md': 'Brief.\n',
  'lib/data.txt': 'words\n',
  'other.py': 'OTHER = 1\n',
};

/** A study that started at the repository's first commit and kept one edit of train.py. */
function studyIn(repo: TemporaryRepo, more: Partial<StudyFiles> = {}): StudyFiles {
  const start = repo.git('rev-parse', 'HEAD');
  repo.git('checkout', '--quiet', '-b', 'autoresearch/night');
  repo.write('lab/train.py', 'LR = 2\n');
  const kept = repo.commit('keep');
  repo.git('checkout', '--quiet', 'main');
  return {
    root: repo.root,
    paths: ['lab', 'lib'],
    editable: ['lab/train.py'],
    exempt: ['lab/program.md', 'lab/runs'],
    start,
    checkout: undefined,
    accepted: [kept],
    ...more,
  };
}

const nothing = { changed: [], added: [] };

test.each<[string, (repo: TemporaryRepo) => unknown, Partial<Awaited<ReturnType<typeof findChangedSince>>>]>([
  ['nothing', () => {}, {}],
  ['an edit', (repo) => repo.write('lab/train.py', 'LR = 3\n'), { changed: ['lab/train.py'] }],
  ['a staged edit', (repo) => stage(repo, 'lab/train.py', 'LR = 3\n'), { changed: ['lab/train.py'] }],
  ['a committed edit', (repo) => commit(repo, 'lab/train.py', 'LR = 3\n'), { changed: ['lab/train.py'] }],
  ['a fixed file', (repo) => commit(repo, 'lab/score.py', 'SCORE = 2\n'), { changed: ['lab/score.py'] }],
  ['an included file', (repo) => commit(repo, 'lib/data.txt', 'other\n'), { changed: ['lib/data.txt'] }],
  ['a file that is gone', (repo) => repo.git('rm', '-q', 'lab/score.py'), { changed: ['lab/score.py'] }],
  ['a new file', (repo) => repo.write('lab/more.py', 'MORE = 1\n'), { added: ['lab/more.py'] }],
  ['a new file in a commit', (repo) => commit(repo, 'lab/more.py', 'MORE = 1\n'), { added: ['lab/more.py'] }],
  ['a file outside', (repo) => commit(repo, 'other.py', 'OTHER = 2\n'), {}],
  ['the brief', (repo) => commit(repo, 'lab/program.md', 'Another brief.\n'), {}],
  ['a study', (repo) => commit(repo, 'lab/runs/night/results.tsv', 'x\n'), {}],
  ['prose', (repo) => commit(repo, 'lab/README.md', 'Prose.\n'), {}],
  ['packages, which each session asks for', (repo) => commit(repo, 'lab/requirements.txt', 'numpy\n'), {}],
  ['what the study kept, merged', (repo) => repo.git('merge', '-q', 'autoresearch/night'), {}],
  ['what the study kept, checked out', (repo) => repo.git('checkout', '-q', 'autoresearch/night'), {}],
])('the owner changed %s', async (_, arrange, found) => {
  const repo = temporaryRepo(files);
  const study = studyIn(repo);
  arrange(repo);
  expect(await findChangedSince(study)).toEqual({ ...nothing, ...found });
});

test('what was checked out when a study started elsewhere is no change, later edits are', async () => {
  const repo = temporaryRepo(files);
  const study = studyIn(repo, { checkout: repo.git('rev-parse', 'HEAD') });
  const elsewhere = { ...study, start: repo.git('rev-parse', 'autoresearch/night') };
  expect(await findChangedSince(elsewhere)).toEqual(nothing);
  // A journal of an earlier version does not say it; then HEAD is not after the start, and stands for it.
  expect(await findChangedSince({ ...elsewhere, accepted: [], checkout: undefined })).toEqual(nothing);
  commit(repo, 'lab/train.py', 'LR = 3\n');
  expect(await findChangedSince(elsewhere)).toEqual({ ...nothing, changed: ['lab/train.py'] });
});

test("the owner's index is not written", async () => {
  const repo = temporaryRepo(files);
  const study = studyIn(repo);
  repo.write('lab/train.py', 'LR = 1\n');
  const written = () => statSync(join(repo.root, '.git/index'), { bigint: true }).ctimeNs;
  const before = written();
  expect(await findChangedSince(study)).toEqual(nothing);
  expect(written()).toBe(before);
});

function stage(repo: TemporaryRepo, path: string, content: string): void {
  repo.write(path, content);
  repo.git('add', path);
  repo.write(path, files['lab/train.py']);
}

function commit(repo: TemporaryRepo, path: string, content: string): void {
  repo.write(path, content);
  repo.commit();
}
