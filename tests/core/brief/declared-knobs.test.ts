// biome-ignore-all lint/suspicious/noTemplateCurlyInString: a shell's own variables
import { describe, expect, it } from 'vitest';
import { parseBrief } from '../../../src/core/brief/parse-brief.ts';

const parse = (...lines: readonly string[]) =>
  parseBrief(['---', 'metric: loss', 'goal: minimize', ...lines, '---', 'Prose.'].join('\n'), 'program.md');

describe('`knobs:` of a brief', () => {
  it.each([
    ['braces', ['knobs: { lr: 1.0 in log 0.03..30, depth: 4 in int 2..12, opt: adam in choice adam, sgd }']],
    ['lines', ['knobs:', '  lr: 1.0 in log 0.03..30', '  depth: 4 in int 2..12', '  opt: adam in choice adam, sgd']],
    ['quotes', ['knobs: { lr: "1.0 in log 0.03..30", depth: 4 in int 2..12, opt: "adam in choice adam, sgd" }']],
  ])('are read from %s', (_, lines) => {
    expect(parse(...lines).knobs).toEqual({
      lr: '1.0 in log 0.03..30',
      depth: '4 in int 2..12',
      opt: 'adam in choice adam, sgd',
    });
  });

  it('a number keeps its point, and numbers may be choices', () => {
    const { knobs } = parse('knobs: { a: 1.0, b: 1, c: true, w: 64 in choice 32, 64, 128, d: x }');
    expect(knobs).toEqual({ a: '1.0', b: '1', c: 'true', w: '64 in choice 32, 64, 128', d: 'x' });
  });

  it('knobs.json becomes an editable file, and train.py stays one where it is named or runs', () => {
    const knobs = 'knobs: { lr: 1.0 }';
    expect(parse(knobs, 'train: ./main --lr {lr}').edit).toEqual(['knobs.json']);
    expect(parse(knobs).edit).toEqual(['train.py', 'knobs.json']);
    expect(parse(knobs, 'train: python train.py {lr}').edit).toEqual(['train.py', 'knobs.json']);
    expect(parse(knobs, 'train: ./main', 'edit: [main.c]').edit).toEqual(['main.c', 'knobs.json']);
    expect(parse(knobs, 'train: ./main', 'edit: [knobs.json]').edit).toEqual(['knobs.json']);
    expect(parse('train: ./main').edit).toEqual(['train.py']);
  });

  it('braces are left alone without knobs', () => {
    expect(parse('train: ./main {lr}').train).toEqual(['./main', '{lr}']);
  });

  it.each([
    [
      ['train: ./main {lr}', 'knobs: { lrr: 1.0 }'],
      'line 4: `train` must be a command whose places are knobs of `knobs:` (lrr), found `{lr}`',
    ],
    [['knobs: { lr: 1.0 }', 'score: ./score {x}'], 'line 5: `score` must be a command whose places are knobs'],
    [['knobs: { lr: 1.0 }', 'prepare: ./get {lr}'], 'line 5: `prepare` must be without a place for a knob'],
    [['knobs: { lr: 5.0 in log 0.1..1 }'], 'line 4: `knobs.lr` must be a range that contains the current value'],
    [['knobs: { lr: log 0.1..1 }'], 'line 4: `knobs.lr` must be a start value and a range such as'],
    [['knobs: { lr: }'], 'line 4: `knobs.lr` must be a start value and a range such as'],
    [['knobs: { "l r": 1.0 }'], 'line 4: `knobs.l r` must be named by a letter'],
    [['knobs: [lr]'], 'line 4: `knobs` must be knobs such as { lr: 1.0 in log 0.03..30 }'],
    [['knobs: { a: x in choice x, none, b: y in choice y, none }'], 'every key must be given once'],
  ])('%j is one sentence', (lines, sentence) => {
    expect(() => parse(...lines)).toThrow(sentence);
  });
});
