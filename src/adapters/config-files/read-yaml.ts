/**
 * Reads YAML as Python's loaders do: PyYAML and OmegaConf, which follow YAML 1.1, and ruamel.yaml, which follows 1.2.
 *
 * They disagree: PyYAML reads `1e-3` as a text, and `010` is 8 for two of them and 10 for the third. What one of them reads
 * as a number is a number here, as long as no two read different ones; `tests/adapters/config-files/loaders.engine.test.ts`
 * asks all three. The library splits the text; it types nothing itself.
 */
import {
  isAlias,
  isMap,
  isScalar,
  isSeq,
  type ParsedNode,
  parseAllDocuments,
  type Scalar,
  type YAMLError,
  type YAMLMap,
} from 'yaml';
import { type ConfigNode, type ConfigReading, isOrdinary, lineAt, other } from './config-tree.ts';

/** Reads every document of the text. */
export function readYaml(text: string): ConfigReading {
  const { documents, error } = parseLeniently(text);
  if (error !== undefined) return { kind: 'broken', line: lineAt(text, error.pos[0]), message: error.message };
  return { kind: 'read', documents: documents.map(({ contents }) => nodeOf(contents, text)) };
}

/** Quoted texts of several lines that are joined before a file counts as broken. */
const maxJoined = 200;

/**
 * PyYAML lets a quoted text of several lines go on at any indentation, the library does not: such a text is put on one line,
 * byte for byte, and the whole is parsed again.
 */
function parseLeniently(text: string) {
  const first = parse(text);
  let [joined, reading] = [text, first];
  for (let count = 0; count < maxJoined && reading.error !== undefined; count++) {
    const next = withTextJoined(joined, reading.error);
    if (next === undefined) break;
    joined = next;
    reading = parse(joined);
  }
  return reading.error === undefined ? reading : first;
}

function parse(text: string) {
  const parsed = parseAllDocuments(text, {
    schema: 'failsafe',
    uniqueKeys: false,
    strict: false,
    prettyErrors: false,
    logLevel: 'silent',
  });
  const documents = 'empty' in parsed ? [] : parsed;
  return { documents, error: documents.flatMap(({ errors }) => errors)[0] };
}

/** The text with the line ends between the place of the error and the closing quote made blanks. */
function withTextJoined(text: string, { message, pos: [at] }: YAMLError): string | undefined {
  const quote = /^Missing closing (["'])quote$/.exec(message)?.[1];
  const close = quote === undefined ? -1 : closingQuote(text, at, quote);
  if (close < 0) return undefined;
  return text.slice(0, at) + text.slice(at, close).replace(/[\r\n]/g, ' ') + text.slice(close);
}

function closingQuote(text: string, from: number, quote: string): number {
  const escaped = quote === '"' ? /\\[\s\S]|"/g : /''|'/g;
  escaped.lastIndex = from;
  for (let found = escaped.exec(text); found !== null; found = escaped.exec(text)) {
    if (found[0] === quote) return found.index;
  }
  return -1;
}

function nodeOf(node: ParsedNode | null, text: string): ConfigNode {
  if (node === null) return other('null');
  if (isAlias(node)) return other(`*${node.source}`);
  if (isSeq(node)) {
    return { kind: 'list', items: node.items.map((item) => nodeOf(item, text)) };
  }
  if (isMap(node)) return { kind: 'map', entries: entriesOf(node, text) };
  return isScalar(node) ? scalarOf(node, text) : other('');
}

/** Python takes the last of two equal keys; a merge key only brings what stands elsewhere. */
function entriesOf(map: YAMLMap.Parsed, text: string): readonly (readonly [string, ConfigNode])[] {
  const entries = new Map<string, ConfigNode>();
  for (const { key, value } of map.items) {
    if (!isScalar(key)) continue;
    const name = String(key.value);
    entries.delete(name);
    entries.set(name, name === '<<' && isAlias(value) ? other(`*${value.source}`) : nodeOf(value, text));
  }
  return [...entries];
}

function scalarOf(scalar: Scalar.Parsed, text: string): ConfigNode {
  const source = String(scalar.value);
  const [start, end] = scalar.range;
  const written = text.slice(start, end);
  if (scalar.tag !== undefined) return other(`${scalar.tag} ${source}`);
  if (scalar.type?.startsWith('BLOCK') || /[\r\n]/.test(written)) return other(JSON.stringify(source));
  const range = [start, end] as const;
  if (scalar.type !== 'PLAIN') return { kind: 'scalar', type: 'string', value: source, range };
  return plainScalar(source, range);
}

function plainScalar(source: string, range: readonly [number, number]): ConfigNode {
  if (/^(?:~|null|Null|NULL|)$/.test(source)) return other('null');
  const scalar = { kind: 'scalar', range } as const;
  if (/^(?:true|false)$/i.test(source) && /^(?:[a-z]+|[A-Z]+|[A-Z][a-z]+)$/.test(source)) {
    return { ...scalar, type: 'bool', value: source.toLowerCase() === 'true' };
  }
  const word = /^(?:yes|no|on|off|Yes|No|On|Off|YES|NO|ON|OFF)$/.exec(source)?.[0].toLowerCase();
  if (word !== undefined) {
    return { ...scalar, type: 'bool', value: word === 'yes' || word === 'on', spelling: source };
  }
  if (/^[-+]?\.(?:inf|Inf|INF)$|^\.(?:nan|NaN|NAN)$/.test(source)) return other(source.toLowerCase());
  if (/^\d{4}-\d{1,2}-\d{1,2}/.test(source)) return other(source);
  if (isDisputed(source)) {
    const still = `Python's YAML loaders do not agree on \`${source}\``;
    return { ...scalar, type: 'string', value: source, spelling: source, still };
  }
  return numberOf(source, range) ?? { ...scalar, type: 'string', value: source };
}

/** Octal numbers, which two loaders read as different ones, and numbers of base 60, which only two have. */
function isDisputed(source: string): boolean {
  return /^[-+]?0[0-9_]*[1-9_][0-9_]*$/.test(source) || /^[-+]?0o[0-7_]+$/.test(source) || isSexagesimal(source);
}

function isSexagesimal(source: string): boolean {
  return /^[-+]?\d[\d_]*(?::[0-5]?\d)+(?:\.[\d_]*)?$/.test(source);
}

const whole = /^[-+]?(?:0|[1-9][\d_]*|0x[\da-fA-F_]+|0b[01_]+)$/;
const decimal = /^[-+]?(?:\d[\d_]*\.[\d_]*|\.\d[\d_]*|\d[\d_]*(?=[eE]))(?:[eE][-+]?\d+)?$/;
/** What PyYAML takes for a float: a point, and a sign behind the `e`. */
const plainDecimal = /^(?:[-+]?\d[\d_]*\.[\d_]*(?:[eE][-+]\d+)?|\.\d[\d_]*(?:[eE][-+]\d+)?)$/;

function numberOf(source: string, range: readonly [number, number]): ConfigNode | undefined {
  const isWhole = whole.test(source);
  if (!isWhole && !decimal.test(source)) return undefined;
  const [, sign, digits = ''] = /^([-+]?)(.*)$/.exec(source.replaceAll('_', '')) ?? [];
  const value = Number(digits) * (sign === '-' ? -1 : 1);
  if (!isOrdinary(value)) return other(source);
  if (isWhole) return { kind: 'scalar', type: 'int', value: value === 0 ? 0 : value, range };
  const spelling = plainDecimal.test(source) ? {} : { spelling: source };
  return { kind: 'scalar', type: 'float', value, range, ...spelling };
}
