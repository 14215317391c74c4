/**
 * What is left of a configuration file without comments and layout. Two files with the same form say the same to Python.
 */
import { createHash } from 'node:crypto';
import { nameWords } from '../../core/base/name-words.ts';
import type { NormalForm } from '../../core/proposal/trivial-change.ts';
import type { ConfigNode, ConfigReading } from './config-tree.ts';

/** The forms of a file that was read; in `seedless`, every value under a key that names a seed is one and the same. */
export function configForm({ documents }: Extract<ConfigReading, { kind: 'read' }>): NormalForm {
  return {
    exact: digest(documents.map((node) => plain(node, false))),
    seedless: digest(documents.map((node) => plain(node, true))),
  };
}

function plain(node: ConfigNode, isSeedless: boolean): unknown {
  switch (node.kind) {
    case 'scalar':
      return [node.type, node.value, node.spelling ?? ''];
    case 'other':
      return [node.text];
    case 'list':
      return { list: node.items.map((item) => plain(item, isSeedless)) };
    case 'map':
      return {
        map: node.entries.map(([key, value]) => [
          key,
          isSeedless && value.kind === 'scalar' && namesSeed(key) ? 'SEED' : plain(value, isSeedless),
        ]),
      };
    default:
      return node satisfies never;
  }
}

function namesSeed(key: string): boolean {
  const words = nameWords(key);
  return words.includes('SEED') || words.join(' ').endsWith('RANDOM STATE');
}

function digest(value: unknown): string {
  return createHash('sha256').update(JSON.stringify(value)).digest('hex');
}
