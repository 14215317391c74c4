/** Absences in real time, with the program, a server and an agent that are real processes. */
import { readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { settle } from '../helpers/model-study.ts';
import { entriesOf, journalOf, nocturne, project, startNocturne } from '../helpers/nocturne.ts';
import { idea, quickProject, serve } from '../helpers/served-quick.ts';
import { temporaryFolder } from '../helpers/temporary-repo.ts';

const keys = { OPENAI_API_KEY: 'sk-test-0123456789abcdef' };
const run = ['run', '--tag', 'night', '--max-experiments', '5'];
const agent = fileURLToPath(new URL('../fixtures/agents/stand_in.py', import.meta.url));

/** Who proposed what was run, and what was said of the absence. */
function outcomeOf(root: string) {
  const journal = journalOf(root, 'night');
  return {
    by: entriesOf(journal, 'proposal-made').map(({ researcher }) => researcher),
    away: entriesOf(journal, 'model-away').map(({ code }) => code),
    runs: entriesOf(journal, 'run-ended').filter(({ experiment }) => experiment > 0).length,
  };
}

test('a server that is gone after the baseline costs one proposal its patience', async () => {
  const server = await serve((_, index) => idea(index));
  const repo = quickProject(server, 'fallback: random');
  const running = startNocturne(repo.root, run, keys);
  await running.until('Idea 0');
  await server.close();
  const { exitCode, stderr } = await running.end;
  expect(exitCode, stderr).toBe(0);
  expect(outcomeOf(repo.root)).toMatchObject({ away: ['connection'], runs: 5 });
  expect(outcomeOf(repo.root).by.at(-1)).toBe('random');
}, 120_000);

test('a limit that ends in an hour costs a mix nothing', async () => {
  const server = await serve([{ fault: 'rate-limited-1h' }]);
  const repo = quickProject(server);
  settle(repo, 'researcher: auto', 'model: openai:gpt-6-sol', `base_url: ${server.openAIUrl}`);
  const said = await nocturne(repo.root, run, keys);
  expect(said.exitCode, said.stderr).toBe(0);
  expect(outcomeOf(repo.root)).toMatchObject({ away: ['rate-limited'], runs: 5 });
  expect(server.requests).toHaveLength(1);
  expect(said.stderr).toContain('openai:gpt-6-sol is away: ');
}, 120_000);

test.each([
  ['at its limit', 'limit', 'rate-limited'],
  ['with a refused key', 'refused', 'unauthorized'],
])(
  'an agent %s is asked once, and its fallback makes the experiments',
  async (_, deed, code) => {
    const repo = project('quick');
    const command = JSON.stringify(['python3', agent, deed]);
    settle(repo, 'researcher: command', `command: ${command}`, 'fallback: random');
    const said = await nocturne(repo.root, run);
    expect(said.exitCode, said.stderr).toBe(0);
    expect(outcomeOf(repo.root)).toEqual({ by: Array(5).fill('random'), away: [code], runs: 5 });
    expect(readdirSync(join(repo.root, 'runs', 'night', 'agent'))).toEqual(['1-0']);
  },
  120_000,
);

test('an agent whose key is refused is said before the baseline, where nothing stands in for it', async () => {
  const bin = temporaryFolder();
  writeFileSync(join(bin, 'claude'), `#!/bin/sh\nexec python3 ${JSON.stringify(agent)} refused\n`, { mode: 0o755 });
  const repo = project('quick');
  settle(repo, 'researcher: command', 'command: claude');
  const said = await nocturne(repo.root, run, { PATH: `${bin}:${process.env.PATH}` });
  expect(said.exitCode, said.stderr).toBe(2);
  expect(said.stderr).toContain('claude cannot be asked: The API provider is not able to authenticate you');
  expect(said.stderr).toContain('Sign in to claude, or set ANTHROPIC_API_KEY');
}, 120_000);
