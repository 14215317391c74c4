/**
 * What the served model answers coding agents: it reads the training script, edits one knob of it, writes down why, and ends.
 * Each agent is spoken to in its own tools, recognised by the tools that its request offers.
 */
import type { RecordedRequest, Step } from '../../tests/helpers/model-server/model-server.ts';
import type { ServedCall, ServedReply } from '../../tests/helpers/model-server/render-reply.ts';

/** The answer to one request; a request without tools wants words, such as a title for the session. */
export function answerAgent(request: RecordedRequest, index: number): Step {
  const text = JSON.stringify(request.body);
  const moves = movesFor(text, ideaIn(text));
  const step = answered(text);
  const calls = moves?.[step] ?? [];
  const named = calls.map((call, place) => ({ id: `call_${index}_${place}`, ...call }));
  return { reply: { id: String(index), text: calls.length > 0 ? '' : wordsFor(text), calls: named, usage } };
}

/** What each answer says that it used; agents add these up in their own ways. */
export const usage: NonNullable<ServedReply['usage']> = { uncached: 1200, cached: 800, output: 50 };

/** Gemini first asks a smaller model how hard the task is, and wants JSON. */
function wordsFor(text: string): string {
  const isRouting = text.includes('complexity_score') && !text.includes('"functionDeclarations"');
  return isRouting ? '{"complexity_reasoning":"One line.","complexity_score":20}' : 'I raised it a little.';
}

interface Idea {
  /** Of the scratch copy. */
  readonly folder: string;
  readonly before: string;
  readonly after: string;
  readonly note: string;
}

type Moves = readonly (readonly ServedCall[])[];

/** The task names the experiment, so each has an idea of its own; the folder is where the agent says it works. */
function ideaIn(text: string): Idea {
  const [, experiment = '1'] = /this is experiment (\d+)/.exec(text) ?? [];
  const [folder = '/'] = /\/[^\s"\\<>*]+\/agent\/\d+-\d+\/copy/.exec(text) ?? [];
  // A knob for each experiment: whatever the one before came to, its line is as it was.
  const before = Number(experiment) % 2 === 1 ? 'MOMENTUM = 0.9' : 'WEIGHT_DECAY = 0.01';
  const title = `${before.split(' ')[0]} up by a little`;
  return { folder, before, after: `${before}5`, note: `${title}\n\nIt should smooth the way.\n` };
}

function movesFor(text: string, idea: Idea): Moves | undefined {
  if (text.includes('"functionDeclarations"')) return geminiMoves(idea);
  if (text.includes('"additional_tools"')) return codexMoves(idea);
  if (text.includes('"patchText"')) return opencodeMoves(idea);
  if (text.includes('"input_schema"')) return claudeMoves(idea);
  return undefined;
}

/** How many turns of tools were answered so far: each of ours has a single call. */
function answered(text: string): number {
  return (
    text.match(/"(?:type":"tool_result"|type":"(?:custom_tool|function)_call_output"|functionResponse":)/g)?.length ?? 0
  );
}

function claudeMoves({ folder, before, after, note }: Idea): Moves {
  const file = `${folder}/train.py`;
  return [
    [{ name: 'Read', arguments: { file_path: file } }],
    [{ name: 'Edit', arguments: { file_path: file, old_string: before, new_string: after } }],
    [{ name: 'Write', arguments: { file_path: `${folder}/PROPOSAL.md`, content: note } }],
  ];
}

/** Codex lets the model write JavaScript that calls its tools. */
function codexMoves(idea: Idea): Moves {
  const script = `text(await tools.apply_patch(${JSON.stringify(patchOf(idea))}));`;
  return [[{ name: 'exec', arguments: script, isCustom: true }]];
}

function opencodeMoves(idea: Idea): Moves {
  return [[{ name: 'apply_patch', arguments: { patchText: patchOf(idea) } }]];
}

function geminiMoves({ folder, before, after, note }: Idea): Moves {
  const file = `${folder}/train.py`;
  const edit = { file_path: file, instruction: 'Raise it a little.', old_string: before, new_string: after };
  return [
    [{ name: 'read_file', arguments: { file_path: file } }],
    [{ name: 'replace', arguments: edit }],
    [{ name: 'write_file', arguments: { file_path: `${folder}/PROPOSAL.md`, content: note } }],
  ];
}

function patchOf({ before, after, note }: Idea): string {
  const added = note.trimEnd().split('\n');
  return [
    '*** Begin Patch',
    '*** Update File: train.py',
    '@@',
    `-${before}`,
    `+${after}`,
    '*** Add File: PROPOSAL.md',
    ...added.map((line) => `+${line}`),
    '*** End Patch',
  ].join('\n');
}
