import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { createLocalEngine } from '../../../../src/adapters/engines/local.ts';
import { packagePath } from '../../../../src/adapters/package-root.ts';
import { agentRemedy, mayProbe, probeAgent } from '../../../../src/adapters/researchers/command/agent-probe.ts';
import { agentFor, agents } from '../../../../src/adapters/researchers/command/agents.ts';
import type { FaultCode } from '../../../../src/ports/model.ts';
import { temporaryFolder } from '../../../helpers/temporary-repo.ts';

const script = packagePath('tests', 'fixtures', 'agents', 'stand_in.py');
const python = execFileSync('python3', ['-c', 'import sys; print(sys.executable)'], { encoding: 'utf8' }).trim();
const { signal } = new AbortController();

async function probe(argv: readonly [string, ...string[]], ending = signal) {
  const folder = temporaryFolder();
  const agent = { name: 'stand-in', argv, env: [], leftovers: [] };
  const engine = createLocalEngine({ python });
  return {
    folder,
    end: await probeAgent({ agent, engine, folder, environment: process.env, costOf: () => undefined }, ending),
  };
}

describe('one small call of an agent', () => {
  it('is answered by one that spends and ends well, and gives what it used', async () => {
    const { end, folder } = await probe([python, script, 'spend']);
    expect(end.fault).toBeUndefined();
    expect(end.called).toEqual([
      {
        model: 'claude-opus-5-5',
        asked: 'stand-in',
        outcome: 'answer',
        usage: { uncachedInput: 900, cachedInput: 40, cacheWrite: 0, output: 60 },
        usd: 0.4,
      },
    ]);
    expect(readFileSync(join(folder, 'probe', 'copy', 'TASK.md'), 'utf8')).toContain('Answer with the one word ok');
  });

  it.each([
    ['at its limit', 'limit', 'rate-limited'],
    ['with a refused key', 'refused', 'unauthorized'],
  ])('finds one that is %s away', async (_, deed, code) => {
    expect((await probe([python, script, deed])).end.fault).toMatchObject({ code });
  });

  it('finds one that is not installed, and one that fails of something else there', async () => {
    expect((await probe(['no-such-agent-anywhere'])).end).toMatchObject({ fault: { code: 'not-found' }, called: [] });
    expect((await probe([python, script, 'fail'])).end.fault).toBeUndefined();
  });

  it('ends with its signal', async () => {
    expect((await probe([python, script, 'hang'], AbortSignal.timeout(500))).end.fault).toMatchObject({
      code: 'aborted',
    });
  });
});

it('is made of known agents only, with flags of the owner’s or without', () => {
  expect(agents.filter((agent) => !mayProbe(agent))).toEqual([]);
  expect(mayProbe(agentFor(['claude', '-p', '{prompt}', '--model', 'opus']))).toBe(true);
  expect(mayProbe(agentFor(['./mine.sh', '{prompt}']))).toBe(false);
});

it.each<readonly [FaultCode, string, RegExp | undefined]>([
  ['unauthorized', 'Not logged in', /^Sign in to claude, or set ANTHROPIC_API_KEY/],
  ['quota-exhausted', 'Credit balance is too low', /^Add credit/],
  ['spend-limit', 'Spend limit', /^Raise the limit/],
  ['not-found', 'The agent claude could not be started.', /^Install it/],
  ['not-found', 'model: claude-x does not exist', /^Check the model/],
  ['rate-limited', "You've hit your session limit", undefined],
  ['overloaded', 'Overloaded', undefined],
])('what to set against %s: %s', (code, message, remedy) => {
  const found = agentRemedy(agentFor(['claude']), { kind: 'fault', action: 'pause', code, message });
  if (remedy === undefined) expect(found).toBeUndefined();
  else expect(found).toMatch(remedy);
});
