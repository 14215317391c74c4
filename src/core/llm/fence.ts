/**
 * Puts training output into a text for a model: cut to a size, without invisible characters, and fenced so that the
 * output cannot forge the fence's end.
 *
 * A fenced text may stand in user and tool messages only, never in the system prompt. The caller chooses the delimiter
 * at random, and the training does not know it; where the output has it all the same, it is removed.
 */
import { plainText } from '../base/plain-text.ts';

/** UTF-8 bytes of a fenced text unless the caller says otherwise. */
export const fenceBytes = 4096;

/** Invisible characters, which may hide words from the owner; Unicode's tag characters are among them. */
const ignorable = /[\p{Default_Ignorable_Code_Point}\p{Cf}]/gu;

/** The last `maxBytes` UTF-8 bytes of a text that the harness did not write, between two lines with the delimiter. */
export function fence(label: string, text: string, delimiter: string, maxBytes: number = fenceBytes): string {
  const visible = plainText(text.slice(-maxBytes * 16)).replace(ignorable, '');
  const safe = withoutDelimiter(keepEnd(visible, maxBytes), delimiter);
  return `<<<${label} ${delimiter}\n${safe.trimEnd()}\n>>>${label} ${delimiter}`;
}

/** The last UTF-8 bytes of a text, cut between characters, after a note with the number of bytes left out. */
export function keepEnd(text: string, maxBytes: number): string {
  const bytes = new TextEncoder().encode(text);
  if (bytes.length <= maxBytes) return text;
  const note = `[${bytes.length - maxBytes} bytes left out]\n`;
  let start = bytes.length - maxBytes + note.length;
  while (start < bytes.length && ((bytes[start] as number) & 0xc0) === 0x80) start += 1;
  return note + new TextDecoder().decode(bytes.subarray(start));
}

/** Removing one delimiter may join the text around it to another, so this repeats until none is left. */
function withoutDelimiter(text: string, delimiter: string): string {
  let rest = text;
  while (rest.includes(delimiter)) rest = rest.split(delimiter).join('[removed]');
  return rest;
}
