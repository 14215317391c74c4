import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { findCircle, importGraph, roomsOf } from './helpers/import-graph.ts';

const source = join(import.meta.dirname, '..', 'src');
const graph = importGraph(source);
const arrows = [...graph.values()].reduce((sum, targets) => sum + targets.size, 0);

describe('the import graph of src', () => {
  test('is read whole: every import names a file that is there', () => {
    const targets = new Set([...graph.values()].flatMap((each) => [...each]));
    expect([...targets].filter((file) => !existsSync(join(source, file)))).toEqual([]);
    expect(arrows).toBeGreaterThan(graph.size);
  });

  test('has no circle of files, by value or by type', () => {
    expect(findCircle(graph)).toBeUndefined();
  });

  test.each(['', 'core', 'core/space', 'cli'])('has no circle between the rooms of src/%s', (base) => {
    expect(findCircle(roomsOf(graph, base))).toBeUndefined();
  });

  test('shows a circle where there is one', () => {
    const planted = new Map([...graph, ['core/base/format.ts', new Set(['core/llm/fence.ts'])]]);
    expect(findCircle(roomsOf(planted, 'core'))).toContain('base');
    const types = new Map([
      ['a.ts', new Set(['b.ts'])],
      ['b.ts', new Set(['a.ts'])],
    ]);
    expect(findCircle(types)).toEqual(['a.ts', 'b.ts', 'a.ts']);
  });
});
