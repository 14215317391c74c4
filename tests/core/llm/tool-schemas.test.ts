import { expect, test } from 'vitest';
import { readToolCall, tools } from '../../../src/core/llm/tool-schemas.ts';

test('every tool is described as an object schema that takes no further names', () => {
  for (const { parameters } of tools) expect(parameters).toMatchObject({ type: 'object', additionalProperties: false });
});

test('null stands for an argument that is left out', () => {
  expect(readToolCall('read_file', { file: 'train.py', from: null, to: null })).toEqual({
    kind: 'read',
    name: 'read_file',
    arguments: { file: 'train.py' },
    ignored: [],
  });
});

test('an argument too many is ignored and told', () => {
  expect(readToolCall('read_notes', { all: true })).toMatchObject({ kind: 'read', ignored: ['all'] });
});

test.each([
  ['a missing argument', 'submit', { title: 't' }, /submit.*hypothesis/],
  ['arguments that are no object', 'check', undefined, /no JSON object/],
  ['a list', 'check', [1], /check/],
  ['a name that objects have anyway', 'constructor', {}, /There is no tool "constructor"/],
])('%s is refused with the reason', (_, name, raw, reason) => {
  expect(readToolCall(name, raw)).toMatchObject({ kind: 'refused', reason: expect.stringMatching(reason) });
});
