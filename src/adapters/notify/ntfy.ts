/**
 * ntfy: a JSON message to the server's root. The topic, the last part of the URL, is as good as a password.
 * https://docs.ntfy.sh/publish/#publish-as-json
 */
import type { NoticeKind } from '../../core/views/notices.ts';
import { type Provider, textField } from './provider.ts';

const tags: Readonly<Record<NoticeKind, string>> = {
  best: 'tada',
  trouble: 'warning',
  budget: 'hourglass_flowing_sand',
  finished: 'checkered_flag',
  test: 'wave',
};

/** ntfy.sh makes an attachment of a longer one. */
const maxCharacters = 3000;

export const ntfy: Provider = {
  needs: { NTFY_URL: 'the address of your topic, such as https://ntfy.sh/a-name-nobody-guesses' },
  requestOf: ({ kind, title, text }, { NTFY_URL = '', NTFY_TOKEN }) => {
    const address = new URL(NTFY_URL);
    const [topic = '', ...above] = address.pathname.split('/').filter(Boolean).reverse();
    const root = new URL(`/${above.reverse().join('/')}`, address.origin);
    return {
      url: root.href,
      ...(NTFY_TOKEN && { headers: { authorization: `Bearer ${NTFY_TOKEN}` } }),
      body: {
        topic: decodeURIComponent(topic),
        title,
        message: text.slice(0, maxCharacters),
        tags: [tags[kind]],
        priority: kind === 'trouble' ? 4 : 3,
      },
    };
  },
  readAnswer: (body) => ({ reason: textField(body, 'error') }),
};
