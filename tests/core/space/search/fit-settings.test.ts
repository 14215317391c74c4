import { describe, expect, it } from 'vitest';
import { createRandom } from '../../../../src/core/base/random.ts';
import { constrainSpace } from '../../../../src/core/space/constraint/constrain-space.ts';
import { brokenByCode, brokenBySettings } from '../../../../src/core/space/constraint/constraint.ts';
import type { Constraint, Expression, Source, Space } from '../../../../src/core/space/knob.ts';
import { buildSpace } from '../../../../src/core/space/range/build-space.ts';
import { rangeContains } from '../../../../src/core/space/range/range-contains.ts';
import { allSettings } from '../../../../src/core/space/search/all-settings.ts';
import { drawSettings } from '../../../../src/core/space/search/draw-settings.ts';
import { bindingIn, brokenIn, fitSettings } from '../../../../src/core/space/search/fit-settings.ts';
import { knob } from '../../../helpers/knob.ts';

const at = (name: string): Expression => ({ knob: name, file: 'train.py' });
const of = (operator: string, ...operands: readonly Expression[]): Expression => ({ operator, of: operands });
const divides = (divisor: Expression, divided: Expression): Constraint => ({
  ...{ file: 'train.py', line: 9, text: 'assert A % B == 0', isSure: true },
  holds: of('==', of('%', divided, divisor), 0),
});

function spaceOf(lines: readonly string[], constraints: readonly Constraint[], declared = {}): Space {
  const knobs = lines.map(knob);
  return constrainSpace(buildSpace(knobs, declared, 'program.md'), { knobs, constraints });
}

function fitted(space: Space, wanted: Readonly<Record<string, number>>): Record<string, unknown> {
  const settings = Object.entries(wanted).map(([name, to]) => {
    const dimension = space.find((each) => each.knob.name === name);
    if (dimension === undefined) throw new Error(`${name} is not searched`);
    return { dimension, to };
  });
  return Object.fromEntries(fitSettings(space, settings).map(({ dimension, to }) => [dimension.knob.name, to]));
}

describe('settings that break a constraint', () => {
  const batch = ['TOTAL_BATCH = 2**19', 'DEVICE_BATCH = 128', 'LR = 0.1'];
  const space = spaceOf(batch, [divides(of('*', at('DEVICE_BATCH'), 2048), at('TOTAL_BATCH'))]);

  it('are left as they are where they break none', () => {
    expect(fitted(space, { TOTAL_BATCH: 2 ** 18, LR: 0.2 })).toEqual({ TOTAL_BATCH: 2 ** 18, LR: 0.2 });
  });

  it('are moved to the nearest that meet it, other settings staying', () => {
    expect(fitted(space, { DEVICE_BATCH: 1024, LR: 0.2 })).toEqual({ DEVICE_BATCH: 256, LR: 0.2 });
    expect(fitted(space, { TOTAL_BATCH: 2 ** 16, DEVICE_BATCH: 64 })).toEqual({
      TOTAL_BATCH: 2 ** 17,
      DEVICE_BATCH: 64,
    });
  });

  it('turn a partner rather than be taken back', () => {
    const two = spaceOf(batch, [divides(of('*', at('DEVICE_BATCH'), 2048), at('TOTAL_BATCH'))], {
      TOTAL_BATCH: `choice ${2 ** 17}, ${2 ** 19}`,
    });
    expect(fitted(two, { TOTAL_BATCH: 2 ** 17 })).toEqual({ TOTAL_BATCH: 2 ** 17, DEVICE_BATCH: 64 });
  });

  it('are moved to multiples and divisors of numbers that are no powers of two', () => {
    const heads = spaceOf(['WIDTH = 768', 'HEADS = 12'], [divides(at('HEADS'), at('WIDTH'))], {
      WIDTH: 'int log 96..6144',
      HEADS: 'int 6..24',
    });
    expect(fitted(heads, { WIDTH: 1000 })).toEqual({ WIDTH: 996 });
    expect(fitted(heads, { HEADS: 13 })).toEqual({ HEADS: 16 });
  });

  it('come to nothing where nothing in the ranges meets it', () => {
    const none = spaceOf(['A = 4', 'B = 2'], [divides(at('B'), at('A')), divides(3, of('+', at('A'), 2))], {
      A: 'choice 4, 5',
      B: 'int 2..3',
    });
    expect(fitted(none, { A: 5 })).toEqual({});
  });
});

