import { describe, expect, test } from 'vitest';
import { readLenientObject } from '../../../src/core/edits/lenient-json.ts';

const written = { find: 'a\n\tb "c" \\d', replace: '`$&`, ] }', n: [1, { x: ',}' }] };
const plain = JSON.stringify(written);

describe('the same object is read', () => {
  test.each([
    ['plain', plain],
    ['with room around it', `\n  ${plain}\n`],
    ['fenced', `\`\`\`json\n${plain}\n\`\`\``],
    ['fenced without a language', `\`\`\`\n${plain}\n\`\`\``],
    ['fenced with tildes', `~~~JSON\n${plain}\n~~~`],
    ['as a string', JSON.stringify(plain)],
    ['as a fenced string', JSON.stringify(`\`\`\`json\n${plain}\n\`\`\``)],
    ['with raw lines and tabs in its strings', plain.replaceAll('\\n', '\n').replaceAll('\\t', '\t')],
    ['with a comma too many', `${plain.slice(0, -2)},],}`],
    ['over several lines with commas too many', JSON.stringify(written, null, 2).replace(/\n}$/, ',\n}')],
  ])('%s', (_, text) => {
    expect(readLenientObject(text)).toEqual(written);
  });
});

test.each([
  '',
  '[1]',
  '"text"',
  'null',
  '12',
  'true',
  '{"find": "LR',
  `${plain}${plain}`,
  `Sure: ${plain}`,
  "{'a': 1}",
])('%s is no object', (text) => {
  expect(readLenientObject(text)).toBeUndefined();
});
