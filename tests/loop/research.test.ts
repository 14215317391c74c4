import { describe, expect, it } from 'vitest';
import { createKnobReader } from '../../src/adapters/python/knob-reader.ts';
import { createGridResearcher } from '../../src/adapters/researchers/grid-researcher.ts';
import { StudyError, WorkspaceError } from '../../src/core/base/errors.ts';
import {
  createScriptedLab,
  createScriptedResearcher,
  type Script,
  type ScriptedLab,
  type ScriptedLabOptions,
  type ScriptedRun,
  scoringRun,
  turnKnobs,
} from '../../src/testing/index.ts';
import { conductStudy, failingRun, knobOf, scoreByRate } from '../helpers/conduct-study.ts';
import { fastFolder } from '../helpers/fast-folder.ts';
import { entriesOf } from '../helpers/lab-journal.ts';

const train = 'LR = 0.5\nDEPTH = 4\nSEED = 1  # NOCTURNE_SEED\n';

function labWith(script: Script, more: Partial<ScriptedLabOptions> = {}): ScriptedLab {
  const files = { 'train.py': train, 'program.md': '' };
  const researcher = createScriptedResearcher(script);
  return createScriptedLab({ folder: fastFolder(), files, researcher, run: scoreByRate, ...more });
}

const decisionsOf = (lab: ScriptedLab) => entriesOf(lab, 'verdict-given').map(({ verdict }) => verdict.decision);
const refOf = (lab: ScriptedLab, name: string) => lab.workspace.refs.get(`refs/autoresearch/nov23/${name}`) ?? '';
const messageOf = (lab: ScriptedLab, commit: string) => lab.workspace.commits.get(commit)?.message;

