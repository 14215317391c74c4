/**
 * The real `sky` and its real API server, with a stand-in for the cloud behind them (`tests/fixtures/sky/service.py`).
 *
 * NOCTURNE_TEST_SKY names a virtual environment with skypilot==0.14.1, ray, asyncssh and aiohttp. Machines listen on port 22 of
 * addresses in 127.0.77.0/24, and sky's API server on its one port, so that there is one such cloud at a time, and root starts it.
 */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { execa } from 'execa';
import { onTestFinished, vi } from 'vitest';
import { packagePath } from '../../src/adapters/package-root.ts';

/** The virtual environment with sky; undefined where tests with it are to be skipped. */
export const skyVenv = process.env.NOCTURNE_TEST_SKY;

interface Control {
  /** The next launches are refused so; null ends that. */
  readonly refuse?: string | null;
  /** Takes all machines back. */
  readonly vanish?: true;
}

interface Seen {
  readonly launches: number;
  /** Ids of machines that sky asked to end. */
  readonly terminations: readonly string[];
  readonly machines: readonly { readonly id: string; readonly name: string }[];
}

export interface SkyCloud {
  /** The environment of a user of sky. */
  readonly variables: Readonly<Record<string, string>>;
  readonly control: (asked?: Control) => Promise<Seen>;
  /** Resolves once the cloud looks so. */
  readonly until: (isSo: (seen: Seen) => boolean) => Promise<Seen>;
}

const fixtures = packagePath('tests', 'fixtures', 'sky');

/** Starts all of it; it ends with the test. */
export async function openSkyCloud(venv: string): Promise<SkyCloud> {
  const folder = mkdtempSync(join(tmpdir(), 'nocturne-sky-'));
  const home = join(folder, 'home');
  mkdirSync(home);
  cpSync(join(fixtures, 'catalogs'), join(home, '.sky', 'catalogs', 'v8'), { recursive: true });
  mkdirSync(join(home, '.lambda_cloud'));
  writeFileSync(join(home, '.lambda_cloud', 'lambda_keys'), 'api_key = stand-in\n');
  const service = spawn(join(venv, 'bin', 'python'), [join(fixtures, 'service.py'), join(folder, 'cloud'), venv], {
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  const [line] = await once(service.stdout, 'data');
  const address = `http://127.0.0.1:${JSON.parse(String(line)).port}`;
  const variables = {
    ...{ HOME: home, PATH: `${join(venv, 'bin')}:${process.env.PATH}`, STAND_IN_SERVICE: address },
    ...{ PYTHONPATH: join(fixtures, 'site'), SKYPILOT_DISABLE_USAGE_COLLECTION: '1' },
  };
  const server = (what: string) => execa('sky', ['api', what], { env: variables, stdio: 'ignore' });
  onTestFinished(async () => {
    await server('stop');
    service.stdin.end();
    await once(service, 'exit');
    rmSync(folder, { recursive: true, force: true, maxRetries: 5 });
  });
  await server('start');
  const control = async (asked?: Control): Promise<Seen> => {
    const request = asked ? { method: 'POST', body: JSON.stringify(asked) } : {};
    return (await fetch(`${address}/control`, request)).json() as Promise<Seen>;
  };
  return {
    variables,
    control,
    until: (isSo) =>
      vi.waitUntil(
        async () => {
          const seen = await control();
          return isSo(seen) ? seen : undefined;
        },
        { timeout: 500_000, interval: 200 },
      ) as Promise<Seen>,
  };
}
