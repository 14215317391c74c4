/**
 * Follows the study: the server tells when something has changed, and where it cannot tell, it is asked.
 */

import { loadAnew } from './load-anew.ts';

interface State {
  readonly server: string;
  readonly version: string;
  readonly isTicking: boolean;
}

/** The server tells its state at least this often; when it is silent for longer, something between swallows what it tells. */
const patienceMilliseconds = 12_000;
const askMilliseconds = 3000;

/** Shows the page anew whenever it has changed; `refresh` says whether the server could be reached. */
export function follow(refresh: () => Promise<boolean>): void {
  let source: EventSource | undefined;
  let followed = '';
  let heardAt = Date.now();
  let isAsking = false;

  const hear = async (state: State): Promise<void> => {
    heardAt = Date.now();
    const { server, version } = document.body.dataset;
    if (state.server !== server) return loadAnew();
    say(isAsking ? 'asking every 3 s' : 'live');
    if (state.version === version && !state.isTicking) return;
    // What nobody looks at need not be drawn; it is once somebody does.
    if (!document.hidden) await refresh();
  };

  const listen = (): void => {
    const { events } = document.body.dataset;
    if (events === undefined || (events === followed && source?.readyState !== EventSource.CLOSED)) return;
    source?.close();
    followed = events;
    source = new EventSource(events);
    source.addEventListener('state', ({ data }) => {
      isAsking = false;
      void hear(JSON.parse(data) as State);
    });
    source.addEventListener('error', () => {
      isAsking = true;
      void ask();
    });
  };

  const ask = async (): Promise<void> => {
    const { state } = document.body.dataset;
    if (state === undefined) return;
    try {
      const answer = await fetch(state);
      await hear((await answer.json()) as State);
    } catch {
      say('not connected; it is tried again', true);
    }
  };

  setInterval(() => {
    if (!isAsking && Date.now() - heardAt > patienceMilliseconds) isAsking = true;
    if (isAsking) void ask();
    listen();
  }, askMilliseconds);
  document.addEventListener('shown', listen);
  document.addEventListener('visibilitychange', () => {
    if (!document.hidden) void refresh();
  });
  listen();
}

/** Says in the page's head how it is kept up to date. */
function say(text: string, isLost = false): void {
  const line = document.getElementById('line');
  if (!line) return;
  if (line.textContent !== text) line.textContent = text;
  line.classList.toggle('lost', isLost);
}
