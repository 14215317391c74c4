/**
 * How many draws end in a check of the script, on three shapes of such checks: with what the script demands left unread, as it was,
 * and read.
 *
 * Python runs each drawn script, so that what counts as a crash is its word and not the reader's.
 */
import { join } from 'node:path';
import { execa } from 'execa';
import { z } from 'zod';
import { findOptuna } from '../src/adapters/python/find-optuna.ts';
import { createKnobReader } from '../src/adapters/python/knob-reader.ts';
import { createOptunaProcess, type OptunaProcess } from '../src/adapters/researchers/bayes/optuna-process.ts';
import { ok } from '../src/core/base/errors.ts';
import { createRandom } from '../src/core/base/random.ts';
import { applyEdits } from '../src/core/proposal/patch.ts';
import { constrainSpace } from '../src/core/space/constraint/constrain-space.ts';
import type { Source, Space } from '../src/core/space/knob.ts';
import { proposeKnobs, type Setting } from '../src/core/space/knob-proposal.ts';
import { rebuildSpace } from '../src/core/space/range/build-space.ts';
import { drawSettings } from '../src/core/space/search/draw-settings.ts';
import { brokenIn, fitSettings } from '../src/core/space/search/fit-settings.ts';
import { searchQuestion, settingsOf } from '../src/core/space/search/search-question.ts';
import { gridValues } from '../src/core/space/search/search-values.ts';
import { countFlag, defineBench } from './bench.ts';
import { type Shape, shapes } from './constraints/shapes.ts';
import { type BenchReport, round } from './report.ts';

/** `npm run bench -- constraints`. */
export const bench = defineBench('constraints', {
  summary:
    'draws that end in a check of the script, on three shapes of checks, before and after they are read [--draws N] [--starts N of the Bayesian searches] [--python PATH with optuna]',
  flags: {
    draws: countFlag(2000),
    starts: countFlag(300),
    python: z.string().default(process.env.NOCTURNE_TEST_PYTHON ?? 'python3'),
  },
  measure,
});

interface Row {
  readonly shape: string;
  readonly search: 'random' | 'bayes' | 'grid';
  readonly draws: number;
  /** Share of the draws at which the script ended, and of those that turned nothing. */
  readonly crashed: { readonly before: number; readonly after: number };
  readonly empty: number;
}

async function measure({
  draws,
  starts,
  python,
}: {
  draws: number;
  starts: number;
  python: string;
}): Promise<BenchReport> {
  const { optuna } = await findOptuna(python, process.env);
  const asked = optuna && createOptunaProcess(optuna);
  const rows: Row[] = [];
  for (const shape of shapes) rows.push(...(await rowsOf(shape, { draws, starts, python, asked })));
  return {
    figures: { shapes: shapes.map(({ name }) => name), rows },
    table: [
      ...(asked ? [] : [`${python} has no optuna: bayes is left out`]),
      'share of the draws at which the script ended, before and after:',
      ...rows.map(
        ({ shape, search, draws: count, crashed: { before, after } }) =>
          `  ${shape.padEnd(52)} ${search.padEnd(7)} ${percent(before).padStart(7)} -> ${percent(after).padStart(6)} of ${count}`,
      ),
    ],
  };
}

function percent(share: number): string {
  return `${round(share * 100, 1)} %`;
}

interface Means {
  readonly draws: number;
  readonly starts: number;
  readonly python: string;
  readonly asked: OptunaProcess | undefined;
}

type Draw = (space: Space, index: number) => Promise<readonly Setting[]>;

async function rowsOf(shape: Shape, { draws, starts, python, asked }: Means): Promise<readonly Row[]> {
  const source = await readShape(shape);
  const free = rebuildSpace(source.knobs, {});
  const bound = constrainSpace(free, source);
  const rowOf = async (
    search: Row['search'],
    all: readonly [readonly Setting[], readonly Setting[]][],
  ): Promise<Row> => {
    const shareOf = async (lists: readonly (readonly Setting[])[]) => await crashShare(shape, source, lists, python);
    const [before, after] = [
      await shareOf(all.map(([first]) => first)),
      await shareOf(all.map(([, second]) => second)),
    ];
    const empty = all.filter(([, second]) => second.length === 0).length / all.length;
    return { shape: shape.name, search, draws: all.length, crashed: { before, after }, empty };
  };
  const both = async (draw: Draw, count: number) => {
    const pairs: [readonly Setting[], readonly Setting[]][] = [];
    for (let index = 0; index < count; index++) pairs.push([await draw(free, index), await draw(bound, index)]);
    return pairs;
  };
  const random: Draw = async (space, index) => drawSettings(space, createRandom(`draw ${index}`));
  const rows = [await rowOf('random', await both(random, draws))];
  if (asked) rows.push(await rowOf('bayes', await both(startOf(asked), starts)));
  const grid = gridPoints(free, draws);
  // A grid leaves a point out where the script would end.
  const kept = grid.filter((point) => brokenIn(bound, point).length === 0);
  rows.push({
    ...(await rowOf(
      'grid',
      grid.map((point, index) => [point, kept[index % kept.length] ?? []]),
    )),
    draws: grid.length,
  });
  return rows;
}

function startOf(asked: OptunaProcess): Draw {
  return async (space, index) => {
    const question = searchQuestion(space, { finished: [], running: [] }, 'automatic', `start ${index}`);
    const answer = await asked.ask(question, new AbortController().signal);
    ok(answer.kind === 'answer', 'optuna answers');
    return fitSettings(space, settingsOf(space, answer.values));
  };
}

/** Points of the grid, one level of each knob drawn at random. */
function gridPoints(space: Space, count: number): readonly (readonly Setting[])[] {
  return Array.from({ length: count }, (_, index) => {
    const random = createRandom(`point ${index}`);
    return space.map((dimension) => ({ dimension, to: random.pick(gridValues(dimension.range)) }));
  });
}

async function readShape({ script, beside }: Shape): Promise<Source> {
  const files = { 'train.py': script };
  const reading = await createKnobReader('python3').read(files, beside);
  ok(reading.kind === 'read', 'the script parses');
  return { files, knobs: reading.knobs, constraints: reading.constraints ?? [] };
}

async function crashShare(
  { beside }: Shape,
  source: Source,
  lists: readonly (readonly Setting[])[],
  python: string,
): Promise<number> {
  const scripts = lists.map((settings) => {
    const patch = applyEdits(source, proposeKnobs(settings, '').edits);
    ok(patch.kind === 'patched', 'settings apply');
    return patch.files['train.py'] ?? '';
  });
  const { stdout } = await execa(python, [join(import.meta.dirname, 'constraints', 'run-scripts.py')], {
    input: JSON.stringify({ beside, scripts }),
  });
  const failed = z.array(z.boolean()).parse(JSON.parse(stdout));
  return failed.filter(Boolean).length / failed.length;
}
