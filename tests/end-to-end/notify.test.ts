import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { journalOf, nocturne, project } from '../helpers/nocturne.ts';
import { serveNotices } from '../helpers/notice-server.ts';

const run = ['run', '--tag', 'night', '--plain', '--max-experiments', '1'];

/** Every byte that a study left, as text. */
function leftBy(folder: string): string {
  const files = readdirSync(folder, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
  return files.map((entry) => readFileSync(join(entry.parentPath, entry.name), 'latin1')).join('\n');
}

test('a study tells its end, goes on beside a channel that fails, and leaves no secret anywhere', async () => {
  const [webhook, slack] = await Promise.all([serveNotices({ status: 200 }), serveNotices({ status: 404 })]);
  const secrets = {
    NOTIFY_WEBHOOK_URL: `${webhook.url}/s3cr3t-hook-path`,
    SLACK_WEBHOOK_URL: `${slack.url}/services/s3cr3tSl4ckPath`,
  };
  const { root } = project('quick');
  const said = await nocturne(root, [...run, '--notify', 'webhook,slack'], secrets);
  expect(said.exitCode, said.stderr).toBe(0);
  expect(webhook.requests.map(({ body }) => body)).toEqual(
    expect.arrayContaining([expect.objectContaining({ event: 'finished', study: 'night' })]),
  );
  expect(slack.requests.length).toBeGreaterThan(0);
  expect(said.stderr.match(/slack could not tell you/g)).toHaveLength(1);
  const { event } = journalOf(root, 'night').at(-1) ?? {};
  expect(event).toBe('study-stopped');
  expect(`${said.stdout}${said.stderr}${leftBy(join(root, 'runs'))}`).not.toMatch(/s3cr3t/);
});

test('doctor sends a test message, and says through which channel it did not arrive', async () => {
  const [webhook, slack] = await Promise.all([
    serveNotices({ status: 200 }),
    serveNotices({ status: 404, body: 'no_service' }),
  ]);
  const variables = {
    NOTIFY_WEBHOOK_URL: webhook.url,
    SLACK_WEBHOOK_URL: slack.url,
    NOCTURNE_NOTIFY: 'webhook,slack',
  };
  const { root } = project('quick');
  const said = await nocturne(root, ['doctor', '--notify'], variables);
  expect(said.exitCode).toBe(3);
  expect(said.stdout).toMatch(/^notify +ok +webhook took a test message$/m);
  expect(said.stdout).toMatch(/^notify +PROBLEM +slack: HTTP 404: no_service\.$/m);
  expect(webhook.requests[0]?.body).toMatchObject({ event: 'test' });
});