describe('a study', () => {
  it('keeps a better candidate and reverts a worse one', async () => {
    const lab = labWith({ 1: turnKnobs({ LR: 0.3 }), 2: turnKnobs({ LR: 0.4 }), 3: turnKnobs({ LR: 0.2 }) });
    expect(await conductStudy(lab)).toEqual({ reason: 'exhausted', detail: 'the script ends here' });
    expect(decisionsOf(lab)).toEqual(['keep', 'keep', 'revert', 'keep']);
    expect(await lab.workspace.read(refOf(lab, 'tip'))).toEqual({ 'train.py': train.replace('0.5', '0.2') });
    expect(lab.workspace.refs.get('refs/heads/autoresearch/nov23')).toBe(refOf(lab, 'tip'));
    expect(lab.runFolders.discarded).toEqual([2]);
  });

  it('journals each step of it, in order', async () => {
    const lab = labWith({ 1: turnKnobs({ LR: 0.3 }), 2: turnKnobs({ LR: 0.4 }) });
    await conductStudy(lab);
    const events = lab.archive.journal.map((entry) => entry.event);
    const run = ['run-started', 'run-ended'];
    expect(events).toEqual([
      'study-started',
      ...['candidate-committed', ...run, ...run, ...run, 'verdict-given'],
      ...['proposal-made', 'candidate-committed', ...run, 'verdict-given', 'branch-moved'],
      ...['proposal-made', 'candidate-committed', ...run, 'verdict-given'],
      'study-stopped',
    ]);
    expect(lab.events.filter((event) => 'seq' in event)).toEqual(lab.archive.journal);
  });

  it('stops before the verdict of a run that moved its refs, and goes on once they are back', async () => {
    const tip = 'refs/autoresearch/nov23/tip';
    const lab = labWith(
      { 1: turnKnobs({ LR: 0.6 }) },
      {
        run: (run) => {
          if (knobOf(run, 'LR') === 0.6) lab.workspace.refs.set(tip, 'f'.repeat(40));
          return scoreByRate(run);
        },
      },
    );
    await expect(conductStudy(lab)).rejects.toThrow(tip);
    expect(decisionsOf(lab)).toEqual(['keep']);
    lab.workspace.refs.set(tip, lab.workspace.start);
    await conductStudy(lab);
    expect(decisionsOf(lab)).toEqual(['keep', 'revert']);
  });

  it('keeps every attempt under its own ref, with its parent', async () => {
    const lab = labWith({ 1: turnKnobs({ LR: 0.3 }), 2: turnKnobs({ LR: 0.4 }), 3: turnKnobs({ LR: 0.2 }) });
    await conductStudy(lab);
    const keep = entriesOf(lab, 'verdict-given')[1]?.kept;
    expect(['0001', '0002', '0003'].map((name) => lab.workspace.commits.get(refOf(lab, name))?.parent)).toEqual([
      lab.workspace.start,
      keep,
      keep,
    ]);
    expect(lab.workspace.commits.get(refOf(lab, 'tip'))).toMatchObject({
      parent: keep,
      tree: lab.workspace.commits.get(refOf(lab, '0003'))?.tree,
    });
  });

  it('writes a log that reads as a notebook', async () => {
    const lab = labWith({ 1: turnKnobs({ LR: 0.3 }) });
    await conductStudy(lab);
    expect(messageOf(lab, refOf(lab, '0001'))).toBe(
      'LR -> 0.3\n\nIt may be better.\n\nExperiment: 1\nResearcher: scripted\n',
    );
    expect(messageOf(lab, refOf(lab, 'tip'))).toMatch(
      /^LR -> 0\.3 \(val_bpb 0\.50\d* -> 0\.30\d*\)\n\nIt may be better\.\n\nExperiment: 1\nRuns: 1\nGain: 0\.\d+ ± 0\.\d+ \(half a 95 % interval\)\n/,
    );
  });

  it('keeps the proposal and the patch for people to read', async () => {
    const lab = labWith({ 1: turnKnobs({ LR: 0.3 }) });
    await conductStudy(lab);
    expect(JSON.parse(lab.archive.kept.get('0001/proposal.json') ?? '')).toEqual(turnKnobs({ LR: 0.3 }));
    expect(lab.archive.kept.get('0001/patch.diff')).toContain('-LR = 0.5\n+LR = 0.3\n');
  });

  it('of a metric to be maximised keeps what is larger', async () => {
    const metric = { name: 'val_bpb', goal: 'maximize' as const };
    const lab = labWith({ 1: turnKnobs({ LR: 0.3 }), 2: turnKnobs({ LR: 0.7 }) }, { brief: { metric } });
    await conductStudy(lab);
    expect(decisionsOf(lab)).toEqual(['keep', 'revert', 'keep']);
  });

  it('gives each run a seed of its own', async () => {
    const lab = labWith({ 1: turnKnobs({ LR: 0.3 }), 2: turnKnobs({ LR: 0.2 }) });
    await conductStudy(lab);
    const seeds = lab.engine.jobs.map((job) => Number(job.stages[0]?.env.NOCTURNE_SEED));
    expect(seeds.slice(0, 3)).toEqual([1, 2, 3]);
    expect(new Set(seeds).size).toBe(5);
  });

  it('runs what the brief prepares once, before anything else', async () => {
    const lab = labWith({}, { brief: { prepare: ['python', 'prepare.py'] } });
    await conductStudy(lab);
    expect(lab.engine.jobs.map((job) => job.id)).toEqual(['base', '0000/run-1', '0000/run-2', '0000/run-3']);
  });

  it('whose preparation fails stops with the end of its log', async () => {
    const prepare = () => {
      const stage = { name: 'prepare', exitCode: 1, signal: null, seconds: 1, cpuSeconds: 1 } as const;
      return {
        log: { prepare: 'no network\n' },
        end: { ending: 'exited', stages: [stage], seconds: 1 },
      } as ScriptedRun;
    };
    const lab = labWith({}, { brief: { prepare: ['python', 'prepare.py'] }, prepare });
    await expect(conductStudy(lab)).rejects.toThrow(StudyError);
  });
});

