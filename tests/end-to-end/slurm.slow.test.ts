/** A whole study on a real cluster of one node: two runs at once, its controller killed, its node drained. */
import { cpSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { packagePath } from '../../src/adapters/package-root.ts';
import { entriesOf, journalOf, nocturne, project, startNocturne } from '../helpers/nocturne.ts';
import { type Cluster, startCluster, whyNoSlurm } from '../helpers/slurm-cluster.ts';
import { emptyRepo } from '../helpers/temporary-repo.ts';

const why = await whyNoSlurm();
const limit = 9 * 60_000;

describe.skipIf(why !== undefined)(`a study on Slurm${why === undefined ? '' : `: ${why}`}`, () => {
  let cluster: Cluster;
  beforeAll(async () => {
    cluster = await startCluster();
  });
  afterAll(() => cluster?.stop());

  /** sandbox/tiny, with what Slurm is to be asked for. */
  function tiny(): string {
    const repo = emptyRepo();
    cpSync(packagePath('sandbox', 'tiny'), repo.root, { recursive: true });
    const brief = join(repo.root, 'program.md');
    writeFileSync(brief, readFileSync(brief, 'utf8').replace('sandbox: .\n', 'sandbox: .\nslurm: { mem: 50M }\n'));
    repo.commit('start');
    return repo.root;
  }

  const setNode = (state: 'drain' | 'resume') =>
    cluster.slurm('scontrol', 'update', `nodename=${cluster.nodeName}`, `state=${state}`, 'reason=test');

  /** A run has ended when its result is there; Slurm ends its job, and frees what it held, a moment later. */
  const expectNoneLeft = () => expect.poll(() => cluster.slurm('squeue', '-h'), { timeout: 60_000 }).toBe('');

  test('of eight experiments on two slots ends as if nothing had happened', { timeout: limit }, async () => {
    const root = tiny();
    const run = ['run', '--tag', 'night', '--plain', '--engine', 'slurm', '--slots', '2'];
    const more = ['--budget', '2s', '--researcher', 'random', '--max-experiments', '8'];
    const first = startNocturne(root, [...run, ...more], cluster.environment, limit);
    await first.until('\n   2 ');
    first.kill('SIGKILL');
    await first.end;

    const second = startNocturne(root, [...run, ...more], cluster.environment, limit);
    // With several still to be started.
    await second.until('\n   4 ');
    await setNode('drain');
    await second.until('waits: Slurm says PENDING');
    await setNode('resume');
    const said = await second.end;
    expect(said.exitCode, said.stderr).toBe(0);

    const journal = journalOf(root, 'night');
    const keyOf = ({ experiment, run: number }: { experiment: number; run: number }) => `${experiment}/${number}`;
    const ended = entriesOf(journal, 'run-ended');
    expect(entriesOf(journal, 'run-started').map(keyOf).toSorted()).toEqual(ended.map(keyOf).toSorted());
    expect(new Set(ended.map(keyOf)).size).toBe(ended.length);
    expect(ended.filter(({ result }) => result.outcome === 'lost').map(({ result }) => result.reason)).toEqual([]);
    // A gain on an incumbent that the other slot has overtaken is tried again beyond the eight.
    const tried = entriesOf(journal, 'proposal-made');
    expect(tried.filter(({ reapplies }) => reapplies === undefined)).toHaveLength(8);
    // The baseline has a verdict too.
    expect(new Set(entriesOf(journal, 'verdict-given').map(({ experiment }) => experiment)).size).toBe(
      1 + tried.length,
    );
    // Slurm has one job for each run.
    const jobs = (await cluster.slurm('squeue', '-h', '-t', 'all', '-o', '%k')).split('\n');
    expect(jobs.filter((comment) => /^nocturne \d{4}\/run-\d+$/.test(comment.trim()))).toHaveLength(ended.length);
    await expectNoneLeft();
  });

  test('with `slots: auto` takes what the partition has free, and is confirmed on several slots', {
    timeout: limit,
  }, async () => {
    const repo = project('ideas');
    const agent = packagePath('tests', 'fixtures', 'agents', 'ideas.py');
    const brief = repo.read('program.md');
    const settings = `command: ${JSON.stringify(['python3', agent, '{prompt}'])}\nengine: slurm\nslots: auto\nslurm: { mem: 50M }`;
    repo.write('program.md', brief.replace('slots: 4', settings));
    repo.commit('on Slurm');
    const variables = { ...cluster.environment, NOCTURNE_WITNESS: join(repo.root, '.git', 'witness') };
    // Runs of the confirmation wait until three of them are in flight.
    const together = { NOCTURNE_TEST_TOGETHER: '3 /confirm-1/' };
    const command = (...args: string[]) =>
      nocturne(repo.root, [...args, '--tag', 'night'], { ...variables, ...together }, limit);
    const doctor = await command('doctor', '--quick');
    expect(doctor.stdout).toContain('`slots: auto` is 4: partition debug of Slurm has room for 4 runs now.');
    const run = await command('run', '--plain', '--max-experiments', '2');
    expect(run.exitCode, run.stderr).toBe(0);
    expect(run.stderr).toContain('`slots: auto` is 4: partition debug of Slurm has room for 4 runs now.');
    const confirm = await command('confirm', '--plain', '--runs', '3', '--slots', '3');
    expect(confirm.exitCode, confirm.stderr).toBe(0);
    const journal = journalOf(repo.root, 'night');
    expect(entriesOf(journal, 'study-started')[0]?.session.slots).toBe(4);
    const started = entriesOf(journal, 'confirmation-run-started');
    expect(new Set(started.map(({ slot }) => slot))).toEqual(new Set([0, 1, 2]));
    expect(entriesOf(journal, 'confirmation-run-ended').map(({ result }) => result.outcome)).toEqual(
      started.map(() => 'finished'),
    );
    const jobs = (await cluster.slurm('squeue', '-h', '-t', 'all', '-o', '%k')).split('\n');
    expect(jobs.filter((comment) => comment.includes('nocturne confirm-1/'))).toHaveLength(6);
  });

  test('`nocturne doctor --engine slurm` runs a job there and says where', { timeout: limit }, async () => {
    const root = tiny();
    const { stdout } = await nocturne(root, ['doctor', '--engine', 'slurm'], cluster.environment, limit);
    expect(stdout).toMatch(new RegExp(`engine +ok +slurm ran a job on ${cluster.nodeName} \\(Python 3`));
    await expectNoneLeft();
  });
});
