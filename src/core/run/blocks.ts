/**
 * The blocks of `key: value` lines in a log, each behind a line of exactly `---`.
 *
 * A progress bar that was left open may stand before the `---`, and a logger's prefix before any line.
 */
import { isOpenBar, withoutLogPrefix, withoutOpenBar } from './log-line.ts';

/** By key, its values as they are printed, in their order. */
export interface Block {
  readonly values: ReadonlyMap<string, readonly string[]>;
  /** Index of its last line. */
  readonly end: number;
}

/** The blocks that hold anything. */
export function blocksIn(lines: readonly string[]): readonly Block[] {
  const blocks: { values: Map<string, string[]>; end: number }[] = [];
  let isInside = false;
  for (const [index, raw] of lines.entries()) {
    const line = withoutLogPrefix(raw).trim();
    if (line === '---' || (/[^-]---$/.test(line) && isOpenBar(line.slice(0, -3)))) {
      blocks.push({ values: new Map(), end: index });
      isInside = true;
      continue;
    }
    const pair = isInside ? /^([^\s:=,|]+)\s*:(.*)$/.exec(withoutOpenBar(line).trim()) : null;
    if (!pair) {
      isInside &&= line === '';
      continue;
    }
    const [, key = '', value = ''] = pair;
    const block = blocks.at(-1);
    if (!block) continue;
    const printed = block.values.get(key);
    if (printed) printed.push(value.trim());
    else block.values.set(key, [value.trim()]);
    block.end = index;
  }
  return blocks.filter(({ values }) => values.size > 0);
}
