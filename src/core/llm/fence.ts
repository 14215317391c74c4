/**
 * Training output on its way to a model: bounded, made visible, and fenced so that its end cannot be forged.
 *
 * A fenced text belongs into user and tool messages only, never into the system prompt. The delimiter is the caller's,
 * random and unknown to the training; where the text holds it all the same, it is taken out.
 */
import { plainText } from '../base/plain-text.ts';

export const fenceBytes = 4096;

/** Characters that show nothing and may carry hidden words, the tag block included. */
const ignorable = /[\p{Default_Ignorable_Code_Point}\p{Cf}]/gu;

/** The end of a foreign text between two lines that carry the delimiter. */
export function fence(label: string, text: string, delimiter: string, mostBytes: number = fenceBytes): string {
  const visible = plainText(text.slice(-mostBytes * 16)).replace(ignorable, '');
  const safe = withoutDelimiter(keepEnd(visible, mostBytes), delimiter);
  return `<<<${label} ${delimiter}\n${safe.trimEnd()}\n>>>${label} ${delimiter}`;
}

/** The last bytes of a text, cut between characters, with a note on what was left out. */
export function keepEnd(text: string, mostBytes: number): string {
  const bytes = new TextEncoder().encode(text);
  if (bytes.length <= mostBytes) return text;
  const note = `[${bytes.length - mostBytes} bytes left out]\n`;
  let start = bytes.length - mostBytes + note.length;
  while (start < bytes.length && ((bytes[start] as number) & 0xc0) === 0x80) start += 1;
  return note + new TextDecoder().decode(bytes.subarray(start));
}

/** Taking one out may make another, so it is done until none is left. */
function withoutDelimiter(text: string, delimiter: string): string {
  let rest = text;
  while (rest.includes(delimiter)) rest = rest.split(delimiter).join('[removed]');
  return rest;
}
