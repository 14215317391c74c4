/**
 * What an agent said last, for people to read: the reason of its failure, most often.
 */
import { z } from 'zod';
import { lastLines, plainText } from '../../../core/base/plain-text.ts';

const shownLines = 3;
const messageLines = 8;
const shownCharacters = 600;
const lookedAt = 65_536;

/** The last words in an output, bounded; empty when there are none. */
export function lastWordsIn(output: string): string {
  const plain = plainText(output.slice(-lookedAt)).replace(stackLines, '');
  const words = lastMessage(lastLines(plain, messageLines)) ?? lastLines(plain, shownLines);
  return words.length <= shownCharacters ? words : `${words.slice(0, shownCharacters)}…`;
}

const stackLines = /^\s+at .*$/gm;

/** Agents that print JSON say what happened in one of these, among hundreds of characters that nobody reads. */
const messages = /"(?:result|message|response|text)"\s*:\s*("(?:[^"\\]|\\.)+")/g;

function lastMessage(lines: string): string | undefined {
  const [, message = ''] = [...lines.matchAll(messages)].at(-1) ?? [];
  return parseText(message);
}

function parseText(json: string): string | undefined {
  try {
    return plainText(z.string().parse(JSON.parse(json))).trim() || undefined;
  } catch {
    return undefined;
  }
}
