import { describe, expect, test } from 'vitest';
import { addCommitted, inBrief, replaceInBrief } from '../helpers/bad-input.ts';
import { nocturne, project } from '../helpers/nocturne.ts';
import { templateStudy } from '../helpers/template-study.ts';
import type { TemporaryRepo } from '../helpers/temporary-repo.ts';

const night = templateStudy('--tag', 'night', '--max-experiments', '4');
const goOn = ['run', '--tag', 'night', '--max-experiments', '5'];

test('a change is left out where the files are put back, as the error says', async () => {
  const repo = night();
  addCommitted(repo, 'train.py', `${repo.read('train.py')}\n# a note\n`);
  const refused = await nocturne(repo.root, goOn);
  const [, commit = '', path = ''] = /git checkout (\S+) -- ":\/(.*)"/.exec(refused.stderr) ?? [];
  repo.git('checkout', commit, '--', `:/${path}`);
  const said = await nocturne(repo.root, goOn);
  expect(said.exitCode, said.stderr).toBe(0);
});

describe('a study goes on beside', () => {
  test.each<[string, (repo: TemporaryRepo) => unknown]>([
    ['new prose', (repo) => addCommitted(repo, 'README.md', 'Notes of the morning.\n')],
    ['the files that it has made', (repo) => repo.git('merge', '--quiet', 'autoresearch/night')],
    ['another setting', inBrief('early_kill: false')],
  ])('%s', async (_, arrange) => {
    const repo = night();
    arrange(repo);
    const said = await nocturne(repo.root, goOn);
    expect(said.exitCode, said.stderr).toBe(0);
  });
});

test('a changed fixed file is refused, and a new file is said to be absent', async () => {
  const repo = project('quick');
  addCommitted(repo, 'lib/data.py', 'WORDS = 1\n');
  await nocturne(repo.root, ['run', '--tag', 'night', '--max-experiments', '1']);
  repo.write('lib/more.py', 'MORE = 1\n');
  const added = await nocturne(repo.root, ['run', '--tag', 'night', '--max-experiments', '2']);
  expect(added.exitCode, added.stderr).toBe(0);
  expect(added.stderr).toContain('warning: Not in study night, so absent from its runs: lib/more.py.');
  addCommitted(repo, 'lib/data.py', 'WORDS = 2\n');
  const changed = await nocturne(repo.root, ['run', '--tag', 'night', '--max-experiments', '3']);
  expect(changed).toMatchObject({ exitCode: 2, stderr: expect.stringContaining('lib/data.py is not as study night') });
});

test('a new study says that the best of the last one is in its start', async () => {
  const repo = night();
  repo.git('merge', '--quiet', 'autoresearch/night');
  const said = await nocturne(repo.root, ['run', '--max-experiments', '1']);
  expect(said.stderr).toMatch(/It starts from HEAD \([0-9a-f]{10}\), with all that night kept in it\./);
});

describe('doctor says what run says', () => {
  test.each<[string, (repo: TemporaryRepo) => unknown, string]>([
    ['a model is missing', replaceInBrief('researcher: random', 'researcher: llm'), 'The llm researcher needs a model'],
    ['an edit is not committed', (repo) => repo.write('train.py', 'X = 1\n'), 'These files differ from commit'],
  ])('of a new study: %s', async (_, arrange, trouble) => {
    const repo = project('quick');
    arrange(repo);
    const doctor = await nocturne(repo.root, ['doctor']);
    expect(doctor).toMatchObject({ exitCode: 3, stdout: expect.stringContaining(trouble) });
    expect(await nocturne(repo.root, ['run'])).toMatchObject({ exitCode: 2, stderr: expect.stringContaining(trouble) });
  });

  test.each<[string, (repo: TemporaryRepo) => unknown, string]>([
    ['another budget', replaceInBrief('budget: 1s', 'budget: 2s'), 'Study night was started with another `budget`'],
    ['a misspelt knob', replaceInBrief('  WIDTH:', '  WIDHT:'), '`space.WIDHT` is not a knob of the editable files'],
  ])('of a study that goes on: %s', async (_, arrange, trouble) => {
    const repo = night();
    arrange(repo);
    const doctor = await nocturne(repo.root, ['doctor', '--tag', 'night']);
    expect(doctor).toMatchObject({ exitCode: 3, stdout: expect.stringContaining(trouble) });
    expect(await nocturne(repo.root, goOn)).toMatchObject({ exitCode: 2, stderr: expect.stringContaining(trouble) });
  });

  test('a study can go on', async () => {
    const doctor = await nocturne(night().root, ['doctor', '--tag', 'night']);
    expect(doctor).toMatchObject({
      exitCode: 0,
      stdout: expect.stringMatching(/study night would go on from \w{7}$/m),
    });
  });
});
