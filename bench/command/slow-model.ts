/**
 * A model behind OpenAI's own SDK that takes a given time over each proposal and always has another one: one call that edits
 * another line than the one before, and hands the edit in.
 */
import { setTimeout } from 'node:timers/promises';
import { startModelServer } from '../../tests/helpers/model-server/model-server.ts';

export interface SlowModel {
  /** The lines of a brief that name it. */
  readonly lines: readonly string[];
  /** Calls that it has answered. */
  readonly calls: () => number;
  readonly close: () => Promise<void>;
}

const knobs = ['LEARNING_RATE', 'MOMENTUM', 'WEIGHT_DECAY', 'DROPOUT'];

/** Starts the server, on this machine. */
export async function startSlowModel(seconds: number): Promise<SlowModel> {
  let count = 0;
  const server = await startModelServer(async () => {
    count += 1;
    const number = count;
    await setTimeout(seconds * 1000);
    const knob = knobs[number % knobs.length];
    const edits = [{ find: `${knob} = `, replace: `${knob} = ${number + 2} * ` }];
    const idea = { hypothesis: 'Another step size.', expected_effect: 'Lower.', kind: 'code' };
    return {
      reply: {
        calls: [
          { id: `edit_${number}`, name: 'edit', arguments: { edits } },
          { id: `submit_${number}`, name: 'submit', arguments: { title: `Idea ${number}`, ...idea } },
        ],
        id: String(number),
        usage: { uncached: 2000, cached: 500, output: 100 },
      },
    };
  });
  return {
    lines: ['researcher: llm', 'model: openai:gpt-6-sol', `base_url: ${server.openAIUrl}`],
    calls: () => count,
    close: async () => {
      await server.close();
      if (server.violations.length > 0) throw new Error(`the model was asked wrongly: ${server.violations[0]}`);
    },
  };
}
