import { expect, it } from 'vitest';
import { keepFileForm } from '../../../src/core/edits/keep-file-form.ts';

it.each([
  ['an edit of a text without carriage returns stays as it is', 'a\nb\n', 'a\nc\n', 'a\nc\n'],
  [
    'lines of a Windows text stay so when all ends were rewritten',
    'a\r\nb\r\nc\r\n',
    'a\nx\ny\nc\n',
    'a\r\nx\r\ny\r\nc\r\n',
  ],
  ['a line that became a Windows line among others does not', 'a\nb\n', 'a\r\nx\r\nb\r\n', 'a\nx\nb\n'],
  ['each unchanged line of a mixed text keeps its own end', 'a\r\nb\nc\r\nd\n', 'a\nb\nx\nd\n', 'a\r\nb\nx\r\nd\n'],
  ['a last line may go without an end', 'a\r\nb\r\n', 'a\nb', 'a\r\nb'],
  ['what follows a last line without an end stands on its own line', 'a\r\nb', 'a\nb\nc\n', 'a\r\nb\r\nc\r\n'],
  ['a line that was put first ends like the others', 'a\r\nb\r\n', 'x\na\nb\n', 'x\r\na\r\nb\r\n'],
  ['a byte order mark that was lost comes back', '\uFEFFa\n', 'b\n', '\uFEFFb\n'],
  ['an emptied text is empty', 'a\r\n', '', ''],
])('%s', (_, before, edited, kept) => {
  expect(keepFileForm(before, edited)).toBe(kept);
});

it('a text that was written anew has the ends that most lines had, in a moment', () => {
  const before = Array.from({ length: 4000 }, (_, line) => `old ${line}\r\n`).join('');
  const edited = Array.from({ length: 4000 }, (_, line) => `new ${line}\n`).join('');
  expect(keepFileForm(before, edited)).toBe(edited.replaceAll('\n', '\r\n'));
});
