/** Real clients of the Model Context Protocol, as npm has them today: the official inspector, and a coding agent. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { execa } from 'execa';
import { expect, test } from 'vitest';
import { benchedAgents } from '../../bench/agents/benched-agents.ts';
import { resultsOf } from '../../bench/agents/drive-moves.ts';
import { installAgent } from '../../bench/agents/install-agent.ts';
import { type RecordedRequest, type Step, startModelServer } from '../helpers/model-server/model-server.ts';
import { nocturne } from '../helpers/nocturne.ts';
import { program } from '../helpers/program.ts';
import { templateStudy } from '../helpers/template-study.ts';
import { temporaryFolder } from '../helpers/temporary-repo.ts';

const study = templateStudy('--tag', 'night', '--max-experiments', '2');
const notHere = 'npm cannot install it here';

test('the inspector lists the tools and reads a study', async ({ skip }) => {
  const { root } = study();
  const folder = temporaryFolder();
  const flags = ['--no-audit', '--no-fund', '--loglevel', 'error', '--prefix', folder];
  const installed = await execa('npm', ['install', ...flags, '@modelcontextprotocol/inspector@2.12.0'], {
    reject: false,
  });
  if (installed.failed) skip(notHere);
  const inspect = async (...args: string[]) => {
    const inspector = join(folder, 'node_modules', '.bin', 'mcp-inspector');
    const { stdout } = await execa(inspector, ['--cli', process.execPath, program, 'mcp', ...args], {
      cwd: root,
      env: { HOME: folder },
      stdin: 'ignore',
    });
    return JSON.parse(stdout);
  };
  const { tools } = await inspect('--method', 'tools/list');
  expect(tools.map(({ name }: { name: string }) => name)).toContain('experiments');
  const { content } = await inspect('--method', 'tools/call', '--tool-name', 'status', '--tool-arg', 'tag=night');
  const { stdout } = await nocturne(root, ['status', '--json']);
  expect(JSON.parse(content[0].text).data).toEqual(JSON.parse(stdout));
});

test('claude lists the tools and reads a study', async ({ skip }) => {
  const { root } = study();
  const folder = temporaryFolder();
  const claude = benchedAgents.find(({ name }) => name === 'claude');
  if (!claude) throw new Error('claude is among the agents');
  const installed = await installAgent(claude, folder).catch(() => undefined);
  if (!installed) return skip(notHere);
  const server = await startModelServer(askForStatus, { clients: 'agents' });
  const config = join(folder, 'mcp.json');
  const started = { command: process.execPath, args: [program, 'mcp', '--brief', root] };
  writeFileSync(config, JSON.stringify({ mcpServers: { nocturne: started } }));
  const flags = ['--mcp-config', config, '--strict-mcp-config', '--allowedTools', 'mcp__nocturne__status'];
  const { all } = await execa(
    'claude',
    [
      '-p',
      'How is the night going?',
      '--output-format',
      'stream-json',
      '--verbose',
      '--max-turns',
      '4',
      '--no-session-persistence',
      ...flags,
    ],
    {
      cwd: root,
      env: { ...claude.point(server.url, folder), PATH: installed.path, HOME: folder, LANG: 'C.UTF-8' },
      extendEnv: false,
      stdin: 'ignore',
      reject: false,
      all: true,
    },
  );
  await server.close();
  expect(all).toContain('"mcp__nocturne__experiments"');
  const [, answer = ''] = server.requests.map(resultsOf).findLast((results) => results.length > 1) ?? [];
  const { stdout } = await nocturne(root, ['status', '--json']);
  expect(JSON.parse(answer).data, all).toEqual(JSON.parse(stdout));
  expect(server.violations).toEqual([]);
});

/** The model loads the tool, which claude keeps back until it is searched for, asks for the status, and is content with it. */
function askForStatus(request: RecordedRequest, index: number): Step {
  const usage = { uncached: 100, cached: 0, output: 10 };
  const name = 'mcp__nocturne__status';
  const moves = [
    { name: 'ToolSearch', arguments: { query: `select:${name}` } },
    { name, arguments: { tag: 'night' } },
  ];
  const hasTools = JSON.stringify(request.body.tools ?? []).includes('ToolSearch');
  const move = hasTools ? moves[resultsOf(request).length] : undefined;
  const calls = move === undefined ? [] : [{ id: `toolu_${index}`, ...move }];
  return { reply: { id: String(index), text: move ? '' : 'It goes well.', calls, usage } };
}
