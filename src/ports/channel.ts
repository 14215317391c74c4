/**
 * A place where the owner is told of a study: a phone, a chat, the desktop.
 */
import type { Notice } from '../core/views/notices.ts';

/** What came of telling. */
export type Told =
  | { readonly kind: 'told' }
  | {
      readonly kind: 'failed';
      /** In words without a secret, such as `HTTP 404: channel_not_found`. */
      readonly reason: string;
      /** Seconds until it is worth another try; absent where the same would fail again. */
      readonly retryAfterSeconds?: number;
    };

export interface Channel {
  /** Such as `slack`. */
  readonly name: string;
  /** Tells it; a notice may arrive twice. Never rejects. */
  readonly tell: (notice: Notice, signal: AbortSignal) => Promise<Told>;
}
