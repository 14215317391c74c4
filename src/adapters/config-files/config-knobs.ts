/**
 * The knobs of a configuration file: its numbers, booleans and texts, each named by its path, such as `optimizer.lr`.
 *
 * What a framework reads for itself is left alone: Hydra's `defaults` and `hydra`, keys such as `_partial_`, interpolations
 * and missing values (`${lr}`, `???`), the parts of a `pyproject.toml` that are of other tools. So are tables of data: a list
 * or a map too long to have been written as settings.
 */
import { basename } from 'node:path';
import type { Knob } from '../../core/space/knob.ts';
import type { ConfigMap, ConfigNode, ConfigScalar } from './config-tree.ts';

/** More items than this, and a list is data. */
const maxItems = 16;
/** More values than this in one map, and it is data. */
const maxValues = 100;
/** A longer text is prose. */
const maxText = 100;

interface Found {
  readonly name: string;
  readonly scalar: ConfigScalar;
  readonly of?: string;
}

/** The knobs in the order in which they stand in the file. */
export function configKnobs(file: string, text: string, documents: readonly ConfigNode[]): readonly Knob[] {
  const found = documents
    .flatMap((node) => scalarsIn(withoutFrameworks(node, basename(file)), '', undefined))
    .sort((a, b) => a.scalar.range[0] - b.scalar.range[0]);
  const toBytes = byteOffsets(text);
  const names = numbered(found.map(({ name }) => name));
  return found.map(({ scalar, of }, index) => {
    const { type, value, range, still } = scalar;
    const [start, end] = range;
    const annotation = isAlone(text, found, index) ? annotationAfter(text, end) : undefined;
    return {
      name: names[index] ?? '',
      file,
      type,
      value,
      text: text.slice(start, end),
      span: [toBytes(start), toBytes(end)],
      form: 'config',
      ...(annotation !== undefined && { annotation }),
      ...(of !== undefined && { of }),
      ...(still !== undefined && { still }),
    };
  });
}

function scalarsIn(node: ConfigNode, name: string, of: string | undefined): readonly Found[] {
  switch (node.kind) {
    case 'other':
      return [];
    case 'scalar':
      return name === '' || isForeignText(node) ? [] : [{ name, scalar: node, ...(of !== undefined && { of }) }];
    case 'list':
      if (node.items.length > maxItems) return [];
      return node.items.flatMap((item, index) => scalarsIn(item, `${name}[${index}]`, of));
    case 'map': {
      if (node.entries.filter(([, { kind }]) => kind === 'scalar').length > maxValues) return [];
      const callee = textAt(node, '_target_') ?? of;
      const argumentsOf = textAt(node, 'class_path');
      return node.entries
        .filter(([key]) => !/^_\w+_$/.test(key) && key !== 'class_path')
        .flatMap(([key, value]) => {
          const own = value.kind === 'map' ? undefined : callee;
          return scalarsIn(value, joined(name, key), key === 'init_args' ? argumentsOf : own);
        });
    }
    default:
      return node satisfies never;
  }
}

function joined(name: string, key: string): string {
  // Where a name is printed, or stands behind its file's and a colon, it may have neither of these.
  const step = key.replace(/\s+/g, ' ').replace(/\p{C}/gu, '').replaceAll(':', '_').trim();
  return name === '' ? step : `${name}.${step}`;
}

function textAt({ entries }: ConfigMap, key: string): string | undefined {
  const node = entries.find(([each]) => each === key)?.[1];
  return node?.kind === 'scalar' && typeof node.value === 'string' ? node.value : undefined;
}

/** An interpolation or a value that is still missing, as OmegaConf writes them, or a template's place; prose. */
function isForeignText({ value }: ConfigScalar): boolean {
  if (typeof value !== 'string') return false;
  return (
    value.includes('${') || value.includes('{{') || value === '???' || /[\r\n]/.test(value) || value.length > maxText
  );
}

/** Tools of a `pyproject.toml` that have nothing to do with a training. */
const foreignTools = new Set(
  (
    'autopep8 bandit basedpyright black bumpversion cibuildwheel codespell commitizen conda-lock coverage docformatter ' +
    'flit hatch interrogate isort maturin mypy nox pdm pixi poe poetry pydocstyle pylint pyright pytest ruff ' +
    'scikit-build semantic_release setuptools setuptools_scm tbump towncrier tox ty uv vulture yapf'
  ).split(' '),
);

function withoutFrameworks(node: ConfigNode, name: string): ConfigNode {
  if (node.kind !== 'map') return node;
  const kept = (entries: ConfigMap['entries'], isForeign: (key: string, value: ConfigNode) => boolean) =>
    entries.filter(([key, value]) => !isForeign(key, value));
  if (name !== 'pyproject.toml') {
    const isHydra = (key: string, value: ConfigNode) =>
      key === 'hydra' || (key === 'defaults' && value.kind === 'list');
    return { kind: 'map', entries: kept(node.entries, isHydra) };
  }
  const own = kept(node.entries, (key) => ['project', 'build-system', 'dependency-groups'].includes(key));
  const isTool = (key: string) => foreignTools.has(key);
  return {
    kind: 'map',
    entries: own.map(([key, value]) =>
      key === 'tool' && value.kind === 'map'
        ? [key, { kind: 'map', entries: kept(value.entries, isTool) }]
        : [key, value],
    ),
  };
}

/** The same names, from the second of a name on with its number: `lr`, `lr[2]`. */
function numbered(names: readonly string[]): readonly string[] {
  const counts = new Map<string, number>();
  return names.map((name) => {
    const count = (counts.get(name) ?? 0) + 1;
    counts.set(name, count);
    return count === 1 ? name : `${name}[${count}]`;
  });
}

/** Whether no other value stands on the line, so that its comment can only mean this one. */
function isAlone(text: string, found: readonly Found[], index: number): boolean {
  const [own, before, after] = [found[index], found[index - 1], found[index + 1]].map((each) => each?.scalar.range);
  if (own === undefined) return false;
  const isApart = (from: number, to: number) => /[\r\n]/.test(text.slice(from, to));
  return (!before || isApart(before[1], own[0])) && (!after || isApart(own[1], after[0]));
}

/** What the comment behind a value says after `space:`; prose such as "latent space: 64" is none. */
function annotationAfter(text: string, end: number): string | undefined {
  const rest = /^[^\r\n]*/.exec(text.slice(end, end + 1000))?.[0] ?? '';
  return /^[ \t,}\]]*(?:#|\/\/)(?:.*;)?\s*space:\s*(.*\S)/.exec(rest)?.[1];
}

/** Turns growing UTF-16 offsets of a text into offsets of its UTF-8 bytes. */
function byteOffsets(text: string): (offset: number) => number {
  const encoder = new TextEncoder();
  let [at, bytes] = [0, 0];
  return (offset) => {
    bytes += encoder.encode(text.slice(at, offset)).length;
    at = offset;
    return bytes;
  };
}
