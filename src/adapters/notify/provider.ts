/**
 * What the providers of notices have in common: each is one HTTP request, made of the owner's environment and a notice.
 */
import type { Notice } from '../../core/views/notices.ts';

export type Environment = Readonly<Record<string, string | undefined>>;

/** A request as the provider documents it. */
export interface ProviderRequest {
  readonly url: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body: object;
}

export interface Provider {
  /** The variables that it needs, each with what stands in it. */
  readonly needs: Readonly<Record<string, string>>;
  readonly requestOf: (notice: Notice, environment: Environment) => ProviderRequest;
  /** What the body of an answer says of a failure, and after how many seconds to try again. */
  readonly readAnswer?: (body: string) => {
    readonly reason?: string | undefined;
    readonly retryAfterSeconds?: number | undefined;
  };
}

/** The title and the text below each other, not longer than a provider takes. */
export function wholeText({ title, text }: Notice, maxCharacters: number): string {
  const whole = text === '' ? title : `${title}\n${text}`;
  return whole.length <= maxCharacters ? whole : `${whole.slice(0, maxCharacters - 1)}…`;
}

/** A field of a JSON object; undefined for anything else. */
export function fieldOf(body: string, ...path: readonly string[]): unknown {
  try {
    return path.reduce<unknown>(
      (value, name) =>
        typeof value === 'object' && value !== null ? (value as Record<string, unknown>)[name] : undefined,
      JSON.parse(body),
    );
  } catch {
    return undefined;
  }
}

/** The same where it is a text, or a number. */
export function textField(body: string, ...path: readonly string[]): string | undefined {
  const value = fieldOf(body, ...path);
  return typeof value === 'string' ? value : undefined;
}

export function numberField(body: string, ...path: readonly string[]): number | undefined {
  const value = fieldOf(body, ...path);
  return typeof value === 'number' ? value : undefined;
}
