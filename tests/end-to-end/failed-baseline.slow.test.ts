/** A baseline that fails because a run lacks what the checkout has says so, and following its words leads to a score. */
import { symlinkSync } from 'node:fs';
import { expect, test } from 'vitest';
import { inBrief } from '../helpers/bad-input.ts';
import { nocturne, project } from '../helpers/nocturne.ts';
import { type TemporaryRepo, temporaryRepo } from '../helpers/temporary-repo.ts';

const cases: readonly (readonly [string, string, (repo: TemporaryRepo) => void])[] = [
  ['a file in a folder of which git tracks a part', 'open("data/train.txt").read()', ignoredData],
  ['an ignored file', 'open("vocab.json").read()', (repo) => repo.write('vocab.json', '{}')],
  ['a package beside the project', 'import sys; sys.path.insert(0, "../.."); import common.lib', () => {}],
  ['a file of the repository', 'open("../../common/words.txt").read()', () => {}],
  ['a module that git does not track', 'import helper', (repo) => repo.write('models/a/helper.py', '')],
  ['a file behind a tracked link', 'open("shared/words.txt").read()', () => {}],
  ['a variable', 'import os; os.environ["DATA_ROOT"]', () => {}],
];

test.each(cases)('%s is named with the line that mends it', async (_, line, arrange) => {
  const repo = temporaryRepo({
    '.gitignore': 'data/*\n!data/.gitkeep\nvocab.json\nhelper.py\nruns/\n',
    'common/lib.py': '',
    'common/words.txt': '',
    'models/a/data/.gitkeep': '',
    'models/a/program.md': project('quick').read('program.md').replace('python -S', 'python'),
    'models/a/train.py': `${line}\n${project('quick').read('train.py')}`,
  });
  symlinkSync('../../common', `${repo.root}/models/a/shared`);
  repo.commit('link');
  const inSandbox = {
    ...repo,
    write: (path: string, text: string | Buffer) => repo.write(path.replace(/^(?!models)/, 'models/a/'), text),
  };
  arrange(inSandbox);
  const folder = `${repo.root}/models/a`;
  const variables = { DATA_ROOT: '/somewhere' };
  const failed = await nocturne(folder, ['run', '--tag', 'a', '--max-experiments', '1'], variables);
  expect(failed.exitCode).toBe(1);
  const [, setting = ''] =
    /What a run lacks that your checkout has:\n[^\n]*`((?:link|include|env): \[[^`]*\])`/.exec(failed.stderr) ?? [];
  expect(setting, failed.stderr).not.toBe('');
  inBrief(setting)({
    ...repo,
    read: (path) => repo.read(`models/a/${path}`),
    write: (path, text) => repo.write(`models/a/${path}`, text),
  });
  const mended = await nocturne(folder, ['run', '--tag', 'a', '--max-experiments', '1'], variables);
  expect(mended.exitCode, mended.stderr).toBe(0);
});

function ignoredData(repo: TemporaryRepo): void {
  repo.write('data/train.txt', 'text');
}
