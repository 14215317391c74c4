/**
 * What Slurm says of jobs, as text, and what that means here. Its formats with `|` are the same in all versions; JSON is not.
 */
import type { Look } from '../travel/parts.ts';

/** A job as `squeue` or `sacct` tells it. */
export interface SlurmRow {
  readonly id: string;
  /** The name that it was submitted by. */
  readonly name: string;
  /** `PENDING`, `CANCELLED`, … */
  readonly state: string;
  readonly reason: string;
}

/** The columns to be asked of `squeue` and of `sacct`. */
export const squeueFormat = '%i|%T|%r|%j';
export const sacctFormat = 'JobID,State,Reason,JobName%100';

/** The rows of either. */
export function readRows(text: string): readonly SlurmRow[] {
  return text.split('\n').flatMap((line) => {
    const [id = '', state = '', reason = '', ...name] = line.trim().split('|');
    // sacct says `CANCELLED by 1000`.
    return /^\d+(?:_\d+)?$/.test(id) && state !== ''
      ? [{ id, name: name.join('|'), state: state.split(' ')[0] ?? '', reason }]
      : [];
  });
}

const waiting: readonly string[] = words(
  'PENDING CONFIGURING REQUEUED REQUEUE_HOLD REQUEUE_FED RESV_DEL_HOLD SPECIAL_EXIT',
);
const running: readonly string[] = words('RUNNING COMPLETING SUSPENDED RESIZING SIGNALING STAGE_OUT STOPPED');
/** Ended by what ran in it. One that used up its memory was not: but its supervisor's result, where there is one, says more. */
const ownEnds: readonly string[] = words('COMPLETED FAILED OUT_OF_MEMORY');
/** Why every job waits for a while. */
const usual: readonly string[] = words('None Priority Resources BeginTime Prolog');

/** What a row means. */
export function lookOf({ id, state, reason }: SlurmRow): Look {
  const because = reason === '' || reason === 'None' ? '' : ` (${reason})`;
  if (waiting.includes(state)) {
    return { kind: 'waiting', why: `Slurm says ${state}${because} of job ${id}`, isUsual: usual.includes(reason) };
  }
  if (running.includes(state)) return { kind: 'running' };
  return { kind: 'gone', why: `Slurm says ${state}${because} of job ${id}`, isOfEngine: !ownEnds.includes(state) };
}

/** A refused submission leaves a job of its name, which never runs. */
export function wasRefused({ state, reason }: SlurmRow): boolean {
  return state === 'FAILED' && reason === 'BadConstraints';
}

/** What a failed command says of itself: that its controller is away, that it may be asked later, or that it is wrong. */
export function readRefusal(stderr: string): { readonly kind: 'away' | 'later' | 'wrong'; readonly why: string } {
  const lines = stderr.split('\n').filter((line) => line.trim() !== '');
  const last = (lines.at(-1) ?? 'nothing').replace(/^\w+: (?:error: )?/, '').trim();
  if (away.test(stderr)) return { kind: 'away', why: 'the controller of Slurm cannot be reached' };
  return { kind: later.test(stderr) ? 'later' : 'wrong', why: last };
}

const away =
  /unable to contact slurm controller|connect failure|connection refused|communication connection failure|zero bytes were transmitted|socket timed out|unable to establish controller|slurm_load_\w+ error: .*timed out/i;
const later =
  /MaxSubmit|job submit limit|violates accounting\/QOS|temporarily unable to accept|resource temporarily unavailable|too many (?:pending )?jobs|in maintenance|reservation/i;

function words(text: string): string[] {
  return text.split(' ');
}
