import { describe, expect, test } from 'vitest';
import { planKnobs } from '../../../../src/core/space/range/build-space.ts';
import { deriveFor, deriveRange } from '../../../../src/core/space/range/derive-range.ts';
import { formatRange } from '../../../../src/core/space/range/parse-range.ts';
import { knob } from '../../../helpers/knob.ts';

/** The range, or why there is none. */
function told(line: string): string {
  const derived = deriveFor(knob(line));
  return 'range' in derived ? formatRange(derived.range) : derived.why;
}

describe('what is no part of the method is left alone, with the reason', () => {
  test.each([
    // Those of a case, then siblings of each kind.
    ['H100_BF16_PEAK_FLOPS = 989.5e12', 'FLOPS names the machine, no part of the method'],
    ['LN2 = 0.6931471805599453', '0.6931471805599453 is a constant of mathematics'],
    ['BYTES_PER_CHAR = 1.0', 'BYTES names what is shown or counted, no part of the method'],
    ['TRAIN_FRACTION = 0.8', 'TRAIN_FRACTION names the data or its split'],
    ['HOLDOUT_RATIO = 0.2', 'HOLDOUT names no part of the method'],
    ['NUM_FOLDS = 5', 'FOLDS names the data or its split'],
    ['NUM_LABELS = 10', "LABELS names the problem's own dimensions"],
    ['SAMPLE_RATE = 16000', "SAMPLE_RATE names the problem's own dimensions"],
    ['PAD_ID = 3', 'ID names an id or an index, which has no better value'],
    ['GPU_USD_PER_HOUR = 2.5', 'USD names the machine, no part of the method'],
    ['A100_TFLOPS = 312.0', 'TFLOPS names the machine, no part of the method'],
    ['TWO_PI = 6.283185307179586', '6.283185307179586 is a constant of mathematics'],
    ['EULER = 2.71828', '2.71828 is a constant of mathematics'],
    ['SECONDS_PER_DAY = 86400', 'SECONDS names no part of the method'],
    ['TRAIN_RATIO = 0.9', 'TRAIN_RATIO names the data or its split'],
    ['CV_GAP = 21', 'CV names the data or its split'],
    ['NUM_CLASSES = 10', 'CLASSES names no part of the method'],
    ['IN_CHANNELS = 3', "IN_CHANNELS names the problem's own dimensions"],
    ['FPS = 30', "FPS names the problem's own dimensions"],
    ['OUTPUT_DIM = 10', "its value is the problem's own dimension"],
    ['IGNORE_INDEX = 255', 'INDEX names an id or an index, which has no better value'],
    ['AUTOTUNE_WARMUP_STEPS = 2', 'AUTOTUNE names the harness, no part of the method'],
    ['STARTUP_EXCLUDE_STEPS = 1', 'STARTUP_EXCLUDE names the harness, no part of the method'],
    ['VRAM_FLOOR_TOLERANCE_GB = 0.05', 'VRAM names the machine, no part of the method'],
    ['EXIT_RUNTIME_ERROR = 3', 'EXIT names the program around the training'],
    ['SHARD_MAGIC = 20240520', 'MAGIC names the program around the training'],
    ['MAX_RETRIES = 3', 'RETRIES names the program around the training'],
    ['WITH_PIPELINE = False', 'PIPELINE names the program around the training'],
    ['USE_PIPELINE = True', 'PIPELINE names the program around the training'],
    ['PIPELINE_STAGES = 4', 'PIPELINE names the program around the training'],
    ['GPU_TEMP_ABORT = 88', 'TEMP_ABORT names a safety limit'],
    ['TC_BPS = 10', 'TC names a bar of the grading, no part of the method'],
    ['MIN_DELTA = 1e-4', 'MIN_DELTA names a bar of the grading, no part of the method'],
    ['RANDOM_STATE = 42', 'RANDOM_STATE names no part of the method'],
    ['GIB = 1073741824', 'GIB names a unit'],
    ['EPSILON = 1e-6', 'it guards a division'],
    ['h = 0.25', 'it is the step of a grid'],
    ['IMAGE_MEAN = 0.1307', 'IMAGE_MEAN names how the data are scaled'],
    ['CIFAR_STD = 0.2470', 'CIFAR_STD names how the data are scaled'],
    ['X_MEAN = 3.2', 'X_MEAN names how the data are scaled'],
    ['SPEED_OF_LIGHT = 299792458', 'SPEED_OF_LIGHT names a constant of nature'],
    ['A100_TDP = 400', 'TDP names the machine, no part of the method'],
    ['FIGURE_DPI = 300', 'DPI names what is shown or counted, no part of the method'],
    ['SHOW_IMAGES = False', 'SHOW names what is shown or saved, no part of the method'],
    ['SHOW_N = 5', 'SHOW names what is shown or saved, no part of the method'],
    ['PLOT = True', 'PLOT names what is shown or counted, no part of the method'],
    ['VERBOSE = True', 'VERBOSE names no part of the method'],
    ['SAVE_FIGS = True', 'SAVE names no part of the method'],
    ['FIGS = True', 'FIGS names what is shown or saved, no part of the method'],
    ['DRAW_CONFUSION_MATRIX = True', 'DRAW names what is shown or saved, no part of the method'],
    ['WRITE_SUMMARY = False', 'SUMMARY names what is shown or saved, no part of the method'],
    ['QUIET = False', 'QUIET names what is shown or saved, no part of the method'],
    ['flags.show_samples = True', 'SHOW names what is shown or saved, no part of the method'],
    ['PRINTING = True', 'PRINTING names what is shown or saved, no part of the method'],
  ])('%s: %s', (line, why) => {
    expect(told(line)).toBe(why);
  });

  test.each([
    ['layers[0].weight_range[0] = -0.5', 'it is one end of an interval'],
    ['bias_range[1] = 0.5', 'it is one end of an interval'],
    ['optimizer.bounds[0] = 0.001', 'it is one end of an interval'],
    ['augment.scale_limits[1] = 1.5', 'it is one end of an interval'],
  ])('%s: %s', (line, why) => {
    expect(told(line)).toBe(why);
  });

  test('a second knob of a name that ends so is no end', () => {
    expect(told('dropout_range[2] = 0.5')).not.toContain('interval');
  });

  test('a width beside a height, and not one alone', () => {
    const plans = planKnobs(['HEIGHT = 16', 'WIDTH = 20', 'MODEL_WIDTH = 256'].map(knob), {}, 'program.md');
    expect(plans.map((plan) => (plan.kind === 'still' ? plan.why : plan.kind))).toEqual([
      "HEIGHT names the problem's own dimensions",
      "beside a height it is one of the problem's own dimensions",
      'searched',
    ]);
  });

  test('a section of a configuration that is about something else', () => {
    expect(told('logging.frequency = 100')).toBe('LOGGING names no part of the method');
    expect(told('eval.batch_size = 64')).toBe('EVAL names no part of the method');
    expect(told('data.batch_size = 64')).toBe('pow2 8..512');
  });
});

