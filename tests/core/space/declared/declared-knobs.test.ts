// biome-ignore-all lint/suspicious/noTemplateCurlyInString: a shell's own variables
import { describe, expect, it } from 'vitest';
import { declaredKnobs, readDeclaredKnob } from '../../../../src/core/space/declared/declared-knob.ts';
import {
  knobsTrouble,
  mendedStartsText,
  otherStartsText,
  readKnobsFile,
  startKnobsFile,
} from '../../../../src/core/space/declared/knobs-file.ts';
import { filesToRead, fillPlaces, namesInPlaces } from '../../../../src/core/space/declared/places.ts';

describe('a declared knob has a start value and a range', () => {
  it.each([
    ['1.0 in log 0.03..30', { type: 'float', value: 1, range: 'log 0.03..30' }],
    ['1 in log 0.03..30', { type: 'float', value: 1 }],
    ['1e-3', { type: 'float', value: 0.001 }],
    ['4 in int 2..12', { type: 'int', value: 4, range: 'int 2..12' }],
    ['4', { type: 'int', value: 4 }],
    ['-2', { type: 'int', value: -2 }],
    ['64 in pow2 16..256', { type: 'int', value: 64 }],
    ['1 in choice 1, 2.5', { type: 'float', value: 1 }],
    ['2 in choice 1, 2', { type: 'int', value: 2 }],
    ['0 in 0 or log 1e-5..1e-2', { type: 'float', value: 0 }],
    ['adam in choice adam, sgd', { type: 'string', value: 'adam', range: 'choice adam, sgd' }],
    ['"a" in choice a, b', { type: 'string', value: 'a' }],
    ['true', { type: 'bool', value: true }],
    ['false in bool', { type: 'bool', value: false }],
    ['0.9 in 0..0.99 if opt in sgd, rmsprop', { type: 'float', value: 0.9, range: '0..0.99 if opt in sgd, rmsprop' }],
    ['1.0 in fixed', { type: 'float', value: 1, range: 'fixed' }],
  ])('%s', (text, expected) => {
    expect(readDeclaredKnob('x', text)).toMatchObject({ kind: 'read', value: { name: 'x', ...expected } });
  });

  it.each([
    ['', 'a start value and a range'],
    ['1.0 fixed', 'a start value and a range'],
    ['in log 1..2', 'a start value and a range'],
    ['5.0 in log 0.03..3', 'a range that contains the current value'],
    ['1.5 in int 1..2', 'a range that contains the current value'],
    ['adam in log 1..2', 'a `choice` of texts'],
    ['1 in choice a, 1', 'a range of whole numbers'],
    ['1 in log 3..2', 'a range whose low bound is below its high bound'],
    ['1 in what', 'a range such as'],
    ['a;b in choice a', 'a start value and a range'],
    ['$(x)', 'a start value and a range'],
  ])('%j is refused', (text, expected) => {
    expect(readDeclaredKnob('x', text)).toMatchObject({ kind: 'refused', expected: expect.stringContaining(expected) });
  });

  it.each(['1x', 'a b', '', 'a{', '-a'])('a knob is not named %j', (name) => {
    expect(readDeclaredKnob(name, '1').kind).toBe('refused');
  });
});

const knobs = declaredKnobs({ lr: '1 in log 0.03..30', depth: '4', opt: 'adam in choice adam, sgd', fast: 'true' });
const start = '{\n  "lr": 1.0,\n  "depth": 4,\n  "opt": "adam",\n  "fast": true\n}\n';

describe('start values of the brief that do not count are said', () => {
  it.each([
    [
      '{"lr": 2.5, "depth": 4, "opt": "adam", "fast": true}',
      /^lab\/knobs\.json has `lr` at 2\.5, and the brief's `knobs:` 1: the file counts/,
    ],
    [
      '{"lr": 1, "depth": 9, "opt": "sgd", "fast": true}',
      /has `depth` at 9 and `opt` at "sgd", and the brief's `knobs:` 4 and "adam": /,
    ],
    [
      '{"lr": 1, "depth": 4, "opt": "adam", "fast": false}',
      /has `fast` at false, .* true: .* remove the file with `git rm` and commit\.$/,
    ],
  ])('where the file has others: %s', (text, sentence) => {
    expect(otherStartsText(knobs, text, 'lab/knobs.json')).toMatch(sentence);
  });

  it('and nothing is said where the file has the same', () => {
    expect(otherStartsText(knobs, start, 'knobs.json')).toBeUndefined();
    expect(mendedStartsText(knobs, knobs, 'night')).toBeUndefined();
  });

  it('where they were mended in the midst of a study, but not for new knobs and other ranges', () => {
    const now = declaredKnobs({ lr: '0.5 in log 0.03..3', depth: '4 in int 1..5', more: '1', fast: 'false' });
    expect(mendedStartsText(now, knobs, 'night')).toBe(
      'The new start value of `lr` (0.5) and `fast` (false) in `knobs:` does nothing in study night, which goes on from the values that it has kept: a new study (--tag) starts with it.',
    );
  });
});

