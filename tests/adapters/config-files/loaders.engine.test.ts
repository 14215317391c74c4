/**
 * Python's own loaders read back what an edit writes: PyYAML, OmegaConf and ruamel.yaml, `json`, `tomllib`. A loader that the
 * Python lacks is skipped, but for PyYAML and those of the standard library.
 */
import { execFileSync } from 'node:child_process';
import { describe, expect, it } from 'vitest';
import { configKnobs } from '../../../src/adapters/config-files/config-knobs.ts';
import { readConfig } from '../../../src/adapters/config-files/read-config.ts';
import { createRandom } from '../../../src/core/base/random.ts';
import { applyEdits } from '../../../src/core/proposal/patch.ts';
import type { KnobValue } from '../../../src/core/space/knob.ts';
import { enginePython } from '../../helpers/engine-python.ts';

const script = `
import io, json, sys
def loader(name):
    if name == 'json': return json.loads
    if name == 'tomllib':
        import tomllib
        return tomllib.loads
    if name == 'yaml':
        import yaml
        return yaml.safe_load
    if name == 'ruamel':
        from ruamel.yaml import YAML
        return lambda text: YAML(typ='safe').load(io.StringIO(text))
    from omegaconf import OmegaConf
    return lambda text: OmegaConf.to_container(OmegaConf.create(text))
request = json.load(sys.stdin)
try:
    load = loader(request['loader'])
except ImportError:
    print(json.dumps(None))
else:
    told = lambda value: [type(value).__name__, repr(value) if type(value) is float else value]
    out = []
    for text, path in request['asked']:
        value = load(text)
        for step in path: value = value[step]
        out.append(told(value))
    print(json.dumps(out))
`;

type Asked = readonly (readonly [text: string, path: readonly (string | number)[]])[];
type Told = readonly (readonly [type: string, value: unknown])[];

/** The type and the value that this loader finds at each path; undefined when the Python has no such loader. */
function ask(loader: string, asked: Asked): Told | undefined {
  const input = JSON.stringify({ loader, asked });
  const output = execFileSync(enginePython(), ['-c', script], { input, encoding: 'utf8', maxBuffer: 1 << 28 });
  return JSON.parse(output) ?? undefined;
}

const formats = [
  {
    file: 'c.yaml',
    loaders: ['yaml', 'omegaconf', 'ruamel'],
    wrap: (value: string) => `# c\na:\n  b: [{c: ${value}}] # d\n`,
  },
  { file: 'c.json', loaders: ['json'], wrap: (value: string) => `{"a": {"b": [\r\n {"c": ${value}}]}}` },
  { file: 'c.toml', loaders: ['tomllib'], wrap: (value: string) => `a.b = [ # c\n {c = ${value}} ] # d\n` },
];
const path = ['a', 'b', 0, 'c'];
const pythonTypes = { int: 'int', float: 'float', bool: 'bool', string: 'str', tuple: 'list' };

const literals: Readonly<Record<string, readonly string[]>> = {
  'c.yaml':
    '1e-3 1.0e-3 1E5 .5 5. -.5 0.1 -2.5 1_000.5 12 1_000 0x1F 0b11 +7 -3 yes Off TRUE false adam "a" \'b\' 2.5e+3'.split(
      ' ',
    ),
  'c.json': '1e-3 0.1 -2.5 1E5 12 -3 0 true false "a" 2.5e+3'.split(' '),
  'c.toml': '1e-3 0.1 -2.5 1E5 1_000.5 12 1_000 0x1F 0o17 0b11 +7 true false "a" \'b\' 2.5e+3'.split(' '),
};

const texts = [
  'sgd',
  'no',
  '1e-3',
  'null',
  "it's",
  'a "b"',
  'a\\b',
  'é 🌙',
  '',
  ' x ',
  '# c',
  'a: b',
  '\t\n',
  '\u0085\u2028',
  '-',
  '*x',
  '{a}',
];