test.each([
  ['model_summary.max_depth = -1', 'MODEL_SUMMARY names no part of the method'],
  ['callbacks.rich_progress_bar.leave = True', 'PROGRESS_BAR names no part of the method'],
  ['logger.wandb.subsample = 0.5', 'LOGGER names no part of the method'],
])('a section that trains nothing is left alone, also where a library knows a name in it: %s', (line, why) => {
  expect(told(line)).toBe(why);
});

test.each([
  ['optimizer.weight_decay = 0', 'it is searched when it is written as `0.0`'],
  ['optimizer.lr = 1', 'a rate is searched when it is written as `1.0`'],
  ['offset = 0', 'no rule knows such a name and value'],
])('a whole number in the place of a fraction says how it is searched: %s', (line, why) => {
  expect(deriveFor({ ...knob(line), form: 'config' })).toEqual({ why });
});

test.each([
  ['net.lin1_size = 64', 'pow2 8..512'],
  ['fc2_dim = 100', 'int log 12..800'],
  ['bs = 32', 'pow2 4..256'],
  ['dense_units = 32', 'pow2 4..256'],
])('the size of a layer by its number is searched: %s', (line, range) => {
  const derived = deriveFor({ ...knob(line), form: 'config' });
  expect('range' in derived ? formatRange(derived.range) : derived.why).toBe(range);
});

describe('a knob of the method is searched, whatever other word is in its name', () => {
  test.each([
    ['TIME_EMBED_DIM = 64', 'pow2 8..512'],
    ['LOG_ALPHA_INIT = -1.0', 'float -3..1'],
    ['LOG_STD_MIN = -5.0', 'float -7..-3'],
    ['TEST_TIME_AUG = True', 'bool'],
    ['INPUT_DROPOUT = 0.1', 'float 0..0.5'],
    ['OUTPUT_DIM = 128', 'pow2 16..1024'],
    ['OUTPUT_DROPOUT = 0.1', 'float 0..0.5'],
    ['PATCH_SIZE = 4', 'pow2 1..32'],
    ['DROP_PATH = 0.1', 'float 0..0.5'],
    ['EVAL_EMA_DECAY = 0.999', 'float 0.99..0.9999'],
    ['VAL_LOSS_WEIGHT = 0.5', 'log 0.05..5'],
    ['TARGET_UPDATE_INTERVAL = 1000', 'int log 250..4000'],
    ['TARGET_UPDATE_EVERY = 4', 'int 2..8'],
    ['trainer.gradient_clip_val = 0.5', '0 or log 0.05..5'],
    ['VALUE_COEF = 0.5', 'log 0.05..5'],
    ['MIN_SAMPLES_SPLIT = 4', 'int 2..64'],
    ['MIN_SPLIT_GAIN = 0.0', '0 or log 1e-4..10'],
    ['LOAD_BALANCE_COEF = 0.01', 'log 0.001..0.1'],
    ['DEVICE_BATCH_SIZE = 128', 'pow2 16..1024'],
    ['HALF_LIFE_DAYS = 30.0', 'log 3..300'],
    ['LABEL_SMOOTHING = 0.1', 'float 0..0.3'],
    ['RANK = 16', 'int log 4..64'],
    ['LR_DECAY_ITERS = 600', 'int log 150..2400'],
    ['MUON_BACKEND_STEPS = 5', 'int 2..10'],
    ['KL_COEF = 0.0', '0 or log 1e-4..1'],
  ])('%s: %s', (line, range) => {
    expect(told(line)).toBe(range);
  });
});

