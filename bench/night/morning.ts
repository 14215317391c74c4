/**
 * Compares a study's files, refs and commands with its journal after the night.
 */
import { mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { execa } from 'execa';
import { packagePath } from '../../src/adapters/package-root.ts';
import type { Entry } from '../../src/core/journal/entry.ts';
import { foldWhole } from '../../src/core/journal/fold.ts';
import { studyCommits } from '../../src/core/journal/study-commits.ts';
import { resultsTsv } from '../../src/core/views/results-tsv.ts';

export interface MorningStudy {
  /** The clone that the study ended in. */
  readonly root: string;
  readonly tag: string;
  /** The remote that the clones came from. */
  readonly bare: string;
  readonly target: string;
  readonly isFolder: boolean;
}

/** One text for each disagreement; none when all agree. */
export async function disagreements(study: MorningStudy, entries: readonly Entry[]): Promise<readonly string[]> {
  const { root, tag } = study;
  const whole = foldWhole(entries);
  if (whole === undefined) return ['there is no journal'];
  const { history } = whole;
  const found: string[] = [];
  const expect = (what: string, is: unknown, wanted: unknown) => {
    if (JSON.stringify(is) !== JSON.stringify(wanted)) found.push(what);
  };
  const refs = await refsAt(root, tag);
  const commits = new Map([...studyCommits(whole)].map(([name, id]) => [`refs/autoresearch/${tag}/${name}`, id]));
  commits.set(`refs/heads/autoresearch/${tag}`, history.tip);
  expect('the refs', [...refs].sort(), [...commits].sort());

  const log = (await nocturne(root, ['log', '--json'])).split('\n').map((line) => JSON.parse(line));
  expect('the log: how many', log.length, history.experiments.length);
  expect(
    'the log: which commits',
    log.slice(1).map(({ commit }) => commit),
    history.experiments.slice(1).map(({ kept, candidate }) => kept ?? candidate?.commit),
  );
  const tsv = readFileSync(join(root, 'runs', tag, 'results.tsv'), 'utf8');
  expect('results.tsv', tsv, resultsTsv(history));
  const status = JSON.parse(await nocturne(root, ['status', '--json']));
  const report = readFileSync(join(root, 'runs', tag, 'report.md'), 'utf8');
  expect('the report: kept', report.includes(`${status.kept} kept`), true);
  expect('the counts', status.kept + status.reverted + status.failed, history.experiments.length - 1);
  await nocturne(root, ['check']).catch(() => found.push('check'));

  const there = await copyOf(study);
  for (const name of ['journal.jsonl', 'results.tsv', 'report.md']) {
    expect(`the mirror: ${name}`, there(name), readFileSync(join(root, 'runs', tag, name), 'utf8'));
  }
  if (!study.isFolder) {
    const remote = await refsAt(study.bare, tag);
    remote.delete(`refs/autoresearch/${tag}/journal`);
    expect('the mirror: refs', [...remote].sort(), [...commits].sort());
  }
  return found;
}

async function refsAt(root: string, tag: string): Promise<Map<string, string>> {
  const patterns = [`refs/autoresearch/${tag}`, `refs/heads/autoresearch/${tag}`];
  const { stdout } = await execa('git', ['for-each-ref', '--format=%(refname) %(objectname)', ...patterns], {
    cwd: root,
  });
  return new Map(
    stdout.split('\n').map((line): [string, string] => [line.split(' ')[0] ?? '', line.split(' ')[1] ?? '']),
  );
}

/** Reads files in the mirror without this program, as an owner could who has only git and tar. */
async function copyOf({ bare, target, tag, isFolder }: MorningStudy): Promise<(name: string) => string> {
  if (isFolder) return (name) => readFileSync(join(target, tag, name), 'utf8');
  const folder = join(bare, '..', 'archive');
  mkdirSync(folder, { recursive: true });
  const archive = join(folder, 'journal.tar');
  await execa('git', ['archive', '--output', archive, `refs/autoresearch/${tag}/journal`], { cwd: bare });
  await execa('tar', ['-x', '-f', archive, '-C', folder]);
  return (name) => readFileSync(join(folder, 'runs', tag, name), 'utf8');
}

async function nocturne(root: string, args: readonly string[]): Promise<string> {
  const loader = packagePath('node_modules', 'tsx', 'dist', 'loader.mjs');
  const { stdout } = await execa(
    process.execPath,
    ['--import', loader, packagePath('src', 'cli', 'main.ts'), ...args],
    {
      cwd: root,
    },
  );
  return stdout;
}
