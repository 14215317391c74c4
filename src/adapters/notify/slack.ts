/**
 * Slack: an incoming webhook takes `text`, in which three characters are escaped; it answers with a bare word.
 * https://docs.slack.dev/messaging/sending-messages-using-incoming-webhooks
 */
import { type Provider, wholeText } from './provider.ts';

const maxCharacters = 3500;

export const slack: Provider = {
  needs: { SLACK_WEBHOOK_URL: 'an incoming webhook, such as https://hooks.slack.com/services/…' },
  requestOf: (notice, { SLACK_WEBHOOK_URL = '' }) => ({
    url: SLACK_WEBHOOK_URL,
    body: { text: escapeText(wholeText(notice, maxCharacters)) },
  }),
  readAnswer: (body) => ({ reason: /^[a-z_]{1,60}$/.test(body.trim()) ? body.trim() : undefined }),
};

function escapeText(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
}
