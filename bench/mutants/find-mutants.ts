/**
 * Finds every mutant of `src/core`: one comparison or arithmetic operator, exchanged for a similar one.
 */
import { readdirSync, readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { parseAst } from 'vitest/node';

/** One change of one file. */
export interface Mutant {
  /** From the root of the checkout. */
  readonly path: string;
  readonly lineNumber: number;
  /** The line before the change, without its indentation. */
  readonly line: string;
  /** Such as `< to <=`. */
  readonly change: string;
  /** The whole file with the change in it. */
  readonly source: string;
}

const core = join('src', 'core');

const neighbours: Readonly<Record<string, string>> = {
  '<': '<=',
  '<=': '<',
  '>': '>=',
  '>=': '>',
  '===': '!==',
  '!==': '===',
  '+': '-',
  '-': '+',
  '*': '/',
  '/': '*',
};

/**
 * The mutants by a key that stays when a file moves: the file's name, the line's text, the operator and its position in
 * the line. A line that occurs twice in files of one name is left out.
 */
export function findMutants(root: string): ReadonlyMap<string, Mutant> {
  const found = sourcesIn(root).flatMap((path) => mutantsOf(root, path));
  const keys = found.map(([key]) => key);
  const twice = new Set(keys.filter((key, index) => keys.indexOf(key) !== index));
  return new Map(found.filter(([key]) => !twice.has(key)));
}

function sourcesIn(root: string): readonly string[] {
  const paths = readdirSync(join(root, core), { recursive: true, encoding: 'utf8' });
  return paths.filter((path) => path.endsWith('.ts')).map((path) => join(core, path));
}

function mutantsOf(root: string, path: string): [key: string, mutant: Mutant][] {
  const text = readFileSync(join(root, path), 'utf8');
  const seen = new Map<string, number>();
  return operatorsIn(text).map(({ operator, at }) => {
    const before = text.slice(0, at).split('\n');
    const line = (text.split('\n')[before.length - 1] ?? '').trim();
    const inLine = `${before.length} ${operator}`;
    const occurrence = (seen.get(inLine) ?? 0) + 1;
    seen.set(inLine, occurrence);
    const key = `${basename(path)}: ${line} [${operator} ${occurrence}]`;
    const to = neighbours[operator] ?? '';
    const source = `${text.slice(0, at)}${to}${text.slice(at + operator.length)}`;
    const change = `${operator} to ${to}${occurrence > 1 ? ` at its place ${occurrence}` : ''}`;
    return [key, { path, lineNumber: before.length, line, change, source }];
  });
}

interface Operator {
  readonly operator: string;
  /** Where it begins in the text. */
  readonly at: number;
}

function operatorsIn(text: string): readonly Operator[] {
  const found: Operator[] = [];
  visit(parseAst(text, { lang: 'ts' }), (node) => {
    if (node.type !== 'BinaryExpression' || neighbours[node.operator] === undefined) return;
    // Between the two operands there are only the operator, white space and brackets.
    found.push({ operator: node.operator, at: text.indexOf(node.operator, node.left.end) });
  });
  return found.sort((a, b) => a.at - b.at);
}

// biome-ignore lint/suspicious/noExplicitAny: the parser's nodes have no common type beyond their kind.
function visit(node: any, look: (node: any) => void): void {
  if (typeof node !== 'object' || node === null) return;
  if (typeof node.type === 'string') look(node);
  for (const child of Object.values(node)) visit(child, look);
}
