/**
 * The end of an agent's output, for people to read: most often the reason of its failure.
 */
import { parseJson } from '../../../core/base/parse-json.ts';
import { lastLines, plainText } from '../../../core/base/plain-text.ts';

const shownLines = 3;
const messageLines = 8;
const shownCharacters = 600;
/** Characters at the end of the output that are searched. */
const searchedCharacters = 65_536;

/** The last message or lines of an output, at most 600 characters; empty when there are none. */
export function tailOfOutput(output: string): string {
  const plain = plainText(output.slice(-searchedCharacters)).replace(stackLines, '');
  const words = lastMessage(lastLines(plain, messageLines)) ?? lastLines(plain, shownLines);
  return words.length <= shownCharacters ? words : `${words.slice(0, shownCharacters)}…`;
}

const stackLines = /^\s+at .*$/gm;

/** Agents that print JSON say what happened under one of these keys. */
const messages = /"(?:result|message|response|text)"\s*:\s*("(?:[^"\\]|\\.)+")/g;

function lastMessage(lines: string): string | undefined {
  const [, message = ''] = [...lines.matchAll(messages)].at(-1) ?? [];
  return parseText(message);
}

function parseText(json: string): string | undefined {
  const text = parseJson(json);
  return typeof text === 'string' ? plainText(text).trim() || undefined : undefined;
}
