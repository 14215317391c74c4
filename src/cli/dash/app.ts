/**
 * The dashboard's server: pages, what has changed since, and what the owner asks for. Every address is a query on whatever
 * path it is reached by.
 */
import { createHash } from 'node:crypto';
import { Hono } from 'hono';
import { bodyLimit } from 'hono/body-limit';
import { compress } from 'hono/compress';
import { streamSSE } from 'hono/streaming';
import { ResearchError } from '../../core/base/errors.ts';
import { runsInFlightOf } from '../../core/views/in-flight.ts';
import { stateOf } from '../../core/views/study-state.ts';
import { linkTo } from '../../web/live/links.ts';
import { livePage, type ViewName } from '../../web/live/shell.ts';
import { type Markup, markup } from '../../web/markup.ts';
import { damageSentence } from '../study-folder/studies.ts';
import { perform } from './acts.ts';
import { type Asked, type Keys, refuse } from './guard.ts';
import type { LiveStudies, LiveStudy } from './live-studies.ts';
import { readPageQuery } from './page-query.ts';
import { pageContent, tickingViews } from './pages.ts';

export interface AppOptions {
  readonly studies: LiveStudies;
  /** The tag of the study that is shown first. */
  readonly first: string;
  readonly keys: Keys;
  /** Names this process. */
  readonly server: string;
  /** The script of the pages. */
  readonly script: string;
  /** Aborted when the server ends: no listener is kept waiting. */
  readonly signal: AbortSignal;
}

/** Time between two looks whether a journal has changed; a run in flight is shown anew, and a silent listener told, every few looks. */
const lookMilliseconds = 500;
const [looksPerTick, looksPerSign] = [4, 8];
const maxBodyBytes = 1 << 16;

/** The server's answers, without its port. */
export function createApp(options: AppOptions): Hono {
  const { keys, studies, first, server, script, signal } = options;
  const app = new Hono();
  const policy = contentPolicy(script);

  app.use(async (context, next) => {
    const { req } = context;
    const asked: Asked = {
      method: req.method,
      host: req.header('host'),
      origin: req.header('origin'),
      fetchSite: req.header('sec-fetch-site'),
      secret: req.header('x-nocturne-secret'),
      contentType: req.header('content-type'),
      token: req.query('token'),
    };
    const refused = refuse(asked, keys);
    const hasToken = asked.token !== undefined && !refused;
    context.header('content-security-policy', hasToken ? policy : `${policy}; frame-ancestors 'self'`);
    context.header('x-content-type-options', 'nosniff');
    context.header('referrer-policy', 'no-referrer');
    context.header('cross-origin-resource-policy', 'same-origin');
    context.header('cache-control', 'no-store');
    if (refused) return context.json({ said: refused.said }, refused.status);
    return next();
  });
  app.use(compress());

  app.get('*', async (context) => {
    const search = new URL(context.req.url).searchParams;
    const query = readPageQuery(search);
    const tag = query.study ?? first;
    const { view } = query;
    const read = () => readShown(studies, tag, view);
    const state = async () => pageState(await read(), view, server);
    if (search.has('state')) return context.json(await state());
    if (search.has('events')) {
      context.header('x-accel-buffering', 'no');
      return streamSSE(context, (stream) => tell(stream, state, signal));
    }
    const shown = await read();
    const study = shown.find((each) => each.tag === tag)?.study;
    const place = { study: tag, token: search.get('token') ?? undefined };
    if (!study) return context.html(missingPage(tag, linkTo({ ...place, study: first }, { view: 'studies' })), 404);
    // Of what was just read: of a later look, the page would take what it does not show for known.
    const { version, isTicking } = pageState(shown, view, server);
    const page = await pageContent(studies, study, query, place, new Date().toISOString());
    const frame = { place, view, version, isTicking, server, secret: keys.secret, damage: damageOf(shown) };
    const text = livePage(
      { ...frame, ...page, state: stateOf(study.history, study.isLive, study.roomAwaited) },
      script,
    );
    return context.html(text, page.isFound ? 200 : 404);
  });

  app.post('*', bodyLimit({ maxSize: maxBodyBytes }), async (context) => {
    const { study: tag = first } = readPageQuery(new URL(context.req.url).searchParams);
    const study = await studies.read(tag);
    if (!study) return context.json({ said: `There is no study ${tag}.` }, 404);
    try {
      return context.json({ said: await perform(study, await context.req.json().catch(() => undefined)) });
    } catch (error) {
      if (!(error instanceof ResearchError)) throw error;
      return context.json({ said: error.message }, 409);
    }
  });
  return app;
}

interface State {
  readonly server: string;
  readonly version: string;
  readonly isTicking: boolean;
}

interface Shown {
  readonly tag: string;
  readonly study: LiveStudy | undefined;
}

/** The study of a page, as it is now; for the page of all studies each of them. */
async function readShown(studies: LiveStudies, tag: string, view: ViewName): Promise<readonly Shown[]> {
  const tags = view === 'studies' ? [...new Set([tag, ...studies.tags()])] : [tag];
  return Promise.all(tags.map(async (each) => ({ tag: each, study: await studies.read(each) })));
}

/** Of each study whose journal is damaged, what the page leaves out. */
function damageOf(shown: readonly Shown[]): readonly string[] {
  return shown.flatMap(({ tag, study }) =>
    study?.damage ? [damageSentence(tag, study.damage).replaceAll('`', '')] : [],
  );
}

/** What a page must know to see that it is out of date. */
function pageState(shown: readonly Shown[], view: ViewName, server: string): State {
  const version = shown.map(({ tag, study }) => `${tag}.${study?.version ?? 'gone'}`).join(' ');
  const isTicking = tickingViews.includes(view) && shown.some(({ study }) => isRunning(study));
  return { server, version: short(version), isTicking };
}

function short(version: string): string {
  return createHash('sha256').update(version).digest('base64url').slice(0, 16);
}

function isRunning(study: LiveStudy | undefined): boolean {
  return study?.isLive === true && runsInFlightOf(study).length > 0;
}

type Stream = Parameters<Parameters<typeof streamSSE>[1]>[0];

/** Tells the state at once, whenever it changes, while a run is in flight every two seconds, and else every four. */
async function tell(stream: Stream, state: () => Promise<State>, signal: AbortSignal): Promise<void> {
  let told = '';
  for (let looks = 0; !stream.aborted && !stream.closed && !signal.aborted; looks += 1) {
    const now = await state();
    const isDue = looks % (now.isTicking ? looksPerTick : looksPerSign) === 0;
    if (now.version !== told || isDue) await stream.writeSSE({ event: 'state', data: JSON.stringify(now) });
    told = now.version;
    await stream.sleep(lookMilliseconds);
  }
}

/** Nothing is loaded from anywhere: the page has its own style and its own script, and no other script runs in it. */
function contentPolicy(script: string): string {
  const hash = createHash('sha256').update(script).digest('base64');
  return [
    "default-src 'none'",
    `script-src 'sha256-${hash}'`,
    "style-src 'unsafe-inline'",
    'img-src data:',
    "connect-src 'self'",
    "form-action 'self'",
    "base-uri 'none'",
  ].join('; ');
}

function missingPage(tag: string, studies: string): string {
  const page: Markup = markup`<!doctype html><html lang="en"><meta charset="utf-8"><title>No such study</title><p>There is no study ${tag}. <a href="${studies}">See those that there are.</a></p></html>`;
  return page.markup;
}
