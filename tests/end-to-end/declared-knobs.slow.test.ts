/** Knobs that the brief declares, in programs of several languages, through the searches, a confirmation and a second study. */
import { spawnSync } from 'node:child_process';
import { expect, test } from 'vitest';
import { knobs, repoWith, run, start } from '../helpers/declared-knobs-project.ts';
import { entriesOf, journalOf, nocturne } from '../helpers/nocturne.ts';
import { temporaryRepo } from '../helpers/temporary-repo.ts';

const c = `#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
int main(int argc, char **argv) {
  double lr = 0, depth = 0;
  const char *opt = "";
  for (int i = 1; i < argc; i++) {
    if (!strcmp(argv[i], "--lr")) lr = strtod(argv[++i], 0);
    if (!strncmp(argv[i], "--depth=", 8)) depth = atoi(argv[i] + 8);
    if (!strcmp(argv[i], "--opt")) opt = argv[++i];
  }
  printf("METRIC loss=%.6f\\n", pow(log(lr / 3), 2) + fabs(depth - 7) + (strcmp(opt, "sgd") ? 1.0 : 0.0));
  return 0;
}
`;
const makefile =
  'run: main\n\t@./main --lr $(LR) --depth=$(DEPTH) --opt $(OPT)\nmain: main.c\n\t$(CC) -O1 -o main main.c -lm\n';
const shell = `
loss=$(echo "$1 $2 $3" | awk '{ print ($1 - 3) ^ 2 + ($2 - 7) ^ 2 + ($3 == "sgd" ? 0 : 1) }')
echo "METRIC loss=$loss"
`;
const node = `const { lr, depth, opt } = JSON.parse(require('fs').readFileSync(process.env.NOCTURNE_KNOBS, 'utf8'));
console.log('METRIC loss=' + ((lr - 3) ** 2 + (depth - 7) ** 2 + (opt === 'sgd' ? 0 : 1)));
`;
const programs = {
  make: { train: "sh -c 'make -s run LR={lr} DEPTH={depth} OPT={opt}'", files: { 'main.c': c, Makefile: makefile } },
  cc: {
    train: "sh -c 'cc -o main main.c -lm && ./main --lr {lr} --depth={depth} --opt {opt}'",
    files: { 'main.c': c },
  },
  shell: { train: 'sh train.sh {lr} {depth} {opt}', files: { 'train.sh': shell } },
  node: { train: 'node train.js', files: { 'train.js': node } },
};
const hasCompiler = spawnSync('sh', ['-c', 'cc --version && make --version']).status === 0;

function repoOf(name: keyof typeof programs) {
  const { train, files } = programs[name];
  const knobs = 'knobs: { lr: 1.0 in log 0.03..30, depth: 4 in int 2..12, opt: adam in choice adam, sgd }';
  const brief = `---\nmetric: loss\ngoal: minimize\n${knobs}\ntrain: ${train}\nbudget: 20s\n---\nFind settings.\n`;
  return temporaryRepo({ 'program.md': brief, ...files });
}

test.each(['make', 'cc', 'shell', 'node'] as const)('%s, by grid, at random and in a mix', async (name) => {
  if (!hasCompiler && (name === 'make' || name === 'cc')) return;
  const repo = repoOf(name);
  for (const researcher of ['grid', 'random', 'auto']) {
    const flags = ['--tag', researcher, '--researcher', researcher, '--max-experiments', '4', '--policy', 'greedy'];
    const { exitCode, stderr } = await nocturne(repo.root, ['run', ...flags]);
    expect(exitCode, stderr).toBe(0);
    const entries = journalOf(repo.root, researcher);
    const scores = entriesOf(entries, 'run-ended').map(({ result }) => result.measurement?.value);
    expect(new Set(scores).size).toBeGreaterThan(2);
    expect(scores).not.toContain(undefined);
  }
});

test('confirmed, reported, merged and searched on from the values of the file', async () => {
  const repo = repoOf('shell');
  const first = ['run', '--tag', 'one', '--researcher', 'random', '--max-experiments', '12', '--policy', 'greedy'];
  expect((await nocturne(repo.root, first)).exitCode).toBe(0);
  const confirmed = await nocturne(repo.root, ['confirm', '--tag', 'one']);
  expect(confirmed.exitCode, confirmed.stderr).toBe(0);
  expect((await nocturne(repo.root, ['report', '--tag', 'one'])).exitCode).toBe(0);
  expect((await nocturne(repo.root, ['check', '--tag', 'one'])).exitCode).toBe(0);
  repo.git('merge', '--quiet', 'autoresearch/one');
  const best = JSON.parse(repo.read('knobs.json'));
  expect(best).not.toEqual({ lr: 1, depth: 4, opt: 'adam' });
  const second = await nocturne(repo.root, ['run', '--tag', 'two', '--researcher', 'random', '--max-experiments', '1']);
  expect(second.exitCode, second.stderr).toBe(0);
  const [started] = entriesOf(journalOf(repo.root, 'two'), 'study-started');
  expect(started?.start).toBe(repo.git('rev-parse', 'HEAD'));
});

