/**
 * Whether a study that starts where another one ended finds more when it knows what that one tried: a first night, and from its
 * best two second ones with the same seeds, one of which is told (`run --from autoresearch/<tag>`).
 *
 * A night is rated by the true value of its incumbent.
 */
import { z } from 'zod';
import type { Earlier } from '../src/core/journal/earlier.ts';
import { earlierOfStudy } from '../src/core/space/trials/earlier-of-study.ts';
import { mean } from '../src/core/statistics/moments.ts';
import { signFlipP } from '../src/core/statistics/sign-flip.ts';
import { countFlag, defineBench } from './bench.ts';
import type { BenchReport } from './report.ts';
import type { Config } from './search/objective-server.ts';
import { searchStudy } from './search/search-study.ts';
import { doTasks, nameOf, type Task, type Tools, type Wanted } from './search/tasks.ts';
import { openArm, readTrials } from './search.ts';

/** `npm run bench -- second-night`. */
export const bench = defineBench('second-night', {
  summary:
    'whether a second night is better for knowing the first: pairs from the same start with the same seeds [--seeds N; without it only what --out FILE has] [--first SEED] [--experiments N] [--objectives A,B] [--arms bayes,auto] [--jobs N] [--python PATH]',
  flags: {
    seeds: countFlag(0),
    first: countFlag(1),
    experiments: countFlag(40),
    objectives: z.string().default('language'),
    arms: z.string().default('bayes'),
    jobs: countFlag(1),
    out: z.string().default('runs/bench-second-night.jsonl'),
    python: z.string().default(process.env.NOCTURNE_TEST_PYTHON ?? 'python3'),
  },
  measure,
});

interface Flags extends Omit<Wanted, 'objectives' | 'arms'> {
  readonly experiments: number;
  readonly objectives: string;
  readonly arms: string;
}

interface Pair extends Task {
  /** True values of the incumbents at the end of the first night and of the second ones. */
  readonly first: number;
  readonly known: number;
  readonly unknown: number;
}

async function measure({ objectives, arms, experiments, ...flags }: Flags): Promise<BenchReport> {
  const wanted = { ...flags, objectives: objectives.split(','), arms: arms.split(',') };
  const pairs = await doTasks<Pair>(wanted, async (task, tools) => {
    const pair = { ...task, ...(await nights(task, tools, experiments)) };
    process.stderr.write(`${nameOf(task)}: first ${pair.first}, known ${pair.known}, unknown ${pair.unknown}\n`);
    return pair;
  });
  return report(pairs);
}

async function nights(
  { objective: name, arm, seed }: Task,
  { objectives, asked }: Tools,
  experiments: number,
): Promise<Pick<Pair, 'first' | 'known' | 'unknown'>> {
  const objective = await objectives.describe(name);
  const night = async (number: number, from?: { config: Config; earlier?: Earlier | undefined }) => {
    let best = objective.defaults;
    let earlier: Earlier | undefined;
    await searchStudy(objectives, {
      objective,
      open: openArm(arm, asked),
      seed: seed + 1000 * (number - 1),
      // The baseline's three runs are trials too.
      trials: experiments + 3,
      policy: 'value',
      slots: 1,
      ...(from && { from }),
      onEnd: async ({ lab, history, best: config }) => {
        best = config;
        earlier = earlierOfStudy(history, await readTrials(() => lab)(history), true);
      },
    });
    return { best, earlier, truth: await objectives.trueValue(name, best) };
  };
  const first = await night(1);
  const known = await night(2, { config: first.best, earlier: first.earlier });
  const unknown = await night(2, { config: first.best });
  return { first: first.truth, known: known.truth, unknown: unknown.truth };
}

function report(pairs: readonly Pair[]): BenchReport {
  const groups = [...new Set(pairs.map(({ objective, arm }) => `${objective} ${arm}`))];
  const figures = groups.map((group) => {
    const own = pairs.filter(({ objective, arm }) => `${objective} ${arm}` === group);
    const lower = own.map(({ known, unknown }) => unknown - known);
    return {
      group,
      pairs: own.length,
      first: mean(own.map(({ first }) => first)),
      known: mean(own.map(({ known }) => known)),
      unknown: mean(own.map(({ unknown }) => unknown)),
      lower: mean(lower),
      knownLower: lower.filter((each) => each > 0).length,
      unknownLower: lower.filter((each) => each < 0).length,
      p: signFlipP(lower) ?? null,
    };
  });
  return { figures: { groups: figures }, table: figures.map(lineOf) };
}

function lineOf({
  group,
  pairs,
  lower,
  p,
  ...figures
}: { group: string; pairs: number; lower: number; p: number | null } & Record<string, unknown>): string {
  const means = ['first', 'known', 'unknown'].map((name) => `${name} ${Number(figures[name]).toFixed(4)}`).join(', ');
  const test = p === null ? 'too few pairs for a test' : `p = ${p.toFixed(4)} (sign-flip, two-sided)`;
  return `${group}: ${pairs} pairs, ${means}; known is ${lower.toFixed(4)} lower, in ${figures.knownLower} pairs against ${figures.unknownLower}, ${test}`;
}
