/**
 * Which of the project's files a Python file imports, as its lines say.
 */
import { baseOf } from '../base/path-text.ts';
import { folderOf, joined, type ProjectFile } from './project-files.ts';

/** The project's own files that a Python file imports. */
export function importsOf({ path, text }: ProjectFile, byPath: ReadonlyMap<string, ProjectFile>): readonly string[] {
  const folder = folderOf(path);
  return [...text.matchAll(/^[ \t]*(?:from[ \t]+(\.*[\w.]*)[ \t]+import[ \t]+([\w, \t]*)|import[ \t]+([\w., \t]+))/gm)]
    .flatMap(([, from, names = '', plain = '']) =>
      from === undefined
        ? wordsOf(plain)
        : [from, ...wordsOf(names).map((name) => (from.endsWith('.') ? `${from}${name}` : `${from}.${name}`))],
    )
    .flatMap((name) => {
      const [, dots = '', rest = ''] = /^(\.*)(.*)$/.exec(name) ?? [];
      const inside = rest
        .split('.')
        .filter((part) => part !== '')
        .join('/');
      const up = dots.length > 1 ? '../'.repeat(dots.length - 1) : '';
      const places = dots === '' ? [folder, '.', 'src'] : [joined(folder, up) ?? '.'];
      return places.flatMap((place) => [joined(place, `${inside}.py`), joined(place, `${inside}/__init__.py`)]);
    })
    .filter((found) => found !== undefined && byPath.has(found) && baseOf(found) !== '.py')
    .map((found) => found ?? '');
}

function wordsOf(text: string): readonly string[] {
  return text
    .split(',')
    .map((each) => each.trim().split(/\s+/)[0] ?? '')
    .filter((each) => each !== '');
}
