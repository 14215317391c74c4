/**
 * Has the model write a note on what has been learned, every ten experiments, with one call.
 */

import { plainText } from '../../../core/base/plain-text.ts';
import { statusOf } from '../../../core/journal/experiment-row.ts';
import type { History } from '../../../core/journal/history.ts';
import { renderInsights } from '../../../core/llm/prompt-values.ts';
import type { ModelMessage } from '../../../ports/model.ts';
import { type Asking, askModel } from './ask-model.ts';

const experimentsPerNote = 10;
const maxCharacters = 4000;

/** The experiment that a note is due for; undefined when the last one is recent enough. */
export function insightDue({ experiments, insights }: History): number | undefined {
  const settled = experiments.findLastIndex((record) => statusOf(record) !== 'running');
  const due = Math.floor(settled / experimentsPerNote) * experimentsPerNote;
  return due > (insights.at(-1)?.experiment ?? 0) ? due : undefined;
}

/** Asks for the note and journals it, if it is usable; a model that cannot be asked says so at the next proposal. */
export async function writeInsight(
  asking: Omit<Asking, 'purpose'>,
  memory: readonly ModelMessage[],
  experiment: number,
): Promise<void> {
  const { options, request } = asking;
  const ask: ModelMessage = { role: 'user', text: renderInsights(options.render, request.history, experiment) };
  const reply = await askModel({ ...asking, purpose: 'insight' }, [...memory, ask]);
  if (reply.kind === 'fault') return;
  const text = plainText(reply.text).trim().slice(0, maxCharacters);
  if (text !== '') await request.record?.({ event: 'insight-written', experiment, model: reply.model, text });
}
