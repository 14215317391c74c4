/**
 * One reply in the bodies and in the streamed events of each provider, with everything their documents say is there.
 */
import { chatBody, chatEvents } from './render-chat.ts';
import { geminiBody, geminiEvents } from './render-gemini.ts';
import { messagesBody, messagesEvents } from './render-messages.ts';
import { responsesBody, responsesEvents } from './render-responses.ts';
import type { RequestBody, ServedReply } from './reply-parts.ts';

export type { ServedCall, ServedReply } from './reply-parts.ts';

export type Wire = 'responses' | 'chat' | 'messages' | 'gemini';

export function replyBody(wire: Wire, reply: ServedReply, request: RequestBody): unknown {
  return bodies[wire](reply, request);
}

export function replyEvents(wire: Wire, reply: ServedReply, request: RequestBody): readonly string[] {
  return events[wire](reply, request);
}

const bodies = { responses: responsesBody, chat: chatBody, messages: messagesBody, gemini: geminiBody };
const events = { responses: responsesEvents, chat: chatEvents, messages: messagesEvents, gemini: geminiEvents };
