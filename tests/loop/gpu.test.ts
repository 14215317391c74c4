import { describe, expect, it, test } from 'vitest';
import type { MachineConditions } from '../../src/core/journal/conditions.ts';
import { foldWhole } from '../../src/core/journal/fold.ts';
import type { GpuState } from '../../src/core/run/gpu-trouble.ts';
import { noAttachments } from '../../src/core/views/report/attachments.ts';
import { reportOf } from '../../src/core/views/report/report.ts';
import { statusOfStudy } from '../../src/core/views/status.ts';
import type { GpuProbe } from '../../src/ports/gpu.ts';
import type { Lab } from '../../src/ports/lab.ts';
import {
  createScriptedLab,
  createScriptedResearcher,
  type LaidRun,
  type ScriptedLab,
  type ScriptedRun,
  scoringRun,
  turnKnobs,
} from '../../src/testing/index.ts';
import { reportPage } from '../../src/web/html/page.ts';
import { reportMarkdown } from '../../src/web/markdown/report-markdown.ts';
import { conductConfirmation, gradeByRate } from '../helpers/conduct-confirmation.ts';
import { conductStudy, failingRun, scoreByRate } from '../helpers/conduct-study.ts';
import { fastFolder } from '../helpers/fast-folder.ts';
import { entriesOf } from '../helpers/lab-journal.ts';

const onGpu: MachineConditions = { gpus: 1, gpuMhz: 1400, gpuUsedMib: 4 };
const healthy: GpuState = { kind: 'seen', gpus: 1, usedMib: 4, totalMib: 81559, computeMib: 0 };
const two: GpuState = { ...healthy, gpus: 2 };
const lost: GpuState = { kind: 'lost', reason: 'nvidia-smi: No devices were found' };
const filled: GpuState = { ...healthy, usedMib: 70_000, computeMib: 70_000 };

const lostLog = 'Traceback:\nRuntimeError: CUDA error: device lost\n';
const memoryLog = 'torch.OutOfMemoryError: CUDA out of memory. Tried to allocate 2.00 GiB.\n';

function under(run: ScriptedRun, conditions: MachineConditions): ScriptedRun {
  const end = run.end && { ...run.end, stages: run.end.stages.map((stage) => ({ ...stage, conditions })) };
  return { ...run, end };
}

const scoring = (run: LaidRun) => under(scoreByRate(run), onGpu);
const crashing = (log: string, conditions = onGpu) => under(failingRun(1, log), conditions);

interface NightLab extends ScriptedLab {
  readonly gpu: GpuProbe;
  /** Adds to what the runs do and the looks see. */
  readonly disturb: (ends: readonly ScriptedRun[], sees: readonly GpuState[]) => void;
}

interface Night {
  /** What the first disturbed runs do; the later ones score. */
  readonly ends: readonly ScriptedRun[];
  /** What the looks see, one after the other; the later ones see a healthy GPU. */
  readonly sees: readonly GpuState[];
  readonly tryRun?: GpuProbe['tryRun'];
  readonly hours?: number;
  readonly usual?: (run: LaidRun) => ScriptedRun;
  /** The experiment whose runs are disturbed, besides grades on the holdout. */
  readonly disturbed?: number;
  readonly score?: readonly string[];
  /** What the later looks see. */
  readonly well?: GpuState;
}

function createNight({
  ends,
  sees,
  tryRun,
  hours,
  usual = scoring,
  well = healthy,
  disturbed = 1,
  score,
}: Night): NightLab {
  const left = [...ends];
  const looks = [...sees];
  const disturb = (more: readonly ScriptedRun[], further: readonly GpuState[]) => {
    left.push(...more);
    looks.push(...further);
  };
  const isDisturbed = ({ experiment, confirmation, split }: LaidRun) => {
    if (confirmation) return confirmation.contender === 'final';
    return split === 'holdout' || experiment === disturbed;
  };
  const lab = createScriptedLab({
    folder: fastFolder(),
    files: { 'train.py': 'LR = 0.5\nNOCTURNE_SEED\n' },
    researcher: createScriptedResearcher({ 1: turnKnobs({ LR: 0.3 }) }),
    run: (run) => (isDisturbed(run) && left.shift()) || usual(run),
    brief: { ...(hours === undefined ? {} : { stop: { hours } }), ...(score ? { score } : {}) },
  });
  return { ...lab, disturb, gpu: { look: async () => looks.shift() ?? well, ...(tryRun ? { tryRun } : {}) } };
}

