import { expect, test } from 'vitest';
import { checkTemplate, renderTemplate } from '../../../src/core/base/template.ts';

test('a value is put in as it is, whatever it contains', () => {
  const text = renderTemplate('ask.md', 'a {{one}} b {{ two }} c {{one}}\n', { one: '$& {{two}}', two: '$1' });
  expect(text).toBe('a $& {{two}} b $1 c $& {{two}}');
});

test.each([
  ['a name that is not offered', 'a {{one}} {{ohne}}', 'ask.md: {{ohne}} is no name that this prompt can use.'],
  ['a name that the text leaves out', 'a', 'ask.md: {{one}} is missing from it.'],
  ['braces around something else', 'a {{one}} {{One}}', 'ask.md: `{{One}}` is no name in double braces.'],
])('%s is an error that names the file and the name', (_, text, message) => {
  expect(() => checkTemplate('ask.md', text, ['one'])).toThrow(message);
});
