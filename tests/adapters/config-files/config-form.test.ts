import { expect, test } from 'vitest';
import { createSourceInspector } from '../../../src/adapters/python/source-inspector.ts';
import { compareForms } from '../../../src/core/proposal/trivial-change.ts';

const inspect = createSourceInspector('/no/such/python');

async function compare(file: string, before: string, after: string) {
  const [own, edited] = [await inspect({ [file]: before }), await inspect({ [file]: after })];
  if (own.kind !== 'read' || edited.kind !== 'read') throw new Error('it does not parse');
  return compareForms(own.forms, edited.forms);
}

const yaml = 'lr: 0.10 # rate\nopt: {name: adam, seed: 1}\nlayers:\n  - 64\n  - 32\nbase: &b {x: 1}\nm:\n  <<: *b\n';

test.each<[string, string, string, string, string]>([
  ['a comment', 'c.yaml', yaml, yaml.replace('# rate', '# the rate'), 'same'],
  ['a comment of its own line', 'c.yaml', yaml, `# tuned\n${yaml}`, 'same'],
  ['the spelling of a number', 'c.yaml', yaml, yaml.replace('0.10', '.1'), 'same'],
  ['flow for block', 'c.yaml', yaml, yaml.replace('layers:\n  - 64\n  - 32', 'layers: [64, 32]'), 'same'],
  ['quotes', 'c.yaml', yaml, yaml.replace('adam', '"adam"'), 'same'],
  ['line ends', 'c.yaml', yaml, yaml.replaceAll('\n', '\r\n'), 'same'],
  ['a number that PyYAML reads as a text', 'c.yaml', yaml, yaml.replace('0.10', '1e-1'), 'different'],
  ['an int that becomes a float', 'c.yaml', yaml, yaml.replace('64', '64.0'), 'different'],
  ['a number that becomes a text', 'c.yaml', yaml, yaml.replace('64', '"64"'), 'different'],
  ['a seed', 'c.yaml', yaml, yaml.replace('seed: 1', 'seed: 2'), 'seed-only'],
  ['a value', 'c.yaml', yaml, yaml.replace('0.10', '0.2'), 'different'],
  ['an alias', 'c.yaml', yaml, yaml.replace('<<: *b', '<<: *c'), 'different'],
  // biome-ignore lint/suspicious/noTemplateCurlyInString: OmegaConf's interpolation
  ['an interpolation', 'c.yaml', 'a: ${b}\n', 'a: ${c}\n', 'different'],
  ['a block text', 'c.yaml', 'a: |\n  x\n', 'a: |\n  y\n', 'different'],
  ['a null', 'c.yaml', 'a:\n', 'a: 1\n', 'different'],
  ['layout and comments of JSON', 'c.json', '{"a": 1, "b": [1, 2]}', '{ // x\n"a": 1,\n"b": [1,2]}', 'same'],
  ['a value of JSON', 'c.json', '{"a": 1}', '{"a": 1.0}', 'different'],
  ['a seed of JSON', 'c.json', '{"random_state": 1}', '{"random_state": 2}', 'seed-only'],
  ['comments and dotted keys of TOML', 'c.toml', '[a]\nb = 1\n', '# x\na.b = 1\n', 'same'],
  ['a value of TOML', 'c.toml', '[a]\nb = 1\n', '[a]\nb = 2\n', 'different'],
])('a change of %s (%s)', async (_, file, before, after, expected) => {
  expect(await compare(file, before, after)).toBe(expected);
});

test('a file that does not parse is broken, with its line', async () => {
  expect(await inspect({ 'c.yaml': 'a: 1\nb: c: d\n' })).toMatchObject({ kind: 'broken', file: 'c.yaml', line: 2 });
});
