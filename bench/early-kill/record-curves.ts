/**
 * Records real runs of `sandbox/tiny`: incumbents with several seeds, and random steps around them, as the `random`
 * researcher takes them. Runs already in the file are not repeated, so an interrupted recording goes on.
 */
import { cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { execa } from 'execa';
import { packagePath } from '../../src/adapters/package-root.ts';
import { createKnobReader } from '../../src/adapters/python/knob-reader.ts';
import { createRandom } from '../../src/core/base/random.ts';
import { applyEdits } from '../../src/core/proposal/patch.ts';
import type { KnobValue, Source, Space } from '../../src/core/space/knob.ts';
import { proposeKnobs, type Setting } from '../../src/core/space/knob-proposal.ts';
import { rebuildSpace } from '../../src/core/space/range/build-space.ts';
import { drawSettings } from '../../src/core/space/search/draw-settings.ts';
import { appendCurve, type RecordedRun, readCurves } from './curve-file.ts';

const python = process.env.NOCTURNE_TEST_PYTHON ?? 'python3';
const incumbentSeeds = 6;
const candidates = 60;

/** Knobs found by hand; the study of a night ends up near them. */
const tuned: Readonly<Record<string, KnobValue>> = {
  LEARNING_RATE: 0.2,
  MOMENTUM: 0.9,
  DECAY: 'linear',
  CONTEXT: 8,
  EMBED_DIM: 16,
  HIDDEN: 256,
  ACTIVATION: 'relu',
};

interface Start {
  readonly around: RecordedRun['around'];
  readonly source: Source;
  readonly space: Space;
}

/** Records whatever the file lacks. */
export async function recordCurves(path: string): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'nocturne-curves-'));
  try {
    cpSync(packagePath('sandbox', 'tiny'), folder, { recursive: true });
    await execa(python, ['prepare.py'], { cwd: folder });
    const starts = await Promise.all([startOf(folder, 'baseline', {}), startOf(folder, 'tuned', tuned)]);
    const done = existsSync(path) ? readCurves(path).length : 0;
    let number = 0;
    for (let index = 0; index < incumbentSeeds + candidates; index++) {
      for (const start of starts) {
        if (number++ < done) continue;
        const run = await record(folder, start, index);
        appendCurve(run, path);
        process.stderr.write(`${number}: ${start.around} ${JSON.stringify(run.changed)} ${run.value}\n`);
      }
    }
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

async function startOf(folder: string, around: Start['around'], values: typeof tuned): Promise<Start> {
  const plain = await read(readFileSync(join(folder, 'train.py'), 'utf8'));
  const settings = rebuildSpace(plain.knobs, {}).flatMap((dimension) => {
    const to = values[dimension.knob.name];
    return to === undefined ? [] : [{ dimension, to }];
  });
  const source = settings.length === 0 ? plain : await read(turn(plain, settings));
  return { around, source, space: rebuildSpace(source.knobs, {}) };
}

async function read(text: string): Promise<Source> {
  const files = { 'train.py': text };
  const reading = await createKnobReader(python).read(files);
  if (reading.kind === 'unreadable') throw new Error(reading.reason);
  return { files, knobs: reading.knobs };
}

function turn(source: Source, settings: readonly Setting[]): string {
  const patch = applyEdits(source, proposeKnobs(settings, '').edits);
  if (patch.kind === 'refused') throw new Error(patch.reason);
  return patch.files['train.py'] ?? '';
}

async function record(folder: string, { around, source, space }: Start, index: number): Promise<RecordedRun> {
  const isIncumbent = index < incumbentSeeds;
  const settings = isIncumbent ? [] : drawSettings(space, createRandom(`early kill/${around}/${index}`));
  const seed = 1000 + index;
  writeFileSync(join(folder, 'train.py'), isIncumbent ? (source.files['train.py'] ?? '') : turn(source, settings));
  const output = join(folder, 'run');
  rmSync(output, { recursive: true, force: true });
  mkdirSync(output);
  const env = { NOCTURNE_SEED: String(seed), NOCTURNE_BUDGET_SECONDS: '8', NOCTURNE_RUN_DIR: output };
  const training = await execa(python, ['train.py'], { cwd: folder, env, reject: false });
  const score =
    training.exitCode === 0 ? await execa(python, ['score.py'], { cwd: folder, env, reject: false }) : undefined;
  const value = /^val_bpb: (\S+)$/m.exec(score?.stdout ?? '')?.[1];
  const curve = [...training.stdout.matchAll(/^step=\d+ loss=(\S+) progress=(\S+)$/gm)].map(
    ([, loss, progress]) => [Number(progress), Number(Number(loss).toPrecision(4))] as const,
  );
  return {
    around,
    changed: Object.fromEntries(settings.map(({ dimension, to }) => [dimension.knob.name, to])),
    seed,
    value: value === undefined ? null : Number(value),
    seconds: Number(
      /^training_seconds: (\S+)$/m.exec(training.stdout)?.[1] ?? (8 * (curve.at(-1)?.[0] ?? 0)).toFixed(2),
    ),
    curve,
  };
}