describe('a run that goes wrong is journalled, and the study goes on', () => {
  const stage = { name: 'train', exitCode: null, signal: 'SIGKILL', seconds: 20, cpuSeconds: 9 } as const;
  const outcomes: readonly (readonly [string, ScriptedRun, string, string])[] = [
    ['a crash', failingRun(1, 'Traceback\nValueError: no\n'), 'crashed', 'exit code 1: ValueError: no'],
    ['NaN', scoringRun('val_bpb', 'nan'), 'finished', 'val_bpb is not a finite number: "nan"'],
    ['silence', failingRun(0, ''), 'finished', 'the log ends without val_bpb'],
    [
      'a timeout',
      { log: { train: 'step=1\n' }, end: { ending: 'deadline', stages: [stage], seconds: 20 } },
      'timed-out',
      'ended at its time limit after 20.0 s',
    ],
    ['no memory', failingRun(1, 'torch.OutOfMemoryError: CUDA out of memory\n'), 'out-of-memory', 'out of memory'],
    [
      'a broken metrics.json',
      { ...scoringRun('val_bpb', 0.1), files: { 'metrics.json': '{' } },
      'finished',
      'metrics.json is not whole JSON, so it has no val_bpb',
    ],
  ];

  it.each(outcomes)('%s', async (_, run, outcome, reason) => {
    const script = { 1: turnKnobs({ LR: 0.3 }), 2: turnKnobs({ LR: 0.26 }) };
    const lab = labWith(script, { run: (laid) => (laid.experiment === 1 ? run : scoreByRate(laid)) });
    await conductStudy(lab);
    const [ended] = entriesOf(lab, 'run-ended').filter((entry) => entry.experiment === 1);
    expect(ended?.result).toMatchObject({ outcome, reason });
    const [verdict] = entriesOf(lab, 'verdict-given').filter((entry) => entry.experiment === 1);
    expect(verdict?.verdict).toEqual({ decision: 'revert', reason });
    expect(decisionsOf(lab)).toEqual(['keep', 'revert', 'keep']);
  });

  it('a changed file', async () => {
    const changedBy = ({ experiment }: { experiment: number }) => (experiment === 1 ? 'prepare.py' : undefined);
    const lab = labWith({ 1: turnKnobs({ LR: 0.3 }) }, { changedBy });
    await conductStudy(lab);
    expect(decisionsOf(lab)).toEqual(['keep', 'revert']);
  });

  it('a lost run is run again with the same seed, and given up the third time', async () => {
    const lab = labWith({ 1: turnKnobs({ LR: 0.3 }), 2: turnKnobs({ LR: 0.26 }) });
    const engine: ScriptedLab['engine'] = {
      ...lab.engine,
      poll: async (job, wait) =>
        job.id.startsWith('0001/') ? { kind: 'lost', reason: 'it is gone' } : lab.engine.poll(job, wait),
    };
    await conductStudy({ ...lab, engine });
    const started = entriesOf(lab, 'run-started').filter((entry) => entry.experiment === 1);
    expect(started.map(({ run }) => run)).toEqual([1, 2, 3]);
    expect(new Set(started.map(({ seed }) => seed)).size).toBe(1);
    expect(decisionsOf(lab)).toEqual(['keep', 'revert', 'keep']);
  });
});

describe('a baseline that does not run', () => {
  it('stops the study with the reason and the last lines of its log', async () => {
    const lab = labWith({ 1: turnKnobs({ LR: 0.3 }) }, { run: () => failingRun(1, 'Traceback\nImportError: torch\n') });
    const failure = conductStudy(lab);
    await expect(failure).rejects.toThrow(StudyError);
    await expect(failure).rejects.toThrow(
      /has no score.*exit code 1: ImportError: torch\.\n.*\nTraceback\nImportError/s,
    );
    expect(lab.engine.jobs).toHaveLength(1);
    expect(decisionsOf(lab)).toEqual([]);
  });

  it('is no baseline either when it lacks what a guard bounds, and goes on when the guard is mended', async () => {
    const proposals = { 1: turnKnobs({ LR: 0.3 }) };
    const lab = labWith(proposals, { brief: { guards: { peak_mem_mb: '<= 2x' } } });
    await expect(conductStudy(lab)).rejects.toThrow(
      'The baseline does not report peak_mem_mb, which `guards` bounds, so nothing could be kept',
    );
    expect(lab.engine.jobs).toHaveLength(1);
    await conductStudy(lab.reopen({ guards: {} }));
    expect(decisionsOf(lab)).toEqual(['keep', 'keep']);
  });

  it('runs again when the owner has mended it', async () => {
    let isMended = false;
    const run: ScriptedLabOptions['run'] = (laid) => (isMended ? scoreByRate(laid) : failingRun(1, 'no\n'));
    const lab = labWith({ 1: turnKnobs({ LR: 0.3 }) }, { run });
    await expect(conductStudy(lab)).rejects.toThrow(StudyError);
    isMended = true;
    await conductStudy(lab.reopen());
    expect(decisionsOf(lab)).toEqual(['keep', 'keep']);
    expect(entriesOf(lab, 'run-started').map(({ run: number, seed }) => [number, seed])).toEqual([
      [1, 1],
      [2, 1],
      [3, 2],
      [4, 3],
      [1, expect.any(Number)],
    ]);
  });

  it('that vanishes every time stops the study too', async () => {
    const lab = labWith({ 1: turnKnobs({ LR: 0.3 }) });
    const poll = async () => ({ kind: 'lost' as const, reason: 'it is gone' });
    await expect(conductStudy({ ...lab, engine: { ...lab.engine, poll } })).rejects.toThrow('it is gone');
  });
});

