/** Both ends of every range of the libraries' tables are taken by the libraries that the test's Python has. */
import { execa } from 'execa';
import { expect, test } from 'vitest';
import type { LibraryParam } from '../../../../src/core/space/range/libraries/library-table.ts';
import { libraries } from '../../../../src/core/space/range/library-range.ts';
import { readRange } from '../../../../src/core/space/range/parse-range.ts';
import { enginePython } from '../../../helpers/engine-python.ts';

function endsOf(text: string) {
  const reading = readRange(text);
  if (reading.kind === 'refused' || reading.value.kind === 'tuple') throw new Error(`${text} is no range`);
  const range = reading.value;
  if (range.kind === 'choice') return { kind: 'choice', values: range.values };
  const hasZero = range.kind !== 'power-of-two' && range.zero;
  return { kind: range.kind, values: [...(hasZero ? [0] : []), range.low, range.high] };
}

function triedOf(param: LibraryParam) {
  if (typeof param === 'string') return [endsOf(param)];
  return 'left' in param ? [] : param.ranges.map(endsOf);
}

const tables = libraries.map(({ library, groups }) => ({
  library,
  groups: groups.map(({ of, params }) => ({
    of,
    params: Object.fromEntries(Object.entries(params).map(([name, param]) => [name, triedOf(param)])),
  })),
}));

test('the libraries take both ends of each range', async () => {
  const env = { KERAS_BACKEND: 'torch' };
  const { stdout } = await execa(enginePython(), ['tests/fixtures/check_library_ranges.py'], {
    input: JSON.stringify(tables),
    env,
  });
  const { refused, absent, tried } = JSON.parse(stdout);
  expect(refused).toEqual([]);
  expect(absent).not.toContain('sklearn');
  expect(absent).not.toContain('torch');
  expect(tried).toBeGreaterThan(400);
});
