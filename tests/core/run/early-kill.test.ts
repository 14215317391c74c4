import { describe, expect, it } from 'vitest';
import type { RunResult } from '../../../src/core/journal/run.ts';
import { isKnobComparable } from '../../../src/core/run/comparable.ts';
import { earlyKill, type Watch, watchOf } from '../../../src/core/run/early-kill.ts';
import { type LiveRun, look, newLiveRun } from '../../../src/core/run/live-run.ts';
import { createJournal, scored } from '../../helpers/journal.ts';

const lossAt = (share: number) => 2 + 6 * Math.exp(-4 * share);
const curve = Array.from({ length: 20 }, (_, index): [number, number] => [(index + 1) / 20, lossAt((index + 1) / 20)]);
const measured: RunResult = { ...scored(2), curve, silence: 0.5 };

function journalWith(result: RunResult = measured) {
  return createJournal().baseline(result, result, result).experiment(scored(3), 'revert');
}

function watch(change: Partial<Watch> = {}): Watch {
  const found = watchOf(journalWith().history(), 1, 'safe');
  if (!found) throw new Error('nothing to watch with');
  return { ...found, timeoutSeconds: 100, ...change };
}

/** A run that prints one line a second; the lines are those of its progress from 0 to a share. */
function watched(line: (share: number) => string, until = 1, lines = 40): LiveRun {
  let live = newLiveRun;
  for (let index = 1; index <= lines * until; index++) live = look(live, `${line(index / lines)}\n`, index, undefined);
  return live;
}

const plain = (share: number) => `step=${share * 1000} loss=${lossAt(share).toFixed(4)} progress=${share}`;

function silentFor(live: LiveRun, seconds: number): LiveRun {
  let quiet = live;
  for (let second = 0; second < seconds; second++) quiet = look(quiet, '', quiet.elapsedSeconds + 1, undefined);
  return quiet;
}

describe('a run is left alone', () => {
  it.each([
    ['that does as the incumbent did', watched(plain)],
    ['that prints nothing', silentFor(newLiveRun, 500)],
    ['that falls silent before it has printed ten lines', silentFor(watched(plain, 0.2), 500)],
    ['that is silent a little longer than usual', silentFor(watched(plain, 0.5), 5)],
    [
      'whose loss is infinite now and then',
      watched((share) => (Math.round(share * 40) % 3 ? 'step=1 loss=inf' : plain(share))),
    ],
    ['that prints no share of its budget', watched((share) => `step=${share * 1000} loss=9`)],
  ])('%s', (_, live) => {
    expect(earlyKill(watch(), live)).toBeUndefined();
  });

  it('when the machine slept between two looks', () => {
    const live = look(watched(plain, 0.5), '', 40_000, undefined);
    expect(earlyKill(watch(), live)).toBeUndefined();
  });
});

describe('a run is ended early', () => {
  it.each([
    [
      'whose loss is no number',
      watched((share) => (share > 0.4 ? 'step=9 loss=nan progress=0.41' : plain(share)), 0.5),
      'killed-early',
      /^its loss was no finite number \d+ lines in a row$/,
    ],
    [
      'whose loss is infinite, in capitals',
      watched((share) => (share > 0.4 ? 'step 9 (41.0%) | loss: -INF' : plain(share)), 0.5),
      'killed-early',
      /no finite number/,
    ],
    [
      'that falls silent',
      silentFor(watched(plain, 0.5), 9),
      'stalled',
      /^no output for \d+\.\d s after 20 progress lines; never silent for more than 1\.0 s before$/,
    ],
    [
      'far beyond the incumbent',
      watched((share) => plain(share).replace(/loss=\S+/, 'loss=8.0')),
      'killed-early',
      /^its loss, 8, was far beyond the incumbent's own at \d+ % of the budget$/,
    ],
  ] as const)('%s', (_, live, outcome, reason) => {
    expect(earlyKill(watch(), live)).toEqual({ outcome, reason: expect.stringMatching(reason) });
  });

  it('that cannot make its time limit, by the pace of its second half', () => {
    const slow = watched(plain, 0.3);
    expect(earlyKill(watch({ timeoutSeconds: 20 }), slow)).toEqual({
      outcome: 'killed-early',
      reason: 'at its pace it would take 40.0 s, and its time limit is 20.0 s',
    });
    expect(earlyKill(watch({ timeoutSeconds: 30 }), slow)).toBeUndefined();
  });

  it('one that is ended when its budget is over needs no pace', () => {
    const { timeoutSeconds: _, ...unlimited } = watch();
    expect(earlyKill(unlimited, watched(plain, 0.3))).toBeUndefined();
  });

  it('in lines that end with a carriage return, and cut anywhere', () => {
    const text = Array.from({ length: 30 }, (_, index) => `\rstep=${index} loss=nan progress=${index / 30}`).join('');
    let live = newLiveRun;
    for (let at = 0; at < text.length; at += 7) live = look(live, text.slice(at, at + 7), at / 100, undefined);
    expect(live.progressLines).toBe(29);
    expect(earlyKill(watch(), live)?.reason).toBe('its loss was no finite number 29 lines in a row');
  });
});

