/**
 * Writes a journal like that of a long study: all entries of every experiment, formatted as the product does.
 */
import { createHash } from 'node:crypto';
import { closeSync, openSync, writeSync } from 'node:fs';
import { crc32 } from 'node:zlib';
import { createRandom } from '../../src/core/base/random.ts';
import { type Entry, type EntryBody, entryBodySchema } from '../../src/core/journal/entry.ts';
import { formatLine } from '../../src/core/journal/journal-line.ts';
import { seedOf } from '../../src/core/run/seed.ts';

/** Experiments per keep. */
const experimentsPerKeep = 25;
const secondsPerEntry = 60;
const batchLines = 5000;

/** Writes the journal of a study with this number of experiments; all entries are valid and all candidates differ. */
export function writeJournal(path: string, experiments: number): void {
  const file = openSync(path, 'w');
  let lines: string[] = [];
  const flush = () => {
    writeSync(file, lines.join(''));
    lines = [];
  };
  let seq = 0;
  for (const body of bodies(experiments)) {
    seq += 1;
    const at = new Date(Date.UTC(2026, 0, 1) + seq * secondsPerEntry * 1000).toISOString();
    const entry: Entry = { seq, at, ...entryBodySchema.parse(body) };
    lines.push(`${formatLine(entry, crc32)}\n`);
    if (lines.length >= batchLines) flush();
  }
  flush();
  closeSync(file);
}

function* bodies(experiments: number): Generator<EntryBody> {
  const random = createRandom('bench');
  yield studyStarted;
  yield {
    event: 'candidate-committed',
    experiment: 0,
    commit: hash('start'),
    tree: hash('tree'),
    content: digest('0'),
  };
  for (const run of [1, 2, 3]) yield* runOf(0, run, run, 2.5 + run / 1000);
  yield verdict(0, 2.502, 2.502, hash('start'));
  let incumbent = 0;
  let best = 2.502;
  for (let experiment = 1; experiment <= experiments; experiment += 1) {
    yield proposal(experiment, incumbent, random.unit());
    const [commit, tree] = [hash(`commit ${experiment}`), hash(`tree ${experiment}`)];
    yield { event: 'candidate-committed', experiment, commit, tree, content: digest(`${experiment}`) };
    const isKeep = experiment % experimentsPerKeep === 0;
    const value = isKeep ? best * 0.9999 : best + random.unit() / 10;
    yield* runOf(experiment, 1, seedOf('bench', experiment, 1), value);
    if (!isKeep) {
      yield verdict(experiment, value, best);
      continue;
    }
    yield verdict(experiment, value, best, hash(`keep ${experiment}`));
    yield { event: 'branch-moved', experiment, commit: hash(`keep ${experiment}`) };
    incumbent = experiment;
    best = value;
  }
  yield { event: 'study-stopped', reason: 'stopped', detail: 'stopped on request; run it again to go on' };
}

const studyStarted: EntryBody = {
  event: 'study-started',
  tag: 'bench',
  study: 'bench',
  brief: 'program.md',
  start: hash('start'),
  frozen: {
    metric: { name: 'val_bpb', goal: 'minimize' },
    sandbox: 'sandbox/tiny',
    edit: ['train.py'],
    include: [],
    train: ['python', 'train.py'],
    budgetSeconds: 300,
    budgetClock: 'wall',
  },
  session: {
    prose: 'Find what lowers val_bpb.',
    researcher: 'random',
    policy: 'greedy',
    engine: 'local',
    space: {},
    timeoutSeconds: 720,
    stop: {},
  },
  isolation: 'none',
  interpreter: '/usr/bin/python3',
  isSeedNamed: true,
  version: '0.1.0',
};

function proposal(experiment: number, parent: number, share: number): EntryBody {
  const [rate, momentum] = [Number((share * 3).toPrecision(4)), Number((share * 0.98).toPrecision(3))];
  return {
    event: 'proposal-made',
    experiment,
    attempt: 0,
    parent,
    researcher: 'random',
    proposal: {
      title: `LEARNING_RATE 0.1 -> ${rate}, MOMENTUM 0.9 -> ${momentum}`,
      hypothesis: 'Random search: 2 of 12 knobs turned, from the incumbent.',
      kind: 'knobs',
      edits: [
        { kind: 'set-knob', file: 'train.py', knob: 'LEARNING_RATE', to: rate },
        { kind: 'set-knob', file: 'train.py', knob: 'MOMENTUM', to: momentum },
      ],
    },
  };
}

function* runOf(experiment: number, run: number, seed: number, value: number): Generator<EntryBody> {
  yield { event: 'run-started', experiment, run, seed };
  const metrics = { val_bpb: value, training_seconds: 300.04, peak_memory_mb: 8123.4, num_steps: 1042, params_m: 11.5 };
  const measurement = { value, resolution: 0.0001, vouched: 'scored' as const, metrics };
  const result = {
    outcome: 'finished' as const,
    reason: '',
    evidence: '',
    measurement,
    seconds: 314.2,
    cpuSeconds: 402.7,
  };
  yield { event: 'run-ended', experiment, run, result };
}

function verdict(experiment: number, mean: number, incumbentMean: number, kept?: string): EntryBody {
  const gain = incumbentMean - mean;
  const statistics = { mean, incumbentMean, gain, runs: experiment === 0 ? 3 : 1, standardError: 0.0012 };
  if (kept === undefined) {
    const reason = `worse by ${Number((-gain).toPrecision(3))}`;
    return { event: 'verdict-given', experiment, verdict: { decision: 'revert', reason, statistics } };
  }
  const reason = experiment === 0 ? 'the baseline' : `better by ${Number(gain.toPrecision(3))}`;
  return { event: 'verdict-given', experiment, verdict: { decision: 'keep', reason, statistics }, kept };
}

function hash(text: string): string {
  return createHash('sha1').update(text).digest('hex');
}

function digest(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}
