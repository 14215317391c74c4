/**
 * Shows another page of the dashboard, or the same one anew, in the place of this one.
 */
import { loadAnew } from './load-anew.ts';
import { morph } from './morph.ts';

let underWay: AbortController | undefined;
/** The way to what the owner asked for last, until it is shown. */
let moving: Promise<boolean> | undefined;

/** Where the page that is asked for stands in the history of the window. */
type Entry = 'new' | 'same';

/**
 * Fetches the page that is shown anew, after the one that the owner has asked for. Resolves with false when the server cannot
 * be reached.
 */
export function refresh(): Promise<boolean> {
  return moving ? moving.then(refresh) : load(location.href, 'same', false);
}

/** Goes to another page of the dashboard. */
export async function moveTo(address: string, entry: Entry): Promise<void> {
  const isLoaded = await move(address, entry, entry === 'new');
  // The browser then says what is wrong.
  if (!isLoaded && !underWay) location.href = address;
}

/** Shows the end of each log, where what matters stands. */
export function showEnds(): void {
  for (const log of document.querySelectorAll('.tail')) log.scrollTop = log.scrollHeight;
}

/** Shows in the forms that find something what the address asks for: a field that was typed in keeps its text whatever its attribute says. */
function showAsked(): void {
  for (const form of document.querySelectorAll<HTMLFormElement>('form[data-live]')) form.reset();
}

/** Listens for links, the buttons of the browser, and forms that find something. */
export function listenForMoves(): void {
  document.addEventListener('click', onClick);
  addEventListener('popstate', () => void move(location.href, 'same', true));
  document.addEventListener('submit', (event) => {
    const form = event.target;
    if (!(form instanceof HTMLFormElement) || form.dataset.live === undefined) return;
    event.preventDefault();
    void moveTo(addressOf(form), 'same');
  });
  for (const type of ['input', 'change']) document.addEventListener(type, onInput);
}

async function move(address: string, entry: Entry, isAnother: boolean): Promise<boolean> {
  const own = load(address, entry, isAnother);
  moving = own;
  const isLoaded = await own;
  if (moving === own) moving = undefined;
  return isLoaded;
}

async function load(address: string, entry: Entry, isAnother: boolean): Promise<boolean> {
  underWay?.abort();
  const own = new AbortController();
  underWay = own;
  try {
    const answer = await fetch(address, { signal: own.signal });
    const text = await answer.text();
    if (own.signal.aborted) return true;
    show(new DOMParser().parseFromString(text, 'text/html'), address, entry, isAnother);
    return true;
  } catch {
    // One that was overtaken by another says nothing about the server.
    return own.signal.aborted;
  } finally {
    if (underWay === own) underWay = undefined;
  }
}

function show(page: Document, address: string, entry: Entry, isAnother: boolean): void {
  const { server } = page.body.dataset;
  // Another process, with another secret and perhaps another script.
  if (server === undefined || server !== document.body.dataset.server) {
    loadAnew();
    return;
  }
  if (entry === 'new') history.pushState(null, '', address);
  else if (address !== location.href) history.replaceState(null, '', address);
  document.title = page.title;
  for (const [name, value] of Object.entries(page.body.dataset)) document.body.dataset[name] = value;
  for (const part of ['.study', '.bar nav', '#content']) {
    const [from, to] = [document.querySelector(part), page.querySelector(part)];
    if (from && to) morph(from, to);
  }
  document.dispatchEvent(new Event('shown'));
  if (!isAnother) return;
  showAsked();
  showEnds();
  scrollTo(0, 0);
  document.getElementById('content')?.focus({ preventScroll: true });
}

function onClick(event: MouseEvent): void {
  if (event.defaultPrevented || event.button !== 0 || event.ctrlKey || event.metaKey || event.shiftKey || event.altKey)
    return;
  const link = event.target instanceof Element ? event.target.closest('a[href]') : null;
  const href = link?.getAttribute('href');
  if (href === null || href === undefined) return;
  const address = href.startsWith('?') ? href : experimentOf(href);
  if (address === undefined) return;
  event.preventDefault();
  void moveTo(address, 'new');
}

/** The report's links to an experiment, `#e7` and `#a7`, lead to its page where this one has no such place. */
function experimentOf(href: string): string | undefined {
  const [, experiment] = /^#[ea](\d+)$/.exec(href) ?? [];
  if (experiment === undefined || document.getElementById(href.slice(1))) return undefined;
  const search = new URLSearchParams(location.search);
  const place = ['study', 'token'].flatMap((name) => {
    const value = search.get(name);
    return value === null ? [] : [[name, value]];
  });
  return `?${new URLSearchParams([...place, ['view', 'experiment'], ['n', experiment]])}`;
}

let soon: ReturnType<typeof setTimeout> | undefined;

/** Pause after a key, in which a word goes on to be typed. */
const typingMilliseconds = 20;

function onInput({ target, type }: Event): void {
  if (!(target instanceof HTMLInputElement || target instanceof HTMLSelectElement)) return;
  const { form } = target;
  if (form?.dataset.live === undefined) return;
  // A text tells of itself by `input`, and once more by `change` when it loses the focus.
  if ((type === 'input') !== (target.type === 'search')) return;
  clearTimeout(soon);
  soon = setTimeout(() => void moveTo(addressOf(form), 'same'), target.type === 'search' ? typingMilliseconds : 0);
}

function addressOf(form: HTMLFormElement): string {
  const fields = [...new FormData(form)].filter(([, value]) => typeof value === 'string' && value !== '');
  return `?${new URLSearchParams(fields as [string, string][])}`;
}
