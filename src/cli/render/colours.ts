/**
 * Colours for one stream: only on a terminal, and never against NO_COLOR. What goes to a file or a pipe is plain text,
 * whatever the other stream is.
 */
import pc from 'picocolors';

/** The colouring functions for text that this stream prints. */
export function coloursFor(stream: NodeJS.WriteStream): ReturnType<typeof pc.createColors> {
  const { NO_COLOR, FORCE_COLOR, TERM } = process.env;
  const isTerminal = stream.isTTY === true && TERM !== 'dumb';
  return pc.createColors((isTerminal || Boolean(FORCE_COLOR)) && !NO_COLOR);
}
