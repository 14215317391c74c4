import { expect, test } from 'vitest';
import { addCommitted, inBrief, replaceInBrief } from '../helpers/bad-input.ts';
import { entriesOf, journalOf, nocturne, project } from '../helpers/nocturne.ts';
import { templateStudy } from '../helpers/template-study.ts';
import type { TemporaryRepo } from '../helpers/temporary-repo.ts';

const night = templateStudy('--tag', 'night', '--max-experiments', '3');
const startOf = (repo: TemporaryRepo, tag: string) => entriesOf(journalOf(repo.root, tag), 'study-started')[0]?.start;

test('another budget goes on from the best of the night as the error says', async () => {
  const repo = night();
  const refused = await nocturne(repo.root, ['run', '--tag', 'night', '--budget', '2s']);
  expect(refused.exitCode).toBe(2);
  const hint = /`nocturne (run --from autoresearch\/night)`/.exec(refused.stderr)?.[1] ?? '';

  const followed = await nocturne(repo.root, [...hint.split(' '), '--budget', '2s', '--max-experiments', '1']);
  expect(followed.exitCode, followed.stderr).toBe(0);
  expect(followed.stderr).toContain('This is a new study, not night; `--tag night` goes on with that one.');
  const tag = /^Study (\S+):/m.exec(followed.stderr)?.[1] ?? '';
  expect(startOf(repo, tag)).toBe(repo.git('rev-parse', 'autoresearch/night'));

  // The owner's checkout is elsewhere than its start, which is no change of the files.
  const again = await nocturne(repo.root, ['run', '--tag', tag, '--budget', '2s', '--max-experiments', '2']);
  expect(again.exitCode, again.stderr).toBe(0);
});

test('a knob that was added in the morning is refused, by doctor too, and tried in a new study as the error says', async () => {
  const repo = night();
  addCommitted(repo, 'train.py', repo.read('train.py').replace('import math\n', 'import math\n\nDROPOUT = 0.1\n'));
  const trouble = 'train.py (new knobs: DROPOUT) is not as study night has it';
  const goOn = await nocturne(repo.root, ['run', '--tag', 'night', '--max-experiments', '9']);
  expect(goOn).toMatchObject({ exitCode: 2, stderr: expect.stringContaining(trouble) });
  const doctor = await nocturne(repo.root, ['doctor', '--tag', 'night']);
  expect(doctor).toMatchObject({ exitCode: 3, stdout: expect.stringContaining(trouble) });

  repo.git('merge', '--quiet', '--no-edit', 'autoresearch/night');
  const fresh = await nocturne(repo.root, ['run', '--tag', 'fresh', '--max-experiments', '1']);
  expect(fresh.exitCode, fresh.stderr).toBe(0);
  expect(startOf(repo, 'fresh')).toBe(repo.git('rev-parse', 'HEAD'));
});

test('a plain run after an ended study says where it starts, and how to start from the best of that one', async () => {
  const repo = night();
  const said = await nocturne(repo.root, ['run', '--max-experiments', '1']);
  const head = repo.git('rev-parse', 'HEAD').slice(0, 10);
  expect(said.stderr).toContain('night has ended, so this is a new study; `--tag night` goes on with that one.');
  expect(said.stderr).toContain(
    `It starts from HEAD (${head}), not from the best of night: \`--from autoresearch/night\``,
  );
});

test('doctor lists every trouble that run would meet one after the other', async () => {
  const repo = project('quick');
  inBrief('link: [data/]')(repo);
  replaceInBrief('  WIDTH:', '  WIDHT:')(repo);
  const doctor = await nocturne(repo.root, ['doctor', '--json']);
  const { findings } = JSON.parse(doctor.stdout) as { findings: { name: string; state: string; text: string }[] };
  expect(findings.filter(({ state }) => state === 'problem')).toEqual([
    expect.objectContaining({ name: 'link', text: expect.stringContaining('The brief links `data`, but there is no') }),
    expect.objectContaining({ name: 'space', text: expect.stringContaining('`space.WIDHT` is not a knob') }),
  ]);
  expect(doctor.exitCode).toBe(3);
});
