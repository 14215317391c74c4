import { describe, expect, it, test } from 'vitest';
import { askedChannels, openChannels } from '../../../src/adapters/notify/open-channels.ts';
import { type ChannelName, channelNames } from '../../../src/core/base/names.ts';
import type { Notice } from '../../../src/core/views/notices.ts';
import type { Channel } from '../../../src/ports/channel.ts';
import { type NoticeAnswer, serveNotices } from '../../helpers/notice-server.ts';

const best: Notice = {
  kind: 'best',
  tag: 'nov29',
  title: 'nov29: new best loss 0.97',
  text: 'Experiment 12: LR <1 & "@everyone"\nloss 0.99 at the start',
};
const secret = 'T012/B345/s3cr3tS3cr3t';
const token = '123456:AAE-s3cr3t-t0ken';

const variablesOf = (url: string): Record<string, string> => ({
  NTFY_URL: `${url}/up/${secret.replaceAll('/', '-')}`,
  NTFY_TOKEN: token,
  SLACK_WEBHOOK_URL: `${url}/services/${secret}`,
  DISCORD_WEBHOOK_URL: `${url}/api/webhooks/${secret}`,
  TELEGRAM_BOT_TOKEN: token,
  TELEGRAM_CHAT_ID: '-100200300',
  TELEGRAM_API_URL: url,
  NOTIFY_WEBHOOK_URL: `${url}/hook?key=${secret}`,
});

function open(name: ChannelName, url: string): Channel {
  const [channel] = openChannels({ names: [name] }, variablesOf(url));
  if (!channel) throw new Error('it is opened');
  return channel;
}

const tell = (channel: Channel, notice = best) => channel.tell(notice, new AbortController().signal);

const whole = 'nov29: new best loss 0.97\nExperiment 12: LR <1 & "@everyone"\nloss 0.99 at the start';

/** What each provider documents of a request, its success, its refusal of one, and of too many. */
const documented: readonly (readonly [
  ChannelName,
  { path: string; body: object },
  NoticeAnswer,
  NoticeAnswer,
  string,
  NoticeAnswer,
  number,
])[] = [
  [
    'ntfy',
    {
      path: '/up',
      body: { topic: secret.replaceAll('/', '-'), title: best.title, message: best.text, tags: ['tada'], priority: 3 },
    },
    { status: 200, body: '{"id":"hwQ2YpKdmg","time":1635528741,"event":"message","topic":"mytopic","message":"Hi"}' },
    {
      status: 403,
      body: '{"code":40301,"http":403,"error":"forbidden","link":"https://ntfy.sh/docs/publish/#authentication"}',
    },
    'HTTP 403: forbidden',
    {
      status: 429,
      headers: { 'retry-after': '60' },
      body: '{"code":42901,"http":429,"error":"limit reached: too many requests"}',
    },
    60,
  ],
  [
    'slack',
    { path: `/services/${secret}`, body: { text: whole.replace('<', '&lt;').replace('& ', '&amp; ') } },
    { status: 200, body: 'ok' },
    { status: 404, body: 'channel_not_found' },
    'HTTP 404: channel_not_found',
    { status: 429, headers: { 'retry-after': '30' }, body: '{"ok":false,"error":"rate_limited"}' },
    30,
  ],
  [
    'discord',
    { path: `/api/webhooks/${secret}`, body: { content: whole, allowed_mentions: { parse: [] } } },
    { status: 204 },
    { status: 404, body: '{"message": "Unknown Webhook", "code": 10015}' },
    'HTTP 404: Unknown Webhook',
    { status: 429, body: '{"message": "You are being rate limited.", "retry_after": 1.337, "global": false}' },
    1.337,
  ],
  [
    'telegram',
    {
      path: `/bot${token}/sendMessage`,
      body: { chat_id: '-100200300', text: whole, link_preview_options: { is_disabled: true } },
    },
    { status: 200, body: '{"ok":true,"result":{"message_id":7}}' },
    { status: 400, body: '{"ok":false,"error_code":400,"description":"Bad Request: chat not found"}' },
    'HTTP 400: Bad Request: chat not found',
    {
      status: 429,
      body: '{"ok":false,"error_code":429,"description":"Too Many Requests: retry after 5","parameters":{"retry_after":5}}',
    },
    5,
  ],
  [
    'webhook',
    { path: `/hook?key=${secret}`, body: { event: 'best', study: 'nov29', title: best.title, text: best.text } },
    { status: 202 },
    { status: 400, body: '<h1>no</h1>' },
    'HTTP 400',
    { status: 503, headers: { 'retry-after': '7' } },
    7,
  ],
];

