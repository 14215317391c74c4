/**
 * Reads status, codes and messages out of whatever an SDK threw or a body says; what to do about them is for faults.ts.
 *
 * SDKs wrap one another's errors, so the chain of causes is walked, and only fields are read, never classes.
 */
import { errorBodiesOf } from './error-body.ts';
import { readRetryAfter } from './retry-after.ts';

export interface Failure {
  /** The HTTP status, when there was an answer. */
  readonly status: number | undefined;
  /** All codes of the chain: the provider's type and code, or the network's, such as ECONNRESET. */
  readonly codes: readonly string[];
  /** What the provider says, else the innermost cause. */
  readonly message: string;
  /** All messages of the chain, for the table of faults to match. */
  readonly words: readonly string[];
  readonly retryAfterSeconds: number | undefined;
}

/** Reads a thrown error. */
export function readFailure(error: unknown, nowMs: number): Failure {
  const chain = causesOf(error);
  const bodies = chain.flatMap((link) => errorBodiesOf(field(link, 'error')));
  const status =
    chain.map(statusOf).find((found) => found !== undefined) ?? bodies.map((body) => body.status).find(Boolean);
  const codes = [
    ...bodies.flatMap((body) => body.codes),
    ...chain.flatMap((link) => [field(link, 'code'), field(link, 'type')]),
  ];
  const words = [
    ...bodies.map((body) => body.message),
    ...chain.map((link) => field(link, 'message')).reverse(),
  ].filter((found): found is string => typeof found === 'string' && found.trim() !== '');
  return {
    status,
    codes: [
      ...new Set(codes.filter((found) => typeof found === 'string' && found !== '' && found !== 'error')),
    ] as string[],
    message: words[0] ?? '',
    words,
    retryAfterSeconds: chain
      .map((link) => readRetryAfter(headerReader(field(link, 'headers')), nowMs))
      .find((seconds) => seconds !== undefined),
  };
}

/** Reads an error that came inside a successful answer. */
export function readBodyFailure(error: unknown): Failure {
  const bodies = errorBodiesOf(error);
  const words = bodies.flatMap((body) => body.message ?? []);
  return {
    status: bodies.map((body) => body.status).find(Boolean),
    codes: bodies.flatMap((body) => body.codes).filter((found) => found !== 'error'),
    message: words[0] ?? '',
    words,
    retryAfterSeconds: undefined,
  };
}

/** The error, then what it names as its cause, and so on; an AggregateError counts by its first error. */
function causesOf(error: unknown): readonly object[] {
  const chain: object[] = [];
  let link = error;
  while (typeof link === 'object' && link !== null && chain.length < 8 && !chain.includes(link)) {
    chain.push(link);
    const [first] = (Array.isArray(field(link, 'errors')) ? field(link, 'errors') : []) as unknown[];
    link = field(link, 'cause') ?? first;
  }
  return chain;
}

function statusOf(link: object): number | undefined {
  const response = field(link, 'response');
  const inner = typeof response === 'object' && response !== null ? field(response, 'status') : undefined;
  return [field(link, 'status'), field(link, 'statusCode'), inner].find(
    (found): found is number => typeof found === 'number' && found >= 100,
  );
}

function headerReader(headers: unknown): (name: string) => string | undefined {
  if (headers instanceof Headers) return (name) => headers.get(name) ?? undefined;
  if (typeof headers !== 'object' || headers === null) return () => undefined;
  const byName = new Map(Object.entries(headers).map(([name, value]) => [name.toLowerCase(), String(value)]));
  return (name) => byName.get(name);
}

function field(value: object, name: string): unknown {
  return (value as Record<string, unknown>)[name];
}
