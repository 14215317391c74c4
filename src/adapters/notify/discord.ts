/**
 * Discord: a webhook takes `content` of at most 2000 characters; nobody is to be called by a title that says `@everyone`.
 * https://discord.com/developers/docs/resources/webhook#execute-webhook
 */
import { numberField, type Provider, textField, wholeText } from './provider.ts';

const maxCharacters = 2000;

export const discord: Provider = {
  needs: { DISCORD_WEBHOOK_URL: 'a webhook, such as https://discord.com/api/webhooks/…' },
  requestOf: (notice, { DISCORD_WEBHOOK_URL = '' }) => ({
    url: DISCORD_WEBHOOK_URL,
    body: { content: wholeText(notice, maxCharacters), allowed_mentions: { parse: [] } },
  }),
  readAnswer: (body) => ({ reason: textField(body, 'message'), retryAfterSeconds: numberField(body, 'retry_after') }),
};
