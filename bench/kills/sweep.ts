/**
 * Kills the controller at every one of its calls that change something, each time in a fresh copy of the same study, lets the
 * next session end it, and compares with the study that nobody disturbed.
 */
import { mkdirSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import { essenceOf, leavingsOf } from './essence.ts';
import { kindOfCall, patternOfKind } from './kind-of-call.ts';
import {
  type Command,
  copyScene,
  experimentsOf,
  layScene,
  type Scene,
  type SessionOptions,
  type Shape,
  sceneIn,
  session,
} from './study.ts';

/** What one kill left. */
export interface KillRow {
  readonly point: number;
  /** The call before which, or within which, it was killed. */
  readonly call: string;
  /** Whether the study came out as the undisturbed one: every experiment once, the same verdicts, refs and runs. */
  readonly isSame: boolean;
  /** What the next session left lying that the undisturbed study has not. */
  readonly litter: readonly string[];
  /** What the undisturbed study has and this one lacks. */
  readonly missing: readonly string[];
  /** Lines torn by the kill, which the next session moves aside and says. */
  readonly torn: number;
  readonly processes: number;
  /** Whether the study ended before there were as many calls, so that nothing was killed. */
  readonly isUnreached?: true;
  /** What differs or was said, where it is not the same. */
  readonly detail?: string;
}

export interface SweepOptions {
  readonly folder: string;
  readonly command: Command;
  /** Which of the points; absent: all. */
  readonly isWanted?: (point: number, call: string) => boolean;
  /** Whether it is killed at the first call of the point's kind: the calls of one number are not the same each time. */
  readonly isByKind?: boolean;
  readonly workers?: number;
  /** Whether the baseline's points are swept too; otherwise the study begins after it. */
  readonly fromStart?: boolean;
  /** What is left out: no scorer, one slot, runs that are not isolated. */
  readonly shape?: Partial<Shape>;
  readonly tell?: (row: KillRow, points: number) => void;
  /** Ends the sweep when it has seen enough. */
  readonly until?: (row: KillRow) => boolean;
}

export interface Sweep {
  /** All points of the undisturbed study. */
  readonly points: readonly string[];
  readonly rows: readonly KillRow[];
}

/** Sweeps in this folder, which is empty. */
export async function sweepKills(options: SweepOptions): Promise<Sweep> {
  const {
    folder,
    command,
    isWanted = () => true,
    workers = 2,
    fromStart = false,
    isByKind = false,
    tell,
    until,
  } = options;
  const shape = { hasScorer: false, slots: 1, isCaged: false, ...options.shape };
  const study = { command, shape, experiments: experimentsOf(shape) };
  // What goes on beside each other makes some more calls or some less each time: the last ones may not be reached.
  const attempts = shape.slots > 1 ? 3 : 1;
  mkdirSync(folder, { recursive: true });
  const template = join(folder, 'template');
  await layScene(template, shape);
  if (!fromStart) await runBaseline(template, study);
  const undisturbed = copyScene(template, join(folder, 'undisturbed'));
  const points = await pointsOf(undisturbed, study, join(folder, 'points.tsv'));
  const expected = { essence: await essenceOf(undisturbed, shape), leavings: leavingsOf(undisturbed, shape) };
  const waiting = points
    .map((call, at) => ({ point: at + 1, call }))
    .filter(({ point, call }) => isWanted(point, call))
    .sort((one, other) => scattered(one.point) - scattered(other.point));
  const rows: KillRow[] = [];
  const work = async (worker: number) => {
    for (let next = waiting.shift(); next !== undefined; next = waiting.shift()) {
      const where = isByKind ? { killIn: patternOfKind(kindOfCall(next.call.trim())) } : { killAt: next.point };
      const kill = () =>
        killAt(copyScene(template, join(folder, `worker-${worker}`)), { ...next, where }, study, expected);
      let row = await kill();
      for (let more = 1; row.isUnreached && more < attempts; more++) row = await kill();
      rows.push(row);
      tell?.(row, points.length);
      if (until?.(row)) waiting.length = 0;
    }
    rmSync(join(folder, `worker-${worker}`), { recursive: true, force: true });
  };
  await Promise.all(Array.from({ length: workers }, (_, worker) => work(worker)));
  return { points, rows: rows.sort((a, b) => a.point - b.point) };
}

/** By this number the points come from all over the study at every moment, so that a sweep that is ended has been everywhere. */
function scattered(point: number): number {
  const bits = point.toString(2).padStart(16, '0');
  return Number.parseInt([...bits].reverse().join(''), 2);
}

interface Study {
  readonly command: Command;
  readonly shape: Shape;
  readonly experiments: number;
}

/** Runs a study to its end, and gives its points. */
async function pointsOf(scene: Scene, { command, experiments }: Study, log: string): Promise<string[]> {
  const end = await session(scene, command, { experiments, log });
  if (end.exitCode !== 0) throw new Error(`the undisturbed study failed:\n${end.said}`);
  return callsIn(scene, log);
}

/** The calls of a log, without what differs from scene to scene. */
function callsIn({ root, temporary }: Scene, log: string): string[] {
  const lines = readFileSync(log, 'utf8').split('\n').filter(Boolean);
  return lines.map((line) =>
    line
      .slice(line.indexOf('\t') + 1)
      .replaceAll(root, '.')
      .replaceAll(temporary, '$TMPDIR'),
  );
}

/** Brings the study to the moment in which its first experiment would begin. */
async function runBaseline(folder: string, { command, experiments }: Study): Promise<void> {
  const end = await session(sceneIn(folder), command, { experiments, killIn: '/0001' });
  if (end.signal !== 'SIGKILL') throw new Error(`the baseline was not measured:\n${end.said}`);
}

const tornLine = /^study\/journal\.torn-\d+$/;

interface Expected {
  readonly essence: object;
  readonly leavings: readonly string[];
}

type Where = Pick<SessionOptions, 'killAt' | 'killIn'>;

async function killAt(
  scene: Scene,
  { point, call, where }: { readonly point: number; readonly call: string; readonly where: Where },
  { command, shape, experiments }: Study,
  expected: Expected,
): Promise<KillRow> {
  const log = `${scene.root}-points.tsv`;
  const killed = await session(scene, command, { experiments, ...where, log });
  const next = await session(scene, command, { experiments });
  const essence = await essenceOf(scene, shape).catch((error: unknown) => ({ error: String(error) }));
  const leavings = leavingsOf(scene, shape);
  const isSame = next.exitCode === 0 && isDeepStrictEqual(essence, expected.essence);
  const litter = leavings.filter((path) => !expected.leavings.includes(path) && !tornLine.test(path));
  const missing = expected.leavings.filter((path) => !leavings.includes(path));
  const detail = isSame ? undefined : differenceOf(expected.essence, essence, next.said);
  const isKilled = killed.signal === 'SIGKILL';
  const torn = leavings.filter((path) => tornLine.test(path)).length;
  // What goes on beside each other makes its calls in another order each time.
  const at = callsIn(scene, log).at(-1) ?? call;
  const row = {
    point,
    call: at,
    isSame: isSame && isKilled,
    litter,
    missing,
    torn,
    processes: processesIn(scene.root),
  };
  if (!isKilled) return { ...row, isUnreached: true, detail: `it was not killed: ${killed.said.slice(-500)}` };
  return detail === undefined ? row : { ...row, detail };
}

function differenceOf(expected: object, found: object, said: string): string {
  const keys = Object.keys(expected) as (keyof typeof expected)[];
  const differing = keys.filter((key) => !isDeepStrictEqual(expected[key], found[key]));
  const parts = differing.map((key) => `${key}: ${JSON.stringify(expected[key])} became ${JSON.stringify(found[key])}`);
  return [...parts, said.slice(-800)].join('\n').slice(0, 3000);
}

/** Live processes that have this path in their environment. */
function processesIn(root: string): number {
  return readdirSync('/proc').filter((name) => {
    if (!/^\d+$/.test(name)) return false;
    try {
      return readFileSync(`/proc/${name}/environ`, 'utf8').includes(root);
    } catch {
      return false;
    }
  }).length;
}

/** How many kills had each outcome. */
export function countsOf({ points, rows }: Sweep) {
  return {
    points: points.length,
    kills: rows.length,
    differing: rows.filter(({ isSame, isUnreached }) => !isSame && !isUnreached).length,
    notReached: rows.filter(({ isUnreached }) => isUnreached).length,
    withLitter: rows.filter(({ litter }) => litter.length > 0).length,
    withTornLine: rows.filter(({ torn }) => torn > 0).length,
    withMissing: rows.filter(({ missing }) => missing.length > 0).length,
    withProcesses: rows.filter(({ processes }) => processes > 0).length,
  };
}

/** Whether a kill changed the study, or left something behind. */
export function isWrong({ isSame, litter, missing, processes }: KillRow): boolean {
  return !isSame || litter.length + missing.length + processes > 0;
}
