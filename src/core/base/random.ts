/**
 * Randomness as a pure function of a text.
 *
 * A study's randomness is named, never streamed: the same name gives the same numbers in every process and in every
 * version of this program, or a resumed study would propose something else. So these lines are our own and stay frozen.
 */

/** A 32-bit hash of a text (xmur3 by bryc, public domain, https://github.com/bryc/code/blob/master/jshash/PRNGs.md). */
export function hashText(text: string): number {
  let state = 1779033703 ^ text.length;
  for (let index = 0; index < text.length; index++) {
    state = Math.imul(state ^ text.charCodeAt(index), 3432918353);
    state = (state << 13) | (state >>> 19);
  }
  state = Math.imul(state ^ (state >>> 16), 2246822507);
  state = Math.imul(state ^ (state >>> 13), 3266489909);
  return (state ^ (state >>> 16)) >>> 0;
}

/** Draws that follow from one text alone. */
export interface Random {
  /** Uniform in [0, 1). */
  readonly unit: () => number;
  /** Uniform whole number in [low, high], both included. */
  readonly whole: (low: number, high: number) => number;
  /** One element of a non-empty list. */
  readonly pick: <Item>(items: readonly Item[]) => Item;
}

/** A generator seeded by a text (sfc32, Chris Doty-Humphrey's PractRand). */
export function createRandom(text: string): Random {
  let a = hashText(`${text}/a`);
  let b = hashText(`${text}/b`);
  let c = hashText(`${text}/c`);
  let counter = 1;
  const next = () => {
    const sum = (((a + b) | 0) + counter) | 0;
    counter = (counter + 1) | 0;
    a = b ^ (b >>> 9);
    b = (c + (c << 3)) | 0;
    c = (c << 21) | (c >>> 11);
    c = (c + sum) | 0;
    return (sum >>> 0) / 4294967296;
  };
  for (let round = 0; round < 12; round++) next();
  const whole = (low: number, high: number) => low + Math.floor(next() * (high - low + 1));
  return { unit: next, whole, pick: <Item>(items: readonly Item[]) => items[whole(0, items.length - 1)] as Item };
}
