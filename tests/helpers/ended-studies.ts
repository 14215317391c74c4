/**
 * Journals of whole studies of several kinds, made by the shipped loop and judge on a virtual clock: no time passes while they are made,
 * and each follows from its kind and a seed.
 */
import { existsSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createRandom } from '../../src/core/base/random.ts';
import type { Entry, EntryBody } from '../../src/core/journal/entry.ts';
import type { StopRules } from '../../src/core/journal/settings/stop-rules.ts';
import { createScriptedLab, type LaidRun, type ScriptedRun, scoringRun, turnKnobs } from '../../src/testing/index.ts';
import { conductStudy, failingRun, knobOf } from './conduct-study.ts';
import { onVirtualClock } from './timed-lab.ts';

/** What becomes of a kind's experiments, and what bounds its studies. */
interface Kind {
  readonly what: string;
  readonly stop: StopRules & { readonly gpu_hours?: number };
  readonly slots?: number;
  /** Seconds of a run that is not cut short. */
  readonly runSeconds: number;
  /** Shares of the experiments that crash at the start of their runs, and that are ended at a quarter of them. */
  readonly crashes?: number;
  readonly earlyEnds?: number;
  /** Seconds that a proposal takes, and what it costs. */
  readonly thoughtSeconds?: number;
  readonly usd?: number;
  readonly policy?: 'greedy' | 'value';
  /** For how many hours nobody worked on it at its half. */
  readonly breakHours?: number;
}

/** By name. */
export const kinds: Readonly<Record<string, Kind>> = {
  count: { what: '60 experiments of 5 min', stop: { experiments: 60 }, runSeconds: 300 },
  repeats: {
    what: 'the same, near ones repeated (`value`)',
    stop: { experiments: 60 },
    runSeconds: 300,
    policy: 'value',
  },
  'early ends': {
    what: 'the same, 40 % ended at a quarter',
    stop: { experiments: 60 },
    runSeconds: 300,
    earlyEnds: 0.4,
  },
  crashes: { what: 'the same, 30 % crash after 6 s', stop: { experiments: 60 }, runSeconds: 300, crashes: 0.3 },
  'slow model': {
    what: 'the same, a model takes 4 min for each',
    stop: { experiments: 60 },
    runSeconds: 300,
    thoughtSeconds: 240,
  },
  'four slots': { what: '120 experiments on 4 slots', stop: { experiments: 120 }, runSeconds: 300, slots: 4 },
  'slots and crashes': {
    what: 'the same, 30 % crash, 30 % end early',
    stop: { experiments: 120 },
    runSeconds: 300,
    slots: 4,
    crashes: 0.3,
    earlyEnds: 0.3,
  },
  'few experiments': { what: '12 experiments of 5 min', stop: { experiments: 12 }, runSeconds: 300 },
  'few on slots': { what: '16 experiments on 8 slots', stop: { experiments: 16 }, runSeconds: 300, slots: 8 },
  'a break': {
    what: '60 experiments, half a day between two sessions',
    stop: { experiments: 60 },
    runSeconds: 300,
    breakHours: 12,
  },
  hours: { what: '8 hours, runs of 5 min', stop: { hours: 8 }, runSeconds: 300 },
  'long runs': { what: '8 hours, runs of 50 min', stop: { hours: 8 }, runSeconds: 3000 },
  'long runs on slots': { what: '8 hours, runs of 50 min on 4 slots', stop: { hours: 8 }, runSeconds: 3000, slots: 4 },
  money: {
    what: '3.75 USD at 0.0625 for each proposal of 1 min',
    stop: { usd: 3.75 },
    runSeconds: 300,
    thoughtSeconds: 60,
    usd: 0.0625,
  },
};