test('a study goes on from the values of its incumbent, and not with a knob that its file lacks', async () => {
  const repo = repoWith(`researcher: random\n${knobs}`);
  expect((await run(repo, '--max-experiments', '2')).exitCode).toBe(0);
  const second = await run(repo, '--max-experiments', '4');
  expect(second.exitCode, second.stderr).toBe(0);
  expect(entriesOf(journalOf(repo.root, 'night'), 'proposal-made')).toHaveLength(4);
  repo.write('program.md', repo.read('program.md').replace('lr: 1.0', 'wd: 0.1, lr: 1.0'));
  const third = await run(repo, '--max-experiments', '5');
  expect(third.stderr).toMatch(
    /knobs\.json has no `wd`, which the brief's `knobs:` declares: it is the file of experiment \d, /,
  );
  expect(third.exitCode).toBe(2);
});

test('`space` shows the ranges of the brief, and `space:` narrows them', async () => {
  const repo = repoWith(`space: { depth: int 3..5 }\n${knobs}`);
  const { stdout } = await nocturne(repo.root, ['space', '--json']);
  const rows = JSON.parse(stdout).knobs.map((row: Record<string, unknown>) => [
    row.knob,
    row.form,
    row.range,
    row.from,
  ]);
  expect(rows).toEqual([
    ['lr', 'declared', 'log 0.03..30', 'brief'],
    ['depth', 'declared', 'int 3..5', 'brief'],
    ['opt', 'declared', 'choice adam, sgd', 'brief'],
    ['scale', 'declared', null, 'not searched'],
  ]);
  expect((await nocturne(repo.root, ['space', '--write'])).stderr).toContain('has every range already');
});

test.each<[string, string, Readonly<Record<string, string>>, string]>([
  [
    'a value outside its range',
    knobs,
    { 'knobs.json': start.replace('4', '40') },
    '`knobs.depth` must be a range that contains the current value, `depth = 40` in knobs.json',
  ],
  ['no JSON', knobs, { 'knobs.json': '{' }, 'knobs.json is no JSON object'],
  [
    'an unknown place',
    knobs.replace('scale', 'scala'),
    {},
    '`score` must be a command whose places are knobs of `knobs:` (lr, depth, opt, scala), found `{scale}`',
  ],
  ['an unknown knob under `space:`', `space: { dept: 1..2 }\n${knobs}`, {}, '`space.dept`'],
])('%s is one sentence', async (_, lines, files, sentence) => {
  const { exitCode, stderr } = await run(repoWith(`researcher: random\n${lines}`, files));
  expect(stderr).toContain(sentence);
  expect(exitCode).toBe(2);
});

test('a knobs.json that git does not have is not passed over', async () => {
  const repo = repoWith(`researcher: random\n${knobs}`);
  repo.write('knobs.json', start.replace('1.0', '9.0'));
  const { exitCode, stderr } = await run(repo);
  expect(stderr).toContain('The editable file knobs.json is not tracked');
  expect(exitCode).toBe(2);
});

test('a start value that is mended once knobs.json is recorded is said, with the way that makes it count', async () => {
  const repo = repoWith(`researcher: random\n${knobs}`, { 'knobs.json': start });
  expect((await run(repo, '--max-experiments', '1')).stderr).not.toContain('knobs:');
  repo.write('program.md', repo.read('program.md').replace('lr: 1.0 in', 'lr: 0.5 in'));
  repo.commit();
  const again = await run(repo, '--max-experiments', '2');
  expect(again.stderr).toContain('The new start value of `lr` (0.5) in `knobs:` does nothing in study night');
  const fresh = () => nocturne(repo.root, ['run', '--tag', 'fresh', '--max-experiments', '1']);
  const other = await nocturne(repo.root, ['run', '--tag', 'other', '--max-experiments', '1']);
  expect(other.stderr).toContain("knobs.json has `lr` at 1, and the brief's `knobs:` 0.5: the file counts.");
  repo.git('rm', '--quiet', 'knobs.json');
  repo.commit();
  expect((await fresh()).stderr).not.toContain('the file counts');
  expect(repo.git('show', 'refs/autoresearch/fresh/0000:knobs.json')).toContain('"lr": 0.5');
});
