/**
 * When an agent that waits for its provider is not worth waiting for: opencode sleeps as long as a `retry-after` says, hours
 * too, and mini-swe-agent with litellm does not end after its last error.
 */
import { agentAbsence } from './agent-absence.ts';

/** Seconds of silence after its last words were of an absence: one that lasts, or one that may pass. */
export interface Patience {
  readonly lasting: number;
  readonly passing: number;
}

export const usualPatience: Patience = { lasting: 20, passing: 60 };

const lastCharacters = 8192;

/** Whether an agent that has printed nothing for so many seconds can be ended: its last words were that it cannot be asked. */
export function isHopeless(output: string, silentSeconds: number, { lasting, passing }: Patience): boolean {
  if (silentSeconds < Math.min(lasting, passing)) return false;
  const fault = agentAbsence(lastWords(output), new Date());
  return fault !== undefined && silentSeconds >= (fault.action === 'pause' ? lasting : passing);
}

/** What it printed since it last got on with its work. */
function lastWords(output: string): string {
  const lines = output.slice(-lastCharacters).split('\n');
  const working = lines.findLastIndex((line) => line.startsWith('{') && agentAbsence(line, new Date()) === undefined);
  return lines.slice(working + 1).join('\n');
}
