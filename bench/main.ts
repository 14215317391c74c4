/**
 * `npm run bench -- NAME [--json]`: measures the harness itself. Without a name it lists what there is.
 */
import { SettingsError } from '../src/core/base/errors.ts';
import type { Bench } from './bench.ts';

/** One row for each bench; its file exports it as `bench`. */
const benches: Readonly<Record<string, () => Promise<{ readonly bench: Bench }>>> = {
  dash: () => import('./dash.ts'),
  loop: () => import('./loop.ts'),
  overhead: () => import('./overhead.ts'),
  pipeline: () => import('./pipeline.ts'),
  slots: () => import('./slots.ts'),
  journal: () => import('./journal.ts'),
  judge: () => import('./judge.ts'),
  search: () => import('./search.ts'),
  'second-night': () => import('./second-night.ts'),
  constraints: () => import('./constraints.ts'),
  coverage: () => import('./coverage.ts'),
  evidence: () => import('./evidence.ts'),
  forecast: () => import('./forecast.ts'),
  night: () => import('./night.ts'),
  'time-left': () => import('./time-left.ts'),
  cache: () => import('./cache.ts'),
  agents: () => import('./agents.ts'),
  drive: () => import('./drive.ts'),
  studies: () => import('./studies.ts'),
  mutants: () => import('./mutants.ts'),
  'kill-bugs': () => import('./kill-bugs.ts'),
  screen: () => import('./screen.ts'),
  links: () => import('./links.ts'),
  gauge: () => import('./gauge.ts'),
  cheats: () => import('./cheats.ts'),
  damage: () => import('./damage.ts'),
  faults: () => import('./faults.ts'),
  kills: () => import('./kills.ts'),
  cage: () => import('./cage.ts'),
  'full-disk': () => import('./full-disk.ts'),
};

const [name = '', ...args] = process.argv.slice(2);
try {
  console.log(name === '' ? await list() : await run(name, args));
} catch (error) {
  if (!(error instanceof SettingsError)) throw error;
  console.error(error.message);
  process.exitCode = 2;
}

async function list(): Promise<string> {
  const lines = Object.entries(benches).map(
    async ([each, load]) => `${each.padEnd(9)} ${(await load()).bench.summary}`,
  );
  return (await Promise.all(lines)).join('\n');
}

async function run(wanted: string, flags: readonly string[]): Promise<string> {
  const load = benches[wanted];
  if (!load) throw new SettingsError(`there is no bench ${wanted}; there are ${Object.keys(benches).join(', ')}`);
  return await (await load()).bench.run(flags);
}
