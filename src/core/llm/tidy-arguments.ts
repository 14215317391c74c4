/**
 * Brings a call's arguments into the shape that the tool describes, where it is plain what is meant: a list as a JSON
 * string, one object for a list of one, a number as a text, other tools' names for the same argument. What no argument is
 * called is dropped and told.
 */
import { parseStrictNumber } from '../base/strict-number.ts';
import { readLenientJson } from '../edits/lenient-json.ts';

type Fields = Readonly<Record<string, unknown>>;

/** A JSON Schema, as far as it is looked at. */
interface Shape {
  readonly type?: unknown;
  readonly properties?: Readonly<Record<string, Shape>>;
  readonly items?: Shape;
  readonly enum?: readonly unknown[];
}

export interface Tidied {
  readonly arguments: Fields;
  /** Names that are no argument of the tool. */
  readonly ignored: readonly string[];
}

/** What other tools call the arguments of ours; the value under such a name counts when ours is absent. */
const otherNames: Readonly<Record<string, readonly string[]>> = {
  file: ['path', 'file_path', 'filepath', 'filename', 'file_name', 'target_file'],
  find: ['old_string', 'old_str', 'old_text', 'old', 'search', 'original'],
  replace: ['new_string', 'new_str', 'new_text', 'new', 'replacement', 'updated'],
  edits: ['edit', 'changes', 'replacements'],
  diff: ['patch'],
  content: ['new_content', 'file_content', 'code'],
};

/** Keys under which models put all arguments once more. */
const wrappers = ['arguments', 'parameters', 'args', 'input', 'params'];

/** The arguments as the tool's schema has them; a value that cannot be brought into shape is left as it is. */
export function tidyArguments(schema: Fields, raw: Fields): Tidied {
  const { properties = {} } = schema as Shape;
  const unwrapped = unwrap(raw, properties);
  const named = withLonePair(renamed(unwrapped, properties), properties);
  return tidyFields(withLiftedFile(withoutFileKey(named)), properties);
}

function unwrap(raw: Fields, properties: Readonly<Record<string, Shape>>): Fields {
  const keys = Object.keys(raw).filter((key) => key !== 'name' && key !== 'tool');
  const [only] = keys;
  if (only === undefined || keys.length > 1 || only in properties || !wrappers.includes(only)) return raw;
  const inner = objectIn(raw[only]);
  return inner ?? raw;
}

/** Values under another tool's name for an argument, under ours. */
function renamed(fields: Fields, properties: Readonly<Record<string, Shape>>): Fields {
  const entries = Object.entries(fields).map(([key, value]): readonly [string, unknown] => {
    const own = Object.keys(otherNames).find((name) => otherNames[name]?.includes(key));
    const isFree = own !== undefined && !(key in properties) && !(own in fields);
    const isKnown = own !== undefined && (own in properties || ('edits' in properties && own !== 'file'));
    return isFree && isKnown ? [own, value] : [key, value];
  });
  return Object.fromEntries(entries);
}

/** `find` and `replace` beside the list of pairs that they belong into. */
function withLonePair(fields: Fields, properties: Readonly<Record<string, Shape>>): Fields {
  const { find, replace, ...rest } = fields;
  const isLone = 'edits' in properties && !('edits' in fields) && find !== undefined && replace !== undefined;
  return isLone ? { ...rest, edits: [{ find, replace }] } : fields;
}

/**
 * The file that the first pair of the list names, as the file of the call, since pairs have none. A pair that names
 * another file keeps its name, for which the call is refused.
 */
function withLiftedFile(fields: Fields): Fields {
  const edits = listIn(fields.edits);
  const file = fields.file ?? fileOf(objectIn(edits?.[0]));
  if (edits === undefined || file === undefined) return fields;
  return { ...fields, file, edits: edits.map((pair) => (fileOf(objectIn(pair)) === file ? withoutFile(pair) : pair)) };
}

/** The list of pairs that stands under the name of the only file that is edited. */
function withoutFileKey(fields: Fields): Fields {
  const entries = Object.entries(objectIn(fields.edits) ?? {});
  const [only] = entries;
  if (only === undefined || entries.length > 1 || !Array.isArray(only[1]) || fields.file !== undefined) return fields;
  return { ...fields, file: only[0], edits: only[1] };
}

const fileKeys = ['file', ...(otherNames.file ?? [])];

function withoutFile(pair: unknown): unknown {
  return Object.fromEntries(Object.entries(objectIn(pair) ?? {}).filter(([key]) => !fileKeys.includes(key)));
}

function fileOf(pair: Fields | undefined): unknown {
  return fileKeys.map((key) => pair?.[key]).find((value) => value !== undefined);
}

function tidyFields(fields: Fields, properties: Readonly<Record<string, Shape>>): Tidied {
  const known = Object.entries(fields).filter(([key]) => key in properties);
  const ignored = Object.keys(fields).filter((key) => !(key in properties));
  const tidied = known.map(([key, value]) => [key, tidyValue(value, properties[key] ?? {})] as const);
  return { arguments: Object.fromEntries(tidied), ignored };
}

function tidyValue(value: unknown, shape: Shape): unknown {
  switch (shape.type) {
    case 'array':
      return (listIn(value) ?? [value]).map((item) => tidyItem(item, shape.items ?? {}));
    case 'integer':
    case 'number':
      return typeof value === 'string' ? (parseStrictNumber(value.replace(/^\s*#/, ''))?.value ?? value) : value;
    case 'string':
      return tidyText(value, shape.enum);
    default:
      return value;
  }
}

function tidyText(value: unknown, choices: readonly unknown[] | undefined): unknown {
  if (typeof value === 'number' || typeof value === 'boolean') return String(value);
  if (typeof value !== 'string' || choices === undefined) return value;
  const plain = value.trim().toLowerCase();
  return choices.find((choice) => choice === plain) ?? value;
}

/** A pair without keys that are none of its own, but for the name of a file. */
function tidyItem(item: unknown, { properties }: Shape): unknown {
  const fields = objectIn(item);
  if (fields === undefined || properties === undefined) return item;
  const file = fileOf(fields);
  const tidied = tidyFields(renamed(fields, properties), properties).arguments;
  return file === undefined ? tidied : { ...tidied, file };
}

function listIn(value: unknown): readonly unknown[] | undefined {
  if (Array.isArray(value)) return value;
  const read = typeof value === 'string' ? readLenientJson(value) : value;
  if (Array.isArray(read)) return read;
  return typeof read === 'object' && read !== null ? [read] : undefined;
}

function objectIn(value: unknown): Fields | undefined {
  const read = typeof value === 'string' ? readLenientJson(value) : value;
  return typeof read === 'object' && read !== null && !Array.isArray(read) ? { ...read } : undefined;
}
