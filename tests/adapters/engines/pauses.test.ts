import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { execa } from 'execa';
import { expect, it } from 'vitest';
import { readJobEnd, specPath, writeSpec } from '../../../src/adapters/engines/job-files.ts';
import { createLocalEngine } from '../../../src/adapters/engines/local.ts';
import { contentOf } from '../../../src/adapters/files/read-json.ts';
import { packagePath } from '../../../src/adapters/package-root.ts';
import { fixtureJob, runFolderOf } from './fixture-job.ts';

/** How long the supervisor takes for a gap of a machine that stood still here. */
const pauseSeconds = 1;

/** Runs `waits` under a supervisor of its own, stops the given processes for a while, and lets it end; what is said of it. */
async function pausedRun(isWhole: boolean, train = 'waits') {
  const job = await fixtureJob(train, { limitSeconds: 20 });
  await writeSpec(job);
  const spec = JSON.parse(await readFile(specPath(job), 'utf8'));
  await writeFile(specPath(job), JSON.stringify({ ...spec, pauseSeconds }));
  const supervisor = execa('python3', [packagePath('src', 'python', 'supervisor.py'), specPath(job)]);
  const { pid = 0 } = supervisor;
  const log = () => readFile(join(job.folder, 'train.log'), 'utf8').catch(() => '');
  await expect.poll(log).toContain('ready');
  const children = (await execa('ps', ['-o', 'pid=', '--ppid', String(pid)])).stdout.split(/\s+/).filter(Boolean);
  const stopped = [pid, ...(isWhole ? children.map(Number) : [])];
  const began = performance.now();
  for (const one of stopped) process.kill(one, 'SIGSTOP');
  await expect.poll(() => performance.now() - began > 2 * pauseSeconds * 1000, { timeout: 10_000 }).toBe(true);
  for (const one of stopped) process.kill(one, 'SIGCONT');
  await writeFile(join(runFolderOf(job), 'go'), '');
  await supervisor;
  return contentOf(await readJobEnd(job));
}

it.runIf(process.platform === 'linux')(
  'a machine that stood still is noticed, and the time limit moved by that',
  async () => {
    const end = await pausedRun(true);
    expect(end?.ending).toBe('exited');
    expect(end?.stages[0]?.conditions?.pausedSeconds).toBeGreaterThan(pauseSeconds);
  },
);

it.runIf(process.platform === 'linux')(
  'a supervisor that alone was stopped, while its stage computed, saw no pause',
  async () => {
    const end = await pausedRun(false, 'computes_till_told');
    expect(end?.ending).toBe('exited');
    expect(end?.stages[0]?.conditions).not.toHaveProperty('pausedSeconds');
  },
);

it('a clock that was set just before the stage ended is noticed', async () => {
  const said = await execa('python3', ['-c', setAtTheEnd], { cwd: packagePath('src', 'python') });
  expect(JSON.parse(said.stdout)).toEqual({ clockSetSeconds: 10_800 });
});

const setAtTheEnd = `
import json, pauses
looked = pauses.Pauses(lambda: 0.0)
looked.look(looked.seen)
set_before = pauses.wall_offset
pauses.wall_offset = lambda: round(set_before()) + 10800
looked.offset = round(looked.offset)
print(json.dumps(looked.report()))
`;

it('a machine that does not stand still is not said to', async () => {
  const job = await fixtureJob('ticks 1.5');
  const engine = createLocalEngine({ python: 'python3' });
  await engine.submit(job);
  const state = await engine.poll(job, 30);
  if (state.kind !== 'ended') throw new Error(state.kind);
  for (const figure of ['pausedSeconds', 'sleptSeconds', 'clockSetSeconds'])
    expect(state.end.stages[0]?.conditions).not.toHaveProperty(figure);
});

/** What `pauses.py` says of a clock that shows these moments, one after the other. */
async function said(moves: { readonly wall?: number; readonly asleep?: number }): Promise<unknown> {
  const { wall = 0, asleep = 0 } = moves;
  const script = `
import json, pauses
seen = pauses.Pauses(lambda: 0.0)
offset, slept = pauses.wall_offset(), pauses.asleep_seconds()
pauses.asleep_seconds = lambda: slept + ${asleep}
pauses.wall_offset = lambda: offset + ${wall} + ${asleep}
seen.look(seen.seen + 0.5)
seen.look(seen.seen + 0.5)
print(json.dumps(seen.report()))`;
  const { stdout } = await execa('python3', ['-c', script], { env: { PYTHONPATH: packagePath('src', 'python') } });
  return JSON.parse(stdout);
}

it.each([
  [{ wall: 10_800 }, { clockSetSeconds: 10_800 }],
  [{ wall: -10_800 }, { clockSetSeconds: 10_800 }],
  [{ asleep: 600 }, { sleptSeconds: 600 }],
  [{ wall: 0.4 }, {}],
])('of a clock that moved by %j, %j is said', async (moves, figures) => {
  expect(await said(moves)).toEqual(figures);
});
