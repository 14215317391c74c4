/** Which values of a configuration file are knobs, what they are called, and that an edit changes their bytes alone. */
import { describe, expect, it } from 'vitest';
import { configKnobs } from '../../../src/adapters/config-files/config-knobs.ts';
import { readConfig } from '../../../src/adapters/config-files/read-config.ts';
import { applyEdits } from '../../../src/core/proposal/patch.ts';
import type { Knob, KnobValue } from '../../../src/core/space/knob.ts';

function knobsOf(file: string, text: string): readonly Knob[] {
  const reading = readConfig(file, text);
  if (reading.kind === 'broken') throw new Error(`line ${reading.line}: ${reading.message}`);
  return configKnobs(file, text, reading.documents);
}

function named(file: string, text: string): Record<string, KnobValue> {
  return Object.fromEntries(knobsOf(file, text).map(({ name, value }) => [name, value]));
}

function set(file: string, text: string, name: string, to: KnobValue): string | undefined {
  const edit = { kind: 'set-knob', file, knob: name, to: typeof to === 'object' ? [...to] : to } as const;
  const patch = applyEdits({ files: { [file]: text }, knobs: knobsOf(file, text) }, [edit]);
  return patch.kind === 'patched' ? patch.files[file] : undefined;
}

describe('a value of a YAML file is a knob by its path', () => {
  it.each<[string, string, Record<string, KnobValue>]>([
    ['nested maps', 'a:\n  b:\n    c: 1\n', { 'a.b.c': 1 }],
    ['a list', 'layers:\n- 64\n- 32\n', { 'layers[0]': 64, 'layers[1]': 32 }],
    ['a list of maps', 'l:\n  - w: 1\n    d: .5\n', { 'l[0].w': 1, 'l[0].d': 0.5 }],
    ['flow collections', 'a: {b: 1, c: [2, {d: 3.5}]}\n', { 'a.b': 1, 'a.c[0]': 2, 'a.c[1].d': 3.5 }],
    ['a flow map over lines', 'a: {\n  b: 1,\n  c: 2,\n}\n', { 'a.b': 1, 'a.c': 2 }],
    ['a list at the top', '- lr: 0.1\n- lr: 0.2\n', { '[0].lr': 0.1, '[1].lr': 0.2 }],
    ['quoted keys', '"a b": 1\n\'c\': 2\n', { 'a b': 1, c: 2 }],
    ['keys with colons and control characters', '"a:b": 1\n"c\\e[31md": 2\n', { a_b: 1, 'c[31md': 2 }],
    ['an explicit key', '? k\n: 5\n', { k: 5 }],
    ['an anchor, but not its alias', 'lr: &lr 0.1\nb: *lr\n', { lr: 0.1 }],
    ['what a merge key adds to', 'b: &b {x: 1}\nm:\n  <<: *b\n  y: 2\n', { 'b.x': 1, 'm.y': 2 }],
    ['the last of two equal keys', 'lr: 1\nlr: 2\n', { lr: 2 }],
    ['several documents', 'lr: 1\n---\nlr: 2\nwd: 3\n...\n', { lr: 1, 'lr[2]': 2, wd: 3 }],
    ['CRLF, a byte order mark and no last line end', '\uFEFFa:\r\n  lr: 0.1 # c\r\nb: 2', { 'a.lr': 0.1, b: 2 }],
    ['tabs between values', 'a:\t1\nb: 2\t# c\n', { a: 1, b: 2 }],
    ['a tagged map', 'a: !Thing\n  lr: 1\n', { 'a.lr': 1 }],
    [
      'a text that goes on at any indentation',
      'k:\n  a: "dict(\n    x=\\"1\\",\n  )" # c\n  b: 1\nc: \'x\n\'\nd: 2\n',
      { 'k.b': 1, d: 2 },
    ],
    ['a comment right behind a bracket', 'a: [1]# c\nb: 2\n', { 'a[0]': 1, b: 2 }],
    ['a comment alone', '# nothing\n', {}],
    ['an empty file', '', {}],
  ])('%s', (_, text, expected) => {
    expect(named('conf.yaml', text)).toEqual(expected);
  });

  it.each([
    ['a null', 'a:\nb: ~\nc: null\n'],
    ['an infinite number', 'a: .inf\nb: -.Inf\nc: .nan\n'],
    ['a date', 'a: 2024-01-31\n'],
    ['a block text', 'a: |\n  lr: 1\nb: >-\n  x\n'],
    ['a text of several lines', 'a: one\n  two\n'],
    // biome-ignore lint/suspicious/noTemplateCurlyInString: OmegaConf's interpolation
    ['an interpolation', 'a: ${b}\nc: "${oc.env:X,1}/y"\n'],
    ['a missing value', 'a: ???\n'],
    ["a template's place", 'a: "{{ lr }}"\n'],
    ['a tagged value', 'a: !!str 1\nb: !env LR\n'],
    ["Hydra's own keys", 'defaults:\n  - optimizer: adam\nhydra:\n  job: {chdir: true}\n'],
    ['a number beyond what is exact', 'a: 123456789012345678901\n'],
    ['a list of data', `a: [${Array.from({ length: 40 }, (_, index) => index).join(', ')}]\n`],
  ])('%s is none', (_, text) => {
    expect(named('conf.yaml', text)).toEqual({});
  });

  it.each<[string, string, KnobValue]>([
    ['1e-3', 'float', 0.001],
    ['1.5E5', 'float', 150000],
    ['.5', 'float', 0.5],
    ['5.', 'float', 5],
    ['-.5', 'float', -0.5],
    ['1_000.5', 'float', 1000.5],
    ['1_000', 'int', 1000],
    ['0x1F', 'int', 31],
    ['-0x1f', 'int', -31],
    ['0b101', 'int', 5],
    ['+3', 'int', 3],
    ['yes', 'bool', true],
    ['Off', 'bool', false],
    ['TRUE', 'bool', true],
    ['tRue', 'string', 'tRue'],
    ['y', 'string', 'y'],
    ['"1"', 'string', '1'],
    ["'it''s'", 'string', "it's"],
    ['1,000', 'string', '1,000'],
    ['nan', 'string', 'nan'],
    ['10ms', 'string', '10ms'],
  ])('%s is of type %s', (text, type, value) => {
    expect(knobsOf('conf.yml', `a: ${text} # c\n`)[0]).toMatchObject({ type, value, text });
  });

  it.each(['010', '0777', '-010', '0o17', '08', '1:30', '1:30.5'])('%s is still, because loaders differ', (text) => {
    const still = `Python's YAML loaders do not agree on \`${text}\``;
    expect(knobsOf('conf.yaml', `a: ${text}\n`)).toMatchObject([{ name: 'a', still }]);
  });

  it('`_target_` and `class_path` say whose the arguments are', () => {
    const text =
      'opt:\n  _target_: torch.optim.AdamW\n  _partial_: true\n  lr: 1.0e-3\n  betas: [0.9]\n  more: {x: 1}\n' +
      'b: {class_path: torch.optim.SGD, init_args: {lr: 0.1}, c: 1}\n';
    expect(knobsOf('conf.yaml', text).map(({ name, of }) => [name, of])).toEqual([
      ['opt.lr', 'torch.optim.AdamW'],
      ['opt.betas[0]', 'torch.optim.AdamW'],
      ['opt.more.x', undefined],
      ['b.init_args.lr', 'torch.optim.SGD'],
      ['b.c', undefined],
    ]);
  });

  it('a comment gives the range of the one value on its line', () => {
    const text =
      'lr: 0.1 # peak; space: log 0.01..1\na: {b: 1}  # space: int 1..4\nc: {d: 1, e: 2} # space: int 1..4\n' +
      'f: 1 # latent space: 64\n# space: log 1..2\ng: 1\nh:\n  - 3 # space: int 1..9\n';
    const found = knobsOf('conf.yaml', text).map(({ name, annotation }) => [name, annotation]);
    expect(found).toEqual([
      ['lr', 'log 0.01..1'],
      ['a.b', 'int 1..4'],
      ['c.d', undefined],
      ['c.e', undefined],
      ['f', undefined],
      ['g', undefined],
      ['h[0]', 'int 1..9'],
    ]);
  });
});