function valuesFor(type: string, random: () => number): readonly KnobValue[] {
  if (type === 'bool') return [true, false];
  if (type === 'string') return texts;
  const sizes = Array.from({ length: 40 }, () => (random() - 0.3) * 10 ** Math.round(random() * 30 - 15));
  if (type === 'float') return [0, 1, -1, 1e-7, 5e-324, 1e22, 1.7976931348623157e308, 0.1 + 0.2, ...sizes];
  return [0, 1, -1, 1024, 9007199254740991, ...sizes.map((size) => Math.round(size) + 0).filter(Number.isSafeInteger)];
}

describe.each(formats)('$file', ({ file, loaders, wrap }) => {
  const edits = (literals[file] ?? []).flatMap((literal) => {
    const text = wrap(literal);
    const reading = readConfig(file, text);
    if (reading.kind === 'broken') throw new Error(reading.message);
    const knobs = configKnobs(file, text, reading.documents);
    const [knob] = knobs;
    if (knob === undefined) throw new Error(`${literal} is no knob`);
    return valuesFor(knob.type, createRandom(literal).unit).map((to) => {
      const edit = { kind: 'set-knob', file, knob: knob.name, to: typeof to === 'object' ? [...to] : to } as const;
      const patch = applyEdits({ files: { [file]: text }, knobs }, [edit]);
      return { literal, knob, to, before: text, after: patch.kind === 'patched' ? (patch.files[file] ?? '') : '' };
    });
  });

  it.each(loaders)('%s reads every value back that an edit writes', (loader) => {
    const told = ask(
      loader,
      edits.map(({ after }) => [after, path]),
    );
    if (told === undefined) return expect(['omegaconf', 'ruamel']).toContain(loader);
    for (const [index, { literal, knob, to, after }] of edits.entries()) {
      const [type, value] = told[index] ?? [];
      const isWord = loader === 'ruamel' && /^(?:yes|no|on|off)$/i.test(knob.text);
      const expected = isWord ? 'str' : pythonTypes[knob.type];
      expect([literal, after, type]).toEqual([literal, after, expected]);
      if (isWord) expect(value).toMatch(to ? /^(?:yes|on)$/i : /^(?:no|off)$/i);
      else expect(knob.type === 'float' ? Number(value) : value).toBe(to);
    }
  });

  it('our reader finds the value that was written, and nothing else has changed', () => {
    for (const { knob, to, before, after } of edits) {
      const reading = readConfig(file, after);
      const [found] = reading.kind === 'read' ? configKnobs(file, after, reading.documents) : [];
      if (typeof to === 'number' && Math.abs(to) <= Number.MAX_SAFE_INTEGER)
        expect([after, found?.value, found?.type]).toEqual([after, to, knob.type]);
      expect(after.startsWith(before.slice(0, before.indexOf(knob.text)))).toBe(true);
      expect(after.split('\n').length).toBe(before.split('\n').length);
    }
  });
});

/** What PyYAML, OmegaConf and ruamel.yaml call these, where they agree; where not, what the reader calls them. */
it.each<[string, string, string, string, string]>([
  ['1e-3', 'str', 'float', 'float', 'float'],
  ['-.5', 'str', 'str', 'float', 'float'],
  ['1.5e3', 'str', 'float', 'float', 'float'],
  ['1_000', 'int', 'int', 'int', 'int'],
  ['0x1F', 'int', 'int', 'int', 'int'],
  ['yes', 'bool', 'bool', 'str', 'bool'],
  ['tRue', 'str', 'str', 'str', 'string'],
  ['08', 'str', 'str', 'int', 'string'],
  ['1:30', 'int', 'int', 'str', 'string'],
])('%s is %s to PyYAML, %s to OmegaConf, %s to ruamel.yaml and %s here', (literal, pyYaml, omega, ruamel, ours) => {
  const asked: Asked = [[`a: ${literal}\n`, ['a']]];
  const types = ['yaml', 'omegaconf', 'ruamel'].map((loader) => ask(loader, asked)?.[0]?.[0]);
  expect(types[0]).toBe(pyYaml);
  expect([omega, undefined]).toContain(types[1]);
  expect([ruamel, undefined]).toContain(types[2]);
  const reading = readConfig('c.yaml', `a: ${literal}\n`);
  expect(reading.kind === 'read' && configKnobs('c.yaml', `a: ${literal}\n`, reading.documents)[0]?.type).toBe(ours);
});