describe('a proposal is refused before it costs a run', () => {
  const lrs = (...rates: readonly number[]) => rates.map((LR) => turnKnobs({ LR }));

  it.each([
    ['changes nothing', lrs(0.3, 0.2), 'the edits change nothing'],
    ['turns a knob that is not there', [turnKnobs({ WIDTH: 3 }), ...lrs(0.2)], 'train.py has no knob WIDTH'],
    ['repeats an earlier candidate', lrs(0.9, 0.2), 'the same candidate as experiment 2'],
  ])('when it %s', async (_, proposals, reason) => {
    const lab = labWith({ 1: turnKnobs({ LR: 0.3 }), 2: turnKnobs({ LR: 0.9 }), 3: proposals });
    await conductStudy(lab);
    expect(entriesOf(lab, 'proposal-refused')).toMatchObject([{ experiment: 3, attempt: 0, reason }]);
    expect(entriesOf(lab, 'proposal-made')[2]).toMatchObject({ experiment: 3, attempt: 1 });
    expect(lab.engine.jobs).toHaveLength(3 + 3);
  });

  it('also when it repeats the baseline', async () => {
    const lab = labWith({ 1: turnKnobs({ LR: 0.3 }), 2: lrs(0.5, 0.2) });
    await conductStudy(lab);
    expect(entriesOf(lab, 'proposal-refused')).toMatchObject([{ reason: 'the same candidate as experiment 0' }]);
  });

  it('when the script would end before it trains, by settings or by code', async () => {
    const script = 'LR = 0.5\nBATCH = 64\nPASS = 16\nassert BATCH % PASS == 0  # NOCTURNE_SEED\n';
    const code = { kind: 'replace' as const, file: 'train.py', find: 'PASS = 16', replace: 'PASS = 6 * 4' };
    const proposals = [
      turnKnobs({ PASS: 20 }),
      { ...turnKnobs({}), kind: 'code' as const, edits: [code] },
      turnKnobs({ PASS: 32 }),
    ];
    const files = { 'train.py': script, 'program.md': '' };
    const lab = labWith({ 1: proposals }, { files, knobReader: createKnobReader('python3') });
    await conductStudy(lab);
    const why = (pass: number) =>
      `the script would end at \`assert BATCH % PASS == 0\` (train.py line 4), with BATCH = 64, PASS = ${pass}`;
    expect(entriesOf(lab, 'proposal-refused').map(({ reason }) => reason)).toEqual([why(20), why(24)]);
    expect(entriesOf(lab, 'proposal-made')[0]).toMatchObject({ experiment: 1, attempt: 2 });
  });

  it('and a hundred of them in a row end the study', async () => {
    const lab = labWith({ 1: Array.from({ length: 200 }, () => turnKnobs({ LR: 0.5 })) });
    expect(await conductStudy(lab)).toMatchObject({ reason: 'exhausted' });
    expect(entriesOf(lab, 'proposal-refused')).toHaveLength(100);
  });
});

it('every run of a study has a seed of its own', async () => {
  const lab = labWith(
    Object.fromEntries([1, 2, 3, 4, 5].map((number) => [number, turnKnobs({ LR: 0.5 + number / 50 })])),
  );
  await conductStudy(lab);
  expect(entriesOf(lab, 'run-ended')).toHaveLength(3 + 5);
  expect(new Set(entriesOf(lab, 'run-started').map(({ seed }) => seed)).size).toBe(8);
});

