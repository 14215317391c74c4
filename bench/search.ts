/**
 * What a search finds in 20, 50 and 100 trials: our researchers beside Optuna itself, on the same objectives, spaces,
 * current values and seeds.
 *
 * An arm is rated by the true value of the configuration that measured best so far. The bench can be restarted: each
 * finished arm of a seed is a line in the output file.
 */
import { appendFile, mkdir, readFile } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';
import { z } from 'zod';
import { exists } from '../src/adapters/files/exists.ts';
import { findOptuna, type Optuna } from '../src/adapters/python/find-optuna.ts';
import { createAutoResearcher } from '../src/adapters/researchers/auto-researcher.ts';
import { createBayesResearcher } from '../src/adapters/researchers/bayes/bayes-researcher.ts';
import { createOptunaProcess, type OptunaProcess } from '../src/adapters/researchers/bayes/optuna-process.ts';
import { createGridResearcher } from '../src/adapters/researchers/grid-researcher.ts';
import { withNarrowing } from '../src/adapters/researchers/narrowing-researcher.ts';
import { createRandomResearcher } from '../src/adapters/researchers/random-researcher.ts';
import { createRecipeResearcher, suitsRecipe } from '../src/adapters/researchers/recipe-researcher.ts';
import { createTrialReader } from '../src/adapters/researchers/trial-reader.ts';
import { ok } from '../src/core/base/errors.ts';
import type { SamplerName } from '../src/core/space/search/search-question.ts';
import type { ScriptedLab } from '../src/testing/index.ts';
import { countFlag, defineBench } from './bench.ts';
import type { BenchReport } from './report.ts';
import { type ObjectiveServer, openObjectives, type Trial } from './search/objective-server.ts';
import { checkpoints, reportSearch, type SearchLine } from './search/search-report.ts';
import { type OpenResearcher, searchStudy } from './search/search-study.ts';

const objectiveNames = ['language', 'valley', 'perceptron', 'digits'];
const directArms = ['random', 'optuna-tpe', 'optuna-gp'];
const ownArms = ['grid', 'bayes', 'auto'];
const usualArms = [...directArms, ...ownArms];

/** `npm run bench -- search`. */
export const bench = defineBench('search', {
  summary:
    'what a search finds in 100 trials: our researchers beside Optuna asked directly, on four objectives [--seeds N; without it only what --out FILE has] [--objectives A,B] [--arms A,B, bayes@8 for eight slots] [--jobs N] [--python PATH]',
  flags: {
    seeds: countFlag(0),
    objectives: listFlag(objectiveNames, objectiveNames),
    arms: listFlag([...usualArms, 'bayes-tpe'], usualArms),
    jobs: countFlag(2),
    out: z.string().default('runs/bench-search.jsonl'),
    python: z.string().default(process.env.NOCTURNE_TEST_PYTHON ?? 'python3'),
  },
  measure,
});

/** A flag that is a list of names with commas between them, each one of `names`; after an `@` stands a number of slots. */
function listFlag(names: readonly string[], usual: readonly string[]) {
  const isName = (text: string) => names.includes(text.replace(/@[1-9]\d*$/, ''));
  const name = z.string().refine(isName, `must be of ${names.join(', ')}`);
  return z
    .string()
    .transform((text) => text.split(','))
    .pipe(z.array(name))
    .default([...usual]);
}

interface SearchFlags {
  readonly seeds: number;
  readonly objectives: readonly string[];
  readonly arms: readonly string[];
  /** Number of tasks that run at the same time. */
  readonly jobs: number;
  readonly out: string;
  readonly python: string;
}

