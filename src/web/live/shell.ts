/**
 * The frame of every page of the dashboard: where one is, the views, and what its script needs to know.
 *
 * The page is one document: style and script stand in it, so that it asks for nothing but itself.
 */
import type { Status } from '../../core/views/status.ts';
import { pageStyle } from '../html/style.ts';
import { type Markup, markup } from '../markup.ts';
import { figureStyle } from '../svg/figure-style.ts';
import { linkTo, type Place } from './links.ts';
import { liveStyle } from './style.ts';

export const views = ['now', 'experiments', 'knobs', 'report', 'studies'] as const;
export type ViewName = (typeof views)[number] | 'experiment';

export interface LivePage {
  readonly place: Place;
  readonly view: ViewName;
  /** What the page is about, for the title of its window. */
  readonly subject: string;
  readonly state: Status['state'];
  /** What it shows is as of; it changes whenever the page would. */
  readonly version: string;
  /** Whether it changes while no entry is journalled, as a run in flight does. */
  readonly isTicking: boolean;
  /** Names the server's process: another one has another secret. */
  readonly server: string;
  /** What the page must send with whatever it asks for. */
  readonly secret: string;
  /** What it leaves out, since a journal is damaged. */
  readonly damage: readonly string[];
  readonly content: Markup;
}

/** The whole document, with the script of the dashboard. */
export function livePage(page: LivePage, script: string): string {
  const { place, view, subject, state, version, isTicking, server, secret, damage, content } = page;
  const style: Markup = { markup: `${pageStyle}${figureStyle}${liveStyle}` };
  const code: Markup = { markup: script };
  const address = (query: string) => linkTo(place, { [query]: 1, view });
  const document = markup`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<meta name="referrer" content="no-referrer">
<title>${place.study} ${state}: ${subject}</title>
<link rel="icon" href="data:,">
<style>${style}</style>
</head>
<body data-server="${server}" data-secret="${secret}" data-version="${version}" data-ticking="${isTicking ? 'yes' : 'no'}" data-events="${address('events')}" data-state="${address('state')}" data-act="${address('act')}">
<a class="skip" href="#content">To the content</a>
<header class="bar">${studyName(page)}<nav aria-label="views">${views.map((name, index) => tab(page, name, index + 1))}</nav><span id="line" role="status" class="quiet"></span></header>
<main id="content" tabindex="-1">${damage.map((text) => markup`<p class="warning" role="alert">${text}</p>`)}${content}</main>
<footer class="foot">${keyHelp}</footer>
<script>${code}</script>
</body>
</html>
`;
  return document.markup;
}

function studyName({ place, state }: LivePage): Markup {
  return markup`<p class="study"><b>${place.study}</b> <span class="pill state-${state}">${state}</span></p>`;
}

function tab({ place, view }: LivePage, name: ViewName, key: number): Markup {
  const isHere = view === name || (view === 'experiment' && name === 'experiments');
  return markup`<a href="${linkTo(place, { view: name })}" data-key="${key}"${isHere ? markup` aria-current="page"` : undefined}>${titles[name]}</a>`;
}

const titles: Readonly<Record<ViewName, string>> = {
  now: 'Now',
  experiments: 'Experiments',
  experiment: 'Experiment',
  knobs: 'Knobs',
  report: 'Report',
  studies: 'Studies',
};

const keys = [
  ['1 to 5', 'the views'],
  ['/', 'find experiments'],
  ['j, k', 'next and previous row'],
  ['[, ]', 'previous and next experiment, or page'],
  ['n', 'leave a note'],
  ['?', 'these keys'],
] as const;

const keyHelp = markup`<details id="keys"><summary data-key="?">Keys</summary><dl>${keys.map(([key, what]) => markup`<div><dt><kbd>${key}</kbd></dt><dd>${what}</dd></div>`)}</dl></details>`;