describe('a study stops', () => {
  const many = Object.fromEntries(
    Array.from({ length: 20 }, (_, index) => [index + 1, turnKnobs({ LR: 0.6 + index / 50 })]),
  );

  it.each([
    ['experiments', { experiments: 2 }, 2],
    ['plateau', { plateau: 3 }, 3],
    ['target', { target: 0.9 }, 0],
  ] as const)('by its rule on %s', async (reason, stop, experiments) => {
    const lab = labWith(many, { brief: { stop } });
    expect(await conductStudy(lab)).toMatchObject({ reason });
    expect(entriesOf(lab, 'proposal-made')).toHaveLength(experiments);
    expect(entriesOf(lab, 'study-stopped')).toMatchObject([{ reason }]);
  });

  it('by its rule on hours, between two experiments', async () => {
    const lab = labWith(many, { brief: { stop: { hours: 30 / 3600 } } });
    expect(await conductStudy(lab)).toMatchObject({ reason: 'hours' });
    const last = lab.archive.journal.at(-2);
    expect(last?.event).toBe('verdict-given');
  });

  it('when the target is met', async () => {
    const lab = labWith(
      { 1: turnKnobs({ LR: 0.4 }), 2: turnKnobs({ LR: 0.1 }), 3: turnKnobs({ LR: 0.05 }) },
      {
        brief: { stop: { target: 0.2 } },
      },
    );
    expect(await conductStudy(lab)).toMatchObject({ reason: 'target' });
    expect(entriesOf(lab, 'proposal-made')).toHaveLength(2);
  });

  it('when a grid is used up, at once when there is no knob', async () => {
    const brief = { space: { LR: 'choice 0.5, 0.4', DEPTH: 'choice 4, 5' } };
    const lab = labWith({}, { researcher: createGridResearcher(), brief });
    expect(await conductStudy(lab)).toMatchObject({
      reason: 'exhausted',
      detail: 'all 4 points of the grid are tried',
    });
    expect(entriesOf(lab, 'proposal-made')).toHaveLength(3);
    const knobless = labWith(
      {},
      { researcher: createGridResearcher(), files: { 'train.py': 'pass\n' }, run: () => scoringRun('val_bpb', 1) },
    );
    expect(await conductStudy(knobless)).toMatchObject({ detail: 'there is no knob to turn' });
  });

  it('after the experiment that is running when it is asked to', async () => {
    const lab = labWith(many, {
      run: (laid) => {
        if (laid.experiment === 2) lab.inbox.leave({ kind: 'stop', isNow: false });
        return scoreByRate(laid);
      },
    });
    expect(await conductStudy(lab)).toMatchObject({ reason: 'stopped' });
    expect(decisionsOf(lab)).toHaveLength(1 + 2);
    expect(lab.archive.journal.at(-1)).toMatchObject({ event: 'study-stopped', reason: 'stopped' });
  });

  const hanging = (laid: { experiment: number }) => ({
    ...scoringRun('val_bpb', 1),
    ...(laid.experiment === 1 ? { end: undefined } : {}),
  });

  it('at once when it is asked to, and the run in flight is cancelled', async () => {
    const lab = labWith(many, { run: hanging });
    const { emit } = lab;
    const watched: ScriptedLab = {
      ...lab,
      emit: (event) => {
        emit(event);
        if (event.event === 'run-progressed') lab.inbox.leave({ kind: 'stop', isNow: true });
      },
    };
    expect(await conductStudy(watched)).toMatchObject({ reason: 'stopped' });
    expect(entriesOf(lab, 'run-ended').at(-1)?.result).toMatchObject({ outcome: 'cancelled' });
    expect(decisionsOf(lab)).toHaveLength(1);
  });

  it('at once by a signal, and goes on with the same seed later', async () => {
    const lab = labWith({ 1: turnKnobs({ LR: 0.3 }) }, { run: hanging });
    const controller = new AbortController();
    const { emit } = lab;
    const watched: ScriptedLab = {
      ...lab,
      emit: (event) => {
        emit(event);
        if (event.event === 'run-progressed') controller.abort();
      },
    };
    expect(await conductStudy(watched, controller.signal)).toMatchObject({ reason: 'stopped' });
    const later = labWithRuns(lab);
    expect(await conductStudy(later)).toMatchObject({ reason: 'exhausted' });
    const runs = entriesOf(lab, 'run-started').filter((entry) => entry.experiment === 1);
    expect(runs.map(({ run }) => run)).toEqual([1, 2]);
    expect(new Set(runs.map(({ seed }) => seed)).size).toBe(1);
    expect(decisionsOf(lab)).toEqual(['keep', 'revert']);
  });

  it('at once while it resumes, and does not leave a surviving run behind', async () => {
    const lab = labWith({ 1: turnKnobs({ LR: 0.3 }) }, { run: hanging });
    const { emit } = lab;
    const killed: ScriptedLab = {
      ...lab,
      emit: (event) => {
        emit(event);
        if (event.event === 'run-progressed') throw new Error('killed');
      },
    };
    await expect(conductStudy(killed)).rejects.toThrow('killed');
    const later = lab.reopen();
    later.inbox.leave({ kind: 'stop', isNow: true });
    expect(await conductStudy(later)).toMatchObject({ reason: 'stopped' });
    expect(entriesOf(lab, 'run-ended').at(-1)?.result).toMatchObject({ outcome: 'cancelled' });
  });

  it('and a run that was cancelled by a stop says nothing of its candidate, even if the controller dies three times', async () => {
    const lab = labWith({ 1: turnKnobs({ LR: 0.3 }) }, { run: hanging });
    for (let time = 1; time <= 3; time += 1) {
      const controller = new AbortController();
      const dying = lab.reopen();
      const cancel = async (...args: Parameters<typeof dying.engine.cancel>) => {
        await dying.engine.cancel(...args);
        throw new Error('killed');
      };
      const watched: ScriptedLab = {
        ...dying,
        engine: { ...dying.engine, cancel },
        emit: (event) => event.event === 'run-progressed' && controller.abort('SIGHUP'),
      };
      await expect(conductStudy(watched, controller.signal)).rejects.toThrow('killed');
    }
    expect(entriesOf(lab, 'stop-requested').map(({ by }) => by)).toEqual(['SIGHUP', 'SIGHUP', 'SIGHUP']);

    await conductStudy(labWithRuns(lab));

    const results = entriesOf(lab, 'run-ended').filter(({ experiment }) => experiment === 1);
    const outcomes = results.map(({ result }) => result.outcome);
    expect(outcomes).toEqual(['cancelled', 'cancelled', 'cancelled', 'finished']);
    expect(decisionsOf(lab)).toEqual(['keep', 'revert']);
  });

  it.each([
    ['a training that the signal ended', { exitCode: null, signal: 'SIGTERM' }],
    ['a shell that tells of the signal', { exitCode: 143, signal: null }],
    ['a launcher that fails because of it', { exitCode: 1, signal: null }],
  ])('and a signal to all processes at once is no failure of the candidate: %s', async (_, how) => {
    const stage = { name: 'train', seconds: 1, cpuSeconds: 1, ...how } as const;
    const end = { ending: 'exited', stages: [stage], seconds: 1 } as const;
    const controller = new AbortController();
    const run: ScriptedLabOptions['run'] = (laid) => {
      if (laid.experiment === 0) return scoreByRate(laid);
      // The signal comes to the controller after the run has ended of it, and in the last case with it.
      if (how.exitCode === 1) controller.abort('SIGTERM');
      return { log: {}, end };
    };
    const lab = labWith({ 1: turnKnobs({ LR: 0.3 }) }, { run });
    const pause: ScriptedLab['pause'] = async (...args) => {
      if (lab.engine.jobs.some((job) => job.id.startsWith('0001/'))) controller.abort('SIGTERM');
      await lab.pause(...args);
    };

    expect(await conductStudy({ ...lab, pause }, controller.signal)).toMatchObject({ reason: 'stopped' });

    const last = entriesOf(lab, 'run-ended').at(-1);
    expect(last).toMatchObject({ experiment: 1, result: { outcome: 'cancelled' } });
    expect(decisionsOf(lab)).toEqual(['keep']);
  });

  it('and a run that ends of itself meanwhile counts', async () => {
    const controller = new AbortController();
    const run: ScriptedLabOptions['run'] = (laid) => {
      if (laid.experiment === 1) controller.abort('SIGHUP');
      return scoreByRate(laid);
    };
    const lab = labWith({ 1: turnKnobs({ LR: 0.3 }) }, { run });
    await conductStudy(lab, controller.signal);
    await conductStudy(lab.reopen());
    expect(entriesOf(lab, 'run-started').filter(({ experiment }) => experiment === 1)).toHaveLength(1);
    expect(decisionsOf(lab)).toEqual(['keep', 'keep']);
  });

  it('and what fails because the stop ended its git is no failure of the study', async () => {
    const controller = new AbortController();
    const lab = labWith({ 1: turnKnobs({ LR: 0.3 }) });
    const commitCandidate: ScriptedLab['workspace']['commitCandidate'] = async () => {
      controller.abort('SIGINT');
      throw new WorkspaceError('Git fast-import failed: signal 2');
    };
    const ending = conductStudy({ ...lab, workspace: { ...lab.workspace, commitCandidate } }, controller.signal);
    expect(await ending).toEqual({ reason: 'stopped', detail: 'stopped on request; run it again to go on' });
    expect(lab.archive.journal.at(-1)).toMatchObject({ event: 'study-stopped', reason: 'stopped' });
    await conductStudy(lab.reopen());
    expect(decisionsOf(lab)).toEqual(['keep', 'keep']);
  });

  it.each([
    ['SIGHUP', /because its terminal was closed/],
    ['SIGTERM', /by SIGTERM/],
  ])('and says so in the morning: %s', async (signal, text) => {
    const lab = labWith({ 1: turnKnobs({ LR: 0.3 }) });
    expect((await conductStudy(lab, AbortSignal.abort(signal))).detail).toMatch(text);
  });

  it('and goes on when its rule is extended', async () => {
    const lab = labWith(many, { brief: { stop: { experiments: 1 } } });
    await conductStudy(lab);
    const later = lab.reopen({ stop: { experiments: 3 } });
    expect(await conductStudy(later)).toMatchObject({ reason: 'experiments' });
    expect(entriesOf(lab, 'proposal-made')).toHaveLength(3);
    expect(entriesOf(lab, 'study-resumed')).toMatchObject([{ changed: ['stop'] }]);
  });
});

