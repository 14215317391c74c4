/**
 * `kill -9` at random moments of a study of eight ideas on four slots, each followed by a restart, and what must be true of it in the
 * end. The moments follow from a text.
 */
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { expect, vi } from 'vitest';
import { createRandom, type Random } from '../../src/core/base/random.ts';
import type { Entry, EntryOf } from '../../src/core/journal/entry.ts';
import { entriesOf, journalOf, nocturne, processesOf, project, startNocturne, type Variables } from './nocturne.ts';
import type { TemporaryRepo } from './temporary-repo.ts';

const slots = 4;
const agent = fileURLToPath(new URL('../fixtures/agents/ideas.py', import.meta.url));
/** The program with every idea that is a gain, and no other. */
const best = ['ALPHA', 'GAMMA', 'DELTA', 'ZETA', 'THETA'];

interface Night {
  readonly repo: TemporaryRepo;
  readonly journal: string;
  readonly witness: string;
}

function createNight(): Night {
  const repo = project('ideas');
  const command = JSON.stringify(['python3', agent, '{prompt}']);
  repo.write(
    'program.md',
    repo.read('program.md').replace('researcher: command', `researcher: command\ncommand: ${command}`),
  );
  repo.commit('an agent proposes');
  const journal = join(repo.root, 'runs', 'night', 'journal.jsonl');
  return { repo, journal, witness: join(repo.root, '.git', 'witness') };
}

const start = ['run', '--tag', 'night'];
const variablesOf = ({ witness }: Night) => ({ NOCTURNE_WITNESS: witness });

function linesOf(path: string): string[] {
  return existsSync(path) ? readFileSync(path, 'utf8').split('\n').filter(Boolean) : [];
}

/** Experiments are held until one is in flight in each slot. */
const together = { NOCTURNE_TEST_TOGETHER: `${slots} /(?!0000)\\d{4}/run-` };

async function finish(night: Night, command = start, variables: Variables = {}): Promise<void> {
  const { exitCode, stderr } = await nocturne(night.repo.root, command, { ...variablesOf(night), ...variables });
  expect(exitCode, stderr).toBe(0);
}

/** One session, killed some time after so many runs are in flight, or its journal has so many more entries; undefined when the study ended first. */
async function killOnce(night: Night, random: Random, command = start): Promise<string | undefined> {
  const before = linesOf(night.journal).length;
  const isByRuns = random.unit() < 0.5;
  const wanted = isByRuns ? random.whole(1, 3) : random.whole(0, 9);
  const isReached = () =>
    isByRuns ? inFlight(soundEntries(night)) >= wanted : linesOf(night.journal).length >= before + wanted;
  const session = startNocturne(night.repo.root, command, variablesOf(night));
  let hasEnded = false;
  void session.end.then(() => {
    hasEnded = true;
  });
  await vi.waitUntil(() => hasEnded || isReached(), {
    timeout: 100_000,
    interval: 1,
  });
  // The moment itself: no fact marks it, which is the point.
  await delay(1000 * (random.unit() < 0.6 ? 0.04 : 1.2) * random.unit());
  session.kill('SIGKILL');
  const { signal, exitCode, stderr } = await session.end;
  if (signal !== 'SIGKILL') {
    expect(exitCode, stderr).toBe(0);
    return undefined;
  }
  const journal = soundEntries(night);
  return `${journal.at(-1)?.event ?? 'nothing yet'}, ${inFlight(journal)} in flight`;
}

/** The entries so far: what was cut off in the middle is no entry. */
function soundEntries({ journal }: Night): { event: string }[] {
  return linesOf(journal).flatMap((line) => {
    try {
      return [JSON.parse(line) as { event: string }];
    } catch {
      return [];
    }
  });
}

function inFlight(journal: readonly { event: string }[]): number {
  const count = (what: string) =>
    journal.filter(({ event }) => event === `run-${what}` || event === `confirmation-run-${what}`).length;
  return count('started') - count('ended');
}

/** Kills sessions of as many studies as it takes, and asserts of each what does not depend on the kills; gives where they landed. */
export async function killSlots(name: string, kills: number): Promise<readonly string[]> {
  const random = createRandom(name);
  const undisturbed = createNight();
  await finish(undisturbed, start, together);
  const landed: string[] = [];
  expectWhole(undisturbed);
  const slotsUsed = entriesOf(journalOf(undisturbed.repo.root, 'night'), 'run-started').map(({ slot }) => slot);
  expect(new Set(slotsUsed).size).toBe(slots);
  while (landed.length < kills) {
    const night = createNight();
    for (let isOver = false; !isOver && landed.length < kills; ) {
      const landing = await killOnce(night, random);
      if (landing === undefined) isOver = true;
      else landed.push(landing);
    }
    await finish(night);
    expectWhole(night);
    expect(treeOf(night)).toBe(treeOf(undisturbed));
    const checked = await nocturne(night.repo.root, ['check', '--tag', 'night']);
    expect(checked.exitCode, checked.stdout + checked.stderr).toBe(0);
  }
  return landed;
}

