/**
 * Drives studies with `nocturne try` and `nocturne wait`: by hand, and from coding agents as npm has them today, whose
 * model the test server plays. Each has a project and a study of its own, and must get a refusal, a keep, a revert and a crash.
 *
 * The agents get an empty HOME, a dummy key and an address on this machine; of the owner's environment only PATH.
 */
import { mkdirSync, mkdtempSync, realpathSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { z } from 'zod';
import { benchedAgents } from './agents/benched-agents.ts';
import { seenIn } from './agents/drive-moves.ts';
import { checksOf, type Drive, driveByHand, driveFrom } from './agents/drive-study.ts';
import { installAgent } from './agents/install-agent.ts';
import { defineBench } from './bench.ts';
import type { BenchReport } from './report.ts';

/** With a shell, which the templates of the `command` researcher do not give them. */
const commands: Readonly<Record<string, readonly string[]>> = {
  claude: [
    ...['claude', '-p', '{prompt}', '--output-format', 'stream-json', '--verbose', '--tools', 'Bash,Read,Edit'],
    ...['--allowedTools', 'Bash,Read,Edit', '--max-turns', '40'],
    ...['--no-session-persistence', '--strict-mcp-config', '--safe-mode'],
  ],
  pi: ['pi', '-p', '--mode', 'json', '--no-session', '--offline', '{prompt}'],
};

interface DriveFigures {
  readonly driver: string;
  readonly version: string;
  readonly checks: Readonly<Record<string, boolean>>;
  readonly numbers: readonly unknown[];
  readonly verdicts: readonly unknown[];
  readonly ledger: readonly unknown[];
  readonly violations: readonly string[];
  /** What the moves answered, where a check fails. */
  readonly results?: readonly string[];
}

/** `npm run bench -- drive`. */
export const bench = defineBench('drive', {
  summary: 'studies driven with `nocturne try`, by hand and from claude and pi [--folder DIR to keep the agents]',
  flags: { folder: z.string().optional() },
  measure,
});

async function measure({ folder: kept }: { readonly folder?: string | undefined }): Promise<BenchReport> {
  const folder = kept === undefined ? realpathSync(mkdtempSync(join(tmpdir(), 'nocturne-drive-'))) : resolve(kept);
  try {
    const byHand = join(folder, 'by-hand');
    mkdirSync(byHand, { recursive: true });
    const figures = [figuresOf('by hand', '', await driveByHand(byHand))];
    for (const agent of benchedAgents) {
      const argv = commands[agent.name];
      if (argv === undefined) continue;
      const own = join(folder, agent.name);
      const { path, version } = await installAgent(agent, own);
      const point = (url: string) => agent.point(url, own);
      figures.push(figuresOf(agent.name, version, await driveFrom({ argv, folder: own, path, point })));
    }
    return { figures: { drives: figures }, table: tableOf(figures) };
  } finally {
    if (kept === undefined) rmSync(folder, { recursive: true, force: true });
  }
}

function figuresOf(driver: string, version: string, drive: Drive): DriveFigures {
  const { tries, verdicts, ledger } = seenIn(drive.results);
  const checks = checksOf(drive);
  return {
    driver,
    version,
    checks,
    numbers: tries.map(({ experiment }) => experiment),
    verdicts: verdicts.map(({ decision, status }) => `${decision} (${status})`),
    ledger: ledger.map(({ experiment, status, researcher }) => `${experiment} ${status} ${researcher ?? ''}`.trim()),
    violations: drive.session?.violations ?? [],
    ...(Object.values(checks).includes(false) && { results: [...drive.results, drive.session?.printed ?? ''] }),
  };
}

function tableOf(figures: readonly DriveFigures[]): string[] {
  const row = (cells: readonly string[]) => `| ${cells.join(' | ')} |`;
  return [
    row(['driver', 'version', 'numbers', 'verdicts', 'ledger', 'violations', 'fails']),
    row(Array.from({ length: 7 }, () => '---')),
    ...figures.map(({ driver, version, numbers, verdicts, ledger, violations, checks }) => {
      const failed = Object.keys(checks).filter((name) => !checks[name]);
      const fails = failed.length === 0 ? 'nothing' : failed.join(', ');
      return row([
        driver,
        version,
        numbers.join(', '),
        verdicts.join(', '),
        ledger.join('; '),
        String(violations.length),
        fails,
      ]);
    }),
  ];
}