/** The same study with an engine whose runs all end. */
function labWithRuns(lab: ScriptedLab): ScriptedLab {
  const later = lab.reopen();
  const poll: ScriptedLab['engine']['poll'] = async (job, wait) => {
    const state = await later.engine.poll(job, 0);
    if (state.kind !== 'running') return state;
    const stage = { name: 'train', exitCode: 0, signal: null, seconds: 1, cpuSeconds: 1 } as const;
    return wait < 0 ? state : { kind: 'ended', end: { ending: 'exited', stages: [stage], seconds: 1 } };
  };
  return { ...later, engine: { ...later.engine, poll } };
}

describe('a resumed study', () => {
  it.each([
    ['metric', { metric: { name: 'loss', goal: 'minimize' } }, '`metric`'],
    ['goal', { metric: { name: 'val_bpb', goal: 'maximize' } }, '`goal`'],
    ['edit', { edit: ['other.py'] }, '`edit`'],
    ['include', { include: ['lib'] }, '`include`'],
    ['train', { train: ['python', 'other.py'] }, '`train`'],
    ['score', { score: ['python', 'score.py'] }, '`score`'],
    ['prepare', { prepare: ['python', 'prepare.py'] }, '`prepare`'],
    ['budget', { budgetSeconds: 6 }, '`budget`'],
    ['budget_clock', { budgetClock: 'cpu' }, '`budget_clock`'],
  ] as const)('refuses another %s, by the name that it has in a brief', async (_, brief, name) => {
    const lab = labWith({});
    await conductStudy(lab);
    await expect(conductStudy(lab.reopen(brief as object))).rejects.toThrow(name);
    expect(entriesOf(lab, 'study-resumed')).toEqual([]);
  });

  it('takes a changed prose, policy, timeout and stop, and journals which', async () => {
    const lab = labWith({});
    await conductStudy(lab);
    await conductStudy(lab.reopen({ prose: 'New idea.', timeoutSeconds: 30, stop: { hours: 1 } }));
    expect(entriesOf(lab, 'study-resumed')).toMatchObject([
      { changed: ['prose', 'timeout', 'stop'], session: { prose: 'New idea.' } },
    ]);
  });

  it('that did not change says so', async () => {
    const lab = labWith({}, { brief: { stop: { hours: 5, target: 0.01 } } });
    await conductStudy(lab);
    await conductStudy(lab.reopen({ stop: { target: 0.01, hours: 5 } }));
    expect(entriesOf(lab, 'study-resumed')).toMatchObject([{ changed: [] }]);
  });

  it('stops with an error when another program moved its branch', async () => {
    const lab = labWith(
      { 1: turnKnobs({ LR: 0.3 }), 2: turnKnobs({ LR: 0.2 }) },
      { brief: { stop: { experiments: 1 } } },
    );
    await conductStudy(lab);
    lab.workspace.refs.set('refs/autoresearch/nov23/tip', lab.workspace.start);
    await expect(conductStudy(lab.reopen({ stop: {} }))).rejects.toThrow('expected');
  });

  it('removes the trees that a crash right after a verdict left behind', async () => {
    const lab = labWith({ 1: turnKnobs({ LR: 0.9 }) });
    const discard = async () => {
      throw new Error('killed');
    };
    await expect(conductStudy({ ...lab, runFolders: { ...lab.runFolders, discard } })).rejects.toThrow('killed');
    const later = lab.reopen();
    await conductStudy(later);
    expect(later.runFolders.discarded).toEqual([1]);
  });
});

