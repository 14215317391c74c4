/**
 * Reads JSON as Python's `json` does, `NaN` and `Infinity` included, and what JSON5 adds: comments, commas at the end.
 */
import { type MemberNode, parse, type ValueNode } from '@humanwhocodes/momoa';
import { type ConfigNode, type ConfigReading, isOrdinary, other } from './config-tree.ts';

/** Reads the text's one value. */
export function readJson(text: string): ConfigReading {
  if (text.trim() === '') return { kind: 'broken', line: 1, message: 'it is empty' };
  try {
    const { body } = parse(text, { mode: 'json5', ranges: true, allowTrailingCommas: true });
    return { kind: 'read', documents: [nodeOf(body, text)] };
  } catch (error) {
    if (!(error instanceof Error && 'line' in error && typeof error.line === 'number')) throw error;
    return { kind: 'broken', line: error.line, message: error.message };
  }
}

function nodeOf(node: ValueNode, text: string): ConfigNode {
  const [start, end] = node.range ?? [0, 0];
  const range = [start, end] as const;
  const written = text.slice(start, end);
  switch (node.type) {
    case 'Object':
      return { kind: 'map', entries: entriesOf(node.members, text) };
    case 'Array':
      return { kind: 'list', items: node.elements.map(({ value }) => nodeOf(value, text)) };
    case 'Boolean':
      return { kind: 'scalar', type: 'bool', value: node.value, range };
    case 'String':
      return { kind: 'scalar', type: 'string', value: node.value, range };
    case 'Number': {
      if (!isOrdinary(node.value)) return other(written);
      const isWhole = Number.isInteger(node.value) && (!/[.eE]/.test(written) || /^[-+]?0x/i.test(written));
      return { kind: 'scalar', type: isWhole ? 'int' : 'float', value: node.value, range };
    }
    default:
      return other(written);
  }
}

/** Python takes the last of two equal keys. */
function entriesOf(members: readonly MemberNode[], text: string): readonly (readonly [string, ConfigNode])[] {
  const entries = new Map<string, ConfigNode>();
  for (const { name, value } of members) {
    const key = name.type === 'Identifier' ? name.name : name.value;
    entries.delete(key);
    entries.set(key, nodeOf(value, text));
  }
  return [...entries];
}
