import { expect, test } from 'vitest';
import { files } from '../helpers/config-files-project.ts';
import { nocturne } from '../helpers/nocturne.ts';
import { temporaryRepo } from '../helpers/temporary-repo.ts';

test('`space` shows the values of configuration files by path, and what `train:` sets', async () => {
  const { root } = temporaryRepo(files);
  const { stdout } = await nocturne(root, ['space', '--json']);
  const rows = JSON.parse(stdout).knobs.map((row: Record<string, unknown>) => [
    row.knob,
    row.file,
    row.line,
    row.range,
  ]);
  expect(rows).toEqual([
    ['optimizer.lr', 'conf/config.yaml', 3, 'log 1e-3..1'.replace('1e-3', '0.001')],
    ['optimizer.steps', 'conf/config.yaml', 4, null],
    ['name', 'conf/config.yaml', 5, null],
    ['layers[0]', 'conf/model.json', 2, 'int 1..64'],
    ['bias', 'conf/model.json', 3, 'bool'],
    ['data.drop', 'conf/data.toml', 2, 'float 0..0.5'],
  ]);
  const table = await nocturne(root, ['space']);
  expect(table.stdout).toMatch(/optimizer\.steps .*not searched: `train:` sets it/);
});
