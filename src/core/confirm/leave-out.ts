/**
 * Takes a kept step out of the final: applies its diff in reverse.
 *
 * Never a guess: each hunk must be found in exactly one place. Fewer lines of context are tried, from 3 down to 0,
 * since a neighbouring step, such as one of the next knob, may have changed them.
 */
import { structuredPatch } from 'diff';

type Files = Readonly<Record<string, string>>;

export type LeftOut =
  | { readonly kind: 'left-out'; readonly files: Files }
  | { readonly kind: 'inseparable'; readonly file: string };

/** The final's files without the change that turned `before` into `after`. */
export function leaveOut(final: Files, before: Files, after: Files): LeftOut {
  const files = { ...final };
  for (const [file, content] of Object.entries(after)) {
    const earlier = before[file] ?? '';
    if (earlier === content) continue;
    const reverted = revert(final[file] ?? '', content, earlier);
    if (reverted === undefined) return { kind: 'inseparable', file };
    files[file] = reverted;
  }
  return { kind: 'left-out', files };
}

const maxContext = 3;

function revert(final: string, from: string, to: string): string | undefined {
  if (final === from) return to;
  for (let context = maxContext; context >= 0; context--) {
    const { hunks } = structuredPatch('', '', from, to, '', '', { context });
    const reverted = hunks.reduce<string[] | undefined>(
      (lines, hunk) => lines && replaceOnce(lines, linesOf(hunk.lines, '-'), linesOf(hunk.lines, '+')),
      final.split('\n'),
    );
    if (reverted) return reverted.join('\n');
  }
  return undefined;
}

/** The lines of a hunk on one side of it. */
function linesOf(lines: readonly string[], side: '-' | '+'): string[] {
  return lines.filter((line) => line.startsWith(' ') || line.startsWith(side)).map((line) => line.slice(1));
}

/** The block replaced where it is; undefined when it is nowhere, in several places, or empty. */
function replaceOnce(lines: readonly string[], block: readonly string[], by: readonly string[]): string[] | undefined {
  if (block.length === 0) return undefined;
  const starts = lines.flatMap((_, start) =>
    block.every((line, index) => lines[start + index] === line) ? [start] : [],
  );
  const [start] = starts;
  if (start === undefined || starts.length > 1) return undefined;
  return [...lines.slice(0, start), ...by, ...lines.slice(start + block.length)];
}
