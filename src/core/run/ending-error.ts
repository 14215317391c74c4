/**
 * What ended a failed run, as its log says: the exception that nothing caught, or its last words.
 *
 * A traceback that was printed and survived is not it: the script went on and printed more. In a chain of exceptions it is
 * the last; of several processes it is the one whose failure ended the others.
 */
import { screenLines } from '../base/screen-text.ts';
import { isOpenBar } from './log-line.ts';

export interface EndingError {
  /** One line; empty for a log that says nothing. */
  readonly text: string;
  readonly isOutOfMemory: boolean;
}

interface Traceback {
  /** The exception's line, as in `ValueError: no`. */
  readonly exception: string;
  /** Index of that line. */
  readonly line: number;
}

const maxCharacters = 200;
/** Lines at the end of a log in which the cause is looked for. */
const maxLines = 2000;

/** What the log says of the end of a run that failed. */
export function endingErrorOf(log: string): EndingError {
  const lines = screenLines(log.slice(-200_000)).slice(-maxLines);
  const tracebacks = tracebacksIn(lines);
  const last = tracebacks.at(-1);
  const lastLine = lines.findLast((line) => line.trim() !== '')?.trim() ?? '';
  if (!last) return endingOf(lastWords(lines), lastLine);
  const behind = lines.slice(last.line + 1).filter((line) => !isEpilogue(line));
  if (behind.length === 0) {
    const cause = causeAmong(tracebacks, lines) ?? last;
    return endingOf([cause.exception, ...message(lines, cause.line)].join(' '), cause.exception);
  }
  // A message of several lines, or a traceback that was survived: which cannot be known, so both are told.
  const isClose = behind.length <= maxMessageLines && !behind.some(isOfTraining);
  const text = isClose ? `${last.exception.slice(0, maxCharacters / 2)} … ${lastLine}` : lastLine;
  return endingOf(lastWords(lines), text);
}

/** More lines than this behind an exception are no longer its message. */
const maxMessageLines = 6;

function endingOf(words: string, text: string): EndingError {
  return { text: text.slice(0, maxCharacters), isOutOfMemory: outOfMemory.test(words) };
}

const outOfMemory =
  /OutOfMemory|out of memory|\b_?(?:Array)?MemoryError\b|std::bad_alloc|can't allocate memory|Cannot allocate memory|RESOURCE_EXHAUSTED|ResourceExhaustedError|CUBLAS_STATUS_ALLOC_FAILED|cudaErrorMemoryAllocation|Memory allocation error/i;

/** Failures of a launcher or of a peer that follow from another process's failure. */
const follower =
  /ChildFailedError|CalledProcessError|ProcessRaisedException|ProcessExitedException|SystemExit|KeyboardInterrupt|BrokenPipeError|ConnectionResetError|DistBackendError|DistNetworkError|NCCL|gloo/;

/** Of tracebacks that end a log together, that of the failure which the others followed from. */
function causeAmong(tracebacks: readonly Traceback[], lines: readonly string[]): Traceback | undefined {
  const last = tracebacks.at(-1);
  const isOfSeveral = last !== undefined && (follower.test(last.exception) || isOfRank(lines[last.line] ?? ''));
  if (!isOfSeveral) return last;
  const lastProgress = lines.findLastIndex(isOfTraining);
  const own = tracebacks.filter(({ line, exception }) => line > lastProgress && !follower.test(exception));
  return own.find(({ exception }) => outOfMemory.test(exception)) ?? own.at(-1) ?? last;
}

function isOfRank(line: string): boolean {
  return /^\[(?:rank)?\d+\]:/.test(line);
}

function tracebacksIn(lines: readonly string[]): readonly Traceback[] {
  return lines.flatMap((line, index) => {
    const header = /^(.*?)(?:Original |Exception Group )?Traceback \(most recent call last\):\s*$/.exec(line);
    if (!header) return [];
    const prefix = (header[1] ?? '').trimEnd();
    for (let at = index + 1; at < lines.length; at++) {
      const next = lines[at] ?? '';
      const rest = next.startsWith(prefix) ? next.slice(prefix.length) : undefined;
      if (rest === undefined) continue;
      if (/Traceback \(most recent call last\):\s*$/.test(rest)) return [];
      const text = prefix === '' ? rest : rest.replace(/^ /, '');
      if (/^[\p{L}_][\p{L}\p{N}_.]*(?::|\s*$)/u.test(text)) return [{ exception: text.trim(), line: at }];
    }
    return [];
  });
}

/** The lines that belong to an exception's message. */
function message(lines: readonly string[], from: number): readonly string[] {
  return lines.slice(from + 1, from + 1 + maxMessageLines).filter((line) => line.trim() !== '');
}

/** The last line that is no epilogue, with what follows it. */
function lastWords(lines: readonly string[]): string {
  const from = lines.findLastIndex((line) => !isEpilogue(line));
  return lines.slice(Math.max(0, from)).join(' ');
}

const epilogue =
  /^\s|^(?:wandb|CUDA kernel errors|For debugging|Compile with|Device-side|If reserved memory|See |Search for|Please |Note\b|NOTE\b|Exception ignored|Process \S+:|srun:|slurmstepd|[WEI]\d{4} |\[[WEI]\b|\[(?:rank)?\d+\]|={4,}|-{4,}|Root Cause|Failures:|Other Failures|Aborted|Segmentation fault|Stack trace|The above exception|During handling|Traceback|.*Warning:|.* FAILED$)/;

/** What is printed behind an exception by its message, by launchers, and by what is left open at exit. */
function isEpilogue(line: string): boolean {
  return line.trim() === '' || epilogue.test(line) || isOpenBar(line);
}

function isOfTraining(line: string): boolean {
  return /\b(?:step|epoch|iter(?:ation)?|loss|acc(?:uracy)?)\b\s*[:= ]\s*[-+\d.]/i.test(line) || /^METRIC\b/.test(line);
}
