/** The gpt sandbox's download against a server that misbehaves as real ones do. */
import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join, resolve } from 'node:path';
import { execa } from 'execa';
import { expect, onTestFinished, test } from 'vitest';
import { fastFolder } from '../helpers/fast-folder.ts';

const content = Buffer.from(Array.from({ length: 300_000 }, (_, index) => (index * 31) % 251));
const sha256 = createHash('sha256').update(content).digest('hex');

type Answer = (request: IncomingMessage, response: ServerResponse, from: number) => void;

/** Serves the content, resumable, but for what `answers` does to the first requests. */
async function serve(answers: readonly Answer[]): Promise<{ url: string; ranges: (string | undefined)[] }> {
  const ranges: (string | undefined)[] = [];
  const server = createServer((request, response) => {
    const { range } = request.headers;
    const from = Number(/bytes=(\d+)-/.exec(range ?? '')?.[1] ?? 0);
    (answers[ranges.length] ?? send)(request, response, from);
    ranges.push(range);
  });
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/text.bin`, ranges };
}

function head(response: ServerResponse, from: number, promised = sha256): void {
  response.writeHead(from > 0 ? 206 : 200, {
    'content-length': content.length - from,
    'x-linked-etag': `"${promised}"`,
    ...(from > 0 ? { 'content-range': `bytes ${from}-${content.length - 1}/${content.length}` } : {}),
  });
}

const send: Answer = (_, response, from) => {
  head(response, from);
  response.end(content.subarray(from));
};

const dropAfter =
  (bytes: number): Answer =>
  (_, response, from) => {
    head(response, from);
    response.write(content.subarray(from, from + bytes), () => response.destroy());
  };

const refuse =
  (status: number): Answer =>
  (_, response) => {
    response.writeHead(status);
    response.end();
  };

const stall: Answer = (_, response, from) => {
  head(response, from);
  response.write(content.subarray(from, from + 50_000));
};

/** The shipped module, with waits cut short. */
const driver = `
import sys
from pathlib import Path
import download
download.SILENCE_SECONDS = 1
try:
    print(download.fetch(sys.argv[1], Path(sys.argv[2]), say=lambda line: print(line, file=sys.stderr), pause=lambda seconds: None))
except download.DownloadError as error:
    sys.exit(str(error))
`;

async function fetchTo(url: string, path: string) {
  const { exitCode, stdout, stderr } = await execa('python3', ['-c', driver, url, path], {
    env: { PYTHONPATH: resolve('sandbox/gpt'), PYTHONDONTWRITEBYTECODE: '1' },
    reject: false,
  });
  return { exitCode, stdout, stderr };
}

test('a file that arrives whole is checked and leaves nothing else behind', async () => {
  const path = join(fastFolder(), 'text.bin');
  const { url } = await serve([]);
  expect((await fetchTo(url, path)).stdout).toBe(sha256);
  expect(readFileSync(path).equals(content)).toBe(true);
  expect(existsSync(`${path}.part`) || existsSync(`${path}.part.json`)).toBe(false);
});

test('a dropped connection is resumed where it broke off', async () => {
  const path = join(fastFolder(), 'text.bin');
  const { url, ranges } = await serve([dropAfter(100_000), dropAfter(100_000)]);
  expect((await fetchTo(url, path)).exitCode).toBe(0);
  expect(readFileSync(path).equals(content)).toBe(true);
  expect(ranges).toEqual([undefined, 'bytes=100000-', 'bytes=200000-']);
});

test('a second start goes on with what the first one left', async () => {
  const path = join(fastFolder(), 'text.bin');
  const first = await serve([dropAfter(120_000), ...Array.from({ length: 9 }, () => refuse(503))]);
  const said = await fetchTo(first.url, path);
  expect(said.exitCode).toBe(1);
  expect(said.stderr).toContain('could not be downloaded: answered 503');
  const second = await serve([]);
  expect((await fetchTo(second.url, path)).stdout).toBe(sha256);
  expect(second.ranges).toEqual(['bytes=120000-']);
});

test('what was whole when the last start ended is not fetched again', async () => {
  const path = join(fastFolder(), 'text.bin');
  writeFileSync(`${path}.part`, content);
  writeFileSync(`${path}.part.json`, JSON.stringify({ bytes: content.length, sha256, tag: sha256 }));
  const { url, ranges } = await serve([]);
  expect((await fetchTo(url, path)).stdout).toBe(sha256);
  expect(ranges).toEqual([]);
});

test('a body in chunks that breaks off is a drop too', async () => {
  const path = join(fastFolder(), 'text.bin');
  const breakOff: Answer = (_, response) => {
    response.writeHead(200, { 'transfer-encoding': 'chunked' });
    response.write(content.subarray(0, 50_000), () => response.destroy());
  };
  const { url, ranges } = await serve([breakOff]);
  const said = await fetchTo(url, path);
  expect(said.stderr).toContain('download interrupted');
  expect(said.stdout).toBe(sha256);
  // Without the file's length it is unknown whether the rest belongs to it.
  expect(ranges).toEqual([undefined, 'bytes=50000-', undefined]);
});

test('slow bytes that stop coming count as a drop', async () => {
  const path = join(fastFolder(), 'text.bin');
  const { url, ranges } = await serve([stall]);
  expect((await fetchTo(url, path)).stdout).toBe(sha256);
  expect(ranges).toEqual([undefined, 'bytes=50000-']);
});

test('a wrong checksum is refused, and the wrong bytes are not kept', async () => {
  const path = join(fastFolder(), 'text.bin');
  const lie: Answer = (_, response) => {
    head(response, 0, 'a'.repeat(64));
    response.end(content);
  };
  const { url } = await serve([lie]);
  const { exitCode, stderr } = await fetchTo(url, path);
  expect(exitCode).toBe(1);
  expect(stderr).toContain('arrived with the wrong checksum');
  expect(existsSync(path) || existsSync(`${path}.part`)).toBe(false);
});

test('a file that changed on the server is fetched from its start, never joined with the old', async () => {
  const path = join(fastFolder(), 'text.bin');
  const other: Answer = (_, response, from) => {
    head(response, from, 'b'.repeat(64));
    response.write(content.subarray(from, from + 90_000), () => response.destroy());
  };
  const { url, ranges } = await serve([other]);
  expect((await fetchTo(url, path)).stdout).toBe(sha256);
  expect(ranges).toEqual([undefined, 'bytes=90000-', undefined]);
});

test('what is not there is one sentence at once', async () => {
  const path = join(fastFolder(), 'text.bin');
  const { url, ranges } = await serve([refuse(404)]);
  const { exitCode, stderr } = await fetchTo(url, path);
  expect(exitCode).toBe(1);
  expect(stderr.trim()).toBe(`${url} answered 404 Not Found`);
  expect(ranges).toHaveLength(1);
});

test('where no server answers it gives up soon', async () => {
  const { exitCode, stderr } = await fetchTo('http://127.0.0.1:9/text.bin', join(fastFolder(), 'text.bin'));
  expect(exitCode).toBe(1);
  expect(stderr).toMatch(
    /^download failed \(.*refused\); trying again in 2 s\ndownload failed \(.*\); trying again in 4 s\n.* could not be downloaded: .*refused$/,
  );
});

test('a disk without room is said before anything is fetched', async () => {
  const folder = join(fastFolder(), 'small');
  mkdirSync(folder);
  try {
    execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=64k', 'tmpfs', folder], { stdio: 'pipe' });
  } catch (error) {
    process.stderr.write(`skipped: a full disk needs the right to mount one (${(error as Error).message.trim()})\n`);
    return;
  }
  onTestFinished(() => void execFileSync('umount', [folder]));
  const { url } = await serve([]);
  const { exitCode, stderr } = await fetchTo(url, join(folder, 'text.bin'));
  expect(exitCode).toBe(1);
  expect(stderr).toMatch(/the disk is full: .* needs 0\.3 MB, .* has 0\.1 MB free/);
});

test('a disk that fills up on the way keeps what arrived', async () => {
  const folder = join(fastFolder(), 'small');
  mkdirSync(folder);
  try {
    execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=400k', 'tmpfs', folder], { stdio: 'pipe' });
  } catch (error) {
    process.stderr.write(`skipped: a full disk needs the right to mount one (${(error as Error).message.trim()})\n`);
    return;
  }
  onTestFinished(() => void execFileSync('umount', [folder]));
  const path = join(folder, 'text.bin');
  // Without a length it is not known beforehand that the file will not fit.
  const fillThenSend: Answer = (_, response, from) => {
    writeFileSync(join(folder, 'other'), Buffer.alloc(250_000));
    response.writeHead(206, { 'x-linked-etag': `"${sha256}"`, 'content-range': `bytes ${from}-/${content.length}` });
    response.end(content.subarray(from));
  };
  const { url } = await serve([dropAfter(100_000), fillThenSend]);
  const said = await fetchTo(url, path);
  expect(said.exitCode).toBe(1);
  expect(said.stderr).toContain('the disk is full');
  expect(existsSync(`${path}.part`)).toBe(true);
  rmSync(join(folder, 'other'));
  expect((await fetchTo(url, path)).stdout).toBe(sha256);
});
