import { describe, expect, it } from 'vitest';
import { parseBrief } from '../../../src/core/brief/parse-brief.ts';
import { writeSpace } from '../../../src/core/brief/write-space.ts';

const ranges = { LR: 'log 0.01..1', MODE: 'choice a, "b, c"', DROP: 'float 0..0.5 if MODE != a' };

function written(text: string): string {
  const reading = writeSpace(text, ranges);
  if (reading.kind === 'refused') throw new Error(reading.expected);
  return reading.value;
}

const block = '  LR: log 0.01..1\n  MODE: choice a, "b, c"\n  DROP: float 0..0.5 if MODE != a\n';
const flow = 'LR: "log 0.01..1", MODE: "choice a, \\"b, c\\"", DROP: "float 0..0.5 if MODE != a"';

describe('ranges are written into a brief, and nothing else changes', () => {
  it.each([
    [
      'without a space',
      '---\nmetric: loss  # c\n---\nProse\n---\nmore',
      ['---\nmetric: loss  # c\n', `space:\n${block}`, '---\nProse\n---\nmore'],
    ],
    [
      'with a block',
      '---\nspace:\n  X: int 1..2  # x\n\n# next\nmetric: loss\n---\n',
      ['---\nspace:\n  X: int 1..2  # x\n', block, '\n# next\nmetric: loss\n---\n'],
    ],
    [
      'with a block at the end',
      '---\nmetric: loss\nspace:\n    X: int 1..2\n---\n',
      [
        '---\nmetric: loss\nspace:\n    X: int 1..2\n',
        block.replaceAll('  LR', '    LR').replaceAll('  MODE:', '    MODE:').replaceAll('  DROP', '    DROP'),
        '---\n',
      ],
    ],
    [
      'with braces',
      '---\nspace: { X: int 1..2 }  # c\nmetric: loss\n---\n',
      ['---\nspace: { X: int 1..2', `, ${flow}`, ' }  # c\nmetric: loss\n---\n'],
    ],
    [
      'with braces over lines',
      '---\nspace: {\n  X: int 1..2,\n}\nmetric: loss\n---\n',
      ['---\nspace: {\n  X: int 1..2,', ` ${flow}`, '\n}\nmetric: loss\n---\n'],
    ],
    [
      'with empty braces',
      '---\nspace: {}\nmetric: loss\n---\n',
      ['---\nspace: {', ` ${flow} `, '}\nmetric: loss\n---\n'],
    ],
    [
      'behind blank lines and a byte order mark',
      '\uFEFF\n---\nmetric: loss\n---\nP',
      ['\uFEFF\n---\nmetric: loss\n', `space:\n${block}`, '---\nP'],
    ],
    [
      'with Windows line ends',
      '---\r\nmetric: loss\r\n---\r\nP\r\n',
      ['---\r\nmetric: loss\r\n', `space:\r\n${block.replaceAll('\n', '\r\n')}`, '---\r\nP\r\n'],
    ],
  ])('%s', (_, text, [before, inserted, after]) => {
    const result = written(text);
    expect(result).toBe(`${before}${inserted}${after}`);
    const { space, ...rest } = parseBrief(result, 'program.md');
    const { space: old, ...others } = parseBrief(text, 'program.md');
    expect(rest).toEqual(others);
    expect(space).toEqual({ ...old, ...ranges });
  });

  it.each([
    ['no front matter', '# Prose'],
    ['an empty space', '---\nspace:\nmetric: loss\n---\n'],
    ['a comment between braces', '---\nspace: { # c\n X: int 1..2 }\nmetric: loss\n---\n'],
  ])('a brief with %s is refused', (_, text) => {
    expect(writeSpace(text, ranges).kind).toBe('refused');
  });
});

it('a name with brackets is put in quotes', () => {
  const text = (space: string) => `---\nmetric: loss\n${space}---\nProse\n`;
  const added = { 'layers[0].w': 'int 1..2', 'optimizer.lr': 'log 1..2' };
  const of = (space: string) => {
    const reading = writeSpace(text(space), added);
    return reading.kind === 'read' ? parseBrief(reading.value, 'program.md').space : reading;
  };
  expect(of('')).toEqual(added);
  expect(of('space: { X: int 1..2 }\n')).toEqual({ X: 'int 1..2', ...added });
});
