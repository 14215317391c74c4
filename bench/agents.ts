/**
 * Tries the coding agents that briefs can name, in the versions that npm and PyPI have today: installs each, lets the
 * `command` researcher start it in a small real study, and answers it from the test server: like a provider, with an edit
 * that is not allowed at first, with a limit that ends in hours, and with its key refused. In the last two, random search
 * stands in.
 *
 * They get an empty HOME, a dummy key and an address on this machine; of the owner's environment only PATH.
 */
import { mkdtempSync, realpathSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { z } from 'zod';
import { startModelServer } from '../tests/helpers/model-server/model-server.ts';
import { answerAgent, answerWithForbiddenFile, usage } from './agents/agent-moves.ts';
import { type StudyFigures, studyWith } from './agents/agent-study.ts';
import { type BenchedAgent, benchedAgents } from './agents/benched-agents.ts';
import { installAgent } from './agents/install-agent.ts';
import { defineBench } from './bench.ts';
import type { BenchReport } from './report.ts';

const tokensPerReply = usage.uncached + (usage.cached ?? 0) + usage.output;
const names = benchedAgents.map(({ name }) => name);

interface AgentFigures {
  readonly agent: string;
  readonly version: string;
  readonly installSeconds: number;
  readonly served: StudyFigures;
  /** What the server's replies of that study counted. */
  readonly billedTokens: number;
  /** Its first proposal adds a file. */
  readonly mended: StudyFigures;
  readonly limited: StudyFigures;
  readonly refused: StudyFigures;
  /** One sentence for each fault in its requests. */
  readonly violations: readonly string[];
}

/** `npm run bench -- agents`. */
export const bench = defineBench('agents', {
  summary:
    'coding agents from npm and PyPI as the researcher, with the test server [--folder DIR to keep them] [--agent NAME for one alone]',
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
  const { path, version, seconds } = await installAgent(agent, folder);
  const violations: string[] = [];
  const run = async (answer: Parameters<typeof startModelServer>[0], experiments: number) => {
    const server = await startModelServer(answer, { clients: 'agents' });
    const variables = { ...agent.point(server.url, folder), PATH: path };
    const figures = await studyWith({ agent: agent.name, folder, variables, experiments });
    violations.push(...server.violations);
    const replies = server.requests.length + server.smallCalls.length;
    await server.close();
    return { figures, replies };
  };
  const served = await run(answerAgent, 6);
  const { figures: mended } = await run(answerWithForbiddenFile, 1);
  const { figures: limited } = await run([{ fault: 'session-limit' }], 2);
  const { figures: refused } = await run([{ fault: 'unauthorized' }], 2);
  const billedTokens = served.replies * tokensPerReply;
  const figures = { served: served.figures, billedTokens, mended, limited, refused };
  return { agent: agent.name, version, installSeconds: seconds, ...figures, violations };
}

function tableOf(figures: readonly AgentFigures[]): string[] {
  const row = (cells: readonly string[]) => `| ${cells.join(' | ')} |`;
  return [
    row([
      'agent',
      'version',
      'commits of 6',
      'tokens said',
      'tokens billed',
      'USD',
      's a call',
      'told why',
      'at its limit',
      'key refused',
    ]),
    row(Array.from({ length: 10 }, () => '---')),
    ...figures.map(({ agent, version, served, billedTokens, mended, limited, refused }) =>
      row([
        agent,
        version,
        `${served.made.length}${served.reasons.length === 0 ? '' : ` (${cell(served.reasons.join('; '))})`}`,
        String(served.tokens ?? 'unknown'),
        String(billedTokens),
        served.usd?.toFixed(4) ?? 'unknown',
        String(served.secondsPerCall),
        mended.made.length === 1 && mended.reasons.length === 1
          ? 'mended at the second try'
          : cell(mended.reasons.join('; ')),
        stoodIn(limited),
        stoodIn(refused),
      ]),
    ),
    ...figures.flatMap(({ agent, violations }) => violations.map((violation) => `${agent}: ${violation}`)),
  ];
}

/** Why the agent was away, after how long, and how many experiments the study made all the same. */
function stoodIn({ away, made, reasons, secondsPerCall }: StudyFigures): string {
  return `${cell(away[0] ?? reasons[0] ?? 'never away')}; ${secondsPerCall} s; ${made.length} of 2 made`;
}

function cell(text: string): string {
  return text.replaceAll('|', '/').replaceAll('\n', ' ').slice(0, 200);
}
