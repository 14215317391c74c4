/**
 * Edits in the styles of eight kinds of model, on real scripts: what an exact form says is what the file becomes, and
 * what `read_file` shows can be quoted back.
 */
import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { createRandom, type Random } from '../../../src/core/base/random.ts';
import { type EditRequest, editDraft } from '../../../src/core/edits/draft.ts';
import { findEmptyBlock } from '../../../src/core/edits/reindent.ts';
import { readLines } from '../../../src/core/llm/read-lines.ts';

const scripts = ['sandbox/gpt/train.py', 'sandbox/tiny/train.py', 'sandbox/gpt/prepare.py', 'sandbox/gpt/score.py'].map(
  (file) => readFileSync(file, 'utf8'),
);

/** What a model means: these lines of the file become those. */
interface Meant {
  readonly own: string;
  readonly first: number;
  readonly before: readonly string[];
  readonly after: readonly string[];
}

type Render = (meant: Meant, random: Random) => EditRequest | undefined;

const pair = (find: string, replace: string): EditRequest => ({ file: 'train.py', edits: [{ find, replace }] });
const blockOf = (lines: readonly string[]) => lines.join('\n');
const minIndentOf = (lines: readonly string[]) =>
  Math.min(...lines.filter((line) => line.trim() !== '').map((line) => line.search(/\S/)));
const contextOf = ({ own, first, before }: Meant, size: number) => {
  const lines = own.split('\n');
  return {
    above: lines.slice(Math.max(0, first - size), first),
    below: lines.slice(first + before.length, first + before.length + size),
  };
};
const hunkOf = (meant: Meant, size: number) => {
  const { above, below } = contextOf(meant, size);
  return [
    ...above.map((line) => ` ${line}`),
    ...meant.before.map((line) => `-${line}`),
    ...meant.after.map((line) => `+${line}`),
    ...below.map((line) => ` ${line}`),
  ];
};
const wholeOf = ({ own, first, before, after }: Meant) => {
  const lines = own.split('\n');
  return [...lines.slice(0, first), ...after, ...lines.slice(first + before.length)].join('\n');
};
/** As `read_file` shows these lines. */
const shown = (lines: readonly string[], first: number) =>
  readLines([...Array(first).fill(''), ...lines].join('\n'), first + 1);
const bare = (text: string) => text.replace(/[ \t]+$/gm, '');

/** Forms that say exactly what is meant, one list for each kind of model. */
const exact: Readonly<Record<string, readonly Render[]>> = {
  'str_replace, as Claude': [
    ({ before, after }) => pair(blockOf(before), blockOf(after)),
    ({ before, after }) => pair(`${blockOf(before)}\n`, `${blockOf(after)}\n`),
    ({ before, after }) => pair(`\n${blockOf(before)}\n`, `\n${blockOf(after)}\n`),
    ({ own, before, after }) =>
      own.includes('\r') ? undefined : pair(blockOf(before).replaceAll('\n', '\r\n'), blockOf(after)),
  ],
  'Begin Patch, as GPT': [
    (meant) => ({
      file: 'train.py',
      diff: ['*** Begin Patch', '*** Update File: train.py', '@@', ...hunkOf(meant, 3), '*** End Patch'].join('\n'),
    }),
    (meant) => ({
      diff: [
        '*** Begin Patch',
        '*** Update File: ./train.py',
        '@@ def main():',
        ...hunkOf(meant, 2),
        '*** End Patch',
      ].join('\n'),
    }),
  ],
  'unified diff with wrong counts, as Gemini': [
    (meant, random) => ({
      file: 'train.py',
      diff: ['--- a/train.py', '+++ b/train.py', `@@ -${random.whole(1, 99)},9 +1,7 @@`, ...hunkOf(meant, 3)].join(
        '\n',
      ),
    }),
    (meant) => ({ content: ['```diff', `@@ -${meant.first + 1},2 +1,2 @@`, ...hunkOf(meant, 3), '```'].join('\n') }),
  ],
  'SEARCH/REPLACE, as DeepSeek': [
    ({ before, after }) => ({
      content: ['<<<<<<< SEARCH', ...before, '=======', ...after, '>>>>>>> REPLACE'].join('\n'),
    }),
    ({ before, after }) => ({
      diff: ['train.py', '```python', '<<<<<<< SEARCH', ...before, '=======', ...after, '>>>>>>> REPLACE', '```'].join(
        '\n',
      ),
    }),
  ],
  'whole file, as Mistral': [
    (meant) => ({ content: `\`\`\`python\n${wholeOf(meant)}\`\`\`` }),
    (meant) => ({ file: 'train.py', content: `Here is the updated file:\n\n\`\`\`\n${wholeOf(meant)}\`\`\`\n` }),
    (meant) => ({ content: wholeOf(meant), edits: [], diff: '' }),
    (meant) => ({ content: readLines(wholeOf(meant).replace(/\n$/, '')) }),
  ],
  'fenced, as a small model': [
    ({ before, after }) => pair(`\`\`\`python\n${blockOf(before)}\n\`\`\``, `\`\`\`python\n${blockOf(after)}\n\`\`\``),
    ({ before, after }) => pair(blockOf(before), `\`\`\`\n${blockOf(after)}\n\`\`\``),
  ],
};