describe('a search', () => {
  const lines = ['WIDTH_PER_LAYER = 96', 'LAYERS = 4', 'HEADS = 6', 'WARMUP = 0.1', 'COOLDOWN = 0.6'];
  const sum: Constraint = {
    ...{ file: 'train.py', line: 9, text: 'assert WARMUP + COOLDOWN <= 1.0', isSure: true },
    holds: of('<=', of('+', at('WARMUP'), at('COOLDOWN')), 1),
  };
  const space = spaceOf(lines, [divides(at('HEADS'), of('*', at('WIDTH_PER_LAYER'), at('LAYERS'))), sum]);

  it('draws inside what the script demands, within its ranges, and each knob still varies', () => {
    const seen: Record<string, Set<unknown>> = {};
    for (let index = 0; index < 600; index++) {
      const settings = drawSettings(space, createRandom(`draw ${index}`));
      expect(settings.length).toBeGreaterThan(0);
      expect(brokenIn(space, settings)).toEqual([]);
      for (const { dimension, to } of settings) {
        expect(rangeContains(dimension.range, to)).toBe(true);
        seen[dimension.knob.name] ??= new Set();
        seen[dimension.knob.name]?.add(to);
      }
    }
    for (const line of lines) expect(seen[line.split(' ')[0] ?? '']?.size).toBeGreaterThan(3);
  });

  it('lists no configuration at which the script would end', () => {
    const small = spaceOf(['A = 4', 'B = 2'], [divides(at('B'), at('A'))], { A: 'int 3..5', B: 'int 2..3' });
    const lists = allSettings(small)?.map((settings) => settings.map(({ dimension, to }) => [dimension.knob.name, to]));
    expect(lists).toEqual([
      [
        ['A', 3],
        ['B', 3],
      ],
    ]);
  });
});

describe('a constraint counts for nothing', () => {
  it('where the script as it stands breaks it, since it was misread', () => {
    const space = spaceOf(['A = 5', 'B = 2'], [divides(at('B'), at('A'))], { A: 'int 3..9', B: 'int 2..3' });
    expect(space.every(({ constraints }) => constraints === undefined)).toBe(true);
  });

  it('between knobs none of which is searched; others stay at their value', () => {
    const lines = ['A = 8', 'B = 2'];
    expect(spaceOf(lines, [divides(at('B'), at('A'))], { A: 'fixed', B: 'fixed' })).toEqual([]);
    const one = spaceOf(lines, [divides(at('B'), at('A'))], { A: 'int 4..16', B: 'fixed' });
    expect(fitted(one, { A: 13 })).toEqual({ A: 12 });
  });
});

describe('a proposal at which the script would end is named with the values', () => {
  const source: Source = {
    files: { 'train.py': '' },
    knobs: ['A = 8', 'B = 2'].map(knob),
    constraints: [divides(at('B'), at('A'))],
  };
  const set = (name: string, to: number) => ({ kind: 'set-knob' as const, file: 'train.py', knob: name, to });

  it('as settings of knobs', () => {
    expect(brokenBySettings(source, [set('B', 3)])).toBe(
      'the script would end at `assert A % B == 0` (train.py line 9), with A = 8, B = 3',
    );
    expect(brokenBySettings(source, [set('B', 3), set('A', 9)])).toBeUndefined();
  });

  it('as code that still has the check', () => {
    const changed = { ...source, knobs: ['A = 8', 'B = 5'].map(knob) };
    expect(brokenByCode(source, changed)).toContain('with A = 8, B = 5');
    expect(brokenByCode(source, { ...changed, constraints: [] })).toBeUndefined();
  });

  it('but not where the reading is not sure', () => {
    const guessed = { ...source, constraints: source.constraints?.map((each) => ({ ...each, isSure: false })) ?? [] };
    expect(brokenBySettings(guessed, [set('B', 3)])).toBeUndefined();
  });
});

describe('the constraints that a draw may break', () => {
  const bound = (holds: Expression): Constraint => ({ ...divides(1, 1), holds });
  const binding = (lines: readonly string[], constraint: Constraint, declared = {}) =>
    bindingIn(spaceOf(lines, [constraint], declared)).length;

  it('are those of several knobs, and those of one whose range goes beyond what they allow', () => {
    expect(binding(['WIDTH = 768', 'HEADS = 12'], divides(at('HEADS'), at('WIDTH')))).toBe(1);
    expect(binding(['MOMENTUM = 0.9'], bound(of('<', at('MOMENTUM'), 0.5 + 0.45)), { MOMENTUM: '0..0.99' })).toBe(1);
    expect(binding(['WIDTH = 768'], divides(8, at('WIDTH')), { WIDTH: 'int 96..6144' })).toBe(1);
  });

  it('are not those that every value of the range meets', () => {
    expect(binding(['LR = 0.1'], bound(of('>', at('LR'), 0)), { LR: 'log 0.01..3' })).toBe(0);
  });
});
