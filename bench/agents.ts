/**
 * Tries the coding agents that briefs can name, in the versions that npm has today: installs each, lets the `command`
 * researcher start it in a small real study, and answers it from the test server, once like a provider and once with
 * its key refused.
 *
 * They get an empty HOME, a dummy key and an address on this machine; of the owner's environment only PATH.
 */
import { mkdirSync, mkdtempSync, realpathSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join, resolve } from 'node:path';
import { execa } from 'execa';
import { z } from 'zod';
import { startModelServer } from '../tests/helpers/model-server/model-server.ts';
import { answerAgent } from './agents/agent-moves.ts';
import { emptyHome, type StudyFigures, studyWith } from './agents/agent-study.ts';
import { type BenchedAgent, benchedAgents } from './agents/benched-agents.ts';
import { defineBench } from './bench.ts';
import type { BenchReport } from './report.ts';

const names = benchedAgents.map(({ name }) => name);

interface AgentFigures {
  readonly agent: string;
  readonly version: string;
  readonly installSeconds: number;
  readonly served: StudyFigures;
  readonly refused: StudyFigures;
  /** One sentence for each fault in its requests. */
  readonly violations: readonly string[];
}

/** `npm run bench -- agents`. */
export const bench = defineBench('agents', {
  summary:
    'coding agents from npm as the researcher, with the test server [--folder DIR to keep them] [--agent NAME for one alone]',
  flags: { folder: z.string().optional(), agent: z.enum(names, `must be one of ${names.join(', ')}`).optional() },
  measure,
});

interface AgentFlags {
  /** Folder in which the installed agents are kept for the next time. */
  readonly folder?: string | undefined;
  readonly agent?: string | undefined;
}

async function measure({ folder: kept, agent: only }: AgentFlags): Promise<BenchReport> {
  const folder = kept === undefined ? realpathSync(mkdtempSync(join(tmpdir(), 'nocturne-agents-'))) : resolve(kept);
  try {
    const figures: AgentFigures[] = [];
    for (const agent of benchedAgents) {
      if (only === undefined || only === agent.name) figures.push(await benchAgent(agent, join(folder, agent.name)));
    }
    return { figures: { agents: figures }, table: tableOf(figures) };
  } finally {
    if (kept === undefined) rmSync(folder, { recursive: true, force: true });
  }
}

async function benchAgent(agent: BenchedAgent, folder: string): Promise<AgentFigures> {
  const { bin, seconds } = await install(agent, folder);
  const version = await versionOf(agent.name, bin, folder);
  const violations: string[] = [];
  const run = async (answer: Parameters<typeof startModelServer>[0], experiments: number) => {
    const server = await startModelServer(answer, { clients: 'agents' });
    const variables = { ...agent.point(server.url, folder), PATH: pathWith(bin) };
    const figures = await studyWith({ agent: agent.name, folder, variables, experiments });
    violations.push(...server.violations);
    await server.close();
    return figures;
  };
  const served = await run(answerAgent, 2);
  const refused = await run([{ fault: 'unauthorized' }], 1);
  return { agent: agent.name, version, installSeconds: seconds, served, refused, violations };
}

async function install({ npmName }: BenchedAgent, folder: string) {
  const began = performance.now();
  mkdirSync(folder, { recursive: true });
  const into = join(folder, 'installed');
  // --force: without it npm skips a release that asks for a newer Node than this one, though agents bring one along.
  const flags = ['--no-audit', '--no-fund', '--no-save', '--force', '--loglevel', 'error', '--prefix', into];
  // With the whole environment, for the owner's registry and certificates; this starts no agent.
  await execa('npm', ['install', ...flags, `${npmName}@latest`], { stdin: 'ignore' });
  return { bin: join(into, 'node_modules', '.bin'), seconds: Math.round((performance.now() - began) / 1000) };
}

async function versionOf(name: string, bin: string, folder: string): Promise<string> {
  const env = { PATH: pathWith(bin), HOME: emptyHome(folder) };
  const options = { env, extendEnv: false, stdin: 'ignore', reject: false, timeout: 60_000 } as const;
  const { stdout } = await execa(name, ['--version'], options);
  return /\d+\.\d+\.\d+/.exec(stdout)?.[0] ?? 'unknown';
}

function pathWith(bin: string): string {
  return [bin, process.env.PATH].join(delimiter);
}

function tableOf(figures: readonly AgentFigures[]): string[] {
  const row = (cells: readonly string[]) => `| ${cells.join(' | ')} |`;
  return [
    row(['agent', 'version', 'proposals', 'spent, by its own word', 's per call', 'key refused: reason', 's']),
    row(Array.from({ length: 7 }, () => '---')),
    ...figures.map(({ agent, version, served, refused }) =>
      row([
        agent,
        version,
        served.made.join(', ') || served.reasons.join('; ').slice(0, 200) || 'none',
        `${served.tokens ?? 'unknown'} tokens, ${served.usd ?? 'unknown'} USD`,
        String(served.secondsPerCall),
        (refused.reasons[0] ?? 'none').replaceAll('|', '/').replaceAll('\n', ' ').slice(0, 200),
        String(refused.secondsPerCall),
      ]),
    ),
    ...figures.flatMap(({ agent, violations }) => violations.map((violation) => `${agent}: ${violation}`)),
  ];
}