describe('JSON and TOML', () => {
  it('JSON has comments, NaN and duplicate keys as Python takes them', () => {
    const text =
      '{ // settings\n  "lr": 1e-3, // space: log 1e-4..1\n  "n": 10, "f": 1.0, "nan": NaN, "b": true,\n' +
      '  "a": {"x": [1, {"y": 2.5}]}, "s": "\u00e9 \u{1F319}", "n": 20, "z": null,\n}\n';
    expect(named('c.json', text)).toEqual({ lr: 0.001, n: 20, f: 1, b: true, 'a.x[0]': 1, 'a.x[1].y': 2.5, s: 'é 🌙' });
    const [lr, f] = knobsOf('c.json', text);
    expect(lr).toMatchObject({ type: 'float', annotation: 'log 1e-4..1' });
    expect(f).toMatchObject({ name: 'f', type: 'float' });
  });

  it('TOML has tables, dotted keys and arrays of tables', () => {
    const text =
      'lr = 1e-3 # space: log 1e-4..1\r\n[a.b]\r\nn = 1_000\r\nd = 2020-01-01\r\nx = { y.z = 2, "w v" = 0.5 }\r\n' +
      '[[layers]]\r\nw = 1\r\n[[layers]]\r\nw = 2\r\ns = \'lit\'\r\nm = """a\nb"""\r\nf = inf\r\n[a.b.c]\r\nq = 0x1F\r\n';
    expect(named('c.toml', text)).toEqual({
      lr: 0.001,
      'a.b.n': 1000,
      'a.b.x.y.z': 2,
      'a.b.x.w v': 0.5,
      'layers[0].w': 1,
      'layers[1].w': 2,
      'layers[1].s': 'lit',
      'a.b.c.q': 31,
    });
    expect(knobsOf('c.toml', text)[0]).toMatchObject({ annotation: 'log 1e-4..1' });
  });

  it('a pyproject.toml has the tables of the project itself', () => {
    const text =
      '[project]\nversion = "1"\n[build-system]\nx = 1\n[tool.ruff]\nline-length = 100\n[tool.ours]\nlr = 0.1\n[train]\nn = 2\n';
    expect(named('sub/pyproject.toml', text)).toEqual({ 'tool.ours.lr': 0.1, 'train.n': 2 });
    expect(named('other.toml', text)).toHaveProperty(['tool.ruff.line-length'], 100);
  });
});

