/**
 * Supervisors forked from one process that has loaded their code (`python/start_supervisors.py`): to start Python takes each of
 * them five times as long as to be forked. On Linux alone; where it does not work, each is started by itself.
 */
import { spawn } from 'node:child_process';
import { constants } from 'node:os';
import { createInterface } from 'node:readline';
import { z } from 'zod';
import { parseJson } from '../../core/base/parse-json.ts';
import { packagePath } from '../package-root.ts';
import { afterRunning } from '../running-timer.ts';
import { unrefAll } from '../unref-all.ts';

/** A supervisor that this process started. */
export interface SupervisorProcess {
  readonly pid: number;
  /** Aborted as soon as it has exited. */
  readonly gone: AbortSignal;
  /** Exit code or signal, when it failed: `exit code 1` or `SIGKILL`. */
  readonly failure: () => string | undefined;
}

export interface SupervisorStarter {
  /** Forks a supervisor with this command line, whose last argument is its job's spec; undefined where that is not possible. */
  readonly start: (argv: readonly string[], folder: string) => Promise<SupervisorProcess | undefined>;
}

const saidSchema = z.union([
  z.object({ id: z.number(), pid: z.number() }),
  z.object({ pid: z.number(), code: z.number() }),
]);

/** As long as a command line may be: longer ones are not forked. */
const room = 6000;
/** How long it may take to be asked, under any load; after it the supervisor is started in another way. */
const answerMilliseconds = 20_000;
/** Time between two looks whether supervisors are there whose starter is gone. */
const lookMilliseconds = 200;

const starters = new Map<string, SupervisorStarter>();

/** The starter of this interpreter in this process; it starts with its first supervisor. */
export function starterOf(python: string): SupervisorStarter {
  const known = starters.get(python) ?? createStarter(python);
  starters.set(python, known);
  return known;
}

function createStarter(python: string): SupervisorStarter {
  let running: Running | undefined;
  let isOfUse = process.platform === 'linux';
  return {
    start: async (argv, folder) => {
      if (!isOfUse || argv.join(' ').length >= room) return undefined;
      if (!running?.isThere()) running = run(python);
      const supervisor = await running.start(argv, folder);
      // One that never started any does not work here.
      isOfUse = supervisor !== undefined || running.hasStarted();
      return supervisor;
    },
  };
}

interface Running extends SupervisorStarter {
  readonly isThere: () => boolean;
  readonly hasStarted: () => boolean;
}

function run(python: string): Running {
  const script = packagePath('src', 'python', 'start_supervisors.py');
  const child = spawn(python, ['-I', '-S', '-X', 'utf8', script, ' '.repeat(room)], {
    cwd: '/',
    stdio: ['pipe', 'pipe', 'ignore'],
    env: { PATH: process.env.PATH, HOME: process.env.HOME },
    detached: true,
  });
  const waiting = new Map<number, (supervisor: SupervisorProcess | undefined) => void>();
  const living = new Map<number, (failure?: string) => void>();
  let isThere = true;
  let hasStarted = false;
  let count = 0;
  const end = () => {
    isThere = false;
    for (const answer of waiting.values()) answer(undefined);
    for (const [pid, ended] of living) lookAfter(pid, ended);
    living.clear();
  };
  child.once('exit', end);
  child.once('error', end);
  createInterface({ input: child.stdout }).on('line', (line) => {
    const said = saidSchema.safeParse(parseJson(line)).data;
    if (said === undefined) return;
    if ('code' in said) {
      living.get(said.pid)?.(said.code < 0 ? failureOf(null, signalOf(-said.code)) : failureOf(said.code, null));
      living.delete(said.pid);
      return;
    }
    hasStarted = true;
    const { supervisor, ended } = supervisorOf(said.pid);
    living.set(said.pid, ended);
    waiting.get(said.id)?.(supervisor);
  });
  child.stdin.on('error', () => {});
  unrefAll(child, [child.stdin, child.stdout]);
  return {
    isThere: () => isThere,
    hasStarted: () => hasStarted,
    start: async (argv, folder) => {
      const id = ++count;
      const answer = new Promise<SupervisorProcess | undefined>((resolve) => waiting.set(id, resolve));
      // The timer is also what keeps this process alive meanwhile.
      const stopTimer = afterRunning(answerMilliseconds, () => child.kill('SIGKILL'));
      child.stdin.write(`${JSON.stringify({ id, argv, folder })}\n`);
      try {
        return isThere ? await answer : undefined;
      } finally {
        stopTimer();
        waiting.delete(id);
      }
    },
  };
}

/** What is known of a supervisor, and who is told how it ended. */
export function supervisorOf(pid: number): { supervisor: SupervisorProcess; ended: (failure?: string) => void } {
  const gone = new AbortController();
  let failure: string | undefined;
  const ended = (how?: string) => {
    failure = how;
    gone.abort();
  };
  return { supervisor: { pid, gone: gone.signal, failure: () => failure }, ended };
}

/** Tells the end of a process that is no child of ours, not how it ended. */
function lookAfter(pid: number, ended: () => void): void {
  const timer = setInterval(() => {
    try {
      process.kill(pid, 0);
    } catch {
      clearInterval(timer);
      ended();
    }
  }, lookMilliseconds);
  timer.unref();
}

/** Exit codes of a supervisor that did its work (0) or found that another supervisor has the job (75). */
const goodExits: readonly (number | null)[] = [0, 75];

/** How it failed, by its exit code or the signal that ended it. */
export function failureOf(code: number | null, signal: string | null): string | undefined {
  return goodExits.includes(code) ? undefined : (signal ?? `exit code ${code}`);
}

function signalOf(wanted: number): string {
  const signal = Object.entries(constants.signals).find(([, number]) => number === wanted);
  return signal?.[0] ?? `signal ${wanted}`;
}
