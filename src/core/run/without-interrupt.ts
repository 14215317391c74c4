/**
 * The log of a training that was interrupted when its budget was over, as it would have been a moment before.
 */

/**
 * Leaves out the tracebacks that end in a KeyboardInterrupt, whose source lines name the metric without a number, and a
 * last line that was cut off, since half a number reads like a number.
 */
export function withoutInterrupt(log: string): string {
  const whole = log.slice(0, Math.max(log.lastIndexOf('\n'), log.lastIndexOf('\r')) + 1);
  return whole.replace(tracebacks, (block, last: string) => (/^(\S+\.)?KeyboardInterrupt\b/.test(last) ? '' : block));
}

/** A traceback of Python: its head, its indented lines, and the line that names the exception. */
const tracebacks = /^[ \t]*Traceback \(most recent call last\):\r?\n(?:[ \t].*\n)*(.*)\n?/gm;