const wholeOf = (lab: ScriptedLab) => {
  const whole = foldWhole(lab.archive.journal);
  if (!whole) throw new Error('the study has begun');
  return whole;
};
const eventsOf = (lab: ScriptedLab) => lab.archive.journal.map(({ event }) => event);
/** Outcomes of the runs of experiment 1. */
const outcomesOf = (lab: ScriptedLab) =>
  entriesOf(lab, 'run-ended').flatMap(({ experiment, result }) => (experiment === 1 ? [result.outcome] : []));
const verdictOf = (lab: ScriptedLab) =>
  entriesOf(lab, 'verdict-given').find(({ experiment }) => experiment === 1)?.verdict;

describe('a GPU that is lost in the middle of a run', () => {
  test.each([
    ['with its words in the log', crashing(lostLog), [lost]],
    ['without a word', crashing(''), [lost]],
    ['and leaves the script without a score', under({ log: {}, end: failingRun(0, '').end }, onGpu), [lost]],
    ['before the run, which a script then does on the processor', under(scoringRun('val_bpb', 0.49), {}), [lost]],
  ])('%s pauses the study, and the run is made again with its seed', async (_, end, sees) => {
    const lab = createNight({ ends: [end], sees: [...sees, lost, lost] });
    expect(await conductStudy(lab)).toMatchObject({ reason: 'exhausted' });
    expect(outcomesOf(lab)).toEqual(['lost', 'finished']);
    expect(verdictOf(lab)).toMatchObject({ decision: 'keep' });
    const paused = eventsOf(lab).slice(eventsOf(lab).indexOf('gpu-away') - 1);
    expect(paused.slice(0, 4)).toEqual(['run-ended', 'gpu-away', 'gpu-back', 'run-started']);
    const [first, second] = entriesOf(lab, 'run-started').filter(({ experiment }) => experiment === 1);
    expect(second?.seed).toBe(first?.seed);
  });

  it('of the baseline, the first of all, pauses the study too', async () => {
    const lab = createNight({ ends: [crashing(lostLog)], sees: [lost, lost], disturbed: 0 });
    expect(await conductStudy(lab)).toMatchObject({ reason: 'exhausted' });
    const outcomes = entriesOf(lab, 'run-ended').map(({ result }) => result.outcome);
    expect(outcomes).toEqual(['lost', 'finished', 'finished', 'finished', 'finished']);
  });

  it('says nothing where nvidia-smi never answered, as for a slice of a GPU that it does not know', async () => {
    const slice: MachineConditions = { gpus: 1, gpuOthers: 0 };
    const usual = (run: LaidRun) => under(scoreByRate(run), slice);
    const lab = createNight({ ends: [crashing(lostLog, slice)], sees: [lost], usual });
    await conductStudy(lab);
    expect([outcomesOf(lab), verdictOf(lab)?.decision]).toEqual([['crashed'], 'revert']);
  });

  it('pauses the study when one of two is left, until both are there', async () => {
    const both = { ...onGpu, gpus: 2 };
    const usual = (run: LaidRun) => under(scoreByRate(run), both);
    const lab = createNight({ ends: [crashing('', both)], sees: [healthy, healthy, healthy], usual, well: two });
    await conductStudy(lab);
    expect(entriesOf(lab, 'gpu-away')).toMatchObject([{ reason: 'nvidia-smi shows 1 of 2 GPUs' }]);
    expect([outcomesOf(lab), verdictOf(lab)?.decision]).toEqual([['lost', 'finished'], 'keep']);
  });

  it('stands in the status while it lasts, and in the report', async () => {
    const lab = createNight({ ends: [crashing(lostLog)], sees: [lost, ...Array(50).fill(lost)] });
    const status = () => statusOfStudy(wholeOf(lab), lab.now(), true).gpuPause;
    const gpu: GpuProbe = {
      look: async () => {
        const state = await lab.gpu.look(new AbortController().signal);
        if (entriesOf(lab, 'gpu-away').length > 0) expect(status()).toMatchObject({ kind: 'lost' });
        return state;
      },
    };
    await conductStudy({ ...lab, gpu });
    expect(status()).toBeNull();
    const report = reportOf(wholeOf(lab), { attachments: noAttachments, isLive: false });
    const sentence = /From 2024-11-\S+ the study waited for .*: the GPU is lost .*No devices were found/;
    expect(reportMarkdown(report)).toMatch(sentence);
    expect(reportPage(report)).toMatch(sentence);
  });

  it('never counts against its candidate, however often; after ten times the study stops and judges nothing', async () => {
    const lab = createNight({
      ends: Array(50).fill(crashing(lostLog)),
      sees: Array.from({ length: 100 }, (_, index) => (index % 2 === 0 ? lost : healthy)),
    });
    expect(await conductStudy(lab)).toMatchObject({
      reason: 'paused',
      detail: expect.stringContaining('10 runs of experiment 1'),
    });
    expect(outcomesOf(lab)).toEqual(Array(10).fill('lost'));
    expect(verdictOf(lab)).toBeUndefined();
    const reopened = lab.reopen();
    expect(await conductStudy({ ...reopened, gpu: { look: async () => healthy } })).toBeDefined();
    expect(verdictOf(reopened)).toBeDefined();
  });
});

