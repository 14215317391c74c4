/**
 * The answers of the test server's model to coding agents: read the training script, edit one knob of it, write a note
 * on why, and end. The tools that a request offers tell which agent it is, and so which calls to answer with.
 */
import type { RecordedRequest, Step } from '../../tests/helpers/model-server/model-server.ts';
import type { ServedCall, ServedReply } from '../../tests/helpers/model-server/render-reply.ts';

/**
 * The answer to one request; one without tools gets a text, since it asks for something like a title for the session.
 */
export function answerAgent(request: RecordedRequest, index: number): Step {
  const text = JSON.stringify(request.body);
  const idea = ideaIn(text);
  const moves = movesFor(text, idea);
  const step = answered(text);
  const calls = moves?.[step] ?? [];
  const named = calls.map((call, number) => ({ id: `call_${index}_${number}`, ...call }));
  return { reply: { id: String(index), text: calls.length > 0 ? '' : wordsFor(text, idea), calls: named, usage } };
}

/** The same, but as long as it was not told why that is refused, it adds a file of its own in place of its note. */
export function answerWithForbiddenFile(request: RecordedRequest, index: number): Step {
  const step = answerAgent(request, index);
  if (!('reply' in step) || JSON.stringify(request.body).includes('helper.py')) return step;
  return { reply: renamed(step.reply) };
}

/** Which agent's call it is does not matter: the name of the note stands in all of them as a text. */
function renamed(reply: ServedReply): ServedReply {
  const rename = (text: string) => text.replaceAll('PROPOSAL.md', 'helper.py');
  const calls = reply.calls?.map((call) => {
    const own = call.arguments;
    return { ...call, arguments: typeof own === 'string' ? rename(own) : JSON.parse(rename(JSON.stringify(own))) };
  });
  return { ...reply, text: rename(reply.text ?? ''), ...(calls && { calls }) };
}

/** The token usage that each answer reports; agents sum these in different ways. */
export const usage: NonNullable<ServedReply['usage']> = { uncached: 1200, cached: 800, output: 50 };

/** The text of an answer. Gemini first asks a smaller model how hard the task is, and expects JSON; aider reads edits in it. */
function wordsFor(text: string, idea: Idea): string {
  if (text.includes('SEARCH/REPLACE')) return blocksOf(idea);
  const isRouting = text.includes('complexity_score') && !text.includes('"functionDeclarations"');
  return isRouting ? '{"complexity_reasoning":"One line.","complexity_score":20}' : 'I raised it a little.';
}

interface Idea {
  /** Folder of the agent's copy of the sandbox. */
  readonly folder: string;
  readonly before: string;
  readonly after: string;
  readonly note: string;
}

type Moves = readonly (readonly ServedCall[])[];

/** The edit to make: its value depends on the experiment that the task names, its folder is the one in the request. */
function ideaIn(text: string): Idea {
  const [, experiment = '1'] = /this is experiment (\d+)/.exec(text) ?? [];
  const [folder = '/'] = /\/[^\s"\\<>*]+\/agent\/\d+-\d+\/copy/.exec(text) ?? [];
  // A line is added behind one that stays as it is, so that each experiment is another, whatever was kept.
  const before = 'WEIGHT_DECAY = 0.01';
  const after = `${before}\nMOMENTUM = 0.9${experiment}`;
  return { folder, before, after, note: `MOMENTUM 0.9${experiment}\n\nIt should smooth the way.\n` };
}

function movesFor(text: string, idea: Idea): Moves | undefined {
  if (text.includes('"functionDeclarations"')) return geminiMoves(idea);
  if (text.includes('"oldText"')) return piMoves(idea);
  if (text.includes('"additional_tools"')) return codexMoves(idea);
  if (text.includes('"patchText"')) return opencodeMoves(idea);
  if (text.includes('"input_schema"')) return claudeMoves(idea);
  if (text.includes('COMPLETE_TASK_AND_SUBMIT_FINAL_OUTPUT')) return miniMoves(idea);
  return undefined;
}

/** Number of tool calls that were answered so far, which is the number of turns: each turn has one call. */
function answered(text: string): number {
  return (
    text.match(/"(?:type":"tool_result"|type":"(?:custom_tool|function)_call_output"|role":"tool"|functionResponse":)/g)
      ?.length ?? 0
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

/** In Codex the model calls tools by writing JavaScript. */
function codexMoves(idea: Idea): Moves {
  const script = `text(await tools.apply_patch(${JSON.stringify(patchOf(idea))}));`;
  return [[{ name: 'exec', arguments: script, isCustom: true }]];
}

function opencodeMoves(idea: Idea): Moves {
  return [[{ name: 'apply_patch', arguments: { patchText: patchOf(idea) } }]];
}

function piMoves({ before, after, note }: Idea): Moves {
  return [
    [{ name: 'read', arguments: { path: 'train.py', offset: null, limit: null } }],
    [{ name: 'edit', arguments: { path: 'train.py', edits: [{ oldText: before, newText: after }] } }],
    [{ name: 'write', arguments: { path: 'PROPOSAL.md', content: note } }],
  ];
}

function miniMoves({ before, after, note }: Idea): Moves {
  const edit = `sed -i 's/^${before}$/${after.replace('\n', '\\n')}/' train.py && cat > PROPOSAL.md <<'END'\n${note}END`;
  const commands = ['cat train.py', edit, 'echo COMPLETE_TASK_AND_SUBMIT_FINAL_OUTPUT'];
  return commands.map((command) => [{ name: 'bash', arguments: { command } }]);
}

function blocksOf({ before, after, note }: Idea): string {
  const block = (file: string, search: string, replace: string) =>
    `${file}\n\`\`\`\n<<<<<<< SEARCH\n${search}=======\n${replace}>>>>>>> REPLACE\n\`\`\`\n`;
  return `${block('train.py', `${before}\n`, `${after}\n`)}\n${block('PROPOSAL.md', '', note)}`;
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
    ...after.split('\n').map((line) => `+${line}`),
    '*** Add File: PROPOSAL.md',
    ...added.map((line) => `+${line}`),
    '*** End Patch',
  ].join('\n');
}