describe('nothing is ended early', () => {
  it.each([
    ['of the baseline', journalWith(), 0, 'safe'],
    ['when the brief says so', journalWith(), 1, 'off'],
    ["before the incumbent's runs have shown a curve", journalWith(scored(2)), 1, 'bold'],
  ] as const)('%s', (_, journal, experiment, mode) => {
    expect(watchOf(journal.history(), experiment, mode)).toBeUndefined();
  });

  it('for its curve, when the candidate changed code or what a curve means', () => {
    const worse = watched((share) => plain(share).replace(/loss=\S+/, 'loss=8.0'));
    expect(earlyKill(watch({ reference: undefined }), worse)).toBeUndefined();
    expect(watchOf(journalWith().history(), 1, 'safe')?.reference).toBeDefined();
    const journal = createJournal().baseline(measured);
    const edits = [{ kind: 'write' as const, file: 'train.py', content: '' }];
    const proposal = { title: 'x', hypothesis: '', kind: 'code' as const, edits };
    journal.add({ event: 'proposal-made', experiment: 1, attempt: 0, parent: 0, researcher: 'llm', proposal });
    expect(watchOf(journal.history(), 1, 'bold')).toMatchObject({ reference: undefined });
  });
});

it.each([
  ['LEARNING_RATE', true, true],
  ['MOMENTUM', true, true],
  ['WEIGHT_DECAY', true, true],
  ['ACTIVATION', true, true],
  ['BATCH_SIZE', false, true],
  ['N_LAYERS', false, true],
  ['HIDDEN', false, true],
  ['LR_DECAY', false, true],
  ['WARMUP', false, true],
  ['DROPOUT', false, false],
  ['LABEL_SMOOTHING', false, false],
])('a curve under another %s is compared: safely %s, boldly %s', (name, safe, bold) => {
  expect([isKnobComparable(name, 'safe'), isKnobComparable(name, 'bold')]).toEqual([safe, bold]);
});

it('a wall budget stands in for the share that a script does not print, but not for lines that waited', () => {
  const lines = 'step=1 loss=5.0\nstep=2 loss=4.0\n';
  expect(look(newLiveRun, lines, 1, 10).points).toEqual([
    [0.1, 5],
    [0.1, 4],
  ]);
  expect(look(newLiveRun, lines, 100, 10).points).toEqual([]);
});

it('a log of a hundred thousand lines leaves a bounded curve', () => {
  let live = newLiveRun;
  for (let piece = 0; piece < 100; piece++) {
    const text = Array.from({ length: 1000 }, (_, index) => plain((piece * 1000 + index) / 1e5)).join('\r');
    live = look(live, `${text}\n`, piece, undefined);
  }
  expect(live.progressLines).toBe(100_000);
  expect(live.points.length).toBeLessThanOrEqual(1000);
});

describe("a run is not ended for what the baseline's own runs did too", () => {
  const inRow = (line: string, count = 20) =>
    look(newLiveRun, `${Array.from({ length: count }, () => line).join('\n')}\n`, 1, undefined);

  it.each([
    ['a best loss that is not known yet', 'step 8 loss: 0.5312 | best loss: inf'],
    ['the lowest so far, in capitals', 'Restart: 0, Iter: 0, Loss: 1.54, Lowest Loss: inf'],
    ['a previous loss', 'step 8 previous loss: nan loss: 0.5'],
    ['another metric', 'step 8 loss: 0.5 perplexity: inf'],
  ])('as %s, which no run is ended for', (_, line) => {
    expect(earlyKill(watch(), inRow(line))).toBeUndefined();
  });

  it.each([
    ['a validation loss between validations', 'iter 3: train loss: 1.54, val loss: nan', { val: 19 }],
    ['an auxiliary loss that is never on', 'step 3 loss=0.5 aux loss=nan', { aux: 40 }],
    ['a loss in the warm-up', 'step=1 loss=inf', { '': 3 }],
  ])('as %s', (_, line, broken) => {
    expect(earlyKill(watch(), inRow(line))?.outcome).toBe('killed-early');
    const usual = watchOf(journalWith({ ...measured, broken }).history(), 1, 'safe');
    expect(usual && earlyKill(usual, inRow(line))).toBeUndefined();
  });

  it('is still ended for another loss that the baseline had', () => {
    const usual = watchOf(journalWith({ ...measured, broken: { val: 19 } }).history(), 1, 'safe');
    expect(usual && earlyKill(usual, inRow('step 1 train loss: nan val loss: nan'))?.reason).toBe(
      'its train loss was no finite number 20 lines in a row',
    );
  });

  it('as a loss that warm restarts raise again and again', () => {
    const restarted = curve.map(([share, loss]): [number, number] => [share, share > 0.3 && share < 0.5 ? 8 : loss]);
    const journal = createJournal().baseline(measured, { ...measured, curve: restarted }, measured);
    expect(watchOf(journal.experiment(scored(3), 'revert').history(), 1, 'safe')?.reference).toBeUndefined();
  });

  it('as a slow start, from which they too seemed not to make their time limit', () => {
    const slow = watched(plain, 0.3);
    expect(earlyKill(watch({ timeoutSeconds: 20 }), slow)).toBeDefined();
    expect(earlyKill(watch({ timeoutSeconds: 20, usualProjected: 31 }), slow)).toBeUndefined();
  });

  it("as a silence of the baseline's, where the incumbent has none", () => {
    const journal = createJournal()
      .baseline({ ...measured, silence: 30 })
      .experiment(measured, 'keep');
    journal.experiment(scored(3), 'revert');
    const usual = watchOf(journal.history(), 2, 'safe');
    const quiet = silentFor(watched(plain, 0.5), 100);
    expect(usual && earlyKill({ ...usual, timeoutSeconds: 100 }, quiet)).toBeUndefined();
  });
});

it('a validation line is no point of the training curve', () => {
  const live = look(newLiveRun, 'step=1 loss=5 progress=0.1\nval loss: 9\nstep=2 loss=4 progress=0.2\n', 1, undefined);
  expect(live.points).toEqual([
    [0.1, 5],
    [0.2, 4],
  ]);
});

it('a coloured loss is read', () => {
  expect(look(newLiveRun, 'step=1 loss=\u001b[32m5\u001b[0m progress=0.1\n', 1, undefined).latest.loss).toBe(5);
});
