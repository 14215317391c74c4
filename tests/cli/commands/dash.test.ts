import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { expect, onTestFinished, test } from 'vitest';
import { livedInJournal } from '../../helpers/lived-in-study.ts';
import { nocturne, startNocturne } from '../../helpers/nocturne.ts';
import { temporaryFolder } from '../../helpers/temporary-repo.ts';
import { writeStudy } from '../../helpers/written-study.ts';

function project(): string {
  const folder = temporaryFolder();
  writeStudy(folder, 'nov23', livedInJournal().entries);
  return folder;
}

test('it says where the page is, serves it, and ends at Ctrl-C while a page listens', async () => {
  const dash = startNocturne(project(), ['dash', '--port', '0', '--json']);
  const line = await new Promise<string>((resolve) => dash.onLine(resolve));
  const { tag, url, urlWithToken } = JSON.parse(line);
  expect({ tag, url }).toEqual({ tag: 'nov23', url: expect.stringMatching(/^http:\/\/127\.0\.0\.1:\d+\/$/) });
  expect(urlWithToken).toMatch(/\?token=[\w-]{24}$/);
  const page = await (await fetch(url)).text();
  expect(page).toContain('<b>nov23</b>');
  expect(page.match(/<script>(.*)<\/script>/s)?.[1]?.length).toBeGreaterThan(1000);
  const listening = await fetch(`${url}?events=1`);
  dash.kill('SIGINT');
  expect(await dash.end).toMatchObject({ exitCode: 130 });
  await listening.body?.cancel().catch(() => {});
});

test('an address that others reach is printed with its token, and answers nobody without it', async () => {
  const dash = startNocturne(project(), ['dash', '--port', '0', '--host', '0.0.0.0', '--json']);
  const line = await new Promise<string>((resolve) => dash.onLine(resolve));
  const address = JSON.parse(line).url.replace('0.0.0.0', '127.0.0.1');
  expect((await fetch(address)).status).toBe(200);
  expect((await fetch(address.replace(/\?.*/, ''))).status).toBe(403);
  dash.kill('SIGTERM');
  await dash.end;
});

test('a port that is taken is told in one sentence', async () => {
  const other = createServer().listen(0, '127.0.0.1');
  onTestFinished(() => void other.close());
  await once(other, 'listening');
  const { port } = other.address() as AddressInfo;
  const said = await nocturne(project(), ['dash', '--port', String(port)]);
  expect(said).toMatchObject({ exitCode: 2, stdout: '' });
  expect(said.stderr).toBe(
    `nocturne: The dashboard cannot listen on port ${port} of 127.0.0.1: another program has it.\nName another with --port; --port 0 takes any that is free.`,
  );
});

test('a folder without a study is told as every command does', async () => {
  const said = await nocturne(temporaryFolder(), ['dash']);
  expect(said.exitCode).toBe(2);
  expect(said.stderr).toMatch(/^nocturne: There is no study in .*\nStart one with `nocturne run`/);
});
