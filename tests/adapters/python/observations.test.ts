/** What a dry run's Python reads, with the real Python. */
import { execFileSync } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { readObservations, withObservation } from '../../../src/adapters/python/observations.ts';
import { withOwnTree } from '../../../src/adapters/run-folders/own-tree.ts';
import { temporaryFolder } from '../../helpers/temporary-repo.ts';

it('files, variables, modules and seeds of the project are recorded, and nothing of Python itself', async () => {
  const tree = temporaryFolder();
  const record = join(tree, 'observed');
  writeFileSync(join(tree, 'helper.py'), '');
  writeFileSync(join(tree, 'data.csv'), '1');
  mkdirSync(join(tree, 'shards'));
  writeFileSync(
    join(tree, 'train.py'),
    `import os, random, logging, helper
random.seed(int(os.environ.get('SEED', '7')))
open('data.csv').read()
open('out.txt', 'w').close()
os.path.exists('absent/set.npy')
os.listdir('shards')
os.getenv('MISSING')
`,
  );
  const place = { tree, checkouts: [tree], editable: ['train.py'], record: join(tree, 'imports') };
  const variables = { PATH: process.env.PATH ?? '', SEED: '3', PYTHONDONTWRITEBYTECODE: '1' };
  execFileSync('python3', ['train.py'], { cwd: tree, env: withObservation(withOwnTree(variables, place), record) });

  const askedBy = join(tree, 'train.py');
  expect(await readObservations(record)).toEqual({
    modules: expect.arrayContaining([{ name: 'helper', path: join(tree, 'helper.py') }]),
    read: ['data.csv', 'absent/set.npy', 'shards'].map((path) => join(tree, path)),
    written: [join(tree, 'out.txt')],
    variables: [
      { name: 'SEED', isSet: true, askedBy },
      { name: 'MISSING', isSet: false, askedBy },
    ],
    seeds: [{ by: 'random.seed', value: '3' }],
  });
});

it('a record that is not there observes nothing', async () => {
  const nothing = { modules: [], read: [], written: [], variables: [], seeds: [] };
  expect(await readObservations(join(temporaryFolder(), 'none'))).toEqual(nothing);
});

it('a class may take os.stat as its own, as pathlib of Python 3.8 does', () => {
  const tree = temporaryFolder();
  const script = `import os
class Accessor:
    stat = os.stat
print(Accessor().stat('.').st_mode > 0)
`;
  const place = { tree, checkouts: [tree], editable: [], record: join(tree, 'imports') };
  const env = withObservation(withOwnTree({ PATH: process.env.PATH ?? '' }, place), join(tree, 'observed'));
  expect(execFileSync('python3', ['-c', script], { cwd: tree, env, encoding: 'utf8' })).toBe('True\n');
});
