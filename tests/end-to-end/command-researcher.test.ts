import { existsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { withCages } from '../helpers/cages.ts';
import { entriesOf, journalOf, nocturne, processesOf, project, startNocturne } from '../helpers/nocturne.ts';
import { type TemporaryRepo, temporaryFolder } from '../helpers/temporary-repo.ts';
import { until } from '../helpers/until.ts';

withCages();

const script = fileURLToPath(new URL('../fixtures/agents/stand_in.py', import.meta.url));

/** A fast project whose proposals come from an agent that does these deeds. */
function projectOf(...deeds: readonly string[]): TemporaryRepo {
  const repo = project('quick');
  const command = JSON.stringify(['python3', script, ...deeds]);
  const brief = repo.read('program.md').replace(/researcher: \w+/, `researcher: command\ncommand: ${command}`);
  repo.write('program.md', brief);
  repo.commit('an agent proposes');
  return repo;
}

test("an agent's edits are committed, trained and kept, and its edit of another file is refused without ending the study", async () => {
  const repo = projectOf('edit', 'note', 'once_other');
  const start = repo.git('rev-parse', 'HEAD');
  const before = repo.git('status', '--porcelain');

  const said = await nocturne(repo.root, ['run', '--tag', 'night', '--max-experiments', '3']);

  expect(said.exitCode, said.stderr).toBe(0);
  const journal = journalOf(repo.root, 'night');
  const made = entriesOf(journal, 'proposal-made');
  expect(made.map(({ experiment, attempt, researcher }) => [experiment, attempt, researcher])).toEqual([
    [1, 0, 'command:python3'],
    [2, 1, 'command:python3'],
    [3, 0, 'command:python3'],
  ]);
  expect(entriesOf(journal, 'proposal-refused')).toMatchObject([
    {
      experiment: 2,
      attempt: 0,
      reason:
        'the agent added notes/idea.txt, which may not be edited: only train.py may change, so new code belongs there',
    },
  ]);
  const kept = entriesOf(journal, 'verdict-given').filter(({ verdict }) => verdict.decision === 'keep');
  expect(kept.length).toBeGreaterThan(1);
  expect(repo.git('log', '--format=%s', '-1', 'refs/autoresearch/night/0001')).toContain('Halve the way');
  expect(repo.git('show', 'refs/autoresearch/night/0001:train.py')).toContain('LEARNING_RATE = 0.094868  # best');
  expect(repo.git('diff', '--name-only', start, 'autoresearch/night')).toBe('train.py');
  expect(repo.read('train.py')).toContain('LEARNING_RATE = 0.3');
  expect(repo.git('status', '--porcelain')).toBe(before);
  expect(existsSync(join(repo.root, 'runs', 'night', 'agent', '1-0', 'copy'))).toBe(false);
  expect(processesOf(repo.root)).toEqual([]);
});

test('an agent may run the script to check its edit: what git ignores and what the baseline left too is no edit', async () => {
  const repo = projectOf('edit', 'note', 'run_script', 'write_at', 'cache/a.bin', 'run.log');
  repo.write('.gitignore', 'cache/\n');
  repo.write('train.py', `open("left.txt", "w").write("1")\n${repo.read('train.py')}`);
  repo.commit('a script that leaves files');

  const said = await nocturne(repo.root, ['run', '--tag', 'night', '--max-experiments', '1']);

  expect(said.exitCode, said.stderr).toBe(0);
  expect(entriesOf(journalOf(repo.root, 'night'), 'proposal-refused')).toEqual([]);
  expect(entriesOf(journalOf(repo.root, 'night'), 'proposal-made')).toHaveLength(1);
});

test('an agent that is not installed ends the study by itself, and the reason names it', async () => {
  const repo = projectOf();
  repo.write('program.md', repo.read('program.md').replace(/command: \[.*/, 'command: no-such-agent {prompt}'));
  repo.commit('another agent');

  const said = await nocturne(repo.root, ['run', '--tag', 'night', '--max-experiments', '3']);

  const [stopped] = entriesOf(journalOf(repo.root, 'night'), 'study-stopped');
  expect(stopped, said.stderr).toBeDefined();
  expect(entriesOf(journalOf(repo.root, 'night'), 'proposal-refused')[0]).toMatchObject({
    researcher: 'command:no-such-agent',
    reason: expect.stringContaining('`no-such-agent` could not be started'),
  });
});

test('an agent that is not installed is away where something stands in for it, and the study reaches its experiments', async () => {
  const repo = projectOf();
  const brief = repo.read('program.md').replace(/command: \[.*/, 'command: no-such-agent {prompt}\nfallback: random');
  repo.write('program.md', brief);
  repo.commit('another agent');

  const said = await nocturne(repo.root, ['run', '--tag', 'night', '--max-experiments', '2']);

  expect(said.exitCode, said.stderr).toBe(0);
  expect(said.stderr).toContain('no-such-agent is away: The agent no-such-agent could not be started. Install it');
  const made = entriesOf(journalOf(repo.root, 'night'), 'proposal-made');
  expect(made.map(({ researcher }) => researcher)).toEqual(['random', 'random']);
});

test('a study that is killed while its agent works goes on with that experiment, and the old agent is ended', async () => {
  const hold = join(temporaryFolder(), 'hold');
  writeFileSync(hold, 'hang');
  const repo = projectOf('edit', 'note', 'hang_while', hold);
  const { agent, isHanging } = agentOf(repo);
  const running = startNocturne(repo.root, ['run', '--tag', 'night', '--max-experiments', '1']);
  await until(isHanging);
  running.kill('SIGKILL');
  await running.end;
  expect(processesOf(agent)).not.toEqual([]);
  writeFileSync(hold, '');

  const said = await nocturne(repo.root, ['run', '--tag', 'night', '--max-experiments', '1']);

  expect(said.exitCode, said.stderr).toBe(0);
  const journal = journalOf(repo.root, 'night');
  expect(entriesOf(journal, 'proposal-made')).toMatchObject([{ experiment: 1, attempt: 0 }]);
  expect(entriesOf(journal, 'proposal-refused')).toEqual([]);
  expect(processesOf(repo.root)).toEqual([]);
});

test('a stop ends the agent at once and is no failure of its', async () => {
  const repo = projectOf('hang');
  const { isHanging } = agentOf(repo);
  const running = startNocturne(repo.root, ['run', '--tag', 'night', '--max-experiments', '1']);
  await until(isHanging);
  const stop = await nocturne(repo.root, ['stop', '--now']);
  expect(stop.exitCode, stop.stderr).toBe(0);
  const said = await running.end;
  expect(said.signal).toBeUndefined();
  const journal = journalOf(repo.root, 'night');
  expect(entriesOf(journal, 'study-stopped')).toMatchObject([{ reason: 'stopped' }]);
  expect(entriesOf(journal, 'proposal-refused')).toEqual([]);
  expect(processesOf(repo.root)).toEqual([]);
});

test('what an agent says that it spent is in the trailers and ends the study before its ceiling is crossed', async () => {
  const repo = projectOf('edit', 'note', 'spend');

  const said = await nocturne(repo.root, ['run', '--tag', 'night', '--max-experiments', '5', '--max-usd', '1']);

  expect(said.exitCode, said.stderr).toBe(0);
  const journal = journalOf(repo.root, 'night');
  expect(entriesOf(journal, 'model-called').map(({ usd }) => usd)).toEqual([0.4, 0.4]);
  expect(entriesOf(journal, 'study-stopped')).toMatchObject([{ reason: 'usd' }]);
  const kept = repo.git('log', '-1', '--format=%B', 'autoresearch/night');
  expect(kept).toContain('Model: claude-opus-5-5\nCost-USD: 0.4000');
  expect((await nocturne(repo.root, ['status'])).stdout).toContain('2000 tokens, 0.8000 USD');
});

test('a ceiling that an agent is known not to keep is refused at the start', async () => {
  const repo = projectOf();
  const brief = repo.read('program.md');
  const stop = 'command: codex\nstop: { usd: 3 }';
  repo.write('program.md', brief.replace(/stop:.*\n/, '').replace(/command: \[.*/, stop));
  repo.commit('a ceiling');
  const said = await nocturne(repo.root, ['run', '--tag', 'night']);
  expect(said.exitCode, said.stderr).toBe(2);
  expect(said.stderr).toContain('so `usd: 3` cannot be kept');
  expect(said.stderr).toContain('Give its price under `prices:` as `codex`');
});

function agentOf(repo: TemporaryRepo) {
  const agent = join(repo.root, 'runs', 'night', 'agent');
  return { agent, isHanging: () => existsSync(join(agent, '1-0', 'copy', 'hanging')) };
}