async function measure(flags: SearchFlags): Promise<BenchReport> {
  const { objectives, arms, jobs, python } = flags;
  const out = resolve(flags.out);
  const seeds = Array.from({ length: flags.seeds }, (_, index) => index + 1);
  const { optuna } = await findOptuna(python, process.env);
  ok(optuna, `${python} has optuna; name another with --python`);
  await mkdir(dirname(out), { recursive: true });
  const done = new Set((await readLines(out)).map(keyOf));
  const todo = seeds
    .flatMap((seed) => objectives.flatMap((objective) => arms.map((arm) => ({ objective, arm, seed }))))
    .filter((task) => !done.has(keyOf(task)));
  await Promise.all(Array.from({ length: jobs }, () => work(todo, optuna, python, out)));
  return reportSearch(await readLines(out));
}

type Task = Pick<SearchLine, 'objective' | 'arm' | 'seed'>;

const keyOf = ({ objective, arm, seed }: Task) => `${objective} ${arm} ${seed}`;

async function readLines(out: string): Promise<SearchLine[]> {
  if (!(await exists(out))) return [];
  const lines = (await readFile(out, 'utf8')).split('\n').filter(Boolean);
  return lines.map((line) => JSON.parse(line) as SearchLine);
}

async function work(todo: Task[], optuna: Optuna, python: string, out: string): Promise<void> {
  const objectives = openObjectives(python);
  const asked = createOptunaProcess(optuna);
  for (let task = todo.shift(); task; task = todo.shift()) {
    const begun = performance.now();
    const trials = await trialsOf(task, objectives, asked);
    const best = await truthAlong(objectives, task.objective, trials);
    const failed = trials.filter(({ value }) => value === null).length;
    const seconds = Math.round((performance.now() - begun) / 1000);
    await appendFile(out, `${JSON.stringify({ ...task, best, failed, trials: trials.length, seconds })}\n`);
    process.stderr.write(`${keyOf(task)}: ${best.map((value) => value.toFixed(4)).join(' ')}, ${failed} failed\n`);
  }
  objectives.close();
}

async function trialsOf({ objective, arm, seed }: Task, objectives: ObjectiveServer, asked: OptunaProcess) {
  const count = checkpoints.at(-1) ?? 100;
  if (directArms.includes(arm)) return objectives.direct(objective, arm, seed, count);
  const [name = '', slots = '1'] = arm.split('@');
  return searchStudy(objectives, {
    objective: await objectives.describe(objective),
    open: openArm(name, asked),
    seed,
    trials: count,
    slots: Number(slots),
  });
}

function openArm(arm: string, asked: OptunaProcess): OpenResearcher {
  const readTrials = (lab: () => ScriptedLab) =>
    createTrialReader(async (commit) => {
      const reading = await lab().knobReader.read(await lab().workspace.read(commit));
      ok(reading.kind === 'read', 'the source of an objective parses');
      return reading.knobs;
    });
  const bayes = (lab: () => ScriptedLab, sampler: SamplerName) =>
    createBayesResearcher({ optuna: asked, sampler, readTrials: readTrials(lab) });
  if (arm === 'grid') return () => createGridResearcher();
  if (arm === 'auto') {
    return (lab) =>
      createAutoResearcher({
        arms: [
          { name: 'random', researcher: withNarrowing(createRandomResearcher(), readTrials(lab)) },
          { name: 'recipe', researcher: createRecipeResearcher(), suits: suitsRecipe },
          { name: 'bayes-gp', researcher: bayes(lab, 'gp') },
          { name: 'bayes-tpe', researcher: withNarrowing(bayes(lab, 'tpe'), readTrials(lab)) },
        ],
        seconds: () => lab().liveSeconds(),
      });
  }
  return (lab) => bayes(lab, arm === 'bayes-tpe' ? 'tpe' : 'automatic');
}

/** At each checkpoint the true value of the configuration that had measured best. */
async function truthAlong(objectives: ObjectiveServer, name: string, trials: readonly Trial[]): Promise<number[]> {
  const truths = [];
  for (const checkpoint of checkpoints) {
    const measured = trials.slice(0, checkpoint).filter((trial) => trial.value !== null);
    const best = measured.reduce((a, b) => ((b.value ?? 0) < (a.value ?? 0) ? b : a));
    truths.push(await objectives.trueValue(name, best.config));
  }
  return truths;
}
