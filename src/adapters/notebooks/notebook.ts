/**
 * A notebook file's cells and where they stand in its JSON, so that a changed cell is written in place.
 */
import { type MemberNode, type ObjectNode, parse, type ValueNode } from '@humanwhocodes/momoa';

export type Range = readonly [start: number, end: number];

export interface NotebookCell {
  readonly kind: 'code' | 'markdown' | 'raw';
  readonly source: string;
  readonly tags: readonly string[];
  /** Of the cell's whole object. */
  readonly range: Range;
  readonly sourceRange: Range;
  /** Of what a run left in it; absent where there is nothing. */
  readonly outputs?: Range;
  readonly count?: Range;
}

export interface Notebook {
  readonly cells: readonly NotebookCell[];
  /** Of the list of cells, its brackets included. */
  readonly range: Range;
  /** Whether cells have ids: from nbformat 4.5 on. */
  readonly hasIds: boolean;
}

/** Whether a path is that of a notebook. */
export function isNotebook(path: string): boolean {
  return path.endsWith('.ipynb');
}

/** Reads a notebook of nbformat 4; undefined for anything else. */
export function readNotebook(text: string): Notebook | undefined {
  if (!/^\s*\{/.test(text)) return undefined;
  const top = parsed(text);
  if (top === undefined) return undefined;
  const list = memberOf(top, 'cells');
  if (list?.type !== 'Array') return undefined;
  const cells = list.elements.flatMap(({ value }) => (value.type === 'Object' ? (cellOf(value) ?? []) : []));
  if (cells.length !== list.elements.length) return undefined;
  const minor = memberOf(top, 'nbformat_minor');
  return { cells, range: rangeOf(list), hasIds: minor?.type === 'Number' && minor.value >= 5 };
}

function parsed(text: string): ObjectNode | undefined {
  try {
    const { body } = parse(text, { mode: 'json', ranges: true });
    return body.type === 'Object' ? body : undefined;
  } catch {
    return undefined;
  }
}

function cellOf(cell: ObjectNode): NotebookCell | undefined {
  const kind = textOf(memberOf(cell, 'cell_type'));
  const source = memberOf(cell, 'source');
  const text = source && sourceOf(source);
  if ((kind !== 'code' && kind !== 'markdown' && kind !== 'raw') || source === undefined || text === undefined) {
    return undefined;
  }
  const outputs = memberOf(cell, 'outputs');
  const count = memberOf(cell, 'execution_count');
  const metadata = memberOf(cell, 'metadata');
  const tags = metadata?.type === 'Object' ? memberOf(metadata, 'tags') : undefined;
  return {
    kind,
    source: text,
    tags: tags?.type === 'Array' ? tags.elements.flatMap(({ value }) => textOf(value) ?? []) : [],
    range: rangeOf(cell),
    sourceRange: rangeOf(source),
    ...(outputs?.type === 'Array' && outputs.elements.length > 0 && { outputs: rangeOf(outputs) }),
    ...(count?.type === 'Number' && { count: rangeOf(count) }),
  };
}

function memberOf({ members }: ObjectNode, key: string): ValueNode | undefined {
  return members.findLast(({ name }: MemberNode) => name.type === 'String' && name.value === key)?.value;
}

function textOf(node: ValueNode | undefined): string | undefined {
  return node?.type === 'String' ? node.value : undefined;
}

function sourceOf(node: ValueNode): string | undefined {
  if (node.type === 'String') return node.value;
  if (node.type !== 'Array') return undefined;
  const lines = node.elements.map(({ value }) => textOf(value));
  return lines.every((line) => line !== undefined) ? lines.join('') : undefined;
}

function rangeOf({ range }: ValueNode): Range {
  return range === undefined ? [0, 0] : [range[0], range[1]];
}