describe('an edit changes the bytes of the value and keeps its style', () => {
  it.each<[string, string, string, KnobValue, string]>([
    ['c.yaml', 'a: # é🌙\n  lr: 1e-3  # peak\n  b: 2\n', 'a.lr', 0.0025, 'a: # é🌙\n  lr: 2.5e-3  # peak\n  b: 2\n'],
    ['c.yaml', 'lr: 1e-3\n', 'lr', 2e-5, 'lr: 2.0e-5\n'],
    ['c.yaml', 'lr: 1e-3\n', 'lr', 0.5, 'lr: 0.5\n'],
    ['c.yaml', 'lr: 0.1\n', 'lr', 1e-7, 'lr: 1.0e-7\n'],
    ['c.yaml', 'lr: 0.1\n', 'lr', 2, 'lr: 2.0\n'],
    ['c.yaml', 'lr: 1E5\n', 'lr', 2e5, 'lr: 2.0E+5\n'],
    ['c.yaml', 'lr: 1.0\n', 'lr', 1e22, 'lr: 1.0e+22\n'],
    ['c.yaml', 'n: 1_000\r\nm: 2\r\n', 'n', 2000000, 'n: 2_000_000\r\nm: 2\r\n'],
    ['c.yaml', 'n: 0x10\n', 'n', 32, 'n: 32\n'],
    ['c.yaml', 'f: yes\n', 'f', false, 'f: no\n'],
    ['c.yaml', 'f: Off\n', 'f', true, 'f: On\n'],
    ['c.yaml', 'f: True # c\n', 'f', false, 'f: False # c\n'],
    ['c.yaml', 'o: adam\n', 'o', 'sgd', 'o: sgd\n'],
    ['c.yaml', 'o: adam\n', 'o', 'no', 'o: "no"\n'],
    ['c.yaml', 'o: adam\n', 'o', '1e-3', 'o: "1e-3"\n'],
    ['c.yaml', "o: 'adam'\n", 'o', "it's", "o: 'it''s'\n"],
    ['c.yaml', 'o: "adam"\n', 'o', 'a\tb"', 'o: "a\\tb\\""\n'],
    ['c.yaml', 'a: {b: [1, 2.5], c: 3}\n', 'a.b[1]', 4, 'a: {b: [1, 4.0], c: 3}\n'],
    ['c.yaml', 'lr: &x 0.1\nb: *x\n', 'lr', 0.2, 'lr: &x 0.2\nb: *x\n'],
    ['c.yaml', 'lr: 1\nlr: 2\n', 'lr', 3, 'lr: 1\nlr: 3\n'],
    ['c.yaml', '\uFEFFlr: 1\n', 'lr', 3, '\uFEFFlr: 3\n'],
    ['c.json', '{"s": "🌙", "lr": 1e-3,\r\n "b": 1}', 'lr', 2e-4, '{"s": "🌙", "lr": 2e-4,\r\n "b": 1}'],
    ['c.json', '{"f": 1.0}', 'f', 3, '{"f": 3.0}'],
    ['c.json', '{"b": true}', 'b', false, '{"b": false}'],
    ['c.json5', "{o: 'a'}", 'o', 'b', "{o: 'b'}"],
    ['c.toml', 'lr = 1e-3 # c\r\n', 'lr', 1e-5, 'lr = 1e-5 # c\r\n'],
    ['c.toml', 'n = 1_000\n', 'n', 4096, 'n = 4_096\n'],
    ['c.toml', "s = 'a'\n", 's', 'b c', "s = 'b c'\n"],
    ['c.toml', "s = 'a'\n", 's', "it's", 's = "it\'s"\n'],
  ])('%s: %j, %s = %j', (file, text, name, to, expected) => {
    expect(set(file, text, name, to)).toBe(expected);
  });
});

