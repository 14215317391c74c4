import { describe, expect, test } from 'vitest';
import { readToolCall } from '../../../src/core/llm/tool-schemas.ts';

const pair = { find: 'LR = 0.1', replace: 'LR = 0.2' };
const other = { find: 'DEPTH = 2', replace: 'DEPTH = 3' };

describe('the arguments of `edit` are understood when', () => {
  test.each([
    ['the list is a JSON string', { edits: JSON.stringify([pair]) }],
    ['the list is a fenced JSON string', { edits: `\`\`\`json\n${JSON.stringify([pair])}\n\`\`\`` }],
    ['the list is one object', { edits: pair }],
    ['the list is one object as a JSON string', { edits: JSON.stringify(pair) }],
    ['a pair is a JSON string', { edits: [JSON.stringify(pair)] }],
    ['the pair stands without a list', pair],
    ['the pair has names of other tools', { edits: [{ old_string: pair.find, new_string: pair.replace }] }],
    ['the pair stands alone under names of other tools', { old_str: pair.find, new_str: pair.replace }],
    ['all of it is wrapped', { arguments: { edits: [pair] } }],
    ['all of it is wrapped as a JSON string', { name: 'edit', input: JSON.stringify({ edits: [pair] }) }],
    ['other forms are null', { edits: [pair], diff: null, content: null }],
  ])('%s', (_, written) => {
    expect(readToolCall('edit', written)).toMatchObject({ kind: 'read', arguments: { edits: [pair] } });
  });

  test('keys that it does not have are there too: they are dropped and named', () => {
    const written = { edits: [{ ...pair, reason: 'x' }], explanation: 'raise it', confidence: 0.9 };
    expect(readToolCall('edit', written)).toEqual({
      kind: 'read',
      name: 'edit',
      arguments: { edits: [pair] },
      ignored: ['explanation', 'confidence'],
    });
  });

  test.each(['file', 'path', 'file_path', 'target_file'])('the file is called %s', (key) => {
    const reading = readToolCall('edit', { [key]: 'train.py', edits: [pair] });
    expect(reading).toMatchObject({ arguments: { file: 'train.py', edits: [pair] }, ignored: [] });
  });

  test('the list stands under the name of the file', () => {
    expect(readToolCall('edit', { edits: { 'train.py': [pair] } })).toMatchObject({
      arguments: { file: 'train.py', edits: [pair] },
    });
  });

  test('every pair names the same file', () => {
    const edits = [pair, other].map((each) => ({ ...each, path: 'model.py' }));
    expect(readToolCall('edit', { edits })).toMatchObject({
      arguments: { file: 'model.py', edits: [pair, other] },
    });
  });
});

describe('what is not plain is refused', () => {
  test.each([
    [
      'pairs of different files',
      {
        edits: [
          { ...pair, file: 'a.py' },
          { ...other, file: 'b.py' },
        ],
      },
    ],
    ['a pair of another file than the call’s', { file: 'a.py', edits: [{ ...pair, file: 'b.py' }] }],
    ['half a pair', { edits: [{ find: 'a' }] }],
    ['a list that is cut off', { edits: JSON.stringify([pair]).slice(0, -3) }],
    ['a list of numbers', { edits: [1, 2] }],
  ])('%s', (_, written) => {
    expect(readToolCall('edit', written).kind).toBe('refused');
  });
});

test.each([
  [{ experiment: '7' }, 7],
  [{ experiment: '#7' }, 7],
  [{ experiment: '7.0' }, 7],
])('the number %j is read', (written, experiment) => {
  expect(readToolCall('show_experiment', written)).toMatchObject({ arguments: { experiment } });
});

test.each([{ experiment: 'seven' }, { experiment: '7.5' }, { experiment: '' }, {}])('%j is no number', (written) => {
  expect(readToolCall('show_experiment', written).kind).toBe('refused');
});

test('a choice is read whatever its case, a title that is a number as text', () => {
  expect(readToolCall('list_experiments', { status: 'Kept', limit: '5' })).toMatchObject({
    arguments: { status: 'kept', limit: 5 },
  });
  const idea = { title: 3, hypothesis: 'h', expected_effect: '', kind: 'Knobs ' };
  expect(readToolCall('submit', idea)).toMatchObject({ arguments: { title: '3', kind: 'knobs' } });
});

test('a content that looks like JSON stays the text that it is', () => {
  const content = '{"edits": []}';
  expect(readToolCall('edit', { content })).toMatchObject({ arguments: { content } });
});
