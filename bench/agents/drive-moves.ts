/**
 * How a study is driven in the bench `drive`, one move at a time, each from the results of those before; and the same as
 * the answers of the test server's model, so that a coding agent makes the moves with its own tools.
 */
import type { RecordedRequest, Step } from '../../tests/helpers/model-server/model-server.ts';
import type { ServedCall } from '../../tests/helpers/model-server/render-reply.ts';
import { usage } from './agent-moves.ts';

/** To read train.py, to replace a text that it has once, or to run a command line in its folder. */
export type Move =
  | { readonly kind: 'read' }
  | { readonly kind: 'edit'; readonly before: string; readonly after: string }
  | { readonly kind: 'bash'; readonly command: string };

/** The experiments that are handed in, in order, with the verdicts that they must get. */
export const driven = [
  { title: 'A lower rate', before: 'LEARNING_RATE = 0.3', after: 'LEARNING_RATE = 0.03', decision: 'keep' },
  { title: 'A narrow one', before: 'WIDTH = 4', after: 'WIDTH = 1', decision: 'revert' },
  { title: 'A crash', before: 'WIDTH = 1', after: 'WIDTH = 1 // 0', decision: 'revert' },
] as const;

type NextMove = (results: readonly string[]) => Move;

const bash = (command: string): NextMove => {
  return () => ({ kind: 'bash', command });
};

const moves: readonly NextMove[] = [
  () => ({ kind: 'read' }),
  bash('nocturne run --tag night --researcher owner --detach'),
  // Nothing was edited yet.
  bash('nocturne try --json train.py'),
  ...driven.flatMap(({ title, before, after }): NextMove[] => [
    () => ({ kind: 'edit', before, after }),
    bash(`nocturne try --title "${title}" --json train.py`),
    (results) => ({ kind: 'bash', command: `nocturne wait ${numberIn(results.at(-1))} --json` }),
  ]),
  bash('nocturne log --json'),
  bash('nocturne stop'),
];

/** The next move; undefined when the drive is over. */
export function nextMove(results: readonly string[]): Move | undefined {
  return moves[results.length]?.(results);
}

/** What the results of the moves say, by the kind of command; a refused first try among the tries. */
export interface Seen {
  readonly refusal: string;
  /** What each `try` and each `wait` printed. */
  readonly tries: readonly Record<string, unknown>[];
  readonly verdicts: readonly Record<string, unknown>[];
  readonly ledger: readonly Record<string, unknown>[];
}

/** Reads the results of all moves. */
export function seenIn(results: readonly string[]): Seen {
  const [, , refusal = '', ...rest] = results;
  const objectAt = (offset: number) => driven.map((_, index) => objectsIn(rest[3 * index + offset])[0] ?? {});
  return {
    refusal,
    tries: objectAt(1),
    verdicts: objectAt(2),
    ledger: objectsIn(rest[3 * driven.length]),
  };
}

/** The last words of the drive: the verdicts, as the waits said them. */
export function lastWords(results: readonly string[]): string {
  const verdicts = seenIn(results).verdicts.map(({ experiment, decision }) => `experiment ${experiment}: ${decision}`);
  return `It is done: ${verdicts.join(', ')}.`;
}

/** The number that a `try` gave, as the driver reads it; one that no study has when it gave none. */
function numberIn(result: string | undefined): string {
  return String(objectsIn(result)[0]?.experiment ?? 999);
}

/** The lines that are JSON objects, among the words that are for people. */
function objectsIn(result = ''): Record<string, unknown>[] {
  return result.split('\n').flatMap((line) => (/^\s*\{".*\}\s*$/.test(line) ? [JSON.parse(line)] : []));
}

/** The answer of the model that drives from an agent whose sandbox is `folder`. */
export function answerDriver(folder: string) {
  return (request: RecordedRequest, index: number): Step => {
    const results = resultsOf(request);
    // Without tools it asks for something else, like a title for the session.
    const move = /"bash"/i.test(JSON.stringify(request.body)) ? nextMove(results) : undefined;
    const call = move && (request.wire === 'messages' ? claudeCall(folder, move) : piCall(move));
    const calls = call === undefined ? [] : [{ id: `call_${index}_0`, ...call }];
    return { reply: { id: String(index), text: move === undefined ? lastWords(results) : '', calls, usage } };
  };
}

function claudeCall(folder: string, move: Move): ServedCall {
  const file = { file_path: `${folder}/train.py` };
  if (move.kind === 'read') return { name: 'Read', arguments: file };
  if (move.kind === 'bash') return { name: 'Bash', arguments: { command: move.command } };
  return { name: 'Edit', arguments: { ...file, old_string: move.before, new_string: move.after } };
}

function piCall(move: Move): ServedCall {
  const path = 'train.py';
  if (move.kind === 'read') return { name: 'read', arguments: { path, offset: null, limit: null } };
  if (move.kind === 'bash') return { name: 'bash', arguments: { command: move.command, timeout: null } };
  return { name: 'edit', arguments: { path, edits: [{ oldText: move.before, newText: move.after }] } };
}

/** The results of tools in a request of Anthropic's Messages or of OpenAI's Responses, oldest first, as texts. */
export function resultsOf({ body }: RecordedRequest): readonly string[] {
  const found: string[] = [];
  for (const { content = [] } of body.messages ?? []) {
    if (typeof content === 'string') continue;
    for (const block of content) if (block.type === 'tool_result') found.push(textOf(block.content));
  }
  for (const item of body.input ?? []) if (item.type === 'function_call_output') found.push(textOf(item.output));
  return found;
}

function textOf(content: string | readonly { readonly text?: string }[] = ''): string {
  return typeof content === 'string' ? content : content.map(({ text = '' }) => text).join('\n');
}