describe('a file that does not parse is one sentence', () => {
  it.each([
    ['c.yaml', 'a: 1\nb:\n\tc: 1\n', 3],
    ['c.yaml', 'a: b: c\n', 1],
    ['c.yaml', 'a: 1\nb: "x\nc: 2\n', 4],
    ['c.json', '{"a": 1,\n "b" 2}', 2],
    ['c.json', '', 1],
    ['c.toml', 'a = 1\nb = .5\n', 2],
    ['c.toml', 'a = 1\na = 2\n', 2],
    ['c.json', '['.repeat(100_000), 1],
  ])('%s %#', (file, text, line) => {
    const reading = readConfig(file, text);
    expect(reading).toMatchObject({ kind: 'broken', line });
    expect(reading).toHaveProperty('message', expect.stringMatching(/\w/));
  });
});

it('a file of many thousand values is read, and only its settings are knobs', () => {
  const rows = Array.from({ length: 20_000 }, (_, index) => `  k${index}: ${index}.5`);
  expect(named('big.yaml', `lr: 0.1\ntable:\n${rows.join('\n')}\nwd: 0.2\n`)).toEqual({ lr: 0.1, wd: 0.2 });
});

it('maps nested a hundred deep keep their names', () => {
  const lines = Array.from({ length: 100 }, (_, depth) => `${' '.repeat(depth)}k:\n`);
  const [only] = knobsOf('deep.yaml', `${lines.join('')}${' '.repeat(100)}v: 7\n`);
  expect(only).toMatchObject({ name: `${'k.'.repeat(100)}v`, value: 7 });
});