describe('a share is never above one', () => {
  test.each([
    ['MOSAIC = 1.0', 'float 0..1'],
    ['HSV_S = 0.7', 'float 0..1'],
    ['HSV_H = 0.015', 'log 0.0015..0.15'],
    ['FLIPLR = 0.5', 'float 0..1'],
    ['ERASING = 0.4', 'float 0..1'],
    ['THRESHOLD = 0.5', 'float 0..1'],
    ['KNN_THRESHOLD = 400.0', 'log 40..4000'],
    ['INT8_CLIP_Q = 0.999', 'float 0.99..0.9999'],
    ['INT8_CLIP_PERCENTILE = 99.9', 'float 99..99.99'],
    ['SUBSAMPLE = 0.8', 'float 0.3..1'],
    ['XGB_COLSAMPLE_BYTREE = 0.9', 'float 0.3..1'],
    ['feature_fraction = 0.9', 'float 0.3..1'],
    ['EPS_START = 1.0', 'float 0..1'],
    ['CLIP_EPS = 0.2', 'log 0.02..1'],
    ['GAE_LAMBDA = 0.95', 'float 0.5..0.995'],
    ['MIX_WEIGHT = 0.5', 'float 0..1'],
    ['CLIP_DROPOUT_PROB = 0.3', 'float 0..0.5'],
    ['SINGLE_CLIP_PROBABILITY = 0.3', 'float 0..1'],
  ])('%s: %s', (line, range) => {
    expect(told(line)).toBe(range);
  });
});

test.each([
  ['KERNEL_SIZE = 3', 'choice 1, 3, 5, 7, 9'],
  ['KERNEL_SIZE = 7', 'choice 3, 5, 7, 9, 11'],
  ['GRAD_ACCUM_STEPS = 4', 'pow2 1..32'],
  ['TIE_EMBEDDINGS = 1', 'choice 0, 1'],
  ['USE_BIAS = 0', 'choice 0, 1'],
  ['ATTN_PDROP = 0.1', 'float 0..0.5'],
])('%s keeps its kind: %s', (line, range) => {
  expect(told(line)).toBe(range);
});

describe('a form that says little needs a word of the method', () => {
  test.each([
    ['weight_decay = 0.1', '0 or log 0.001..1'],
    ['hiddenDim = 64', 'pow2 8..512'],
    ['offset = 3', 'no rule knows such a name and value'],
    ['progress = True', 'no rule knows such a name and value'],
    ['use_bias = True', 'bool'],
  ])('%s: %s', (line, range) => {
    const derived = deriveFor({ ...knob(line), form: 'entry' });
    expect('range' in derived ? formatRange(derived.range) : derived.why).toBe(range);
  });
});

test("the script's own choices and bounds are kept to", () => {
  const schedule = { ...knob('SCHEDULE = "linear"'), choices: ['linear', 'cosine'] };
  expect(deriveRange(schedule)).toEqual({ kind: 'choice', values: ['linear', 'cosine'] });
  expect(told('DATASET = "a"')).toBe('a text needs a `choice`');
  expect(deriveRange({ ...knob('DATASET = "a"'), choices: ['a', 'b'] })).toBeUndefined();
  expect(deriveRange({ ...knob('DEPTH = 8'), bounds: [1, 12] })).toMatchObject({ low: 4, high: 12 });
  expect(deriveRange({ ...knob('LR = 0.1'), bounds: [0.01, null] })).toMatchObject({ low: 0.01, high: 3 });
  expect(deriveRange({ ...knob('WIDTH = 64'), bounds: [10, 100] })).toMatchObject({ low: 16, high: 64 });
  expect(deriveRange({ ...knob('WEIGHT_DECAY = 0.1'), bounds: [0.01, null] })).toMatchObject({
    zero: false,
    low: 0.01,
  });
});
