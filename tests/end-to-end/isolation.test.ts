/** What the code of a study reaches, from its commands down to the kernel: nothing here is asked of a part alone. */

import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { inBrief, replaceInBrief } from '../helpers/bad-input.ts';
import { withCages } from '../helpers/cages.ts';
import { entriesOf, journalOf, nocturne, project } from '../helpers/nocturne.ts';
import type { TemporaryRepo } from '../helpers/temporary-repo.ts';

withCages();

/** A home with a key, a cached model beside the hub's token, and a data set; its path has no blank, as a script names it. */
function ownersHome(): string {
  const home = mkdtempSync(join(tmpdir(), 'nocturne-home-'));
  onTestFinished(() => rmSync(home, { recursive: true, force: true }));
  const files = [
    '.netrc',
    '.cache/huggingface/token',
    '.cache/huggingface/hub/model/weights',
    'sets/named/x',
    'sets/other/x',
  ];
  for (const path of files) {
    mkdirSync(dirname(join(home, path)), { recursive: true });
    writeFileSync(join(home, path), 'content');
  }
  return home;
}

/** The variables of a program that has this home, and its downloads in it. */
const at = (home: string) => ({ HOME: home, XDG_CACHE_HOME: undefined });

/** A project whose training prints, for each probe, whether it got through, and then a score. */
function probing(probes: Readonly<Record<string, string>>, ...more: readonly string[]): TemporaryRepo {
  const repo = project('quick');
  const code = Object.entries(probes).map(([name, probe]) => `probe(${JSON.stringify(name)}, lambda: ${probe})`);
  const lines = [
    'import os, socket, sys',
    'from pathlib import Path',
    'def probe(name, act):',
    '    try:',
    '        act()',
    '        print(name, "= open", flush=True)',
    '    except OSError:',
    '        print(name, "= closed", flush=True)',
    'LEARNING_RATE = 0.3',
    ...code,
    ...more,
    'print("---")',
    'print(f"loss: {LEARNING_RATE}")',
  ];
  repo.write('train.py', `${lines.join('\n')}\n`);
  replaceInBrief('  WIDTH: pow2 1..64\n', '')(repo);
  repo.write('fixed.txt', 'fixed');
  repo.commit('probes');
  return repo;
}

/** What the probes of a run found. */
function found(repo: TemporaryRepo, run = '0001/run-1'): Record<string, string> {
  const log = readFileSync(join(repo.root, 'runs', 'caged', run, 'train.log'), 'utf8');
  return Object.fromEntries([...log.matchAll(/^(\w+) = (\w+)$/gm)].map(([, name = '', state = '']) => [name, state]));
}

const start = ['run', '--tag', 'caged', '--max-experiments', '1'];

test('a candidate reads what a run needs, and neither keys, nor the repository, nor the study', async () => {
  const home = ownersHome();
  const study = "os.environ['NOCTURNE_RUN_DIR'] + '/../../../";
  const repo = probing({
    work: 'open("own.txt", "w")',
    output: "open(os.environ['NOCTURNE_RUN_DIR'] + '/weights', 'w')",
    temporary: "open(os.environ['TMPDIR'] + '/x', 'w')",
    home: "open(os.path.expanduser('~/x'), 'w')",
    cached: "open(os.path.expanduser('~/.cache/huggingface/hub/model/weights'))",
    beside: "open(os.path.expanduser('~/.cache/huggingface/hub.lock'), 'w')",
    named: "open(os.path.expanduser('~/sets/named/x'))",
    overwrite: `open(${JSON.stringify(home)} + '/' + 'sets' + '/named/x', 'a')`,
    other: `open(${JSON.stringify(home)} + '/' + 'sets' + '/other/x')`,
    token: "open(os.path.realpath(os.path.expanduser('~/.cache/huggingface/hub/model')) + '/../../token')",
    key: `open(${JSON.stringify(home)} + '/' + '.netrc')`,
    fixed: 'open("fixed.txt", "a")',
    journal: `open(${study}journal.jsonl')`,
    append: `open(${study}journal.jsonl', 'a')`,
    inbox: `open(${study}inbox/note.json', 'w')`,
    private: `os.listdir(${study}private')`,
    earlier: `os.listdir(${study}0000/run-1/output')`,
    spec: "open(os.environ['NOCTURNE_RUN_DIR'] + '/../spec.json', 'a')",
    result: "open(os.environ['NOCTURNE_RUN_DIR'] + '/../result.json', 'w')",
    git: `open(${study}../../.git/refs/heads/main', 'a')`,
    checkout: `open(${study}../../train.py', 'a')`,
    network: "socket.create_connection(('192.0.2.1', 80), 0.1)",
  });
  const said = await nocturne(repo.root, start, at(home));
  expect(said.exitCode, said.stderr).toBe(0);
  const [begun] = entriesOf(journalOf(repo.root, 'caged'), 'study-started');
  expect(begun?.isolation).toMatch(/landlock|namespaces/);
  expect(said.stderr).toContain(`isolation ${begun?.isolation}: the run's files`);
  const { fixed, ...others } = found(repo);
  const open = ['work', 'output', 'temporary', 'home', 'cached', 'beside', 'named'];
  expect(others).toEqual(
    Object.fromEntries(Object.keys(others).map((name) => [name, open.includes(name) ? 'open' : 'closed'])),
  );
  // Where runs have the owner's own user, a changed fixed file is found afterwards.
  expect(begun?.isolation === 'landlock' ? 'closed' : fixed).toBe('closed');
});

