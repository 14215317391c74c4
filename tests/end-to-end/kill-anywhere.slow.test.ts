/**
 * `kill -9` at thirty random moments of a study, each followed by a restart: what comes out is what an undisturbed
 * study of the same seed finds, and no run is executed twice. The moments follow from NOCTURNE_TEST_KILLS, a text.
 */
import { existsSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { expect, test, vi } from 'vitest';
import { createRandom } from '../../src/core/base/random.ts';
import { foldHistory } from '../../src/core/journal/fold.ts';
import { valuesOf } from '../../src/core/journal/history.ts';
import { entriesOf, journalOf, nocturne, processesOf, project, startNocturne } from '../helpers/nocturne.ts';
import type { TemporaryRepo } from '../helpers/temporary-repo.ts';

const kills = 30;
const name = process.env.NOCTURNE_TEST_KILLS ?? 'kill anywhere';
const random = createRandom(name);

interface Night {
  readonly repo: TemporaryRepo;
  readonly seed: string;
  readonly journal: string;
  readonly witness: string;
}

function createNight(seed: string): Night {
  const repo = project('durable');
  const journal = join(repo.root, 'runs', 'night', 'journal.jsonl');
  return { repo, seed, journal, witness: join(repo.root, '.git', 'witness') };
}

/** A start takes the seed, and going on refuses it. */
function argsOf({ journal, seed }: Night): string[] {
  const hasBegun = existsSync(journal) && statSync(journal).size > 0;
  return ['run', '--tag', 'night', ...(hasBegun ? [] : ['--seed', seed])];
}

const variablesOf = ({ witness }: Night) => ({ NOCTURNE_WITNESS: witness });

function linesOf(path: string): string[] {
  return existsSync(path) ? readFileSync(path, 'utf8').split('\n').filter(Boolean) : [];
}

/** Runs to the end of the study. */
async function finish(night: Night): Promise<void> {
  const { exitCode, stderr } = await nocturne(night.repo.root, argsOf(night), variablesOf(night));
  expect(exitCode, stderr).toBe(0);
}

/** When to kill a session: `seconds` after its start, or `seconds` after its journal grew by `entries`. */
type Moment = { readonly seconds: number } | { readonly entries: number; readonly seconds: number };

function drawMoment(): Moment {
  if (random.unit() < 0.3) return { seconds: 2.5 * random.unit() };
  const entries = random.whole(1, 3);
  // Between two entries there are milliseconds, or a training.
  return { entries, seconds: random.unit() < 0.7 ? 0.04 * random.unit() : 0.5 * random.unit() };
}

/** Where a kill landed: the journal's last event, and whether a training went on alone. */
interface Landing {
  readonly event: string;
  readonly isTraining: boolean;
}

/** One session, killed; undefined when the study ended first. */
async function killOnce(night: Night, moment: Moment): Promise<Landing | undefined> {
  const before = linesOf(night.journal).length;
  const session = startNocturne(night.repo.root, argsOf(night), variablesOf(night));
  let hasEnded = false;
  void session.end.then(() => {
    hasEnded = true;
  });
  if ('entries' in moment) {
    const hasGrown = () => linesOf(night.journal).length >= before + moment.entries;
    await vi.waitUntil(() => hasEnded || hasGrown(), { timeout: 100_000, interval: 1 });
  }
  // The moment itself: no fact marks it, which is the point.
  await delay(moment.seconds * 1000);
  session.kill('SIGKILL');
  const { signal, exitCode, stderr } = await session.end;
  if (signal === 'SIGKILL') return landingOf(night);
  expect(exitCode, stderr).toBe(0);
  return undefined;
}

function landingOf({ journal, witness }: Night): Landing {
  const events = linesOf(journal).map((line) => (JSON.parse(line) as { event: string }).event);
  const count = (event: string) => events.filter((found) => found === event).length;
  const isTraining = linesOf(witness).length > count('run-ended');
  return { event: events.at(-1) ?? 'nothing yet', isTraining };
}

/** What must not depend on where a session was killed. Times, and with them the hashes of commits, may. */
function essenceOf({ repo }: Night) {
  const history = foldHistory(journalOf(repo.root, 'night'));
  const refs = repo.git('for-each-ref', '--format=%(refname)', 'refs/autoresearch', 'refs/heads/autoresearch');
  return {
    experiments: history?.experiments.map((record) => ({
      parent: record.parent,
      proposal: record.proposal,
      verdict: record.verdict,
      seeds: record.runs.map((run) => [run.run, run.seed]),
      values: valuesOf(record),
      tree: record.candidate?.tree,
      isBranchMoved: record.isBranchMoved,
    })),
    refusals: history?.refusals,
    stopped: history?.stopped,
    // Along the first parents down to the root: trees and messages.
    refs: Object.fromEntries(refs.split('\n').map((ref) => [ref, repo.git('log', '--format=%T %B', ref)])),
  };
}

test('a study that is killed at thirty moments ends as the undisturbed one', { timeout: 600_000 }, async () => {
  const landed: Landing[] = [];
  for (let study = 1; landed.length < kills; study++) {
    const night = createNight(`${name} ${study}`);
    const undisturbed = createNight(night.seed);
    await finish(undisturbed);
    for (let isOver = false; !isOver && landed.length < kills; ) {
      const landing = await killOnce(night, drawMoment());
      if (landing === undefined) isOver = true;
      else landed.push(landing);
    }
    await finish(night);

    expect(essenceOf(night)).toEqual(essenceOf(undisturbed));
    const journal = journalOf(night.repo.root, 'night');
    const started = entriesOf(journal, 'run-started');
    const inOrder = started.map(({ experiment, run, seed }) => {
      const folder = `${String(experiment).padStart(4, '0')}/run-${run}`;
      return `${join(night.repo.root, 'runs', 'night', folder, 'output')} seed ${seed}`;
    });
    expect(linesOf(night.witness)).toEqual(inOrder);
    expect(linesOf(undisturbed.witness)).toHaveLength(inOrder.length);
    expect(new Set(entriesOf(journal, 'run-ended').map(({ result }) => result.outcome))).toEqual(new Set(['finished']));
    expect((await nocturne(night.repo.root, ['check', '--tag', 'night'])).exitCode).toBe(0);
    expect(night.repo.git('status', '--porcelain')).toBe('');
    expect(processesOf(night.repo.root)).toEqual([]);
  }
  process.stderr.write(`${report(landed)}\n`);
});

function report(landed: readonly Landing[]): string {
  const counts = new Map<string, number>();
  for (const { event } of landed) counts.set(event, (counts.get(event) ?? 0) + 1);
  const places = [...counts].map(([event, count]) => `${event} ${count}`).join(', ');
  const adopted = landed.filter(({ isTraining }) => isTraining).length;
  return `${landed.length} kills ("${name}"), the last entry then being: ${places}; ${adopted} while a run trained, which the next session adopted`;
}
