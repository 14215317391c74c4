/**
 * Ends the processes of a job whose supervisor is gone. They are known by the run folder in their environment, so a
 * process that was started with a cleared environment is not found; only a live supervisor ends those.
 */
import { readdirSync } from 'node:fs';
import { setTimeout } from 'node:timers/promises';
import { variablesOf } from './process-identity.ts';

/** Consecutive empty scans that count as proof: one scan easily misses a process that keeps forking and exiting. */
const emptyScans = 5;

/**
 * Kills every process that carries one of the marks, such as `NOCTURNE_RUN_DIR=/runs/0007`; returns those left at the
 * end.
 */
export async function sweepMarked(marks: readonly string[], limitMilliseconds: number): Promise<number[]> {
  const giveUp = performance.now() + limitMilliseconds;
  const foreign = new Set<number>();
  for (let empty = 0; empty < emptyScans; ) {
    const frozen = freezeMarked(marks, foreign);
    for (const pid of frozen) send(pid, 'SIGKILL');
    if (frozen.size > 0 && performance.now() > giveUp) return [...frozen];
    empty = frozen.size > 0 ? 0 : empty + 1;
    await setTimeout(1);
  }
  return [];
}

/**
 * Stops every marked process before any is killed, and scans until no new one appears: a stopped fork bomb cannot grow.
 */
function freezeMarked(marks: readonly string[], foreign: Set<number>): Set<number> {
  const frozen = new Set<number>();
  for (let round = 0; round < 20; round += 1) {
    const before = frozen.size;
    for (const pid of processIds()) {
      if (foreign.has(pid) || frozen.has(pid)) continue;
      if (variablesOf(pid).some((entry) => marks.includes(entry))) {
        send(pid, 'SIGSTOP');
        frozen.add(pid);
      } else foreign.add(pid);
    }
    if (frozen.size === before) break;
  }
  return frozen;
}

/** The number of every process except this one, newest first. */
function processIds(): number[] {
  if (process.platform !== 'linux') return [];
  const own = process.pid;
  const ids = readdirSync('/proc').filter((name) => /^\d+$/.test(name));
  return ids
    .map(Number)
    .filter((pid) => pid !== own)
    .reverse();
}

function send(pid: number, signal: NodeJS.Signals): void {
  try {
    process.kill(pid, signal);
  } catch {
    // It ended meanwhile, or belongs to another user.
  }
}