describe('a script that says that the GPU is lost', () => {
  it.each([
    lostLog,
    'RuntimeError: CUDA error: unspecified launch failure\n',
    'NVRM: Xid (PCI:0000:01:00): 79, GPU has fallen off the bus.\n',
    'RuntimeError: No CUDA GPUs are available\n',
    'pynvml.nvml.NVMLError_Unknown: Unknown Error\n',
    `${memoryLog.trim()} Process 4711 has 70.00 GiB memory in use. Including non-PyTorch memory, this process has 1 GiB memory in use.\n`,
  ])('while nvidia-smi finds it healthy has failed after three runs: %j', async (log) => {
    const lab = createNight({ ends: Array(9).fill(crashing(log)), sees: [] });
    await conductStudy(lab);
    expect(outcomesOf(lab)).toEqual(['lost', 'lost', 'lost']);
    expect(verdictOf(lab)).toMatchObject({ decision: 'revert', reason: expect.stringContaining('its log says') });
    expect(entriesOf(lab, 'gpu-away')).toEqual([]);
  });

  it('has failed at once in a study that never had one', async () => {
    const lab = createNight({ ends: [crashing(lostLog, {})], sees: [lost], usual: scoreByRate });
    await conductStudy(lab);
    expect(outcomesOf(lab)).toEqual(['crashed']);
    expect(verdictOf(lab)).toMatchObject({ decision: 'revert' });
  });

  it('is judged by the incumbent, where that can be tried: the study waits until it trains again', async () => {
    const trials = [true, true, true, false];
    const tryRun: GpuProbe['tryRun'] = async ({ experiment }) => {
      expect(experiment).toBe(0);
      return { hasFailed: trials.shift() ?? false, log: lostLog };
    };
    const broken = createNight({ ends: [crashing(lostLog)], sees: [], tryRun });
    await conductStudy(broken);
    expect(entriesOf(broken, 'gpu-away')).toMatchObject([{ kind: 'broken' }]);
    expect([outcomesOf(broken), verdictOf(broken)?.decision, trials]).toEqual([['lost', 'finished'], 'keep', []]);

    const ends = Array(9).fill(crashing(lostLog));
    const works = async () => ({ hasFailed: false, log: lostLog });
    const hostile = createNight({ ends, sees: [], tryRun: works });
    await conductStudy(hostile);
    expect([outcomesOf(hostile).length, verdictOf(hostile)?.decision]).toEqual([3, 'revert']);
  });
});