describe.each(documented)('%s', (name, { path, body }, success, refusal, reason, later, seconds) => {
  it('is sent what its provider documents', async () => {
    const server = await serveNotices(success);
    expect(await tell(open(name, server.url))).toEqual({ kind: 'told' });
    expect(server.requests).toMatchObject([{ method: 'POST', path }]);
    expect(server.requests[0]?.body).toEqual(body);
    expect(server.requests[0]?.headers['content-type']).toBe('application/json');
    expect(server.requests[0]?.headers.authorization).toBe(name === 'ntfy' ? `Bearer ${token}` : undefined);
  });

  it('says why the provider refused, and is not to try again', async () => {
    const server = await serveNotices(refusal);
    expect(await tell(open(name, server.url))).toEqual({ kind: 'failed', reason });
  });

  it('waits as long as the provider asks', async () => {
    const server = await serveNotices(later);
    expect(await tell(open(name, server.url))).toMatchObject({ kind: 'failed', retryAfterSeconds: seconds });
  });

  it('is worth another try when nobody answers, or nobody is there', async () => {
    const server = await serveNotices('never');
    const silent = await open(name, server.url).tell(best, AbortSignal.timeout(20));
    expect(silent).toEqual({ kind: 'failed', reason: 'no answer within 5 s', retryAfterSeconds: 2 });
    expect(await tell(open(name, 'http://127.0.0.1:1'))).toMatchObject({ kind: 'failed', retryAfterSeconds: 2 });
  });

  it('tells no secret, whatever the provider answers', async () => {
    const echo = JSON.stringify({ error: secret, message: secret, description: `bot${token} ${secret}` });
    const server = await serveNotices({ status: 400, body: echo }, { status: 302, headers: { location: '/' } });
    const channel = open(name, server.url);
    const said = JSON.stringify([await tell(channel), await tell(channel)]);
    expect(said).not.toMatch(/s3cr3t/);
    expect(server.requests).toHaveLength(2);
  });

  it('is sent no more than it takes', async () => {
    const server = await serveNotices({ status: 200 });
    await tell(open(name, server.url), { ...best, text: 'x'.repeat(9000) });
    const longest = { ntfy: 4096, slack: 40_000, discord: 2000, telegram: 4096, webhook: 10_000, desktop: 0 }[name];
    const sent = server.requests[0]?.body as Record<string, string>;
    expect((sent.message ?? sent.text ?? sent.content ?? '').length).toBeLessThanOrEqual(longest);
  });
});

test.each([
  ['slack', {}, /SLACK_WEBHOOK_URL must be an incoming webhook.*; it is not set/],
  ['ntfy', { NTFY_URL: 'my-topic' }, /NTFY_URL must be the address of your topic.*; it is no http address/],
  ['telegram', { TELEGRAM_BOT_TOKEN: token }, /TELEGRAM_CHAT_ID must be .*; it is not set/],
] as const)('%s without what it needs is refused, and no value is told', (name, environment, says) => {
  expect(() => openChannels({ names: [name] }, environment)).toThrow(says);
});

test('a command is given the title in its words and the text on its standard input', async () => {
  const script =
    'read -r line; [ "$1" = "[study] nov29: new best loss 0.97" ] && [ "$line" = \'Experiment 12: LR <1 & "@everyone"\' ]';
  const [channel] = openChannels({ names: [], command: ['bash', '-c', script, 'mail', '[study] {title}'] }, {});
  expect(await channel?.tell(best, new AbortController().signal)).toEqual({ kind: 'told' });
});

test.each([
  [['false'], 'false: exit code 1'],
  [['no-such-program-here'], 'no-such-program-here: there is no such program'],
  [['bash', '-c', 'echo "sent to $0"; exit 3', secret], 'bash: exit code 3: sent to [redacted]'],
])('a command that fails is told with its reason: %j', async (command, reason) => {
  const environment = { SLACK_WEBHOOK_URL: `https://hooks.slack.com/${secret}` };
  const [channel] = openChannels({ names: [], command }, environment);
  expect(await channel?.tell(best, new AbortController().signal)).toEqual({ kind: 'failed', reason });
});

const none = { notify: [], notifyCommand: undefined };

test('the flag counts more than the brief and the environment, which count together', () => {
  const brief = { ...none, notify: ['slack'] as const };
  const environment = { NOCTURNE_NOTIFY: 'desktop, slack' };
  expect(askedChannels(brief, ['ntfy'], environment).names).toEqual(['ntfy']);
  expect(askedChannels(brief, undefined, environment).names).toEqual(['slack', 'desktop']);
  expect(() => askedChannels(none, undefined, { NOCTURNE_NOTIFY: 'pager' })).toThrow(
    `NOCTURNE_NOTIFY must be channels: ${channelNames.slice(0, -1).join(', ')} or desktop, found pager`,
  );
});