/** The lines as a tool of this program shows them, numbers and all. */
const numbered: readonly Render[] = [
  ({ before, after, first }) => pair(shown(before, first), shown(after, first)),
  ({ before, after, first }) => pair(bare(shown(before, first)), bare(shown(after, first))),
  ({ before, after, first }) => pair(shown(before, first).trim(), shown(after, first).trim()),
  ({ before, after, first }) => pair(shown(before, first), blockOf(after)),
  ({ before, after, first }) => pair(`${shown(before, first)}\n`, `${shown(after, first)}\n`),
  ({ before, after, first }) =>
    pair(`\`\`\`\n${shown(before, first)}\n\`\`\``, `\`\`\`\n${shown(after, first)}\n\`\`\``),
  ({ before, after, first }) => ({
    diff: ['<<<<<<< SEARCH', shown(before, first), '=======', shown(after, first), '>>>>>>> REPLACE'].join('\n'),
  }),
  ({ before, after, first }) => ({
    diff: [
      '@@',
      ...shown(before, first)
        .split('\n')
        .map((line) => `-${line}`),
      ...shown(after, first)
        .split('\n')
        .map((line) => `+${line}`),
    ].join('\n'),
  }),
];

/** Indentation dropped, in one of the texts or in both. */
const dropped: readonly Render[] = [
  ({ before, after }) => {
    const indent = Math.min(minIndentOf(before), minIndentOf(after));
    const dedent = (lines: readonly string[]) => blockOf(lines.map((line) => line.slice(indent)));
    return pair(dedent(before), dedent(after));
  },
  ({ before, after }) => pair(blockOf(before).trimStart(), blockOf(after).trimStart()),
  ({ before, after }) => pair(blockOf(before).trimStart(), blockOf(after)),
  ({ before, after }) => pair(blockOf(before), blockOf(after).trimStart()),
  ({ before, after }) => {
    const strip = (lines: readonly string[]) => blockOf(lines.map((line) => line.trimStart()));
    return pair(strip(before), strip(after));
  },
  ({ before, after }) => pair(blockOf(before.map((line) => line.trimStart())), blockOf(after)),
];

const rounds = 260;

test.each(Object.keys(exact))('%s: an exact form is applied as it was meant, or refused', (style) => {
  const tally = tallyOf(style, exact[style] ?? []);
  expect(tally.wrong).toEqual([]);
  expect(tally.applied).toBeGreaterThan(4 * tally.refused);
});

test('lines quoted as read_file shows them are edited, all of them', () => {
  const tally = tallyOf('numbered', numbered);
  expect(tally.wrong).toEqual([]);
  expect(tally.reasons.filter((reason) => !/is in the file \d+ times/.test(reason))).toEqual([]);
});

test('dropped indentation gives a wrong program in at most 2 of 1,000 edits', () => {
  const tally = tallyOf('dropped indentation', dropped, 1000);
  expect(tally.wrong.length).toBeLessThanOrEqual(0.002 * (tally.applied + tally.refused));
  expect(tally.applied).toBeGreaterThan(tally.refused);
});

