/**
 * Which file of a folder imports which, by value, by type or on demand, read from the files' own text.
 */
import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';

/** What points at what; every node is a key. */
export type Graph = ReadonlyMap<string, ReadonlySet<string>>;

const specifier = /(?:\bfrom\s*|\bimport\s*\(\s*|^import\s*)'(\.[^']+)'/gm;

/** The TypeScript files of a folder and what they import of each other, by path relative to it. */
export function importGraph(folder: string): Graph {
  const files = readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((name) => name.endsWith('.ts'));
  return new Map(files.map((file) => [file, importsOf(folder, file)]));
}

function importsOf(folder: string, file: string): Set<string> {
  const text = readFileSync(join(folder, file), 'utf8');
  const targets = [...text.matchAll(specifier)].map(([, path = '']) => join(dirname(file), path));
  return new Set(targets.filter((path) => path.endsWith('.ts')));
}

/** The same graph between the folders and files directly under `base`, such as `core`. */
export function roomsOf(graph: Graph, base: string): Graph {
  const roomOf = (file: string) => {
    const inside = relative(base, file);
    return inside.startsWith('..') ? undefined : inside.split('/')[0];
  };
  const rooms = new Map<string, Set<string>>();
  for (const [file, targets] of graph) {
    const room = roomOf(file);
    if (room === undefined) continue;
    const reached = rooms.get(room) ?? new Set();
    for (const target of targets) {
      const other = roomOf(target);
      if (other !== undefined && other !== room) reached.add(other);
    }
    rooms.set(room, reached);
  }
  return rooms;
}

/** One circle, as the nodes that it passes through; undefined when there is none. */
export function findCircle(graph: Graph): readonly string[] | undefined {
  const done = new Set<string>();
  for (const node of graph.keys()) {
    const circle = walk(graph, node, [], done);
    if (circle) return circle;
  }
  return undefined;
}

function walk(graph: Graph, node: string, path: readonly string[], done: Set<string>): readonly string[] | undefined {
  const start = path.indexOf(node);
  if (start >= 0) return [...path.slice(start), node];
  if (done.has(node)) return undefined;
  for (const target of graph.get(node) ?? []) {
    const circle = walk(graph, target, [...path, node], done);
    if (circle) return circle;
  }
  done.add(node);
  return undefined;
}
