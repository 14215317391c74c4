/**
 * Takes keys out of what models, scripts and people wrote, on its way into the journal. A proposal is not touched: one
 * that holds a key was refused before.
 */
import type { EntryBody } from '../core/journal/entry.ts';

/** The same entry, with every text of foreign origin redacted. */
export function withoutSecrets(body: EntryBody, redact: (text: string) => string): EntryBody {
  switch (body.event) {
    case 'proposal-refused':
      return { ...body, title: redact(body.title), reason: redact(body.reason) };
    case 'model-called':
      return { ...body, model: redact(body.model) };
    case 'model-away':
      return { ...body, message: redact(body.message) };
    case 'insight-written':
      return { ...body, model: redact(body.model), text: redact(body.text) };
    case 'note-read':
      return { ...body, text: redact(body.text) };
    case 'run-ended':
    case 'confirmation-run-ended':
    case 'holdout-scored': {
      const { reason, evidence } = body.result;
      return { ...body, result: { ...body.result, reason: redact(reason), evidence: redact(evidence) } };
    }
    default:
      return body;
  }
}
