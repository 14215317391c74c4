/**
 * Reads TOML 1.0, as Python's `tomllib` does.
 */
import { type AST, ParseError, parseTOML } from 'toml-eslint-parser';
import { type ConfigNode, type ConfigReading, isOrdinary, other } from './config-tree.ts';

/** Reads the file's one table. */
export function readToml(text: string): ConfigReading {
  try {
    const root = emptyTable();
    for (const part of parseTOML(text, { tomlVersion: '1.0' }).body[0].body) {
      if (part.type === 'TOMLKeyValue') put(root, [], part);
      else {
        // A table without keys is there all the same.
        const place = tableAt(root, part.resolvedKey);
        for (const pair of part.body) put(place, [], pair);
      }
    }
    return { kind: 'read', documents: [treeOf(root)] };
  } catch (error) {
    if (error instanceof ParseError) return { kind: 'broken', line: error.lineNumber, message: error.message };
    throw error;
  }
}

/** A table, or with numbers as keys an array of tables, that later lines of the file add to. */
interface Table {
  readonly parts: Map<string | number, ConfigNode | Table>;
}

function emptyTable(): Table {
  return { parts: new Map() };
}

function tableAt(root: Table, path: readonly (string | number)[]): Table {
  let table = root;
  for (const step of path) {
    const known = table.parts.get(step);
    const next = known !== undefined && 'parts' in known ? known : emptyTable();
    table.parts.set(step, next);
    table = next;
  }
  return table;
}

function put(table: Table, path: readonly string[], { key, value }: AST.TOMLKeyValue): void {
  const keys = [...path, ...key.keys.map((part) => (part.type === 'TOMLBare' ? part.name : part.value))];
  const last = keys.pop();
  if (last !== undefined) tableAt(table, keys).parts.set(last, nodeOf(value));
}

function treeOf({ parts }: Table): ConfigNode {
  const nodes = [...parts].map(([key, part]) => [key, 'parts' in part ? treeOf(part) : part] as const);
  if (nodes.length > 0 && nodes.every(([key]) => typeof key === 'number')) {
    return { kind: 'list', items: nodes.map(([, node]) => node) };
  }
  return { kind: 'map', entries: nodes.map(([key, node]) => [String(key), node]) };
}

function nodeOf(node: AST.TOMLContentNode): ConfigNode {
  const { range } = node;
  switch (node.type) {
    case 'TOMLArray':
      return { kind: 'list', items: node.elements.map(nodeOf) };
    case 'TOMLInlineTable': {
      const table = emptyTable();
      for (const pair of node.body) put(table, [], pair);
      return treeOf(table);
    }
    case 'TOMLValue':
      return tomlValue(node, range);
    default:
      return node satisfies never;
  }
}

function tomlValue(node: AST.TOMLValue, range: readonly [number, number]): ConfigNode {
  switch (node.kind) {
    case 'boolean':
      return { kind: 'scalar', type: 'bool', value: node.value, range };
    case 'string':
      if (node.multiline) return other(JSON.stringify(node.value));
      return { kind: 'scalar', type: 'string', value: node.value, range };
    case 'integer':
    case 'float': {
      if (!isOrdinary(node.value)) return other(node.number);
      return { kind: 'scalar', type: node.kind === 'integer' ? 'int' : 'float', value: node.value, range };
    }
    default:
      return other(String(node.value));
  }
}