describe('a candidate without enough memory', () => {
  it('is run again when another process had filled the GPU, once that is gone', async () => {
    const lab = createNight({ ends: [crashing(memoryLog)], sees: [filled, filled, filled, filled] });
    await conductStudy(lab);
    expect(entriesOf(lab, 'gpu-away')).toMatchObject([
      { kind: 'filled', reason: 'other processes hold 70000 MiB of its 81559 MiB, 4 MiB is usual' },
    ]);
    expect([outcomesOf(lab), verdictOf(lab)?.decision]).toEqual([['lost', 'finished'], 'keep']);
  });

  it.each([
    ['when the GPU is its own', onGpu, [healthy]],
    ['when others hold what they always do', { ...onGpu, gpuUsedMib: 70_000 }, [filled]],
    ['when only its own memory was not free yet', onGpu, [filled, healthy]],
    ['when nothing is seen of the GPU', onGpu, [{ kind: 'unseen' } as const]],
  ])('has failed %s', async (_, conditions, sees) => {
    const usual = (run: LaidRun) => under(scoreByRate(run), conditions);
    const lab = createNight({ ends: [crashing(memoryLog, conditions)], sees, usual });
    await conductStudy(lab);
    expect(outcomesOf(lab)).toEqual(['out-of-memory']);
    expect(verdictOf(lab)?.decision).toBe('revert');
  });
});

describe('a study that waits for its GPU', () => {
  it('ends at its time limit, and goes on when that is raised', async () => {
    const lab = createNight({ ends: [crashing(lostLog)], sees: Array(100_000).fill(lost), hours: 0.5 });
    expect(await conductStudy(lab)).toMatchObject({ reason: 'hours' });
    expect(eventsOf(lab).slice(-2)).toEqual(['gpu-away', 'study-stopped']);
    const resumed: Lab & Pick<ScriptedLab, 'tag' | 'workspace'> = {
      ...lab.reopen({ stop: {} }),
      gpu: { look: async () => healthy },
    };
    await conductStudy(resumed);
    expect([outcomesOf(lab), verdictOf(lab)?.decision]).toEqual([['lost', 'finished'], 'keep']);
  });

  it('ends when the owner stops it, and looks again first when it goes on', async () => {
    const lab = createNight({ ends: [crashing(lostLog)], sees: [] });
    const controller = new AbortController();
    let looks = 0;
    const look = async (): Promise<GpuState> => {
      looks += 1;
      if (looks === 3) controller.abort();
      return lost;
    };
    expect(await conductStudy({ ...lab, gpu: { look } }, controller.signal)).toMatchObject({ reason: 'stopped' });
    expect(eventsOf(lab).slice(-2)).toEqual(['gpu-away', 'study-stopped']);
    await conductStudy({ ...lab.reopen(), gpu: { look: async () => healthy } });
    const after = eventsOf(lab).slice(eventsOf(lab).indexOf('study-resumed'));
    expect(after.slice(0, 3)).toEqual(['study-resumed', 'gpu-back', 'run-started']);
  });
});

test('weights that a lost GPU could not grade on the holdout are graded when the study goes on', async () => {
  const failing = { ...failingRun(1, ''), log: { score: lostLog } };
  const usual = (run: LaidRun) => (run.split === 'holdout' ? gradeByRate(run) : under(gradeByRate(run), onGpu));
  const lab = createNight({ ends: [failing], sees: [lost], usual, disturbed: -1, score: ['python', 'score.py'] });
  await conductStudy(lab);
  expect(eventsOf(lab).slice(-2)).toEqual(['gpu-away', 'study-stopped']);
  await conductStudy({ ...lab.reopen(), gpu: lab.gpu });
  const after = eventsOf(lab).slice(eventsOf(lab).indexOf('study-resumed'));
  expect(after.slice(0, 3)).toEqual(['study-resumed', 'gpu-back', 'holdout-scored']);
  const { scores, gauge } = wholeOf(lab).heldOut;
  expect([...scores.values()].flatMap((runs) => [...runs.values()]).map(({ outcome }) => outcome)).not.toContain(
    'lost',
  );
  expect(gauge).toBeDefined();
});

test('a confirmation waits for its GPU too, and counts no live time of it', async () => {
  const lab = createNight({ ends: [], sees: [] });
  await conductStudy(lab);
  const { lastAt } = wholeOf(lab).history;
  lab.disturb([crashing(lostLog)], [lost, lost, lost]);
  expect(await conductConfirmation({ ...lab.reopen(), gpu: lab.gpu }, { runs: 2 })).toBe('done');
  const { heldOut, history } = wholeOf(lab);
  expect(heldOut.confirmations[0]?.gain).toMatchObject({ final: { n: 2, failed: 0 } });
  expect(eventsOf(lab).filter((event) => event.startsWith('gpu-'))).toEqual(['gpu-away', 'gpu-back']);
  expect(history.lastAt).toBe(lastAt);
});
