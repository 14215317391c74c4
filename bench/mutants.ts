/**
 * Whether the tests notice a changed operator: operators of `src/core` are exchanged one at a time, and the tests of
 * core and loop are run on each mutant.
 *
 * With `--shared-with` only those are drawn that another checkout has too, such as an older commit: the same command with
 * the two exchanged tries the same mutants there.
 */
import { readFileSync } from 'node:fs';
import { basename, join, resolve } from 'node:path';
import { z } from 'zod';
import { packagePath } from '../src/adapters/package-root.ts';
import { hashText } from '../src/core/base/random.ts';
import { countFlag, defineBench } from './bench.ts';
import { findMutants, type Mutant } from './mutants/find-mutants.ts';
import { copyCheckout, type Fate } from './mutants/try-mutant.ts';
import { type BenchReport, round } from './report.ts';

/** `npm run bench -- mutants`. */
export const bench = defineBench('mutants', {
  summary:
    'the share of changed operators in core that its tests notice [--seed N] [--count N] [--repo DIR] [--shared-with DIR]',
  flags: {
    seed: countFlag(1),
    count: countFlag(24),
    repo: z.string().default(packagePath()),
    'shared-with': z.string().optional(),
  },
  measure,
});

/** Changes that no test noticed once; tried in addition to those drawn. Each: file, text before, text after. */
const known = [
  ['welch.ts', 'values.length < 2', 'values.length <= 2'],
  ['welch.ts', 'reference.length < 2', 'reference.length <= 2'],
  ['experiment-detail.ts', 'hypothesis: 240', 'hypothesis: 24_000'],
  ['experiment-detail.ts', 'hypothesis: 4000', 'hypothesis: 400_000'],
] as const;

interface MutantFlags {
  readonly seed: number;
  readonly count: number;
  readonly repo: string;
  readonly 'shared-with'?: string | undefined;
}

interface Tried {
  readonly where: string;
  readonly line: string;
  readonly change: string;
  readonly fate: Fate;
}

interface Trial {
  readonly repo: string;
  readonly share: number;
  readonly drawn: readonly Tried[];
  readonly known: readonly Tried[];
}

async function measure({ seed, count, repo, 'shared-with': other }: MutantFlags): Promise<BenchReport> {
  const root = resolve(repo);
  const mutants = findMutants(root);
  const shared = findMutants(other === undefined ? root : resolve(other));
  const keys = [...mutants.keys()].filter((key) => shared.has(key));
  const chosen = draw(keys, seed, count).flatMap((key) => mutants.get(key) ?? []);
  const tried = await tryAll(root, chosen);
  return { figures: { seed, choice: keys.length, ...tried }, table: tableOf(tried) };
}

/**
 * The first `count` keys in the order of their hashes, so that a key that disappears changes one mutant and not all.
 */
function draw(keys: readonly string[], seed: number, count: number): readonly string[] {
  const ranked = keys.map((key) => ({ key, rank: hashText(`mutants ${seed}/${key}`) }));
  return ranked
    .sort((a, b) => a.rank - b.rank)
    .slice(0, count)
    .map(({ key }) => key);
}

async function tryAll(repo: string, chosen: readonly Mutant[]): Promise<Trial> {
  const copy = await copyCheckout(repo);
  const tryEach = async (mutants: readonly Mutant[]) => {
    const tried: Tried[] = [];
    for (const mutant of mutants) {
      const { path, lineNumber, line, change } = mutant;
      tried.push({ where: `${path}:${lineNumber}`, line, change, fate: await copy.try(mutant) });
      process.stderr.write(`${rowOf(tried.at(-1))}\n`);
    }
    return tried;
  };
  try {
    const drawn = await tryEach(chosen);
    const killed = drawn.filter(({ fate }) => fate.kind === 'killed').length;
    return { repo, share: round(killed / drawn.length, 3), drawn, known: await tryEach(knownIn(repo)) };
  } finally {
    copy.close();
  }
}

function knownIn(repo: string): readonly Mutant[] {
  const paths = [...new Set([...findMutants(repo).values()].map(({ path }) => path))];
  return known.map(([file, from, to]) => {
    const path = paths.find((each) => basename(each) === file) ?? file;
    const text = readFileSync(join(repo, path), 'utf8');
    const at = text.indexOf(from);
    if (at === -1) throw new Error(`${path} no longer has "${from}": mend the list of known mutants`);
    const source = `${text.slice(0, at)}${to}${text.slice(at + from.length)}`;
    return { path, lineNumber: text.slice(0, at).split('\n').length, line: from, change: `to ${to}`, source };
  });
}

function tableOf({ repo, share, drawn, known: named }: Trial): readonly string[] {
  const killed = drawn.filter(({ fate }) => fate.kind === 'killed').length;
  return [
    `${repo}: ${killed} of ${drawn.length} killed (${round(share * 100, 1)} %)`,
    ...drawn.map(rowOf),
    'known ones:',
    ...named.map(rowOf),
  ];
}

function rowOf(tried: Tried | undefined): string {
  if (!tried) return '';
  const { where, line, change, fate } = tried;
  const end = fate.kind === 'killed' ? `killed by ${fate.by}` : 'SURVIVED';
  return `  ${where}  ${change}  ${end}  | ${line}`;
}
