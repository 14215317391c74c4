import { describe, expect, it } from 'vitest';
import type { Knob, KnobForm } from '../../../../src/core/space/knob.ts';
import { buildSpace, planKnobs, rebuildSpace } from '../../../../src/core/space/range/build-space.ts';

function knob(name: string, form: KnobForm, further: Partial<Knob> = {}): Knob {
  return { name, form, file: 'train.py', type: 'float', value: 0.1, text: '0.1', span: [0, 3], ...further };
}

function searched(knobs: readonly Knob[], declared: Readonly<Record<string, string>> = {}) {
  return buildSpace(knobs, declared, 'program.md').map((dimension) => dimension.knob.name);
}

const inside = [knob('AdamW.lr', 'argument'), knob('Dropout.p', 'argument')];

describe('where three knobs of the interface are searched', () => {
  it.each([
    ['constants', ['constant', 'constant', 'constant'] as const],
    ['flags, fields and variables', ['flag', 'field', 'variable'] as const],
  ])('arguments, entries and globals give way to %s', (_, forms) => {
    const named = forms.map((form, index) => knob(`lr_${index}`, form));
    const deeper = [...inside, knob('params.gamma', 'entry'), knob('rate', 'global')];
    expect(searched([...named, ...deeper])).toEqual(['lr_0', 'lr_1', 'lr_2']);
  });

  it('an argument that is the only learning rate does not', () => {
    const named = [1, 2, 3].map((index) => knob(`gamma_${index}`, 'flag'));
    expect(searched([...named, ...inside])).toEqual(['gamma_1', 'gamma_2', 'gamma_3', 'AdamW.lr']);
  });

  it('arguments give way to globals and entries', () => {
    const knobs = [knob('lr', 'global'), knob('params.gamma', 'entry'), knob('params.lr', 'entry'), ...inside];
    expect(searched(knobs)).toEqual(['lr', 'params.gamma', 'params.lr']);
  });

  it('one inside the code is searched in a range that is declared for it, by the brief or in a comment', () => {
    const named = [1, 2, 3].map((index) => knob(`lr_${index}`, 'flag'));
    const noted = knob('SGD.lr', 'argument', { annotation: '0..1' });
    expect(searched([...named, ...inside, noted], { 'Dropout.p': '0..0.5' })).toEqual([
      'lr_1',
      'lr_2',
      'lr_3',
      'Dropout.p',
      'SGD.lr',
    ]);
  });

  it('the plan says why, and that nothing else speaks against it', () => {
    const named = [1, 2, 3].map((index) => knob(`lr_${index}`, 'flag'));
    const [last] = planKnobs([...named, ...inside], {}, 'program.md').slice(-1);
    expect(last).toMatchObject({
      kind: 'still',
      isInside: true,
      why: 'the interface of the script is searched instead',
    });
  });
});

it('a class that is filled by its constructor alone is inside the code, one with a field that counts is not', () => {
  const still = 'GPTConfig(...) sets it in line 40';
  const fields = [
    knob('GPTConfig.width', 'field', { of: 'GPTConfig', still }),
    knob('Adam.lr', 'field', { of: 'Adam', still }),
    knob('Adam.gamma', 'field', { of: 'Adam' }),
  ];
  const named = [1, 2, 3].map((index) => knob(`LR_${index}`, 'constant'));
  const plans = planKnobs([...named, ...fields], {}, 'program.md');
  const told = plans.slice(3).map((plan) => [plan.knob.name, plan.kind === 'still' && plan.isInside, plan.kind]);
  expect(told).toEqual([
    ['GPTConfig.width', true, 'still'],
    ['Adam.lr', undefined, 'still'],
    ['Adam.gamma', false, 'searched'],
  ]);
});

it('two knobs of an interface, or three that are not searched, leave what is inside the code searched', () => {
  const two = [knob('lr', 'flag'), knob('LR', 'constant')];
  const still = [1, 2, 3].map((index) => knob(`lr_${index}`, 'flag', { still: '`train:` sets it' }));
  expect(searched([...two, ...still, ...inside])).toEqual(['lr', 'LR', 'AdamW.lr', 'Dropout.p']);
});

describe('a key of `space:`', () => {
  const knobs = [knob('AdamW.lr', 'argument'), knob('Config.gamma', 'field'), knob('rate', 'flag')];

  it.each([
    ['a whole name', 'AdamW.lr', 'AdamW.lr'],
    ['the last part', 'gamma', 'Config.gamma'],
    ['a plain name', 'rate', 'rate'],
  ])('names a knob by %s', (_, key, name) => {
    const plans = planKnobs(knobs, { [key]: '0..1' }, 'program.md');
    expect(plans.find((plan) => plan.knob.name === name)).toMatchObject({ origin: 'brief' });
    expect(rebuildSpace(knobs, { [key]: '0..0.5' }).find((each) => each.knob.name === name)?.range).toMatchObject({
      high: 0.5,
    });
  });

  it('that several knobs end in is one error that lists them', () => {
    const more = [...knobs, knob('SGD.lr', 'argument'), knob('AdamW.lr[2]', 'argument')];
    expect(() => planKnobs(more, { lr: '0..1' }, 'program.md')).toThrow(
      'program.md: `space.lr` may be any of AdamW.lr, SGD.lr, AdamW.lr[2]; expected the whole name of one',
    );
    expect(searched(more, { 'AdamW.lr[2]': '0..1' })).toContain('AdamW.lr[2]');
  });

  it('of both a whole and a short name goes by the whole one', () => {
    expect(rebuildSpace(knobs, { lr: '0..0.5', 'AdamW.lr': '0..0.7' })[0]?.range).toMatchObject({ high: 0.7 });
  });

  it('is refused under the name that is written', () => {
    expect(() => planKnobs(knobs, { gamma: '3..4' }, 'program.md')).toThrow('program.md: `space.gamma` must be');
  });
});

it('a condition names a knob by its last part too', () => {
  const knobs = [knob('AdamW.lr', 'argument'), knob('Config.gamma', 'field')];
  const [, gamma] = buildSpace(knobs, { gamma: '0..1 if lr > 0.05' }, 'program.md');
  expect(gamma?.when).toEqual([{ kind: 'compare', knob: 'AdamW.lr', file: 'train.py', sign: '>', bound: 0.05 }]);
});
