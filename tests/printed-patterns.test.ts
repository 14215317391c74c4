import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { isNotFound } from '../src/core/run/found.ts';
import { readPattern } from '../src/core/run/read-pattern.ts';
import { splitPattern } from '../src/core/run/split-pattern.ts';

const root = join(import.meta.dirname, '..');

/** Files in which a person or a model may read how a pattern is written. */
function filesThatPrint(): readonly string[] {
  const below = ['docs', 'prompts', 'notebooks', 'sandbox', 'src', 'findings'].flatMap((folder) =>
    readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' }).map((file) => join(folder, file)),
  );
  return ['README.md', 'AGENTS.md', 'program.md', ...below].filter((file) => /\.(?:md|ts|ipynb|py|yaml)$/.test(file));
}

/** The patterns of metrics in a text, without the second backslash that double quotes and source code need. */
function patternsIn(text: string): readonly string[] {
  const quoted = text.matchAll(/pattern: *\\?(["'])([^"'\n]*\([^"'\n]*\)[^"'\n]*?)\\?\1/g);
  return [...quoted].map(([, , pattern = '']) => pattern.replaceAll(/\\+/g, '\\'));
}

const printed = filesThatPrint().flatMap((file) =>
  patternsIn(readFileSync(join(root, file), 'utf8')).map((pattern) => [file, pattern] as const),
);

it('README, a document and the hints print patterns', () => {
  const files = printed.map(([file]) => file);
  expect(files).toContain('README.md');
  expect(files).toContain(join('docs', 'metrics.md'));
  expect(files.filter((file) => file.startsWith('src')).length).toBeGreaterThanOrEqual(2);
});

describe.each(printed)('%s prints %s', (_, pattern) => {
  const before = (splitPattern(pattern)?.before ?? '').replaceAll('\\', '');
  const read = (value: string) => {
    const { found } = readPattern(`${before}0.81\n${before}${value}\n`, 'score', pattern);
    return isNotFound(found) ? undefined : found.value;
  };

  it.each([
    ['9.5e-05', 9.5e-5],
    ['-0.52', -0.52],
    ['0.93', 0.93],
    ['1,234', undefined],
    ['nan', undefined],
    ['inf', undefined],
  ])('which reads %s as %s', (text, value) => {
    expect(read(text)).toBe(value);
  });
});