describe('knobs.json', () => {
  it('is made with one knob a line', () => {
    expect(startKnobsFile(knobs, undefined)).toBe(start);
  });

  it.each([
    [start, start],
    ['{"fast": false, "lr": 2.5, "depth": 9, "opt": "sgd", "more": [1]}', undefined],
    ['{}', '{\n  "lr": 1.0,\n  "depth": 4,\n  "opt": "adam",\n  "fast": true\n}'],
    [
      '{\r\n\t"lr": 3,\r\n\t"depth": 5\r\n}\r\n',
      '{\r\n\t"lr": 3,\r\n\t"depth": 5,\r\n  "opt": "adam",\r\n  "fast": true\r\n}\r\n',
    ],
  ])('keeps its values and gets what it lacks (%#)', (text, expected) => {
    expect(startKnobsFile(knobs, text)).toBe(expected ?? text);
    expect(readKnobsFile(knobs, startKnobsFile(knobs, text))).toMatchObject(JSON.parse(expected ?? text));
  });

  it.each([
    ['[]', 'knobs.json is no JSON object'],
    ['{"lr": 1,}', 'knobs.json is no JSON object'],
    ['', 'knobs.json is no JSON object'],
    ['{"lr": "1", "depth": 4, "opt": "adam", "fast": true}', 'knobs.json: `lr` must be a number, found "1"'],
    ['{"lr": 1e999, "depth": 4, "opt": "adam", "fast": true}', '`lr` must be a number'],
    ['{"lr": 1, "depth": 4.5, "opt": "adam", "fast": true}', '`depth` must be a whole number, found 4.5'],
    ['{"lr": 1, "depth": 4, "opt": "a; rm x", "fast": true}', '`opt` must be a text of letters, digits and marks'],
    ['{"lr": 1, "depth": 4, "opt": "adam", "fast": 1}', '`fast` must be true or false'],
    ['{"lr": null, "depth": 4, "opt": "adam", "fast": true}', '`lr` must be a number, found null'],
  ])('%s is one sentence', (text, sentence) => {
    expect(knobsTrouble(knobs, text)).toContain(sentence);
    expect(() => startKnobsFile(knobs, text)).toThrow(sentence);
  });

  it('a knob that a proposal has removed is named', () => {
    expect(knobsTrouble(knobs, '{"lr": 1}')).toBe("knobs.json has no `depth`, which the brief's `knobs:` declares");
    expect(readKnobsFile(knobs, '{"lr": 1}')).toBeUndefined();
  });
});

describe('places in a command', () => {
  const values = { lr: 1e-7, depth: 4, opt: 'sgd', fast: false };
  it.each([
    [
      ['./main', '--lr', '{lr}', '--depth={depth}'],
      ['./main', '--lr', '1e-7', '--depth=4'],
    ],
    [
      ['sh', '-c', './main {lr} {opt} ${lr} {fast}'],
      ['sh', '-c', './main 1e-7 sgd ${lr} false'],
    ],
    [
      ['awk', '{print $1}', '{ x }', '{}', '{1}', '{"a":{"b":{depth}}}'],
      ['awk', '{print $1}', '{ x }', '{}', '{1}', '{"a":{"b":4}}'],
    ],
    [
      ['{{lr}}', '{{{lr}}}'],
      ['{lr}', '{{lr}}'],
    ],
  ])('%j', (argv, expected) => {
    expect(fillPlaces(argv, knobs, values)).toEqual(expected);
  });

  it('a float is written as one, however whole or large it is', () => {
    const written = [2, 0, 1e21, 123456.5, -0.5].map((lr) => fillPlaces(['{lr}'], knobs, { ...values, lr })[0]);
    expect(written).toEqual(['2.0', '0.0', '1e+21', '123456.5', '-0.5']);
  });

  it('names are those of places alone, and without knobs a command stays as it is', () => {
    expect(namesInPlaces(['{lr}', '{{a}}', '${b}', '{c d}', 'x{e.f}y{g-h}'])).toEqual(['lr', 'e.f', 'g-h']);
    expect(fillPlaces(['{lr}', '{{lr}}'], [], {})).toEqual(['{lr}', '{{lr}}']);
  });
});

it('a run must read knobs.json only where no command has its values', () => {
  const files = (train: string[], knobs: Record<string, string>, score?: string[]) =>
    filesToRead({ edit: ['main.c', 'knobs.json'], train, score, knobs });
  expect(files(['./main', '{lr}'], { lr: '1.0' })).toEqual(['main.c']);
  expect(files(['./main'], { lr: '1.0' }, ['./score', '{lr}'])).toEqual(['main.c']);
  expect(files(['./main'], { lr: '1.0' })).toEqual(['main.c', 'knobs.json']);
  expect(files(['./main', '{lr}'], {})).toEqual(['main.c', 'knobs.json']);
});
