/**
 * Cuts data to a size that a client takes: long texts in their middle, long lists at their end. What was cut is counted.
 */

/** The longest text and list that are shown whole. */
export interface ClipLevel {
  readonly characters: number;
  readonly items: number;
}

export interface Clipped {
  readonly value: unknown;
  /** Texts of which the middle is left out. */
  readonly texts: number;
  /** Lists of which the end is left out. */
  readonly lists: number;
}

/** The data with `clean` applied to every text and every key, cut to a level. Only what JSON can hold is in it. */
export function clip(data: unknown, clean: (text: string) => string, level: ClipLevel): Clipped {
  const count = { texts: 0, lists: 0 };
  const walk = (value: unknown): unknown => {
    if (typeof value === 'string') return clipText(clean(value));
    if (Array.isArray(value)) return clipList(value).map(walk);
    if (typeof value !== 'object' || value === null) return value;
    return Object.fromEntries(Object.entries(value).map(([key, inner]) => [clean(key), walk(inner)]));
  };
  const clipText = (text: string): string => {
    if (text.length <= level.characters) return text;
    count.texts += 1;
    return withoutMiddle(text, level.characters);
  };
  const clipList = (list: readonly unknown[]): readonly unknown[] => {
    if (list.length <= level.items) return list;
    count.lists += 1;
    return [...list.slice(0, level.items), `[${list.length - level.items} more left out]`];
  };
  const value = walk(JSON.parse(JSON.stringify(data ?? null)));
  return { value, ...count };
}

/** Tried one after the other until the data fit. */
const levels: readonly ClipLevel[] = [
  { characters: 6000, items: 400 },
  { characters: 1500, items: 150 },
  { characters: 400, items: 40 },
  { characters: 120, items: 10 },
  { characters: 40, items: 3 },
];

/** The data cut as little as brings its JSON to this many characters; data of thousands of keys may stay longer. */
export function clipToFit(data: unknown, clean: (text: string) => string, maxCharacters: number): Clipped {
  let clipped: Clipped | undefined;
  for (const level of levels) {
    clipped = clip(data, clean, level);
    if (JSON.stringify(clipped.value).length <= maxCharacters) return clipped;
  }
  return clipped ?? { value: null, texts: 0, lists: 0 };
}

/** What was cut, as a sentence; undefined for nothing. */
export function clippedText({ texts, lists }: Pick<Clipped, 'texts' | 'lists'>): string | undefined {
  const cut = [
    texts === 0 ? '' : `${texts} long ${texts === 1 ? 'text is' : 'texts are'} without the middle`,
    lists === 0 ? '' : `${lists} long ${lists === 1 ? 'list is' : 'lists are'} without the end`,
  ].filter(Boolean);
  return cut.length === 0 ? undefined : `Cut to fit: ${cut.join(', ')}.`;
}

function withoutMiddle(text: string, characters: number): string {
  const head = Math.ceil((characters * 2) / 3);
  const tail = characters - head;
  return `${text.slice(0, head)} [${text.length - characters} characters left out] ${text.slice(text.length - tail)}`;
}

export interface Page<Item> {
  readonly items: readonly Item[];
  /** Index of the first of them in the whole list. */
  readonly start: number;
}

/** The items from an index on, at most `limit` and no more characters of JSON than this, yet at least one. */
export function pageFrom<Item>(all: readonly Item[], start: number, limit: number, maxCharacters: number): Page<Item> {
  const wanted = all.slice(start, start + limit);
  return { items: wanted.slice(0, fitting(wanted, maxCharacters)), start };
}

/** The items that end before an index, by the same bounds. */
export function pageBefore<Item>(all: readonly Item[], end: number, limit: number, maxCharacters: number): Page<Item> {
  const wanted = all.slice(Math.max(0, end - limit), end);
  const count = fitting([...wanted].reverse(), maxCharacters);
  const items = wanted.slice(wanted.length - count);
  return { items, start: Math.max(0, end - count) };
}

function fitting(items: readonly unknown[], maxCharacters: number): number {
  let left = maxCharacters;
  const count = items.findIndex((item) => {
    left -= JSON.stringify(item).length + 1;
    return left < 0;
  });
  return count === -1 ? items.length : Math.max(1, count);
}
