/**
 * A webhook of one's own: the notice as JSON.
 */
import type { Provider } from './provider.ts';

export const webhook: Provider = {
  needs: { NOTIFY_WEBHOOK_URL: 'an address that takes a POST of JSON' },
  requestOf: ({ kind, tag, title, text }, { NOTIFY_WEBHOOK_URL = '' }) => ({
    url: NOTIFY_WEBHOOK_URL,
    body: { event: kind, study: tag, title, text },
  }),
};
