/**
 * What a search finds in 20, 40 and 100 trials: our researchers beside Optuna itself, on the same objectives, spaces,
 * current values and seeds.
 *
 * An arm is rated by the true value of the configuration that it would report: the one that measured best so far or, under
 * the policy `value`, the incumbent.
 */
import { z } from 'zod';
import { createAutoResearcher } from '../src/adapters/researchers/auto-researcher.ts';
import { createBayesResearcher } from '../src/adapters/researchers/bayes/bayes-researcher.ts';
import type { OptunaProcess } from '../src/adapters/researchers/bayes/optuna-process.ts';
import { createGridResearcher } from '../src/adapters/researchers/grid-researcher.ts';
import { withNarrowing } from '../src/adapters/researchers/narrowing-researcher.ts';
import { createRandomResearcher } from '../src/adapters/researchers/random-researcher.ts';
import { createRecipeResearcher, suitsRecipe } from '../src/adapters/researchers/recipe-researcher.ts';
import { createTrialReader, type ReadTrials } from '../src/adapters/researchers/trial-reader.ts';
import { ok } from '../src/core/base/errors.ts';
import type { SamplerName } from '../src/core/space/search/search-question.ts';
import { type StudyRecord, studyRecordOf } from '../src/core/views/forecast/study-record.ts';
import type { ScriptedLab } from '../src/testing/index.ts';
import { countFlag, defineBench } from './bench.ts';
import type { BenchReport } from './report.ts';
import type { ObjectiveServer, Trial } from './search/objective-server.ts';
import { checkpoints, reportSearch, type SearchLine } from './search/search-report.ts';
import { type OpenResearcher, type SearchStudy, searchStudy } from './search/search-study.ts';
import { doTasks, nameOf, type Task, type Tools, type Wanted } from './search/tasks.ts';

const objectiveNames = ['language', 'valley', 'perceptron', 'digits', 'trees', 'convolution'];
const noisyNames = ['noisy-3', 'noisy-10', 'noisy-30'];
const directArms = ['random', 'optuna-tpe', 'optuna-gp'];
const ownArms = ['grid', 'bayes', 'auto'];
const usualArms = [...directArms, ...ownArms];

/** `npm run bench -- search`. */
export const bench = defineBench('search', {
  summary:
    'what a search finds in 100 trials: our researchers beside Optuna asked directly, on six objectives and, with --policy value, a noisy family [--seeds N; without it only what --out FILE has] [--first SEED] [--trials N] [--policy value] [--objectives A,B] [--arms A,B, bayes@8 for eight slots] [--jobs N] [--python PATH]',
  flags: {
    seeds: countFlag(0),
    first: countFlag(1),
    trials: countFlag(checkpoints.at(-1) ?? 100),
    policy: z.enum(['greedy', 'value']).default('greedy'),
    objectives: listFlag([...objectiveNames, ...noisyNames, 'untuned'], objectiveNames),
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

interface SearchFlags extends Wanted {
  readonly trials: number;
  readonly policy: 'greedy' | 'value';
}

async function measure(flags: SearchFlags): Promise<BenchReport> {
  return reportSearch(await doTasks(flags, (task, tools) => search(task, tools, flags)));
}

async function search(task: Task, tools: Tools, { trials: count, policy }: SearchFlags): Promise<SearchLine> {
  const { objectives } = tools;
  const begun = performance.now();
  const { start, end } = await endsOf(objectives, task.objective);
  let study: StudyRecord | undefined;
  const onEnd: SearchStudy['onEnd'] = async ({ history }) => {
    study = studyRecordOf(history);
  };
  const trials = await trialsOf(task, { ...tools, count, policy, onEnd });
  const best = await truthAlong(objectives, task.objective, trials);
  const left = best.map((value) => (value - end) / (start - end));
  const failed = trials.filter(({ value }) => value === null).length;
  const seconds = Math.round((performance.now() - begun) / 1000);
  const shares = left.map((share) => `${(share * 100).toFixed(1)} %`);
  process.stderr.write(`${nameOf(task)}: left ${shares.join(', ')}; ${failed} failed, ${seconds} s\n`);
  return { ...task, best, left, failed, trials: trials.length, seconds, study };
}

/** The true values of the current settings and of the best that are known: both ends of the way. */
async function endsOf(objectives: ObjectiveServer, name: string) {
  const { defaults, farEnd } = await objectives.describe(name);
  return { start: await objectives.trueValue(name, defaults), end: farEnd };
}

interface Asked extends Tools {
  readonly count: number;
  readonly policy: SearchFlags['policy'];
  readonly onEnd: SearchStudy['onEnd'];
}

async function trialsOf({ objective, arm, seed }: Task, { objectives, asked, count, policy, onEnd }: Asked) {
  if (directArms.includes(arm)) return objectives.direct(objective, arm, seed, count);
  const [name = '', slots = '1'] = arm.split('@');
  return searchStudy(objectives, {
    objective: await objectives.describe(objective),
    open: openArm(name, asked),
    seed,
    trials: count,
    policy,
    slots: Number(slots),
    ...(onEnd && { onEnd }),
  });
}

/** The trials of a study of an objective. */
export function readTrials(lab: () => ScriptedLab): ReadTrials {
  return createTrialReader(async (commit) => {
    const reading = await lab().knobReader.read(await lab().workspace.read(commit));
    ok(reading.kind === 'read', 'the source of an objective parses');
    return reading.knobs;
  });
}

/** The researcher of an arm. */
export function openArm(arm: string, asked: OptunaProcess): OpenResearcher {
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

/** At each checkpoint the true value of the configuration that the arm would report. */
async function truthAlong(objectives: ObjectiveServer, name: string, trials: readonly Trial[]): Promise<number[]> {
  const truths = [];
  for (const checkpoint of checkpoints.filter((each) => each <= trials.length)) {
    const soFar = trials.slice(0, checkpoint);
    const measured = soFar.filter((trial) => trial.value !== null);
    const best = measured.reduce((a, b) => ((b.value ?? 0) < (a.value ?? 0) ? b : a));
    truths.push(await objectives.trueValue(name, soFar.at(-1)?.incumbent ?? best.config));
  }
  return truths;
}
