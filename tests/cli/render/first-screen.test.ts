/** A study of a mix on a terminal of 80 columns, as a newcomer sees it first. */
import { stripVTControlCharacters } from 'node:util';
import { expect, test } from 'vitest';
import { packagePath } from '../../../src/adapters/package-root.ts';
import { widthOf } from '../../../src/cli/render/fit-text.ts';
import { project } from '../../helpers/nocturne.ts';
import { startOnTerminal } from '../../helpers/terminal.ts';

test('no line is wider, no sentence stands there twice, and no setting stands there as a bare name', async () => {
  const args = ['run', '--researcher', 'auto', '--tag', 'a', '--max-experiments', '4', '--plain'];
  const running = startOnTerminal(project('quick').root, 80, args, { XDG_CACHE_HOME: '/dev/null/cache' });
  // How the program is typed is as long as the path of this checkout.
  const typed = `node ${packagePath('dist', 'cli', 'main.js')}`;
  const lines = stripVTControlCharacters(await running.end())
    .replaceAll(typed, () => 'npx nocturne')
    .split(/\r?\n/);

  expect(lines.filter((line) => widthOf(line) > 80)).toEqual([]);
  // What is left of a line without its figures and names of knobs.
  const sentences = lines
    .map((line) => line.replace(/[A-Z_]{2,}|\S*\d\S*/g, '').trim())
    .filter((text) => text.length > 40);
  expect(sentences.filter((text, index) => sentences.indexOf(text) < index)).toEqual([]);
  expect(lines.join('\n')).toContain('who proposes: auto, a mix of ');
  expect(lines.join('\n')).not.toMatch(/\barm\b|isolation none|contended/);
});
