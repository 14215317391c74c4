import { expect, test } from 'vitest';
import { kindOfCall, patternOfKind } from '../../bench/kills/kind-of-call.ts';

test.each([
  'writeFile ./runs/night/0002/run-1/spec.json.967079b5-ee11-4715-8630-c9074a4ef146.part',
  'rename ./runs/night/object-858-7d465ce7fbc90f155039f334887d8822f5c1ff48 -> ./.git/objects/7d/465ce7fbc9',
])('calls on another run or object are of one kind: %s', (call) => {
  const other = call.replace('0002/run-1', '0013/run-2').replace('967079b5', '01234567').replaceAll('7d', 'a0');
  expect(kindOfCall(other)).toBe(kindOfCall(call));
});

test('half of a file is another kind than the file, and one tree another than the other', () => {
  const calls = ['writeFile ./a', 'writeFile, half written ./a', 'mkdir ./0001/run-1/work', 'mkdir ./0001/run-1/score'];
  expect(new Set(calls.map(kindOfCall)).size).toBe(4);
});

test('a kind matches its calls with whole paths, and no others', () => {
  const pattern = new RegExp(patternOfKind(kindOfCall('writeFile ./runs/night/0002/run-1/score/.git/HEAD')));
  expect(pattern.test('writeFile /tmp/a/project/runs/night/0001/run-3/score/.git/HEAD')).toBe(true);
  expect(pattern.test('writeFile, half written /tmp/a/project/runs/night/0001/run-3/score/.git/HEAD')).toBe(false);
  expect(pattern.test('writeFile /tmp/a/project/runs/night/0001/run-3/score/.git/HEAD.lock')).toBe(false);
});
