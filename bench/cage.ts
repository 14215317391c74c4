/**
 * What a cage costs: the same runs bare and caged in turns, so that a busy machine slows both.
 */
import { chmodSync, mkdtempSync, rmSync } from 'node:fs';
import { loadavg } from 'node:os';
import { join } from 'node:path';
import { z } from 'zod';
import { findIsolation } from '../src/adapters/isolation/find-isolation.ts';
import { SettingsError } from '../src/core/base/errors.ts';
import type { Rung } from '../src/ports/isolation.ts';
import { countFlag, defineBench, positiveFlag } from './bench.ts';
import { runStages } from './cage/caged-run.ts';
import { type Part, partsFor } from './cage/parts.ts';
import { type BenchReport, round, type Spread, spreadOf, spreadText } from './report.ts';

/** `npm run bench -- cage`. */
export const bench = defineBench('cage', {
  summary:
    'runs in a cage beside the same runs bare: start, training, compiled, tiny, gpt [--python PATH] [--rounds N] [--starts N] [--part WORD] [--gpt SECONDS]',
  flags: {
    python: z.string().default('python3'),
    rounds: countFlag(5),
    starts: countFlag(40),
    /** Only parts whose name has it. */
    part: z.string().default(''),
    gpt: positiveFlag(60),
  },
  measure,
});

interface Flags {
  readonly python: string;
  readonly rounds: number;
  readonly starts: number;
  readonly part: string;
  readonly gpt: number;
}

interface PartFigures {
  readonly part: string;
  readonly unit: Part['unit'];
  readonly bound: string;
  readonly bare: Spread;
  readonly caged: Spread;
  /** The median, over the rounds, of what the cage adds, in the unit and as a share. */
  readonly more: number;
  readonly share: number;
  readonly load: number;
}

async function measure({ python, rounds, starts, part, gpt }: Flags): Promise<BenchReport> {
  const folder = mkdtempSync(join('/var/tmp', 'nocturne-bench-'));
  chmodSync(folder, 0o755);
  try {
    const { tier, rung, whyNotHigher } = await findIsolation({ interpreter: python, folder });
    if (rung === undefined) throw new SettingsError(`this machine has no cage: ${whyNotHigher}`);
    const wanted = (each: Part) => each.name.includes(part);
    const parts = (
      await partsFor(python, folder, 'gpt'.includes(part) || part.includes('gpt') ? gpt : undefined)
    ).filter(wanted);
    const figures: PartFigures[] = [];
    for (const each of parts) {
      figures.push(await compare(each, join(folder, 'runs'), python, rung, each.name === 'start' ? starts : rounds));
    }
    const { system: _, code: __, ...which } = rung;
    return { figures: { tier, rung: which, parts: figures }, table: [`tier ${tier}`, ...figures.map(lineOf)] };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Bare and caged in turns; which of them comes first changes from round to round. */
async function compare(part: Part, folder: string, python: string, rung: Rung, rounds: number): Promise<PartFigures> {
  const found: Record<'bare' | 'caged', number[]> = { bare: [], caged: [] };
  for (let number = 0; number < rounds; number += 1) {
    for (const arm of number % 2 === 0 ? (['bare', 'caged'] as const) : (['caged', 'bare'] as const)) {
      const run = join(folder, `${number}-${arm}`);
      const stages = part.stages(run);
      found[arm].push(part.figure(await runStages(run, stages, python, arm === 'caged' ? rung : undefined)));
      rmSync(run, { recursive: true, force: true });
    }
  }
  const { bare, caged } = found;
  const differences = caged.map((value, at) => value - (bare[at] ?? 0));
  const shares = caged.map((value, at) => (value / (bare[at] ?? 1) - 1) * 100);
  const { name, unit, bound } = part;
  const spread = (values: readonly number[]) => spreadOf(values, 3);
  const more = { more: spread(differences).median, share: spread(shares).median };
  return {
    part: name,
    unit,
    bound,
    bare: spread(bare),
    caged: spread(caged),
    ...more,
    load: round(loadavg()[0] ?? 0, 1),
  };
}

function lineOf({ part, unit, bound, bare, caged, more, share, load }: PartFigures): string {
  const sign = (value: number) => `${value >= 0 ? '+' : ''}${value}`;
  return `${part}: bare ${spreadText(bare)}, caged ${spreadText(caged)} ${unit}: ${sign(more)}, ${sign(share)} % (${bound}; load ${load})`;
}
