import { expect, test } from 'vitest';
import { editsOfDraft } from '../../../src/core/edits/draft-edits.ts';
import { applyEdits } from '../../../src/core/proposal/patch.ts';
import type { Knob } from '../../../src/core/space/knob.ts';

const text = 'LR = 0.1    # é step\nDEPTH = 2\n\n\ndef f(x):\n    return x\n\n\ndef g(x):\n    return x\n';

/** The knobs of lines such as `LR = 0.1`, with byte spans as Python counts them. */
function knobsOf(content: string): Knob[] {
  return [...content.matchAll(/^([A-Z]+) = ([\d.]+)/gm)].map((match) => {
    const start = new TextEncoder().encode(content.slice(0, match.index + `${match[1]} = `.length)).length;
    const literal = match[2] as string;
    const type = literal.includes('.') ? 'float' : 'int';
    return {
      name: match[1] as string,
      file: 'train.py',
      type,
      value: Number(literal),
      text: literal,
      span: [start, start + literal.length],
    };
  });
}

const source = { files: { 'train.py': text }, knobs: knobsOf(text) };

test('a draft that only sets knobs becomes set-knob edits', () => {
  const draft = text.replace('0.1    #', '0.25   #').replace('DEPTH = 2', 'DEPTH = 4');
  expect(editsOfDraft(source, { 'train.py': draft }, knobsOf(draft))).toEqual({
    kind: 'knobs',
    edits: [
      { kind: 'set-knob', file: 'train.py', knob: 'LR', to: 0.25 },
      { kind: 'set-knob', file: 'train.py', knob: 'DEPTH', to: 4 },
    ],
  });
});

test('a knob that changes its type is code', () => {
  const draft = text.replace('DEPTH = 2', 'DEPTH = 2.5');
  expect(editsOfDraft(source, { 'train.py': draft }, knobsOf(draft)).kind).toBe('code');
});

test.each([
  ['one line of two alike functions', text.replace('def g(x):\n    return x', 'def g(x):\n    return 2 * x')],
  ['two places', text.replace('0.1', '0.3').replace('def f(x):\n    return x', 'def f(x):\n    return -x')],
  ['an insertion at the start', `import os\n${text}`],
  ['an insertion at the end', `${text}\nprint("done")\n`],
  ['a removed line end at the end', text.trimEnd()],
  ['everything', 'pass\n'],
  ['CRLF line ends', text.replaceAll('\n', '\r\n')],
])('the edits of a code draft make exactly that draft: %s', (_, draft) => {
  const { kind, edits } = editsOfDraft(source, { 'train.py': draft }, []);
  expect(kind).toBe('code');
  expect(applyEdits(source, edits)).toEqual({ kind: 'patched', files: { 'train.py': draft } });
});

test('a small change is quoted, not written as a whole file', () => {
  const draft = text.replace('def g(x):\n    return x', 'def g(x):\n    return 2 * x');
  const [edit, ...others] = editsOfDraft(source, { 'train.py': draft }, []).edits;
  expect(others).toEqual([]);
  expect(edit).toMatchObject({ kind: 'replace', find: expect.stringContaining('def g(x):') });
});
