/**
 * An A/A trial on real training: three hundred proposals that change nothing, each run on a fresh seed on the tiny sandbox.
 * Whatever is kept of them is a fiction. `greedy` is shown the first score of each proposal and decides beside it.
 *
 * Restartable: with `--folder` a trial that was cut short goes on where it stopped.
 */
import { mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { exists } from '../src/adapters/exists.ts';
import { scaffold } from '../src/adapters/scaffold.ts';
import { openLab } from '../src/cli/compose/compose.ts';
import { findPlace, type Place } from '../src/cli/compose/place.ts';
import { choosePython } from '../src/cli/compose/python.ts';
import { createResultFiles } from '../src/cli/study-folder/result-files.ts';
import { ok } from '../src/core/base/errors.ts';
import { countedRuns, type History, valuesOf } from '../src/core/journal/history.ts';
import { pooledNoise } from '../src/core/journal/noise.ts';
import { prepareStudy, resumeStudy } from '../src/loop/begin.ts';
import { research } from '../src/loop/research.ts';
import { openStudy } from '../src/loop/study.ts';
import { createNoOpResearcher } from '../src/testing/index.ts';
import { beginStudy } from './begin-study.ts';
import { readFlag } from './flags.ts';
import { arms } from './judge/arms.ts';
import { type BenchReport, machine, round } from './report.ts';

const tag = 'aa';

/** `--experiments N` (300) of `--budget S` (2) seconds, `--folder PATH` to keep it, `--python PATH`. */
export async function benchAa(): Promise<BenchReport> {
  const folder = resolve(readFlag('folder') ?? (await mkdtemp(join(tmpdir(), 'nocturne-aa-'))));
  if (!(await exists(join(folder, 'program.md')))) await scaffold(folder, 'tiny');
  const history = await conduct(await findPlace(folder));
  const [baseline, ...proposals] = history.experiments;
  ok(baseline, 'a study has a baseline');
  const figures = {
    policy: history.session.policy,
    budgetSeconds: history.frozen.budgetSeconds,
    proposals: proposals.length,
    runs: proposals.reduce((sum, record) => sum + countedRuns(record).length, 0),
    failed: proposals.filter((record) => valuesOf(record).length === 0).length,
    kept: proposals.filter(({ kept }) => kept !== undefined).map(({ experiment }) => experiment),
    keptByGreedy: keptByGreedy(history),
    baseline: valuesOf(baseline),
    sigma: round(pooledNoise(history)?.sigma ?? Number.NaN, 4),
    machine: machine(),
  };
  const table = Object.entries(figures).map(([name, value]) => `${name.padEnd(14)} ${JSON.stringify(value)}`);
  return { figures: { ...figures, values: proposals.map(valuesOf) }, table };
}

/** Runs the study to its end, put together as the command does it but for its researcher. */
async function conduct(place: Place): Promise<History> {
  const budgetSeconds = Number(readFlag('budget') ?? 2);
  const experiments = Number(readFlag('experiments') ?? 300);
  const brief = { ...place.brief, budgetSeconds, stop: { experiments } };
  const interpreter = (await choosePython(place, readFlag('python'))).executable;
  const resultFiles = createResultFiles(join(place.runs, tag));
  const emit: typeof resultFiles.note = (event) => {
    resultFiles.note(event);
    if (event.event === 'verdict-given') process.stderr.write(`${event.experiment} ${event.verdict.decision}\n`);
  };
  const real = await openLab({ place, brief, tag, interpreter, emit });
  const lab = { ...real, researcher: createNoOpResearcher() };
  const { study, hasStarted } = await openStudy(lab, new AbortController().signal);
  if (hasStarted) await resumeStudy(study, 'none');
  else await beginStudy(study, place, tag, interpreter);
  resultFiles.open(study.history);
  await prepareStudy(study);
  await research(study);
  await real.archive.close();
  return study.history();
}

/** The experiments that the shipped `greedy` keeps when it is shown the first score of each. */
function keptByGreedy({ experiments }: History): number[] {
  const [baseline, ...proposals] = experiments.map(valuesOf);
  const greedy = arms.greedy?.(baseline ?? []);
  return proposals.flatMap(([first], index) => {
    if (first === undefined || greedy === undefined) return [];
    const isKept = greedy.decide([first], false) === 'keep';
    greedy.settle([first], isKept);
    return isKept ? [index + 1] : [];
  });
}
