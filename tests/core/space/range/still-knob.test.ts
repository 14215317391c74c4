import { expect, it } from 'vitest';
import type { Knob } from '../../../../src/core/space/knob.ts';
import { planKnobs } from '../../../../src/core/space/range/build-space.ts';
import { spaceRows } from '../../../../src/core/views/space-rows.ts';

const knob: Knob = {
  name: 'lr',
  file: 'train.py',
  type: 'float',
  value: 0.1,
  text: '0.1',
  span: [5, 8],
  form: 'flag',
  still: '`train:` sets it',
};

function rowOf(knob: Knob, declared: Readonly<Record<string, string>> = {}) {
  return spaceRows(
    { files: { 'train.py': 'lr = 0.1\n' }, knobs: [knob] },
    planKnobs([knob], declared, 'program.md'),
  )[0];
}

it('a knob whose reader knows that setting it does nothing is not searched, for that reason', () => {
  expect(rowOf(knob)).toMatchObject({ form: 'flag', range: null, from: 'not searched', why: '`train:` sets it' });
});

it('a range of the brief or of a comment searches it all the same', () => {
  expect(rowOf(knob, { lr: '0..1' })).toMatchObject({ range: 'float 0..1', from: 'brief' });
  expect(rowOf({ ...knob, annotation: '0..1' })).toMatchObject({ range: 'float 0..1', from: 'annotation' });
});

it('a knob without a form is a constant', () => {
  const { form: _form, still: _still, ...constant } = knob;
  expect(rowOf(constant)).toMatchObject({ form: 'constant', from: 'derived' });
});
