import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { execa } from 'execa';
import { expect, test } from 'vitest';
import { createGate } from '../helpers/gate.ts';
import { entriesOf, journalOf, nocturne, project, startNocturne } from '../helpers/nocturne.ts';
import { nocturneCommand } from '../helpers/program.ts';

const run = ['run', '--tag', 'night', '--plain'];
const limited = [...run, '--max-experiments'];
const program = readFileSync('tests/fixtures/projects/quick/train.py', 'utf8');
const withRate = (rate: number, width = 4) =>
  program.replace('LEARNING_RATE = 0.3', `LEARNING_RATE = ${rate}`).replace('WIDTH = 4', `WIDTH = ${width}`);

/** A project whose study has measured its baseline, and stands still. */
async function measured() {
  const repo = project('quick');
  const said = await nocturne(repo.root, [...limited, '1']);
  expect(said.exitCode, said.stderr).toBe(0);
  const edit = (text: string, file = 'train.py') => writeFileSync(join(repo.root, file), text);
  return { root: repo.root, edit };
}

test('an edit of the work tree is handed in to a study that stands still, and run when it goes on', async () => {
  const { root, edit } = await measured();
  edit(withRate(0.03));
  const said = await nocturne(root, ['try']);
  expect(said).toMatchObject({ exitCode: 0, stdout: '' });
  expect(said.stderr).toMatch(
    /^Experiment 2 of study night: LEARNING_RATE 0\.\d+ -> 0\.03\b.* \(\+\d+ -\d+ lines against /,
  );
  expect(said.stderr).toMatch(/The study is not running: `.*nocturne run --tag night` runs it\.$/);

  expect((await nocturne(root, ['status'])).stdout).toMatch(/^handed in 2, to be run next$/m);
  const early = await nocturne(root, ['wait', '2']);
  expect(early).toMatchObject({ exitCode: 1, stdout: '' });
  expect(early.stderr).toMatch(/^nocturne: Experiment 2 is not judged, and study night is not running\.\n/);

  await nocturne(root, [...limited, '1']);
  const verdict = await nocturne(root, ['wait', '2']);
  expect(verdict.exitCode, verdict.stderr).toBe(0);
  expect(verdict.stdout).toMatch(
    /^Experiment 2: (?:kept|reverted), loss 1\.\d+ beside 1\.\d+: (?:better|worse) by \d.*\d\.$/,
  );
  const [proposed] = entriesOf(journalOf(root, 'night'), 'proposal-made').slice(-1);
  expect(proposed).toMatchObject({ experiment: 2, researcher: 'owner' });
  expect(await nocturne(root, ['check'])).toMatchObject({ exitCode: 0 });
});

test('a running study answers at once, with the number that the next experiment gets', async () => {
  const repo = project('quick');
  const gate = createGate();
  const running = startNocturne(repo.root, [...run, '--researcher', 'owner'], gate.variables);
  await gate.untilBegun(1);
  writeFileSync(join(repo.root, 'other.py'), withRate(0.05));
  writeFileSync(join(repo.root, 'wider.py'), withRate(0.3, 8));
  const [first, second] = await Promise.all([
    nocturne(repo.root, ['try', '--json', '--title', 'A lower rate', 'other.py']),
    nocturne(repo.root, ['try', '--json', 'wider.py']),
  ]);
  const answers = [first, second].map(({ stdout }) => JSON.parse(stdout));
  expect(answers.map(({ experiment }) => experiment).sort()).toEqual([1, 2]);
  expect(answers[0]).toMatchObject({ tag: 'night', isRunning: true, title: 'A lower rate', from: 0, incumbent: 0 });
  expect(answers[1]).toMatchObject({ title: 'WIDTH 4 -> 8', added: 1, removed: 1 });
  gate.open();
  const verdicts = await Promise.all([1, 2].map((number) => nocturne(repo.root, ['wait', '--json', String(number)])));
  for (const [index, { exitCode, stdout, stderr }] of verdicts.entries()) {
    expect(exitCode, stderr).toBe(0);
    expect(JSON.parse(stdout)).toMatchObject({
      experiment: index + 1,
      decision: expect.stringMatching(/^(keep|revert)$/),
    });
  }
  await running.until('Waiting for an experiment');
  await nocturne(repo.root, ['stop']);
  expect((await running.end).exitCode).toBe(0);
});

test('a diff from standard input applies to an earlier experiment, and a folder is read whole', async () => {
  const { root } = await measured();
  const diff =
    '--- a/train.py\n+++ b/train.py\n@@ -12,1 +12,1 @@\n-WIDTH = 4  # best at 16\n+WIDTH = 16  # best at 16\n';
  const at = program.split('\n').indexOf('WIDTH = 4  # best at 16') + 1;
  const [node, ...words] = [...nocturneCommand, 'try', '--from', '0', '--json', '-'];
  const piped = await execa(node ?? '', words, { cwd: root, input: diff.replaceAll('12,1', `${at},1`), reject: false });
  expect(JSON.parse(piped.stdout), piped.stderr).toMatchObject({ experiment: 2, title: 'WIDTH 4 -> 16', from: 0 });
  mkdirSync(join(root, 'mine'));
  writeFileSync(join(root, 'mine', 'train.py'), withRate(0.1, 8));
  const folder = await nocturne(root, ['try', '--json', '--from', '1', 'mine']);
  expect(JSON.parse(folder.stdout)).toMatchObject({ experiment: 3, from: 1 });
  writeFileSync(join(root, 'windows.py'), withRate(0.3, 12).replaceAll('\n', '\r\n'));
  const ends = await nocturne(root, ['try', '--json', '--from', '0', 'windows.py']);
  expect(JSON.parse(ends.stdout)).toMatchObject({ experiment: 4, title: 'WIDTH 4 -> 12' });
  const [last] = entriesOf(journalOf(root, 'night'), 'handed-in').slice(-1);
  expect(JSON.stringify(last)).not.toContain('\\r');
});

type Edit = (text: string, file?: string) => void;

const refusals: readonly (readonly [string, (edit: Edit) => string[], RegExp])[] = [
  ['nothing that differs', () => ['try', '--from', '0'], /^nocturne: Nothing differs from the code of the baseline/],
  [
    'what was tried before, but for a comment',
    (edit) => {
      edit(`${program}# a word\n`);
      return ['try', '--from', '1'];
    },
    /^nocturne: It is the same program, .* as the baseline, which scored loss 1\.\d+\.\n/,
  ],
  [
    'what does not compile',
    (edit) => {
      edit(`${program}def f(:\n`);
      return ['try'];
    },
    /^nocturne: train\.py does not compile, line \d+: .*\n/,
  ],
  [
    'a diff of another file',
    (edit) => {
      edit('--- a/data.py\n+++ b/data.py\n@@ -1,1 +1,1 @@\n-a\n+b\n', 'x.diff');
      return ['try', 'x.diff'];
    },
    /^nocturne: x\.diff cannot be handed in: the diff changes data\.py\.\n.*Only train\.py may change/,
  ],
  [
    'a few words in place of the script',
    (edit) => {
      edit('print("loss: 1")\n', 'words.txt');
      return ['try', 'words.txt'];
    },
    /^nocturne: words\.txt has 1 lines?, which is too little to be the whole of train\.py\.\n/,
  ],
  ['a path that is not there', () => ['try', 'nowhere.py'], /^nocturne: There is no nowhere\.py to hand in\.\n/],
  [
    'the code of an experiment that is not there',
    () => ['try', '--from', '9'],
    /has no experiment 9; it has 0 to 1\.\n/,
  ],
  ['a number that is none', () => ['wait', 'x'], /^nocturne: The number of an experiment must be a whole number/],
  ['a number that was never given', () => ['wait', '7'], /has given no experiment the number 7; it has 0 to 1\.\n/],
  ['a timeout that is none', () => ['wait', '1', '--timeout', 'soon'], /^nocturne: --timeout must be a duration/],
  [
    'a key in the code',
    (edit) => {
      edit(withRate(0.03).replace('import time', `import time\nKEY = "sk-ant-${'a1'.repeat(20)}"`));
      return ['try'];
    },
    /^nocturne: It contains what looks like a key/,
  ],
];

test('what would waste a run is refused with one sentence, and nothing is journalled', async () => {
  const { root, edit } = await measured();
  const before = journalOf(root, 'night').length;
  for (const [what, prepare, sentence] of refusals) {
    edit(program);
    const said = await nocturne(root, prepare(edit));
    expect(said.stderr, what).toMatch(sentence);
    expect(said, what).toMatchObject({ exitCode: 2, stdout: '' });
    expect(journalOf(root, 'night'), what).toHaveLength(before);
  }
});

test('a study that its owner drives goes on beside an edit that is not handed in', async () => {
  const { root, edit } = await measured();
  const unfinished = [
    `${program}\ndef schedule(`,
    program.replace('best at 16', 'to be turned'),
    `${program}\nlr = x\n`,
  ];
  for (const [index, text] of unfinished.entries()) {
    edit(withRate(0.03 + index / 100), 'other.py');
    await nocturne(root, ['try', 'other.py']);
    edit(text);
    const said = await nocturne(root, [...limited, '1', '--researcher', 'owner']);
    expect(said.exitCode, said.stderr).toBe(0);
    expect(said.stderr).toContain('The runs are of what `nocturne try` hands in, so not of train.py as it is now.');
    expect(entriesOf(journalOf(root, 'night'), 'verdict-given').at(-1)).toMatchObject({ experiment: index + 2 });
  }
  const searched = await nocturne(root, [...limited, '1', '--researcher', 'random']);
  expect(searched).toMatchObject({
    exitCode: 2,
    stderr: expect.stringContaining('train.py is not as study night has it'),
  });
});

test('nothing is handed in to a study whose baseline failed', async () => {
  const repo = project('quick');
  writeFileSync(join(repo.root, 'train.py'), `${program}raise ValueError('no')\n`);
  repo.commit('it fails');
  expect(await nocturne(repo.root, run)).toMatchObject({ exitCode: 1 });
  writeFileSync(join(repo.root, 'train.py'), program);
  const said = await nocturne(repo.root, ['try']);
  expect(said.stderr).toMatch(
    /^nocturne: The baseline of study night has no score \(exit code 1: ValueError: no\), so nothing can be compared with it\.\nMend the script, commit it, and begin a new study: `.*nocturne run`\.$/,
  );
  expect(said).toMatchObject({ exitCode: 2, stdout: '' });
  expect(entriesOf(journalOf(repo.root, 'night'), 'handed-in')).toEqual([]);
});

test('a study whose owner proposes can be begun without a knob', async () => {
  const repo = project('quick');
  writeFileSync(join(repo.root, 'train.py'), 'print("loss: 1.5")\n');
  const brief = readFileSync(join(repo.root, 'program.md'), 'utf8').replace(/space:\n(?: .*\n)+/, '');
  writeFileSync(join(repo.root, 'program.md'), brief.replace('researcher: random', 'researcher: owner'));
  repo.commit('no knob');
  const running = startNocturne(repo.root, run);
  await running.until('Waiting for an experiment');
  const said = await nocturne(repo.root, ['status']);
  expect(said.stdout).toMatch(/^night: waiting\n/);
  await nocturne(repo.root, ['stop']);
  expect((await running.end).exitCode).toBe(0);
});

test('a key that the code held before is run, and stands in the journal as a mark', async () => {
  const repo = project('quick');
  const key = `sk-ant-${'b2'.repeat(20)}`;
  const keyed = (text: string) =>
    text.replace('import time\n', `import time\nAPI_KEY = "${key}"\nassert len(API_KEY) == 47\n`);
  writeFileSync(join(repo.root, 'train.py'), keyed(program));
  repo.commit('a key in the code');
  await nocturne(repo.root, [...limited, '1']);
  writeFileSync(join(repo.root, 'train.py'), keyed(withRate(0.07)));
  const said = await nocturne(repo.root, ['try']);
  expect(said.exitCode, said.stderr).toBe(0);
  await nocturne(repo.root, [...limited, '1']);
  const journal = journalOf(repo.root, 'night');
  expect(JSON.stringify(journal)).not.toContain(key);
  expect(entriesOf(journal, 'run-ended').at(-1)).toMatchObject({ experiment: 2, result: { outcome: 'finished' } });
});
