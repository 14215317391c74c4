import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { knobs, repoWith, run, start } from '../helpers/declared-knobs-project.ts';
import { entriesOf, journalOf } from '../helpers/nocturne.ts';

test('knobs that the brief declares are turned in a committed knobs.json', async () => {
  const repo = repoWith(`researcher: random\n${knobs}`);
  const first = await run(repo, '--max-experiments', '2');
  expect([first.exitCode, first.exitCode === 0 ? '' : first.stderr]).toEqual([0, '']);
  const journal = journalOf(repo.root, 'night');
  const [started] = entriesOf(journal, 'study-started');
  expect(repo.git('show', `${started?.start}:knobs.json`)).toBe(start.trimEnd());
  expect(repo.git('rev-parse', `${started?.start}^`)).toBe(repo.git('rev-parse', 'main'));
  const diff = repo.git('diff', '--numstat', `${started?.start}`, 'autoresearch/night').split('\n').filter(Boolean);
  for (const line of diff) expect(line).toMatch(/^(\d)\t\1\tknobs\.json$/);
  const made = entriesOf(journal, 'proposal-made');
  expect(made).toHaveLength(2);
  for (const { experiment } of made) {
    const values = JSON.parse(repo.git('show', `refs/autoresearch/night/000${experiment}:knobs.json`));
    const log = repo.read(`runs/night/000${experiment}/run-1/train.log`);
    const [, lr = '', depth = '', opt = '', told = ''] = /lr (\S+) depth (\S+) opt (\S+) file (\S+)/.exec(log) ?? [];
    expect({ lr: Number(lr), depth: Number(depth), opt, told: Number(told) }).toEqual({
      lr: values.lr,
      depth: values.depth,
      opt: values.opt,
      told: values.lr,
    });
  }
  expect(repo.read('runs/night/0000/run-1/score.log')).toContain('scale: 1.0');
  const [baseline] = entriesOf(journal, 'run-ended');
  expect(baseline?.result.measurement).toMatchObject({ value: 14 });
  expect(existsSync(join(repo.root, 'knobs.json'))).toBe(false);
  expect(repo.git('status', '--porcelain')).toBe('');
});
