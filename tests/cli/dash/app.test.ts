import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { createApp } from '../../../src/cli/dash/app.ts';
import { openLiveStudies } from '../../../src/cli/dash/live-studies.ts';
import { writeTrackerStates } from '../../../src/cli/study-folder/tracker-states.ts';
import { experimentRows } from '../../../src/core/journal/experiment-row.ts';
import { livedInJournal } from '../../helpers/lived-in-study.ts';
import { temporaryFolder } from '../../helpers/temporary-repo.ts';
import { addEntries, writeStudy } from '../../helpers/written-study.ts';

const { entries } = livedInJournal();
const hostileLog = `step=1 loss=3.0 progress=0.5\n\u001b]0;title\u0007\u001b[31m</pre><script>alert(1)</script>\u202e${'x'.repeat(5000)}\n`;

function openApp(isTokenNeeded = false) {
  const project = temporaryFolder();
  const folder = writeStudy(project, 'nov23', entries, {
    '0003/run-1/train.log': hostileLog,
    '0004/patch.diff': '--- a/train.py\n+++ b/train.py\n@@ -1 +1 @@\n-x = 1\n+x = "</script>"\n',
  });
  const end = new AbortController();
  const app = createApp({
    studies: openLiveStudies(dirname(folder)),
    first: 'nov23',
    keys: { token: 'the-token', secret: 'the-secret', isTokenNeeded },
    server: 'one',
    script: 'console.log(1)',
    signal: end.signal,
  });
  const host = { host: 'localhost:7788' };
  const read = async (query: string, headers: Readonly<Record<string, string>> = host) =>
    app.request(`http://localhost:7788/${query}`, { headers });
  const ask = (body: object, headers: Readonly<Record<string, string>> = {}) =>
    app.request('http://localhost:7788/?study=nov23', {
      method: 'POST',
      headers: {
        ...host,
        'content-type': 'application/json',
        'sec-fetch-site': 'same-origin',
        'x-nocturne-secret': 'the-secret',
        ...headers,
      },
      body: JSON.stringify(body),
    });
  return { project, folder, read, ask, end };
}

const views = ['now', 'experiments', 'experiment&n=3', 'experiment&n=4', 'knobs', 'report', 'studies&with=nov23'];