/** The journal of a study of this kind, from its start to its end by a rule. */
export async function endedStudy(name: string, seed: number): Promise<readonly Entry[]> {
  const kind = kinds[name];
  if (!kind) throw new Error(`there is no kind ${name}`);
  const folder = await mkdtemp(join(existsSync('/dev/shm') ? '/dev/shm' : tmpdir(), 'nocturne-ended-'));
  try {
    const scripted = createScriptedLab({
      folder,
      files: { 'train.py': 'LR = 1.0\nSEED = 1  # NOCTURNE_SEED\n', 'program.md': '' },
      researcher: {
        name: 'random',
        propose: async ({ experiment, record, attempt }) => {
          if (kind.usd !== undefined) await record?.(callFor(experiment, attempt, kind.usd));
          return { kind: 'proposal', proposal: turnKnobs({ LR: 1 + experiment / 1000 }) };
        },
      },
      run: (run) => outcomeOf(kind, seed, run),
      brief: { slots: kind.slots ?? 1, stop: kind.stop, policy: kind.policy ?? 'greedy' },
      tag: `${name.replaceAll(' ', '-')}-${seed}`,
    });
    const lab = onVirtualClock(scripted, {
      slots: kind.slots ?? 1,
      secondsOf: (run) => secondsOf(kind, seed, run),
      thoughtSeconds: kind.thoughtSeconds ?? 0,
    });
    await conductStudy(lab);
    return withBreak(lab.archive.journal, kind.breakHours);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

const ideaOf = (run: LaidRun) => Math.round((knobOf(run, 'LR') - 1) * 1000);

/** What becomes of an idea, the same in each of its runs. */
function fateOf({ crashes = 0, earlyEnds = 0 }: Kind, seed: number, run: LaidRun): 'whole' | 'crash' | 'early' {
  const idea = ideaOf(run);
  const draw = idea === 0 ? 1 : createRandom(`fate ${seed} ${idea}`).unit();
  if (draw < crashes) return 'crash';
  return draw < crashes + earlyEnds ? 'early' : 'whole';
}

function secondsOf(kind: Kind, seed: number, run: LaidRun): number {
  const fate = fateOf(kind, seed, run);
  const usual = kind.runSeconds * (0.8 + 0.4 * createRandom(`usual ${seed}`).unit());
  const length = usual * (0.97 + 0.06 * createRandom(`length ${seed} ${run.seed}`).unit());
  if (fate === 'crash') return 6;
  return fate === 'early' ? length / 4 : length;
}

/** One idea in fifteen is a gain, most are losses, and each run has its noise. */
function outcomeOf(kind: Kind, seed: number, run: LaidRun): ScriptedRun {
  if (fateOf(kind, seed, run) === 'crash') return failingRun(1, 'RuntimeError: boom');
  const idea = ideaOf(run);
  const noise = (createRandom(`noise ${seed} ${run.seed}`).unit() - 0.5) * 0.02;
  const draw = createRandom(`idea ${seed} ${idea}`).unit();
  const loss = idea === 0 ? 0 : draw < 1 / 15 ? -0.02 : draw * 0.1;
  return scoringRun('val_bpb', (3 + loss + noise).toFixed(6));
}

function callFor(experiment: number, attempt: number, usd: number): Extract<EntryBody, { event: 'model-called' }> {
  const usage = { uncachedInput: 1000, cachedInput: 0, cacheWrite: 0, output: 100 };
  return { event: 'model-called', experiment, attempt, purpose: 'proposal', model: 'm', outcome: 'answer', usage, usd };
}

/** The same study, resumed once half of its verdicts were given, so many hours later. */
function withBreak(journal: readonly Entry[], hours: number | undefined): readonly Entry[] {
  if (hours === undefined) return journal;
  const verdicts = journal.flatMap((entry, index) => (entry.event === 'verdict-given' ? [index] : []));
  const half = (verdicts[Math.floor(verdicts.length / 2)] ?? 0) + 1;
  const later = (at: string) => new Date(Date.parse(at) + hours * 3_600_000).toISOString();
  const [start] = journal;
  const last = journal[half - 1];
  if (start?.event !== 'study-started' || !last) throw new Error('a journal begins with its start');
  const resumed: EntryBody = {
    event: 'study-resumed',
    session: start.session,
    changed: [],
    isolation: start.isolation,
  };
  const after = journal.slice(half).map((entry) => ({ ...entry, seq: entry.seq + 1, at: later(entry.at) }));
  const entries = [...journal.slice(0, half), { ...resumed, seq: last.seq + 1, at: later(last.at) }, ...after];
  return entries.map(({ live: _, ...entry }) => entry as Entry);
}
