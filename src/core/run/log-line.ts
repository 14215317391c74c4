/**
 * Lines of a training log without what logging libraries, launchers and open progress bars put before them.
 */

const prefixes = [
  // 2026-11-29 06:14:10,123 or [2026-11-29T06:14:10Z] or 06:14:10.123, with what may close or follow it
  /^[[(]?(?:\d{4}[-/]\d\d[-/]\d\d(?:[T ]|\s-\s))?\d\d:\d\d:\d\d(?:[.,]\d+)?(?:Z|[+-]\d\d:?\d\d)?[\])]?\s*(?:[|:-]\s+)?/,
  // INFO, [INFO], INFO:root:, | INFO     |, with a module behind it
  /^(?:\|\s*)?\[?(?:DEBUG|INFO|WARNING|WARN|ERROR|CRITICAL|SUCCESS|TRACE|NOTICE)\]?(?::[\w.]+:|\s*\|\s*[\w.<>]+:[\w.<>]+:\d+\s+-\s|\s+[\w.]+:\d+\s+-?|\s+[\w.]+:\s|\s*[|:-]|(?=\s))\s*/,
  // [rank0]: or (train pid=4711) or [1,0]<stdout>: or wandb: or trainer-1  |
  /^(?:\[(?:rank)?\d+(?:,\d+)?\](?:<std(?:out|err)>)?:|\([\w. -]*\bpid=\d+[^)]*\)|wandb:|[\w.-]+\s+\|(?=\s))\s*/,
  // [INFO|trainer.py:412] 2026-…
  /^\[(?:DEBUG|INFO|WARNING|ERROR|CRITICAL)\|[^\]]*\]\s*/,
  /^\[[\w.]+\]\s*(?:\[(?:DEBUG|INFO|WARNING|ERROR|CRITICAL)\]\s*)?-\s+/,
] as const;

/** The line without the time, level, module, rank or process that a logger puts before it; its indentation stays. */
export function withoutLogPrefix(line: string): string {
  let rest = line;
  for (let removed = 0; removed < 4; removed++) {
    const before = rest;
    for (const prefix of prefixes) rest = rest.replace(prefix, '');
    if (rest === before) break;
  }
  return rest;
}

const barSigns = /\d%|\d+\/\d+|\bit\/s|\bs\/it|\bETA\b|[█▉▊▋▌▍▎▏━╸╺─⠋]|\[[=>#. -]{4,}\]/u;

/** Whether the text is a progress bar, or the dots of one, that was left open. */
export function isOpenBar(text: string): boolean {
  return barSigns.test(text) || /^[.\s]+$/.test(text);
}

/** The line without a progress bar that was left open at its beginning, as tqdm prints them. */
export function withoutOpenBar(line: string): string {
  const at = Math.max(line.lastIndexOf('it/s'), line.lastIndexOf('s/it'));
  if (at === -1 || !(line.includes('%|') || /\dit \[/.test(line))) return line;
  const close = line.indexOf(']', at);
  return close === -1 ? line : line.slice(close + 1);
}
