/**
 * A reply in the words of Google's generateContent; streamed, it comes as whole responses, each with a part of the text.
 */
import { callsOf, event, halves, type RequestBody, type ServedReply, usageOf } from './reply-parts.ts';

export function geminiBody(reply: ServedReply, request: RequestBody) {
  return response(reply, request, [
    ...(reply.text ? [{ text: reply.text }] : []),
    ...callsOf(reply).map(({ id, name, text }) => ({ functionCall: { id, name, args: JSON.parse(text) } })),
  ]);
}

export function geminiEvents(reply: ServedReply, request: RequestBody): readonly string[] {
  const { text = '', calls = [] } = reply;
  const texts = halves(text).filter((half) => half !== '');
  const pieces: readonly ServedReply[] = [
    ...texts.map((half) => ({ ...reply, text: half, calls: [] })),
    { ...reply, text: '', calls },
  ];
  return pieces.map((piece, index) => {
    const { candidates, ...rest } = geminiBody(piece, request);
    const isLast = index === pieces.length - 1;
    const whole = {
      ...rest,
      candidates: candidates.map((each) => (isLast ? each : { ...each, finishReason: undefined })),
    };
    return event(undefined, whole);
  });
}

function response(reply: ServedReply, { model }: RequestBody, parts: readonly object[]) {
  const { uncached, cached, written, output } = usageOf(reply);
  const prompt = uncached + cached + written;
  return {
    candidates: [
      {
        content: { role: 'model', parts },
        finishReason: reply.ending === 'truncated' ? 'MAX_TOKENS' : 'STOP',
        index: 0,
      },
    ],
    usageMetadata: {
      promptTokenCount: prompt,
      cachedContentTokenCount: cached,
      candidatesTokenCount: output,
      totalTokenCount: prompt + output,
      promptTokensDetails: [{ modality: 'TEXT', tokenCount: prompt }],
    },
    modelVersion: model,
    responseId: `response-${reply.id ?? '1'}`,
  };
}
