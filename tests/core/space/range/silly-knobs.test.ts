import { describe, expect, it } from 'vitest';
import type { Range } from '../../../../src/core/space/knob.ts';
import { deriveFor } from '../../../../src/core/space/range/derive-range.ts';
import { withoutLength } from '../../../../src/core/space/range/training-length.ts';
import table from '../../../../src/data/evidence/silly-knobs.json' with { type: 'json' };
import { knob } from '../../../helpers/knob.ts';

/** Kind of a constant that public searches turned and should not have -> siblings of it, by names of our own. */
const siblings: Readonly<Record<string, readonly string[]>> = {
  'a hardware constant for the MFU print (…_PEAK_FLOPS, …TFLOPS)': [
    ...[
      'RTX4090_BF16_TFLOPS = 165.2',
      'PEAK_BF16 = 989.5e12',
      'GPU_PEAK = 312e12',
      'L4_DENSE_FLOP = 121e12',
      'SPEED = 6.6e14',
    ],
  ],
  'the harness: autotune, steps left out of timing, compile warm-up, memory tolerance': [
    ...[
      'AUTOTUNE_TRIALS = 3',
      'TUNE_STEPS = 5',
      'COMPILE_WARMUP_STEPS = 10',
      'UNCOUNTED_STEPS = 10',
      'IGNORE_FIRST = 11',
    ],
    ...[
      'EXCLUDED_WARMUP_STEPS = 10',
      'TIMER_START_STEP = 10',
      'JIT_WARMUP_STEPS = 3',
      'PEAK_MEM_TOLERANCE = 1.05',
      'OOM_MARGIN = 0.9',
    ],
  ],
  'exit codes, file-format magic, retries': [
    'EXIT_NAN = 2',
    'RETURN_CODE_CRASH = 7',
    'FILE_MAGIC = 20240520',
    'MAX_TRIES = 5',
    'RETRY_DELAY = 2.0',
  ],
  'safety of the machine: GPU temperature limits, pauses': [
    ...['GPU_TEMP_LIMIT = 83', 'TEMP_MAX = 85', 'PAUSE_TEMP = 80', 'THROTTLE_AT = 83', 'CHIP_TEMPERATURE = 70.0'],
  ],
  'a bar of the grading itself: pass thresholds, allowed degradation, kill rules, trading costs': [
    ...[
      'PASS_THRESHOLD = 0.9',
      'REQUIRED_ACCURACY = 0.95',
      'MAX_DEGRADATION = 0.02',
      'KILL_LOSS = 8.0',
      'NAN_LOSS_LIMIT = 100.0',
    ],
    ...[
      'DIVERGENCE_LIMIT = 10.0',
      'TXN_COST = 0.001',
      'COST_PER_TRADE = 0.001',
      'SLIPPAGE_BPS = 2.0',
      'KEEP_MARGIN = 0.002',
    ],
  ],
  'the problem or the data: domain bounds, frame size and rate, input channels, sample counts of the split': [
    ...[
      'DOMAIN_LO = -1.0',
      'XMAX = 2.0',
      'FRAME_W = 84',
      'FRAME_RATE = 30',
      'IMG_H = 64',
      'C_IN = 3',
      'SR = 16000',
      'VAL_SAMPLES = 1000',
    ],
  ],
  'how long it trains: epochs, steps, rounds, patience (free only in a fixed time)': [
    ...['EPOCHS = 20', 'MAX_STEPS = 2000', 'NUM_ROUNDS = 300', 'EARLY_STOP_PATIENCE = 5'],
  ],
};

describe('what public searches turned and should not have is left alone', () => {
  it.each(Object.entries(siblings))('%s', (_, lines) => {
    // In a script of fixed work, the only one in which the length is still.
    const searched = lines.filter((line) => 'range' in deriveFor(withoutLength(knob(line))));
    expect(searched).toEqual([]);
  });

  const share = 'a probability or share with a range above 1';

  it(`or, of ${share}, its range ends at 1`, () => {
    const lines = [
      'REPLACE_RATE = 0.3',
      'SWAP_RATE = 0.9',
      'KEEP_PROB = 0.9',
      'MIX_RATIO = 0.9',
      'DISCOUNT = 0.97',
      'LEAK = 0.2',
      'P_FLIP = 1.0',
    ];
    const highs = lines.map((line) => {
      const derived = deriveFor(knob(line));
      return 'range' in derived ? highOf(derived.range) : undefined;
    });
    expect(highs.every((high) => high !== undefined && high <= 1)).toBe(true);
  });

  it('for every kind that the table has', () => {
    expect(table.rows.map(({ kind }) => kind).toSorted()).toEqual([...Object.keys(siblings), share].toSorted());
  });
});

function highOf(range: Range): number | undefined {
  return range.kind === 'choice' || range.kind === 'tuple' ? undefined : range.high;
}

it.each([
  ...[
    'WARMUP_STEPS = 100',
    'LR_WARMUP_STEPS = 200',
    'MOMENTUM_WARMUP_STEPS = 300',
    'WARMUP_RATIO = 0.1',
    'WARMUP_EPOCHS = 5',
    'NS_STEPS = 5',
  ],
  ...[
    'TEMPERATURE = 1.0',
    'DISTILL_TEMPERATURE = 40.0',
    'START_TEMP = 100.0',
    'KL_DIVERGENCE_LIMIT = 0.02',
    'CLIP_THRESHOLD = 1.0',
  ],
  ...[
    'FINE_TUNE_STEPS = 500',
    'COMMITMENT_COST = 0.25',
    'MAX_GRAD_NORM = 1.0',
    'PEAK_LR = 0.001',
    'KILL_PROB = 0.1',
    'GRAD_ACCUM_STEPS = 4',
  ],
])('%s is of the method, and searched', (line) => {
  expect(deriveFor(knob(line))).toHaveProperty('range');
});