test('numbers that are no line numbers stay', () => {
  const own = 'A = 3\nB = 5 * A\nC = [\n    1, 2,\n    3, 4,\n]\n';
  const textOf = (find: string, replace: string) => {
    const edited = editDraft({ 'train.py': own }, pair(find, replace), '.');
    return edited.kind === 'edited' ? edited.files['train.py'] : edited.feedback;
  };
  expect(textOf('    1, 2,', '    1, 9,')).toContain('    1, 9,');
  expect(textOf('    1,  2,', '    1, 9,')).not.toMatch(/^ {4}9,$/m);
  expect(textOf('2 * A', '4 * A')).toMatch(/not in the file/);
  expect(textOf('A = 3', '    1  A = 4')).toMatch(/line number/);
  expect(textOf('    1  A = 3\n    2  B = 5 * A', '    1  A = 4\nB = 6 * A')).toMatch(/line number/);
});

interface Tally {
  readonly applied: number;
  readonly refused: number;
  readonly wrong: readonly string[];
  readonly reasons: readonly string[];
}

function tallyOf(style: string, renders: readonly Render[], count = rounds): Tally {
  const random = createRandom(style);
  const tally = { applied: 0, refused: 0, wrong: [] as string[], reasons: [] as string[] };
  while (tally.applied + tally.refused < count) {
    const meant = meantBy(random);
    const request = meant && renders[random.whole(0, renders.length - 1)]?.(meant, random);
    if (!meant || !request) continue;
    const edited = editDraft({ 'train.py': meant.own }, request, '.');
    if (edited.kind === 'refused') {
      tally.refused += 1;
      tally.reasons.push(edited.feedback);
    } else {
      tally.applied += 1;
      if (codeOf(edited.files['train.py'] ?? '') !== codeOf(wholeOf(meant)))
        tally.wrong.push(`${JSON.stringify(request, null, 1)}\nbecame\n${edited.note}`);
    }
  }
  process.stdout.write(
    `${style}: applied as meant ${tally.applied - tally.wrong.length}, refused ${tally.refused}, wrong ${tally.wrong.length}\n`,
  );
  return tally;
}

/** Blank lines at the ends of a quotation mean nothing. */
const codeOf = (text: string) =>
  text
    .split('\n')
    .map((line) => line.trimEnd())
    .filter((line) => line !== '')
    .join('\n');

/** A block of one to six lines with a line changed, added, taken out, put into a block, or moved; undefined for a bad draw. */
function meantBy(random: Random): Meant | undefined {
  const own = scripts[random.whole(0, scripts.length - 1)] as string;
  const lines = own.replace(/\n$/, '').split('\n');
  const first = random.whole(0, lines.length - 7);
  const before = lines.slice(first, first + random.whole(1, 6));
  if (before[0]?.trim() === '' || before.at(-1)?.trim() === '') return undefined;
  const at = random.whole(0, before.length - 1);
  const line = before[at] as string;
  if (line.trim() === '') return undefined;
  const indent = line.slice(0, line.search(/\S|$/));
  const [head, tail] = [before.slice(0, at), before.slice(at + 1)];
  const opens = /[:({[,]\s*(?:#.*)?$/.test(line.trim());
  const afters: readonly (readonly string[] | undefined)[] = [
    [...head, line.replace(/\d+/, '77').replace(/True/, 'False'), ...tail],
    [...head, `${line}  # was tuned`, ...tail],
    opens ? [...head, `${indent}extra = 1`, line, ...tail] : [...head, line, `${indent}extra = 1`, ...tail],
    [...head, `${indent}if extra:`, `    ${line}`, ...tail],
    at > 0 && !opens ? [...head, ...tail] : undefined,
    opens ? undefined : [...head, `${indent}for _ in range(2):`, `    ${line}`, `${indent}    pass`, ...tail],
    opens ? undefined : [...head, line, '', `${indent}second = 2`, ...tail],
  ];
  const after = afters[random.whole(0, afters.length - 1)];
  if (after === undefined || blockOf(after) === blockOf(before)) return undefined;
  const meant = { own, first, before, after };
  // A block without a line in it is refused whatever the form.
  return findEmptyBlock(wholeOf(meant)) === undefined ? meant : undefined;
}