it('an unreadable source stops the study with the place of the trouble', async () => {
  const lab = labWith({}, { files: { 'train.py': 'SyntaxError' }, run: () => scoringRun('val_bpb', 1) });
  await expect(conductStudy(lab)).rejects.toThrow('train.py line 1: invalid syntax');
});

it('live figures are told while a run goes on', async () => {
  const log = { train: 'step=3 loss=2.5 progress=0.5\n' };
  const lab = labWith({}, { run: () => ({ log, end: undefined }) });
  const controller = new AbortController();
  const watched: ScriptedLab = {
    ...lab,
    emit: (event) => {
      lab.emit(event);
      if (event.event === 'run-progressed') controller.abort();
    },
  };
  await conductStudy(watched, controller.signal);
  expect(lab.events).toContainEqual({
    event: 'run-progressed',
    experiment: 0,
    run: 1,
    elapsedSeconds: 0,
    step: 3,
    loss: 2.5,
    progress: 0.5,
  });
});

it('the source of a run is what its candidate says', async () => {
  const rates: number[] = [];
  const lab = labWith(
    { 1: turnKnobs({ LR: 0.3 }), 2: turnKnobs({ DEPTH: 7 }) },
    {
      run: (laid) => {
        rates.push(knobOf(laid, 'LR'), knobOf(laid, 'DEPTH'));
        return scoreByRate(laid);
      },
    },
  );
  await conductStudy(lab);
  expect(rates.slice(6)).toEqual([0.3, 4, 0.3, 7]);
});

