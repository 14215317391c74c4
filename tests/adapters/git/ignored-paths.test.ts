import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { findIgnored } from '../../../src/adapters/git/ignored-paths.ts';
import { temporaryFolder, temporaryRepo } from '../../helpers/temporary-repo.ts';

it('paths of a copy are ignored by the rules of the checkout at every level, by its own exclude file, and by rules in the copy', async () => {
  const repo = temporaryRepo({
    '.gitignore': '*.log\n',
    'lab/.gitignore': '/weights/\n!kept.log\n',
    'lab/train.py': '',
  });
  repo.write('.git/info/exclude', 'mine/\n');
  const copy = temporaryFolder();
  mkdirSync(join(copy, 'lab', '.pytest_cache'), { recursive: true });
  writeFileSync(join(copy, 'lab', '.pytest_cache', '.gitignore'), '*\n');
  const ignored = ['lab/run.log', 'lab/weights/a/ü last.pt', 'mine/x', 'lab/.pytest_cache/v'];
  const others = ['lab/kept.log', 'weights/a.pt', 'lab/idea.py', 'train.py', ':(x) [a].py', ':!x.py'];
  expect([...(await findIgnored(repo.root, copy, [...ignored, ...others]))].sort()).toEqual([...ignored].sort());
  expect(await findIgnored(repo.root, copy, others)).toEqual([]);
  expect(await findIgnored(repo.root, copy, [])).toEqual([]);
});
