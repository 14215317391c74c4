/**
 * Telegram: the Bot API's `sendMessage`, as plain text of at most 4096 characters.
 * https://core.telegram.org/bots/api#sendmessage
 */
import { numberField, type Provider, textField, wholeText } from './provider.ts';

const maxCharacters = 4096;

export const telegram: Provider = {
  needs: {
    TELEGRAM_BOT_TOKEN: 'the token that @BotFather gave your bot',
    TELEGRAM_CHAT_ID: 'the number of the chat, or the @name of the channel',
  },
  // A Bot API server of one's own has another address: https://core.telegram.org/bots/api#using-a-local-bot-api-server
  requestOf: (
    notice,
    { TELEGRAM_BOT_TOKEN = '', TELEGRAM_CHAT_ID, TELEGRAM_API_URL = 'https://api.telegram.org' },
  ) => ({
    url: `${TELEGRAM_API_URL.replace(/\/+$/, '')}/bot${TELEGRAM_BOT_TOKEN}/sendMessage`,
    body: {
      chat_id: TELEGRAM_CHAT_ID,
      text: wholeText(notice, maxCharacters),
      link_preview_options: { is_disabled: true },
    },
  }),
  readAnswer: (body) => ({
    reason: textField(body, 'description'),
    retryAfterSeconds: numberField(body, 'parameters', 'retry_after'),
  }),
};
