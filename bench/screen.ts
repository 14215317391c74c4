/**
 * What people see in a terminal, as pictures of the docs: the first screen of `npm start` in a real demo, without its diff; and
 * with `--study FOLDER` the status and the log of the study there, on narrow and wide terminals, with and without colour.
 */
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { execa } from 'execa';
import { z } from 'zod';
import { packagePath } from '../src/adapters/package-root.ts';
import { SettingsError } from '../src/core/base/errors.ts';
import { defineBench } from './bench.ts';
import { drawScreen } from './screen/draw-screen.ts';

const narrow = 80;
const wide = 200;

export const bench = defineBench('screen', {
  summary: 'pictures of a terminal for docs/: a first `npm start`, or the status and log of a study [--study FOLDER]',
  flags: { study: z.string().optional() },
  measure: async ({ study }) => {
    const paths = study === undefined ? [await drawFirstScreen()] : await drawStudy(study);
    return { figures: { paths }, table: paths };
  },
});

async function drawFirstScreen(): Promise<string> {
  const path = packagePath('docs', 'first-screen.svg');
  await writeFile(path, drawScreen(['$ npm ci && npm start', ...(await linesOfDemo())], narrow, 'A first `npm start`'));
  return path;
}

/** Four pictures of the study whose brief is in this folder. */
async function drawStudy(folder: string): Promise<string[]> {
  await mkdir(packagePath('docs', 'screens'), { recursive: true });
  const paths: string[] = [];
  for (const columns of [narrow, wide]) {
    for (const hasColour of [true, false]) {
      const screens = await Promise.all(
        ['status', 'log'].map((command) => linesOf(folder, command, columns, hasColour)),
      );
      const path = packagePath('docs', 'screens', `study-${columns}${hasColour ? '' : '-plain'}.svg`);
      await writeFile(path, drawScreen(screens.flat(), columns, `Status and log, ${columns} columns`));
      paths.push(path);
    }
  }
  return paths;
}

/** What a terminal of so many columns shows of a command, and the command itself. */
async function linesOf(folder: string, command: string, columns: number, hasColour: boolean): Promise<string[]> {
  const { stdout } = await execa('python3', [terminal, String(columns), ...program, command], {
    cwd: folder,
    env: hasColour ? { TERM: 'xterm-256color', NO_COLOR: undefined } : { TERM: 'dumb', NO_COLOR: '1' },
  });
  return [`$ nocturne ${command}`, ...stdout.replaceAll('\r', '').split('\n'), ''];
}

const terminal = packagePath('tests', 'fixtures', 'terminal.py');
const program = [process.execPath, packagePath('dist', 'cli', 'main.js')];

/** What a terminal shows of a demo in an empty folder, from its first line to the commands to go on with. */
async function linesOfDemo(): Promise<string[]> {
  const folder = await mkdtemp(join(tmpdir(), 'nocturne-screen-'));
  try {
    // Without the line of the run in flight, which is gone when a run has ended.
    const { stdout } = await execa('python3', [terminal, String(narrow), ...program, 'demo', '--plain'], {
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
