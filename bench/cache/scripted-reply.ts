/**
 * What the model of a cache bench answers: four turns for a proposal. Each changes the learning rate, and every third
 * also adds a line, so that the source grows with what is kept.
 */
import type { ModelRequest } from '../../src/ports/model.ts';
import type { ServedCall, ServedReply } from '../../tests/helpers/model-server/render-reply.ts';

const rateLine = /^LEARNING_RATE\s*= \S+/m;
const note = 'Lower rates were kept and higher ones crashed; the loss still falls at the end of the budget. '.repeat(6);

/**
 * The reply to this request of the conversation with this number, by how many turns it has had. A note on what was
 * learned is its text.
 */
export function scriptedReply({ messages }: ModelRequest, conversation: number): ServedReply {
  const turn = messages.filter(({ role }) => role === 'assistant').length;
  const texts = messages.flatMap((message) => (message.role === 'user' ? [message.text] : []));
  const id = `${conversation}_${turn}`;
  return {
    text: turn === 0 ? note : 'Going on.',
    calls: [{ ...callOf(turn, texts, conversation), id: `call_${id}` }],
    id,
  };
}

function callOf(turn: number, texts: readonly string[], conversation: number): ServedCall {
  const named = Math.max(
    ...texts.flatMap((text) => [...text.matchAll(/#(\d+)/g)].map(([, number]) => Number(number))),
    0,
  );
  switch (turn) {
    case 0:
      return named > 2
        ? { name: 'show_experiment', arguments: { experiment: named } }
        : { name: 'read_file', arguments: { file: 'prepare.py', from: 1, to: 80 } };
    case 1:
      return { name: 'edit', arguments: { file: 'train.py', edits: [editOf(texts, conversation)] } };
    case 2:
      return { name: 'check', arguments: {} };
    default:
      return { name: 'submit', arguments: ideaOf(conversation) };
  }
}

function editOf(texts: readonly string[], conversation: number) {
  const source = texts.find((text) => text.includes('# The current source')) ?? '';
  const [find = ''] = rateLine.exec(source) ?? [];
  const added =
    conversation % 3 === 0
      ? `\nEXTRA_${conversation} = ${conversation} / 1000  # one more term of the schedule, tried once`
      : '';
  return { find, replace: `${added === '' ? '' : `${added.trim()}\n`}LEARNING_RATE = 0.${2000 + conversation}` };
}

function ideaOf(conversation: number) {
  return {
    title: `a learning rate of 0.${2000 + conversation}`,
    hypothesis: `${'The loss still falls at the end, so a larger step may use the budget better. '.repeat(3)}`,
    expected_effect: 'Lower by about 0.02.',
    kind: 'knobs',
  };
}
