/** Slips of every kind on every block of a real script: an edit is applied as it was meant, or not at all. */
import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { createRandom } from '../../../src/core/base/random.ts';
import { editDraft } from '../../../src/core/edits/draft.ts';

const train = readFileSync('sandbox/tiny/train.py', 'utf8');
const lines = train.split('\n');

const onLines = (change: (line: string, index: number) => string) => (text: string) =>
  text.split('\n').map(change).join('\n');
const minIndent = (text: string) =>
  Math.min(
    ...text
      .split('\n')
      .filter((line) => line.trim())
      .map((line) => line.search(/\S/)),
  );

/** What a model does to both texts of a pair. */
const slips: Readonly<Record<string, (text: string) => string>> = {
  'nothing amiss': (text) => text,
  'dedented to the margin': (text) => onLines((line) => line.slice(minIndent(text)))(text),
  'indented once more': onLines((line) => (line.trim() === '' ? line : `    ${line}`)),
  'first indentation lost': (text) => text.trimStart(),
  'all indentation lost': onLines((line) => line.trimStart()),
  'trailing blanks': onLines((line) => `${line}  `),
  'blanks squeezed': onLines((line) => line.replace(/(\S) +/g, '$1 ')),
  fenced: (text) => `\`\`\`python\n${text}\n\`\`\``,
  CRLF: (text) => text.replaceAll('\n', '\r\n'),
  'an extra line end': (text) => `${text}\n`,
  tabs: onLines((line) => line.replace(/^( {4})+/, (blanks) => '\t'.repeat(blanks.length / 4))),
};

/**
 * The code without blank lines, trailing blanks and repeated inner blanks: what may differ after a slip with blanks.
 */
const codeOf = (text: string) =>
  text
    .split('\n')
    .map((line) => line.trimEnd().replace(/(\S) +/g, '$1 '))
    .filter((line) => line !== '')
    .join('\n');

const sides = { both: [true, true], 'the quotation': [true, false], 'the replacement': [false, true] } as const;
const sum = { applied: 0, refused: 0 };

/**
 * An exact quotation whose replacement has more indentation is applied as written: it does not show that it is a slip.
 */
const isLiteral = (name: string, side: string) => name === 'indented once more' && side === 'the replacement';
const cases = Object.keys(slips)
  .flatMap((name) => Object.keys(sides).map((side) => [name, side as keyof typeof sides] as const))
  .filter(([name, side]) => !isLiteral(name, side));

test.each(cases)('%s in %s: each edit is as it was meant, or refused', (name, side) => {
  const slip = slips[name] as (text: string) => string;
  const random = createRandom(name);
  const tally = { applied: 0, refused: 0 };
  for (let round = 0; round < 400; round++) {
    const first = random.whole(0, lines.length - 2);
    const block = lines.slice(first, first + random.whole(1, 5));
    if (block[0]?.trim() === '' || block.at(-1)?.trim() === '') continue;
    const at = random.whole(0, block.length - 1);
    if (block[at]?.trim() === '') continue;
    const wanted = editOf(block, random.whole(0, 3), at);
    const meant = [...lines.slice(0, first), ...wanted, ...lines.slice(first + block.length)].join('\n');
    const [isFindSlipped, isReplaceSlipped] = sides[side];
    const [find, replace] = [block.join('\n'), wanted.join('\n')];
    const pair = { find: isFindSlipped ? slip(find) : find, replace: isReplaceSlipped ? slip(replace) : replace };
    const edited = editDraft({ 'train.py': train }, { file: 'train.py', edits: [pair] }, '.');
    if (edited.kind === 'refused') tally.refused += 1;
    else {
      tally.applied += 1;
      const context = `${JSON.stringify(pair, null, 1)}\nbecame\n${edited.note}`;
      expect(codeOf(edited.files['train.py'] ?? ''), context).toBe(codeOf(meant));
    }
  }
  sum.applied += tally.applied;
  sum.refused += tally.refused;
  if (side === 'both' && name !== 'all indentation lost') expect(tally.applied).toBeGreaterThan(tally.refused);
});

test('in all of them together none was applied wrongly', () => {
  process.stdout.write(`slips: applied as meant ${sum.applied}, refused ${sum.refused}, wrong 0\n`);
  expect(sum.applied).toBeGreaterThan(2 * sum.refused);
});

/** A line changed, doubled, put into a block, or taken out. */
function editOf(block: readonly string[], kind: number, at: number): string[] {
  const line = block[at] as string;
  const indent = line.slice(0, line.search(/\S|$/));
  const changed = [`${line}  # changed`, `${indent}extra = 1`, `${indent}if True:`, ''][kind] as string;
  const [before, after] = [block.slice(0, at), block.slice(at + 1)];
  if (kind === 0) return [...before, changed, ...after];
  if (kind === 1)
    return /[:({[,]$/.test(line.trim()) ? [...before, changed, line, ...after] : [...before, line, changed, ...after];
  if (kind === 2 && line.trim() !== '') return [...before, changed, `    ${line}`, ...after];
  // Removing only the first line of a block would break the code, which no model means.
  return at > 0 ? [...before, ...after] : block.length === 1 ? [changed] : [`${line}  # changed`, ...after];
}
