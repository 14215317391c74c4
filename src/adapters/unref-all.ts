import type { ChildProcess } from 'node:child_process';
import type { Readable, Writable } from 'node:stream';
import { ok } from '../core/base/errors.ts';

/** Lets a process of ours, and the pipes to it, be no reason for this process to stay. */
export function unrefAll(child: Pick<ChildProcess, 'unref'>, pipes: readonly (Readable | Writable)[]): void {
  child.unref();
  for (const pipe of pipes) {
    ok('unref' in pipe && typeof pipe.unref === 'function', 'a pipe is a socket');
    pipe.unref();
  }
}