describe('a contended run', () => {
  /** Experiment 1 loses this share of its processor in each of its runs. */
  function contendedLab(shares: readonly number[], source = `${train}# NOCTURNE_BUDGET_SECONDS\n`): ScriptedLab {
    let run = 0;
    return labWith(
      { 1: turnKnobs({ LR: 0.3 }) },
      {
        files: { 'train.py': source, 'program.md': '' },
        run: (laid) => {
          const scripted = scoreByRate(laid);
          const lostShare = knobOf(laid, 'LR') === 0.3 ? (shares[run++] ?? 0) : 0;
          const stages =
            scripted.end?.stages.map((stage) => ({ ...stage, seconds: 5, conditions: { lostShare } })) ?? [];
          return { ...scripted, end: { ending: 'exited', stages, seconds: 1 } };
        },
      },
    );
  }

  it('is not judged but repeated with the same seed', async () => {
    const lab = contendedLab([0.5, 0.4, 0]);
    await conductStudy(lab);
    const seeds = entriesOf(lab, 'run-started').flatMap(({ experiment, seed }) => (experiment === 1 ? [seed] : []));
    expect(seeds).toEqual([seeds[0], seeds[0], seeds[0]]);
    expect(entriesOf(lab, 'verdict-given')[1]?.verdict.statistics?.runs).toBe(1);
  });

  it('is judged when it stays contended through three repeats, but not kept, and that is journalled', async () => {
    const lab = contendedLab([0.5, 0.5, 0.5, 0.5, 0.5]);
    await conductStudy(lab);
    const contentions = entriesOf(lab, 'run-ended').flatMap(({ result }) => result.contention ?? []);
    expect(contentions.map(({ isRepeated }) => isRepeated)).toEqual([true, true, true, false]);
    expect(decisionsOf(lab)).toEqual(['keep', 'revert']);
  });

  it('of a script that does fixed work is repeated once, and judged when both agree to the last digit', async () => {
    const lab = contendedLab([0.5, 0.5, 0.5, 0.5, 0.5], train);
    await conductStudy(lab);
    const contentions = entriesOf(lab, 'run-ended').flatMap(({ result }) => result.contention ?? []);
    expect(contentions.map(({ isRepeated }) => isRepeated)).toEqual([true]);
    expect(decisionsOf(lab)).toEqual(['keep', 'keep']);
  });
});
