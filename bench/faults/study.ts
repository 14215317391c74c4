/**
 * A study whose training counts its budget on the wall clock, as karpathy's script does, and whose machine is disturbed at one
 * point; what became of it.
 */
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { execa } from 'execa';
import { commitProject } from '../fixture-project.ts';
import type { Fault } from './fault.ts';

const train = `import os, time

RATE = 0.2  # space: choice 0.2, 0.1, 0.4
BUDGET = float(os.environ["NOCTURNE_BUDGET_SECONDS"])
seed = int(os.environ["NOCTURNE_SEED"])
used, step, loss = 0.0, 0, 5.0
while used < BUDGET:
    began = time.time()
    time.sleep(0.01)
    loss += (1 + RATE - loss) * 0.02
    print("step=%d loss=%.4f progress=%.3f" % (step, loss, min(1.0, used / BUDGET)), flush=True)
    step += 1
    used += time.time() - began
with open(os.path.join(os.environ["NOCTURNE_RUN_DIR"], "loss"), "w") as file:
    file.write("%.6f" % (loss + seed % 7 / 1000))
`;
const score = `import os, time
time.sleep(1)
print("---")
with open(os.path.join(os.environ["NOCTURNE_RUN_DIR"], "loss")) as file:
    print("loss: " + file.read())
`;
const brief = `---
edit: [train.py]
train: python3 train.py
score: python3 score.py
metric: loss
goal: minimize
budget: 3s
timeout: 40s
researcher: grid
policy: greedy
stop: { experiments: 2, hours: 1 }
---
Lower the loss.
`;

/** Where a study is disturbed. */
export const points = ['the baseline trains', 'a candidate trains', 'its scorer works', 'a verdict was given'] as const;
export type Point = (typeof points)[number];

/** The end of a study. */
export interface StudyEnd {
  /** By experiment its verdict, `none` for one that has none, with the outcome of its last run where that is a failure of its own. */
  readonly verdicts: readonly string[];
  readonly stop: string;
  readonly hours: number;
  /** Runs that were void and repeated. */
  readonly repeated: number;
  readonly seconds: number;
}

/** Runs the program of a checkout from start to stop, and disturbs it when it has come to the point. */
export async function runStudy(folder: string, checkout: string, fault: Fault, point: Point): Promise<StudyEnd> {
  const project = join(folder, 'project');
  mkdirSync(project, { recursive: true });
  for (const [name, text] of Object.entries({ 'train.py': train, 'score.py': score, 'program.md': brief }))
    writeFileSync(join(project, name), text);
  await commitProject(project);
  const program = join(checkout, 'dist', 'cli', 'main.js');
  const { env } = fault;
  const help = await execa(process.execPath, [program, 'run', '--help'], { all: true });
  const bare = help.all.includes('--no-isolation') ? ['--no-isolation'] : [];
  const began = performance.now();
  const controller = execa(process.execPath, [program, 'run', '--tag', 's', '--plain', ...bare], {
    cwd: project,
    env,
    reject: false,
    all: true,
  });
  const study = join(project, 'runs', 's');
  let hasEnded = false;
  void controller.then(() => {
    hasEnded = true;
  });
  while (!hasEnded && !hasCome(study, point)) await pause(20);
  if (!hasEnded) await fault.strike(controller.pid ?? 0);
  const { all } = await controller;
  const seconds = (performance.now() - began) / 1000;
  const status = await execa(process.execPath, [program, 'status', '--tag', 's', '--json'], { cwd: project });
  return { ...endOf(study, all ?? ''), hours: JSON.parse(status.stdout).spent.hours, seconds };
}

interface Line {
  readonly event: string;
  readonly experiment?: number;
  readonly run?: number;
  readonly reason?: string;
  readonly result?: { readonly outcome: string; readonly contention?: { readonly isRepeated: boolean } };
  readonly verdict?: { readonly decision: string };
}

function journalOf(study: string): Line[] {
  return read(join(study, 'journal.jsonl'))
    .split('\n')
    .slice(0, -1)
    .map((line) => JSON.parse(line) as Line);
}

function hasCome(study: string, point: Point): boolean {
  const entries = journalOf(study);
  const last = entries.at(-1);
  if (point === 'a verdict was given')
    return entries.some((entry) => entry.event === 'verdict-given' && entry.experiment === 1);
  const experiment = point === 'the baseline trains' ? 0 : 1;
  if (last?.event !== 'run-started' || last.experiment !== experiment || (experiment === 0 && last.run === 1))
    return false;
  const folder = join(study, String(experiment).padStart(4, '0'), `run-${last.run}`);
  if (point === 'its scorer works') return existsSync(join(folder, 'score.log'));
  return read(join(folder, 'train.log')).split('\n').length > 10;
}

function endOf(study: string, said: string): Omit<StudyEnd, 'hours' | 'seconds'> {
  const entries = journalOf(study);
  const verdicts = [0, 1, 2].map((experiment) => {
    const own = entries.filter((entry) => entry.experiment === experiment);
    const outcome = own.findLast(({ event }) => event === 'run-ended')?.result?.outcome ?? '';
    const decision = own.findLast(({ event }) => event === 'verdict-given')?.verdict?.decision ?? 'none';
    return failures.includes(outcome) ? `${decision} (${outcome})` : decision;
  });
  const results = entries.flatMap(({ result }) => result ?? []);
  const repeated = results.filter(({ outcome, contention }) => outcome === 'lost' || contention?.isRepeated === true);
  const stop =
    entries.findLast(({ event }) => event === 'study-stopped')?.reason ?? said.split('\n').slice(-3).join(' ');
  return { verdicts, stop, repeated: repeated.length };
}

/** The second candidate is worse by its whole curve, so it may be ended early; these ends are blame. */
const failures = ['crashed', 'out-of-memory', 'timed-out', 'stalled'];

function read(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return '';
  }
}
