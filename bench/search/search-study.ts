/**
 * One of our researchers on one objective: a whole study in the in-memory lab, in which the objective gives each run's
 * score.
 *
 * The loop, the researcher and the judge are the shipped ones. A trial is a run, so the baseline's three runs count.
 */

import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { noIsolation } from '../../src/adapters/isolation/no-isolation.ts';
import { ok } from '../../src/core/base/errors.ts';
import type { Earlier } from '../../src/core/journal/earlier.ts';
import type { History } from '../../src/core/journal/history.ts';
import { startStudy } from '../../src/loop/begin.ts';
import { research } from '../../src/loop/research.ts';
import { openStudy } from '../../src/loop/study.ts';
import type { JobEnd } from '../../src/ports/engine.ts';
import type { Researcher } from '../../src/ports/researcher.ts';
import { createScriptedLab, type ScriptedLab, scoringRun } from '../../src/testing/index.ts';
import { onVirtualClock } from '../../tests/helpers/timed-lab.ts';
import type { Config, Objective, ObjectiveServer, Trial } from './objective-server.ts';

export type OpenResearcher = (lab: () => ScriptedLab) => Researcher;

export interface SearchStudy {
  readonly objective: Objective;
  readonly open: OpenResearcher;
  readonly seed: number;
  readonly trials: number;
  readonly policy: 'greedy' | 'value';
  /** Runs that go on side by side, each for about as long as the others. */
  readonly slots: number;
  /** Where it starts, in place of the objective's current values, and what it knows. */
  readonly from?: { readonly config: Config; readonly earlier?: Earlier | undefined };
  /** Told of the study when it has ended. */
  readonly onEnd?: (end: {
    readonly lab: ScriptedLab;
    readonly history: History;
    readonly best: Config;
  }) => Promise<void>;
}

/** The trials of a study with this number of runs, in the order in which they began. */
export async function searchStudy(
  objectives: ObjectiveServer,
  { objective, open, seed, trials, policy, slots, from, onEnd }: SearchStudy,
): Promise<readonly Trial[]> {
  const folder = await mkdtemp(join(tmpdir(), 'nocturne-search-'));
  const runs: Trial[] = [];
  /** The settings of each experiment, and of the incumbent when each run began. */
  const configs = new Map<number, Config>();
  const incumbents: (Config | undefined)[] = [];
  const lab: ScriptedLab = createScriptedLab({
    folder,
    files: { 'train.py': sourceOf(objective, from?.config) },
    researcher: open(() => lab),
    run: () => scoringRun('loss', 0),
    brief: {
      policy,
      metric: { name: objective.metric, goal: 'minimize' },
      space: Object.fromEntries(Object.entries(objective.space).map(([name, range]) => [name, rangeText(range)])),
      stop: { experiments: trials - 3 },
      slots,
    },
  });
  const onRun = (experiment: number, run: Trial) => {
    incumbents.push(configs.get(incumbent()));
    configs.set(experiment, run.config);
    runs.push(run);
  };
  const tag = `${objective.name}-${seed}`;
  const instant: ScriptedLab = { ...lab, ...answeredBy(objectives, objective, lab, onRun) };
  const secondsOf = (run: { readonly seed: number }) => 290 + (run.seed % 21);
  const answered = slots === 1 ? instant : onVirtualClock(instant, { slots, secondsOf, thoughtSeconds: 0 });
  const { study } = await openStudy(answered, new AbortController().signal);
  const incumbent = () => study.history().incumbent;
  const { start } = lab.workspace;
  const begun = {
    tag,
    study: tag,
    briefPath: 'program.md',
    isolation: noIsolation,
    interpreter: 'python3',
    version: '0',
  };
  await startStudy(study, { ...begun, start, ...(from?.earlier && { earlier: from.earlier }) });
  await research(study);
  await onEnd?.({ lab, history: study.history(), best: configs.get(incumbent()) ?? objective.defaults });
  await rm(folder, { recursive: true });
  // What is run again, or tried again on a newer incumbent, comes beyond them.
  const kept = runs.slice(0, trials);
  if (policy === 'greedy') return kept;
  const last = configs.get(incumbent());
  return kept.map((run, index) => ({ ...run, incumbent: incumbents[index + 1] ?? last ?? run.config }));
}

function sourceOf({ defaults, space }: Objective, config: Config = defaults): string {
  const lines = Object.entries(config).map(([name, value]) => {
    if (typeof value === 'string') return `${name} = ${JSON.stringify(value)}`;
    const isFloat = ['log', 'float', '0 or log'].includes(space[name]?.[0] ?? '');
    return `${name} = ${isFloat && Number.isInteger(value) ? value.toFixed(1) : value}`;
  });
  return `# NOCTURNE_SEED\n${lines.join('\n')}\n`;
}

function rangeText([kind, low = 0, high, ...more]: Objective['space'][string]): string {
  if (kind === 'choice' && typeof low === 'string') return `choice ${[low, high, ...more].join(', ')}`;
  if (kind === 'choice') return `choice ${Array.from({ length: Number(low) }, (_, index) => index).join(', ')}`;
  return `${kind} ${low}..${high}`;
}

function configOf(source: string): Config {
  const lines = source.split('\n').filter((line) => line.includes(' = '));
  return Object.fromEntries(
    lines.map((line) => line.split(' = ')).map(([name, value]) => [name, JSON.parse(value ?? '0')]),
  );
}

/** An engine whose runs get their score from the objective; their logs are kept in memory, not written to files. */
function answeredBy(
  objectives: ObjectiveServer,
  { name, metric }: Objective,
  lab: ScriptedLab,
  onRun: (experiment: number, run: Trial) => void,
) {
  const ended = new Map<string, { readonly end: JobEnd; readonly log: string }>();
  const engine: ScriptedLab['engine'] = {
    ...lab.engine,
    submit: async (job) => {
      if (ended.has(job.id)) return;
      const run = lab.runFolders.runOf(job);
      ok(run, 'only runs are submitted');
      const config = configOf(run.files['train.py'] ?? '');
      const value = await objectives.value(name, config, run.seed);
      onRun(Number(job.id.slice(0, job.id.indexOf('/'))), { config, value });
      const stage = {
        name: 'train',
        exitCode: value === null ? 1 : 0,
        signal: null,
        seconds: 1,
        cpuSeconds: 1,
      } as const;
      const log = value === null ? 'MemoryError: no room\n' : `---\n${metric}: ${value.toFixed(9)}\n`;
      ended.set(job.id, { end: { ending: 'exited', stages: [stage], seconds: 1 }, log });
    },
    poll: async (job) => {
      const run = ended.get(job.id);
      return run ? { kind: 'ended', end: run.end } : { kind: 'lost', reason: 'it was never started' };
    },
    tail: async (_job, _stage, next) => ({ text: '', next }),
  };
  const runFolders: ScriptedLab['runFolders'] = {
    ...lab.runFolders,
    outputs: async ({ experiment, run }) => ({
      trainLog: ended.get(`${String(experiment).padStart(4, '0')}/run-${run}`)?.log ?? '',
      scoreLog: undefined,
      metricsJson: undefined,
      changed: undefined,
    }),
  };
  return { engine, runFolders };
}