test('the home of a run, and what was left in it, are gone afterwards; what the baseline downloads is there for all', async () => {
  const repo = probing(
    { downloaded: "open(os.path.expanduser('~/.cache/sets/data'))" },
    'place = Path.home() / ".cache" / "sets" / "data"',
    'if not place.exists():',
    '    place.parent.mkdir(parents=True)',
    '    place.write_text("downloaded once")',
    '    print("downloads", "= now")',
  );
  const said = await nocturne(repo.root, start, at(ownersHome()));
  expect(said.exitCode, said.stderr).toBe(0);
  expect(found(repo, '0000/run-1')).toEqual({ downloaded: 'closed', downloads: 'now' });
  expect(found(repo, '0000/run-2')).toEqual({ downloaded: 'open' });
  expect(found(repo)).toEqual({ downloaded: 'open' });
});

test('a run that fails for want of the network or of a place is told so, and both can be given', async () => {
  const home = ownersHome();
  const repo = probing({}, 'open(os.path.join(os.path.expanduser("~"), *"sets other x".split()))', 'socket.socket()');
  const failed = await nocturne(repo.root, start, at(home));
  expect(failed.exitCode).toBe(1);
  expect(failed.stderr).toContain('~/sets/other/x is closed to runs, which read what `link: [~/sets/other/x]`');
  inBrief('link: [~/sets/other]')(repo);
  repo.commit('a place');
  const without = await nocturne(repo.root, start, at(home));
  const [tier] = entriesOf(journalOf(repo.root, 'caged'), 'study-started').map(({ isolation }) => isolation);
  // Namespaces have a network of their own, in which a socket can be made.
  if (tier !== 'namespaces') expect(without.stderr).toContain('runs have no network: `network: true` in the brief');
  inBrief('network: true')(repo);
  repo.commit('the network');
  const given = await nocturne(repo.root, start, at(home));
  expect(given.exitCode, given.stderr).toBe(0);
  expect(given.stderr).toMatch(/isolation \S+: .*, with the network/);
});

test('without isolation it is said on every page, and a demand that is not met is refused', async () => {
  const repo = probing({ checkout: 'open("/proc/self/environ")' });
  const bare = await nocturne(repo.root, [...start, '--no-isolation']);
  expect(bare.exitCode, bare.stderr).toBe(0);
  expect(bare.stderr).toContain('training code runs with your own rights');
  expect((await nocturne(repo.root, ['status', '--tag', 'caged'])).stdout).toContain('isolation none');
  // A session that has more than the last one needs no word of the owner.
  const more = await nocturne(repo.root, ['run', '--tag', 'caged', '--max-experiments', '2']);
  expect(more.exitCode, more.stderr).toBe(0);
  expect((await nocturne(repo.root, ['status', '--tag', 'caged'])).stdout).toMatch(
    /isolation (?!none).*; none in an earlier session/,
  );
  await nocturne(repo.root, ['report', '--tag', 'caged']);
  const folder = join(repo.root, 'runs', 'caged');
  for (const page of ['report.md', 'report.html']) {
    expect(readFileSync(join(folder, page), 'utf8')).toContain('An earlier session of the study had less: none.');
  }
  const journal = entriesOf(journalOf(repo.root, 'caged'), 'study-resumed');
  expect(journal.map(({ changed }) => changed)).toEqual([expect.arrayContaining(['isolation'])]);
});

test('the doctor says the tier, and what will ask for the network', async () => {
  const repo = probing({}, 'import urllib.request');
  const said = await nocturne(repo.root, ['doctor', '--quick']);
  expect(said.stdout).toMatch(/^isolation +ok +(?:namespaces|landlock|landlock-user|user|seccomp): training code /m);
  expect(said.stdout.replace(/\s+/g, ' ')).toContain('runs have none, and train.py (urllib.request) may ask for it');
});

test('a scorer whose model cannot enter its cage stops the study, and nothing is held against the candidate', async () => {
  const repo = probing({}, 'open(os.environ["NOCTURNE_RUN_DIR"] + "/weights", "w").write("1")');
  // As the launcher of a cage does, which then has run nothing of the model.
  repo.write('score.py', 'import os, sys\nsys.exit(125 if os.path.exists("broken") else print("---\\nloss: 1"))\n');
  inBrief('score: python score.py')(repo);
  repo.write('broken', '');
  repo.commit('a scorer');
  const stopped = await nocturne(repo.root, start);
  expect(stopped.exitCode).toBe(1);
  expect(stopped.stderr).toContain('The scorer of run 0000/run-1 could not start the model in its cage.');
  const journal = journalOf(repo.root, 'caged');
  expect(entriesOf(journal, 'run-ended')).toEqual([]);
  expect(entriesOf(journal, 'verdict-given')).toEqual([]);
});
