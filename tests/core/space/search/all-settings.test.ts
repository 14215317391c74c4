import { expect, it } from 'vitest';
import { buildSpace } from '../../../../src/core/space/range/build-space.ts';
import { allSettings } from '../../../../src/core/space/search/all-settings.ts';
import { knob } from '../../../helpers/knob.ts';

function count(lines: readonly string[]): number | undefined {
  return allSettings(buildSpace(lines.map(knob), {}, 'program.md'))?.length;
}

it.each([
  [['A = 1  # space: int 1..3', 'B = True'], 5],
  [['A = 1  # space: int 1..3', 'B = 2  # space: pow2 2..16'], 11],
  [['A = (1, 2)  # space: (1..2, 2..4)'], 5],
  [['A = 0  # space: 0 or int 2..4'], 3],
  [['A = "x"  # space: choice x, y', 'B = True  # space: bool if A == y'], 2],
  [['A = 1.0  # space: 0..2'], undefined],
  [['A = 1  # space: int 1..300'], undefined],
])('%j has %s configurations beside the present one', (lines, others) => {
  expect(count(lines)).toBe(others);
});
