import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { createServer, type RequestListener } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { openRay } from '../../../../src/adapters/engines/ray/open-ray.ts';
import { SettingsError } from '../../../../src/core/base/errors.ts';
import { interpreter } from '../../../helpers/interpreter.ts';

/** A server of one answer for all. */
async function answering(listener: RequestListener) {
  const server = createServer(listener);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const close = () => new Promise<void>((resolve) => server.close(() => resolve()));
  onTestFinished(() => void server.closeAllConnections());
  return { address: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, close, server };
}

/** An address at which nothing answers. */
async function nowhere(): Promise<string> {
  const { address, close } = await answering((_, response) => response.end());
  await close();
  return address;
}

async function engineAt(address: string, environment: Record<string, string> = {}) {
  const studyFolder = await mkdtemp(join(tmpdir(), 'nocturne-ray-engine-'));
  onTestFinished(() => rm(studyFolder, { recursive: true, force: true }));
  const told: string[] = [];
  const brief = { link: [], env: [], metric: { name: 'val_bpb', goal: 'minimize' as const } };
  const tell = (message: string) => void told.push(message);
  const open = () =>
    openRay({
      settings: { address },
      studyFolder,
      ...{ root: studyFolder, userSandbox: studyFolder, brief },
      python: interpreter,
      slots: 1,
      tell,
      environment: { HOME: studyFolder, ...environment },
    });
  const folder = join(studyFolder, '0001', 'run-1');
  await mkdir(folder, { recursive: true });
  const job = {
    id: '0001/run-1',
    folder,
    limitSeconds: 5,
    stages: [{ name: 'train' as const, argv: ['true'], folder, env: {} }],
  };
  return { engine: open(), open, job, told, studyFolder };
}

describe('a Ray cluster that does not answer', () => {
  it('is waited for, and told of once', async () => {
    const { engine, open, job, told } = await engineAt(await nowhere());
    await engine.submit(job);
    expect(await engine.wasStarted(job)).toBe(true);
    expect(await engine.poll(job, 0)).toEqual({ kind: 'queued', isUnheard: true });
    expect(await engine.poll(job, 1.2)).toEqual({ kind: 'queued', isUnheard: true });
    expect(told).toEqual([expect.stringMatching(/^The Ray cluster at .* does not answer \(ECONNREFUSED\)/)]);
    expect(await open().poll(job, 0)).toEqual({ kind: 'queued', isUnheard: true });
  });

  it('is told to stop a job as soon as it answers', async () => {
    const { engine, open, job, told, studyFolder } = await engineAt(await nowhere());
    await engine.submit(job);
    await engine.cancel(job);
    expect(await engine.poll(job, 0)).toMatchObject({ kind: 'ended', end: { ending: 'cancelled' } });
    expect(told.at(-1)).toMatch(/cannot be stopped while the Ray cluster does not answer/);
    const [id] = await readdir(join(studyFolder, 'travel', 'ray-stops'));
    expect(id).toMatch(/^nocturne-.*-0001-run-1-[0-9a-f]{8}$/);
    expect(await open().poll(job, 0)).toMatchObject({ kind: 'ended' });
  });

  it('behind a proxy that says so is waited for as well', async () => {
    const { address } = await answering((_, response) => response.writeHead(503).end('no upstream'));
    const { engine, job, told } = await engineAt(address);
    await engine.submit(job);
    expect(await engine.poll(job, 0)).toEqual({ kind: 'queued', isUnheard: true });
    expect(told).toEqual([expect.stringContaining('HTTP 503')]);
  });
});

describe('an address at which no study can run', () => {
  it('is a settings error where it is that of something else, and the job counts as not started', async () => {
    const { address } = await answering((_, response) => response.end('<html>'));
    const { engine, job } = await engineAt(address);
    await expect(engine.submit(job)).rejects.toThrow(/is not the dashboard of a Ray cluster/);
    expect(await engine.wasStarted(job)).toBe(false);
  });

  it('is a settings error where a token is wanted, with where to give one', async () => {
    const seen: (string | undefined)[] = [];
    const { address } = await answering((request, response) => {
      seen.push(request.headers.authorization);
      response.writeHead(401).end('Unauthorized: Missing authentication token');
    });
    const { engine, job } = await engineAt(address);
    const error = await engine.submit(job).catch((caught: unknown) => caught);
    expect(error).toBeInstanceOf(SettingsError);
    expect(error).toMatchObject({ hint: expect.stringContaining('RAY_AUTH_TOKEN') });
    const file = join(job.folder, 'token');
    await writeFile(file, 'from-file\n');
    for (const environment of [{ RAY_AUTH_TOKEN: 'from-variable' }, { RAY_AUTH_TOKEN_PATH: file }]) {
      const other = await engineAt(address, environment);
      await other.engine.submit(other.job).catch(() => {});
    }
    expect(seen).toEqual([undefined, 'Bearer from-variable', 'Bearer from-file']);
  });

  it('is a settings error where it is none', async () => {
    await expect(engineAt('http://:1')).rejects.toThrow(SettingsError);
  });
});

it('a request does not look like that of a browser, which Ray lets only read', async () => {
  const headers: string[] = [];
  const { address } = await answering((request, response) => {
    headers.push(...Object.keys(request.headers));
    response.writeHead(401).end();
  });
  const { engine, job } = await engineAt(address);
  await engine.submit(job).catch(() => {});
  expect(headers).not.toEqual([]);
  expect(headers.filter((name) => name.startsWith('sec-') || name === 'origin')).toEqual([]);
});

it('what is remembered of a job is written before it is submitted', async () => {
  const { engine, job } = await engineAt(await nowhere());
  await Promise.all([engine.submit(job), engine.submit(job)]);
  const record = JSON.parse(await readFile(join(job.folder, 'ray.json'), 'utf8'));
  expect(record).toMatchObject({ attempt: 1, isSubmitted: false });
});
