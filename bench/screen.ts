/**
 * The first screen of `npm start` on a terminal of 80 columns, as the picture of the README: a real demo, without its diff.
 */
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { execa } from 'execa';
import { packagePath } from '../src/adapters/package-root.ts';
import { SettingsError } from '../src/core/base/errors.ts';
import { defineBench } from './bench.ts';
import { drawScreen } from './screen/draw-screen.ts';

const columns = 80;

export const bench = defineBench('screen', {
  summary: 'the first screen of `npm start`, from a real demo, into docs/first-screen.svg',
  flags: {},
  measure: async () => {
    const lines = await linesOfDemo();
    const path = packagePath('docs', 'first-screen.svg');
    await writeFile(path, drawScreen(['$ npm ci && npm start', ...lines], columns, 'A first `npm start`'));
    return { figures: { path, lines: lines.length }, table: [`${lines.length} lines in ${path}`] };
  },
});

/** What a terminal shows of a demo in an empty folder, from its first line to the commands to go on with. */
async function linesOfDemo(): Promise<string[]> {
  const folder = await mkdtemp(join(tmpdir(), 'nocturne-screen-'));
  const terminal = packagePath('tests', 'fixtures', 'terminal.py');
  const program = [process.execPath, packagePath('dist', 'cli', 'main.js'), 'demo', '--plain'];
  try {
    // Without the line of the run in flight, which is gone when a run has ended.
    const { stdout } = await execa('python3', [terminal, String(columns), ...program], {
      cwd: folder,
      env: { TERM: 'xterm-256color', npm_lifecycle_event: 'start' },
    });
    return withoutDiff(stdout.replaceAll('\r', '').split('\n'));
  } catch (cause) {
    throw new SettingsError(`the demo failed: ${String(cause)}`, { cause });
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

function withoutDiff(lines: readonly string[]): string[] {
  const begins = lines.findIndex((line) => line.startsWith('The best, experiment'));
  const ends = lines.findIndex((line) => line.startsWith('Look further'));
  return begins < 0 || ends < begins ? [...lines] : [...lines.slice(0, begins), ...lines.slice(ends)];
}