/**
 * The same of confirmations of one study on four slots: each that is killed goes on in the next session. Gives where the kills landed.
 */
export async function killConfirmations(name: string, kills: number): Promise<readonly string[]> {
  const random = createRandom(name);
  const night = createNight();
  await finish(night);
  const studied = linesOf(night.witness);
  const confirm = ['confirm', '--tag', 'night', '--slots', String(slots), '--runs', '4'];
  const landed: string[] = [];
  while (landed.length < kills) {
    const landing = await killOnce(night, random, confirm);
    if (landing !== undefined) landed.push(landing);
  }
  await finish(night, confirm);
  const journal = journalOf(night.repo.root, 'night');
  const ran = linesOf(night.witness).slice(studied.length);
  const started = entriesOf(journal, 'confirmation-run-started').map(({ confirmation, contender, run, seed }) => {
    const folder = `confirm-${confirmation}/${contender}/run-${run}`;
    return `${join(night.repo.root, 'runs', 'night', folder, 'output')} seed ${seed}`;
  });
  expect(ran.sort()).toEqual(started.sort());
  const confirmed = entriesOf(journal, 'gain-confirmed');
  expect(started).toHaveLength(8 * confirmed.length);
  const outcomes = entriesOf(journal, 'confirmation-run-ended').map(({ result }) => result.outcome);
  expect(outcomes).toEqual(started.map(() => 'finished'));
  // Its script has no noise: what was confirmed is the same each time.
  expect(new Set(confirmed.map(({ gain }) => JSON.stringify(gain))).size).toBe(1);
  expectSlots(journal.filter(({ event }) => event.startsWith('confirmation-')));
  expect(processesOf(night.repo.root)).toEqual([]);
  const checked = await nocturne(night.repo.root, ['check', '--tag', 'night']);
  expect(checked.exitCode, checked.stdout + checked.stderr).toBe(0);
  return landed;
}

const treeOf = ({ repo }: Night) => repo.git('rev-parse', 'autoresearch/night^{tree}');

/** No run twice, none lost, each in a slot that was free, nothing left behind, and the best program found. */
function expectWhole(night: Night): void {
  const { repo, witness } = night;
  const journal = journalOf(repo.root, 'night');
  const started = entriesOf(journal, 'run-started').map(({ experiment, run, seed }) => {
    const folder = `${String(experiment).padStart(4, '0')}/run-${run}`;
    return `${join(repo.root, 'runs', 'night', folder, 'output')} seed ${seed}`;
  });
  expect(linesOf(witness).sort()).toEqual(started.sort());
  const ended = entriesOf(journal, 'run-ended');
  expect(ended).toHaveLength(started.length);
  expect(new Set(ended.map(({ result }) => result.outcome))).toEqual(new Set(['finished']));
  expectSlots(journal);
  const text = repo.git('show', 'autoresearch/night:train.py');
  expect([...text.matchAll(/^(\w+) = 1$/gm)].map(([, knob]) => knob)).toEqual(best);
  expect(repo.git('status', '--porcelain')).toBe('');
  expect(processesOf(repo.root)).toEqual([]);
}

/** Each run has a slot that is free, the lowest that was when it was decided: another may end before its start is journalled. */
function expectSlots(journal: readonly Entry[]): void {
  const taken = new Map<number, string>();
  const lowest = () => Array.from({ length: slots }, (_, slot) => slot).find((slot) => !taken.has(slot));
  // Since the last start, after which this one was decided.
  let lowestSince = [lowest()];
  for (const entry of journal) {
    if (entry.event === 'run-started' || entry.event === 'confirmation-run-started') {
      const { slot = -1 } = entry;
      expect(taken.get(slot), `entry ${entry.seq} has a slot that is taken`).toBeUndefined();
      expect(lowestSince, `entry ${entry.seq} has the lowest slot that is free`).toContain(slot);
      taken.set(slot, nameOf(entry));
      lowestSince = [lowest()];
    }
    if (entry.event === 'run-ended' || entry.event === 'confirmation-run-ended') {
      for (const [slot, run] of taken) if (run === nameOf(entry)) taken.delete(slot);
      lowestSince.push(lowest());
    }
  }
  expect(taken.size).toBe(0);
}

type OfRun = EntryOf<'run-started' | 'run-ended' | 'confirmation-run-started' | 'confirmation-run-ended'>;

function nameOf(entry: OfRun): string {
  const whose = 'contender' in entry ? `${entry.confirmation}/${entry.contender}` : entry.experiment;
  return `${whose}/${entry.run}`;
}
