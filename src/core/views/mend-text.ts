/**
 * What was wrong with the journal and is so no more, in words.
 */
import type { History } from '../journal/history.ts';
import type { Intrusion } from '../journal/intrusion.ts';

/** One sentence for each time that the journal was made whole again. */
export function mendSentences({ mends }: Pick<History, 'mends'>): string[] {
  return mends.map((mend) => {
    const text = mendText(mend);
    return `${text[0]?.toUpperCase() ?? ''}${text.slice(1)} (${mend.at}).`;
  });
}

/** What happened, in one sentence without its full stop. */
export function mendText({ kind, bytes, moved, detail }: Intrusion): string {
  const aside = moved === undefined ? '' : `, and ${kind === 'repaired' ? 'as it was is' : 'that is'} in ${moved}`;
  switch (kind) {
    case 'appended':
      return `another program added ${bytes} bytes to the journal; they do not count${aside}`;
    case 'changed':
      return `another program changed the journal; it is as it was again${aside}`;
    case 'removed':
      return 'another program removed the journal; it is written anew';
    case 'repaired':
      return `the journal was repaired: ${detail ?? ''}${aside}`;
    default:
      return kind satisfies never;
  }
}