describe('a page', () => {
  test.each(views)('%s escapes what scripts and models wrote, and runs no script but its own', async (view) => {
    const { read } = openApp();
    const answer = await read(`?view=${view}`);
    const text = await answer.text();
    expect(answer.status).toBe(200);
    expect(text.match(/<script/g)).toHaveLength(1);
    expect(text).not.toMatch(/<img|\son\w+="|<iframe|<link(?! rel="icon" href="data:,")/i);
    // biome-ignore lint/suspicious/noControlCharactersInRegex: terminal codes are what must not be there.
    expect(text).not.toMatch(/[\u0000-\u0008\u000b-\u001f\u202e]/u);
    expect(text.replaceAll(/<data[^>]*>/g, '')).not.toMatch(/https?:\/\/(?!example\.invalid|www\.w3\.org)/);
    const policy = answer.headers.get('content-security-policy') ?? '';
    expect(policy).toContain("default-src 'none'; script-src 'sha256-");
    expect(policy).toContain("frame-ancestors 'self'");
    expect(policy).not.toContain('unsafe-eval');
    expect(answer.headers.get('set-cookie')).toBeNull();
  });

  test.each(['now', 'experiments', 'studies'])(
    '%s says what is left out of it where the journal is damaged',
    async (view) => {
      const { folder, read } = openApp();
      const sound = await (await read(`?view=${view}`)).text();
      expect(sound).not.toContain('damaged');
      const journal = join(folder, 'journal.jsonl');
      const lines = readFileSync(journal, 'utf8').split('\n');
      writeFileSync(journal, lines.with(20, 'garbage').join('\n'));
      const text = await (await read(`?view=${view}`)).text();
      expect(text).toContain('The journal of study nov23 is damaged at line 21: ');
      expect(text).toContain('nocturne check --repair --tag nov23 repairs it');
    },
  );

  test('has addresses that are queries alone, so that it works below any path', async () => {
    const { read } = openApp();
    for (const view of views) {
      const text = await (await read(`?view=${view}`)).text();
      const addresses = [...text.matchAll(/(?:href|action|src)="([^"]*)"/g)].map(([, address]) => address ?? '');
      expect(addresses.filter((address) => !/^(?:\?|#|data:,)/.test(address))).toEqual([]);
    }
    expect((await read('some/path/of/a/proxy?view=now')).status).toBe(200);
  });

  test('that there is not says so', async () => {
    const { read } = openApp();
    expect((await read('?view=experiment&n=99')).status).toBe(404);
    expect((await read('?study=..%2F..&view=now')).status).toBe(404);
    expect(await (await read('?study=other')).text()).toContain('There is no study other.');
  });

  test('reached by a token keeps it in every address, and may stand in a frame', async () => {
    const { read } = openApp(true);
    expect((await read('?view=now')).status).toBe(403);
    const answer = await read('?view=experiments&token=the-token', { host: 'x.prod.colab.dev' });
    const text = await answer.text();
    const links = [...text.matchAll(/href="(\?[^"]*)"/g)].map(([, address]) => address ?? '');
    expect(links.length).toBeGreaterThan(20);
    expect(links.filter((address) => !address.endsWith('token=the-token'))).toEqual([]);
    expect(text).toContain('<input type="hidden" name="token" value="the-token">');
    expect(answer.headers.get('content-security-policy')).not.toContain('frame-ancestors');
  });
});

test('the table has the scores and gains of the journal, and pages, sorts and filters them', async () => {
  const { read } = openApp();
  const text = await (await read('?view=experiments&column=metric&column=gain&sort=metric&way=up')).text();
  const rows = [...text.matchAll(/<tr id="a(\d+)"[^>]*>(.*?)<\/tr>/g)].map(([, experiment, cells = '']) => ({
    experiment: Number(experiment),
    values: [...cells.matchAll(/<data value="([^"]*)"/g)].map(([, value]) => Number(value)),
  }));
  const { history } = livedInJournal().whole();
  const expected = experimentRows(history).map(({ experiment, metric, gain }) => ({
    experiment,
    values: [experiment, metric, gain].filter((value) => value !== null),
  }));
  expect([...rows].sort((a, b) => a.experiment - b.experiment)).toEqual(expected);
  expect(rows[0]?.experiment).toBe(7);
  const kept = await (await read('?view=experiments&q=status:kept')).text();
  expect([...kept.matchAll(/<tr id="a(\d+)"/g)].map(([, experiment]) => experiment)).toEqual(['7', '4', '1']);
  expect(await (await read('?view=experiments&q=nothing>1')).text()).toContain('There is no column nothing.');
});

describe('what has changed', () => {
  test('is told by a version that moves with the journal, and only with it', async () => {
    const { read, folder } = openApp();
    const state = async () => (await (await read('?state=1&view=now')).json()) as { readonly version: string };
    const before = await state();
    expect(await state()).toEqual(before);
    const { entries: more, add } = livedInJournal();
    add({ event: 'note-read', id: '1', text: 'Try less' });
    addEntries(folder, more.slice(entries.length));
    expect(await state()).toMatchObject({ server: 'one', version: expect.not.stringMatching(before.version) });
    expect(await (await read('?view=now')).text()).toContain('Try less');
  });

  test('is a sending to a tracker too, which the page tells with its failure', async () => {
    const { read, folder } = openApp();
    const state = async () => (await (await read('?state=1&view=now')).json()) as { readonly version: string };
    const before = await state();
    expect(await (await read('?view=now')).text()).not.toContain('id="trackers"');
    const failure = { at: '2024-11-24T03:12:00.000Z', reason: '<b>no answer</b>.' };
    await writeTrackerStates(folder, { mlflow: { place: 'http://127.0.0.1:9', failure } });
    expect(await state()).not.toEqual(before);
    expect(await (await read('?view=now')).text()).toContain(
      '<li class="warning">mlflow: nothing sent yet; it failed at 2024-11-24 03:12 UTC: &lt;b&gt;no answer&lt;/b&gt;</li>',
    );
  });

  test('is told at once to who listens', async () => {
    const { read, end } = openApp();
    const answer = await read('?events=1&view=now');
    expect(answer.headers.get('content-type')).toContain('text/event-stream');
    const { value } = (await answer.body?.getReader().read()) ?? {};
    expect(new TextDecoder().decode(value)).toMatch(/^event: state\ndata: \{"server":"one","version":"/);
    end.abort();
  });
});

describe('what is asked for', () => {
  test('as a note lies in the inbox as `nocturne note` leaves it', async () => {
    const { ask, folder } = openApp();
    const answer = await ask({ act: 'note', text: ' Try a smaller rate\u0007 ' });
    expect(await answer.json()).toEqual({ said: 'Left a note for study nov23; it is read when the study goes on.' });
    const [name = ''] = readdirSync(join(folder, 'inbox'));
    expect(JSON.parse(readFileSync(join(folder, 'inbox', name), 'utf8'))).toEqual({
      kind: 'note',
      text: 'Try a smaller rate',
    });
  });

  test.each<[string, object, Readonly<Record<string, string>>, number, string]>([
    ['of an idle study', { act: 'stop' }, {}, 409, 'Study nov23 is not running, so there is nothing to stop.'],
    ['that is empty', { act: 'note', text: ' ' }, {}, 409, 'The note is empty.'],
    ['that is nothing', { act: 'erase' }, {}, 409, 'This is nothing that a study can be asked for.'],
    ['without the secret', { act: 'note', text: 'a' }, { 'x-nocturne-secret': 'no' }, 403, 'Only the page itself'],
    ['from another site', { act: 'note', text: 'a' }, { 'sec-fetch-site': 'cross-site' }, 403, 'Only the page itself'],
    ['that is too long', { act: 'note', text: 'x'.repeat(70_000) }, {}, 413, ''],
  ])('%s is refused with a sentence', async (_, body, headers, status, said) => {
    const { ask, folder } = openApp();
    const answer = await ask(body, headers);
    expect(answer.status).toBe(status);
    expect(await answer.text()).toContain(said);
    expect(readdirSync(folder)).not.toContain('inbox');
  });
});
