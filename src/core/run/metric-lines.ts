/**
 * The places in a log that say `METRIC name=value`, in mid-line and with blanks too.
 */
import { type Token, tokenAt } from './number-token.ts';

export interface MetricLine {
  readonly name: string;
  /** Index of its line. */
  readonly line: number;
  readonly token: Token;
}

/** All of them, in their order. */
export function metricLinesIn(lines: readonly string[]): readonly MetricLine[] {
  return lines.flatMap((text, line) =>
    [...text.matchAll(/(?<![\p{L}\p{N}_])METRIC\s+["']?([^\s:=,|"']+)["']?(?:\s*[:=]|(?=\s|$))/gu)].map(
      ({ 0: found, 1: name = '', index }) => ({
        name,
        line,
        token: tokenAt(text, index + found.length),
      }),
    ),
  );
}
