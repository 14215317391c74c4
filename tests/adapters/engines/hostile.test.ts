import { execFile } from 'node:child_process';
import { readFile, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { describe, expect, it } from 'vitest';
import { createLocalEngine } from '../../../src/adapters/engines/local.ts';
import { packagePath } from '../../../src/adapters/package-root.ts';
import type { Engine, Job, JobState } from '../../../src/ports/engine.ts';
import { memoised } from '../../helpers/memoised.ts';
import { fixtureJob, isAlive, runFolderOf, survivorsOf } from './fixture-job.ts';

const localEngine = () => createLocalEngine({ python: 'python3' });

async function run(job: Job): Promise<JobState> {
  const engine = localEngine();
  await engine.submit(job);
  return engine.poll(job, 60);
}

async function trainLog(job: Job): Promise<string> {
  return readFile(join(job.folder, 'train.log'), 'utf8');
}

/** Submits a job and waits until its script says that it is ready. */
async function submitReady(engine: Engine, job: Job): Promise<void> {
  await engine.submit(job);
  await expect
    .poll(() => engine.tail(job, 'train', 0), { timeout: 20_000, interval: 10 })
    .toMatchObject({ text: 'ready\n' });
}

/**
 * Number of times that `forks_forever` has forked on. Counted, because a scan can miss a process whose number keeps
 * changing.
 */
async function movesOf(job: Job): Promise<number> {
  const { size } = await stat(join(runFolderOf(job), 'moves')).catch(() => ({ size: 0 }));
  return size;
}

async function nakedIsAlive(job: Job): Promise<boolean> {
  return isAlive((await readFile(join(runFolderOf(job), 'naked'), 'utf8')).trim());
}

describe('a script that is merely wrong', () => {
  it.each([
    ['crashes', 1, 'ValueError: the learning rate is negative'],
    ['prints_nan', 0, 'val_bpb: nan'],
    ['prints_two_scores', 0, 'val_bpb: 1.5\nval_bpb: 0.5'],
    ['no_score', 0, 'done'],
    ['closes_output', 4, 'closing'],
  ])('%s ends with exit code %i and its words in the log', async (fixture, exitCode, words) => {
    const job = await fixtureJob(fixture);
    const end = { ending: 'exited', stages: [{ name: 'train', exitCode, signal: null }] };
    expect(await run(job)).toMatchObject({ kind: 'ended', end });
    expect(await trainLog(job)).toContain(words);
    expect(await survivorsOf(job)).toEqual([]);
  });
});

/** What is left of a script that does not end by itself, right after its job has ended. */
interface Leftovers {
  readonly state: JobState;
  readonly survivors: readonly string[];
  readonly isNakedAlive: boolean;
  readonly moves: number;
  /** The same, once all the other jobs have ended too. */
  readonly movesLater: number;
}

/** Time limit of these jobs: all have begun by then, though several do at once. */
const deadline = 4;
const quiet = ['hangs', 'ignores_signals', 'daemons hang', 'stops_supervisor', 'forges_result stay'] as const;
const busy = ['forks_forever stay', 'forks_forever exit', 'forks_forever kill', 'refills'] as const;
type Fixture = (typeof quiet | typeof busy)[number];
const stubborn: readonly Fixture[] = ['hangs', 'ignores_signals', 'daemons hang', 'forks_forever stay', 'refills'];

/** The leftovers of a script after its deadline. Several run at once, because each takes as long as it is let. */
async function afterDeadline(fixture: Fixture): Promise<Leftovers> {
  const found = (await quietLeftovers()).get(fixture) ?? (await busyLeftovers()).get(fixture);
  if (!found) throw new Error(fixture);
  return found;
}

const quietLeftovers = memoised(() => leftoversOf(quiet));
/** These would keep the others from getting anywhere. */
const busyLeftovers = memoised(() => leftoversOf(busy));

async function leftoversOf(fixtures: readonly Fixture[]): Promise<ReadonlyMap<Fixture, Leftovers>> {
  const ended = fixtures.map(async (fixture) => {
    const job = await fixtureJob(fixture, {
      limitSeconds: deadline,
      ...(fixture === 'hangs' ? { score: 'no_score' } : {}),
    });
    const state = await run(job);
    const moves = await movesOf(job);
    const isNakedAlive = fixture === 'daemons hang' && (await nakedIsAlive(job));
    return { fixture, job, leftovers: { state, survivors: await survivorsOf(job), isNakedAlive, moves } };
  });
  const all = await Promise.all(ended);
  const entries = all.map(async ({ fixture, job, leftovers }) => {
    return [fixture, { ...leftovers, movesLater: await movesOf(job) }] as const;
  });
  return new Map(await Promise.all(entries));
}

describe('a script that does not want to end', () => {
  it.each(stubborn)('no process of `%s` is left two seconds after its deadline', async (fixture) => {
    const { state, survivors } = await afterDeadline(fixture);
    expect(state).toMatchObject({ kind: 'ended', end: { ending: 'deadline' } });
    if (state.kind === 'ended') expect(state.end.seconds).toBeLessThan(deadline + 2);
    expect(survivors).toEqual([]);
  });

  it.each(stubborn)('no process of `%s` is left after a cancel', async (fixture) => {
    const job = await fixtureJob(fixture);
    const engine = localEngine();
    await submitReady(engine, job);
    if (fixture === 'forks_forever stay') await expect.poll(() => movesOf(job)).toBeGreaterThan(5);
    await engine.cancel(job);
    expect(await survivorsOf(job)).toEqual([]);
    expect(await engine.poll(job, 0)).toMatchObject({ kind: 'ended', end: { ending: 'cancelled' } });
  });

  it('a process that cleared its environment does not survive the deadline either', async () => {
    const { state, isNakedAlive } = await afterDeadline('daemons hang');
    expect(state).toMatchObject({ kind: 'ended', end: { ending: 'deadline' } });
    expect(isNakedAlive).toBe(false);
  });

  it('daemons that hold the output open do not keep an ended script from ending', async () => {
    const job = await fixtureJob('daemons exit', { score: 'shows_surroundings' });
    const state = await run(job);
    expect(state).toMatchObject({
      kind: 'ended',
      end: { ending: 'exited', stages: [{ exitCode: 0 }, { exitCode: 0 }] },
    });
    if (state.kind === 'ended') expect(state.end.seconds).toBeLessThan(5);
    expect(await survivorsOf(job)).toEqual([]);
    expect(await nakedIsAlive(job)).toBe(false);
  });

  it.each(['stay', 'exit', 'kill'] as const)(
    'a process that moves on by forking does not outlive its job (%s)',
    async (then) => {
      const { moves, movesLater } = await afterDeadline(`forks_forever ${then}`);
      expect(moves).toBeGreaterThan(0);
      expect(movesLater).toBe(moves);
    },
  );

  it('a killed stage says so', async () => {
    const { state } = await afterDeadline('hangs');
    expect(state).toMatchObject({ end: { stages: [{ name: 'train', exitCode: null, signal: 'SIGKILL' }] } });
  });

  it('training that uses up the time leaves none to the score', async () => {
    const { state } = await afterDeadline('hangs');
    expect(state).toMatchObject({ kind: 'ended', end: { ending: 'deadline' } });
    if (state.kind === 'ended') expect(state.end.stages).toHaveLength(1);
  });
});

describe('a script that attacks its supervisor', () => {
  it.each([['daemons kill'], ['forks_forever kill']])('`%s` is lost, and nothing of it is left', async (fixture) => {
    const job = await fixtureJob(fixture);
    const state = await run(job);
    expect(state).toEqual({ kind: 'lost', reason: 'its supervisor ended with SIGKILL' });
    expect(await survivorsOf(job)).toEqual([]);
  });

  it('an engine that is made later ends the daemons of a killed supervisor', async () => {
    const job = await fixtureJob('daemons hang');
    const engine = localEngine();
    await submitReady(engine, job);
    const { pid } = JSON.parse(await readFile(join(job.folder, 'started.json'), 'utf8'));
    process.kill(pid, 'SIGKILL');
    const later = localEngine();
    await expect
      .poll(() => later.poll(job, 5))
      .toMatchObject({ kind: 'lost', reason: expect.stringContaining('supervisor') });
    expect(await survivorsOf(job)).toEqual([]);
    process.kill(Number(await readFile(join(runFolderOf(job), 'naked'), 'utf8')), 'SIGKILL');
  });

  it('a script that stops its supervisor is ended at its deadline', async () => {
    const { state } = await afterDeadline('stops_supervisor');
    expect(state).toMatchObject({ kind: 'ended', end: { ending: 'deadline' } });
    if (state.kind === 'ended') expect(state.end.seconds).toBeLessThan(deadline + 1.5);
  });

  it('a result that the script wrote itself does not end the job', async () => {
    const { state } = await afterDeadline('forges_result stay');
    expect(state).toMatchObject({ kind: 'ended', end: { ending: 'deadline' } });
  });

  it('a result beside a killed supervisor does not count', async () => {
    const job = await fixtureJob('forges_result kill');
    expect(await run(job)).toMatchObject({ kind: 'lost' });
    expect(await survivorsOf(job)).toEqual([]);
  });
});

describe('a script that prints too much', () => {
  const megabyte = 1024 * 1024;

  it('two gigabytes of output leave a log with their head, their end and the count between', async () => {
    const job = await fixtureJob('floods 2048');
    const state = await run(job);
    expect(state).toMatchObject({ kind: 'ended', end: { ending: 'exited', stages: [{ exitCode: 0 }] } });
    if (state.kind === 'ended') expect(state.end.seconds).toBeLessThan(30);
    const { size } = await stat(join(job.folder, 'train.log'));
    expect(size).toBeLessThan(65.1 * megabyte);
    const log = await trainLog(job);
    expect(log.startsWith('the first line\n')).toBe(true);
    expect(log.endsWith('\n---\nval_bpb: 1.5\n')).toBe(true);
    const leftOut = /\n\[… ([\d,]+) bytes left out …\]\nstep=1/.exec(log)?.[1] ?? '';
    const marker = Buffer.byteLength(`\n[… ${leftOut} bytes left out …]\n`);
    expect(size - marker + Number(leftOut.replaceAll(',', ''))).toBe(15 + 2048 * megabyte + 4 + 13);
  });

  it('a flood without end ends at its deadline', async () => {
    const job = await fixtureJob('floods 10000000', { limitSeconds: 1 });
    const state = await run(job);
    expect(state).toMatchObject({ kind: 'ended', end: { ending: 'deadline' } });
    if (state.kind === 'ended') expect(state.end.seconds).toBeLessThan(3);
  });

  it('a log past its head still grows while the script prints, by whole lines', async () => {
    const job = await fixtureJob('ticks 8');
    const spec = join(job.folder, 'spec.json');
    const supervisor = packagePath('src', 'python', 'supervisor.py');
    await writeFile(spec, JSON.stringify({ ...job, headBytes: 100, tailBytes: 200 }));
    const ended = promisify(execFile)('python3', [supervisor, spec]);
    const engine = localEngine();
    await expect
      .poll(async () => (await engine.tail(job, 'train', 0)).text, { timeout: 7000 })
      .toMatch(/a sample[^\n]*\n/);
    const { next } = await engine.tail(job, 'train', 0);
    await expect
      .poll(async () => (await engine.tail(job, 'train', next)).text, { timeout: 7000 })
      .toMatch(/^time=[\d.]+\n/);
    await ended;
    expect(await trainLog(job)).toMatch(/\n\[… [\d,]+ bytes left out …\]\n(time=[\d.]{17}\n)+$/);
    expect(await trainLog(job)).not.toContain('a sample');
  });
});
