/** An `llm` researcher around a scripted model, with everything else real or in memory. */
import { readFileSync } from 'node:fs';
import { loadPrompts } from '../../src/adapters/prompt-files.ts';
import { createKnobReader } from '../../src/adapters/python/knob-reader.ts';
import { createSourceInspector } from '../../src/adapters/python/source-inspector.ts';
import { createLlmResearcher, type LlmOptions } from '../../src/adapters/researchers/llm-researcher.ts';
import type { History } from '../../src/core/journal/history.ts';
import type { ExperimentTexts } from '../../src/core/llm/experiment-detail.ts';
import type { Model } from '../../src/ports/model.ts';
import type { ProposalReply, ProposalRequest, ResearcherNews } from '../../src/ports/researcher.ts';

export const delimiter = '7c1f0e9b53a2d846';
export const train = readFileSync('sandbox/tiny/train.py', 'utf8');
const render = await loadPrompts('/nowhere');
const knobReader = { read: remembered(createKnobReader('python3').read) };
const inspect = remembered(createSourceInspector('python3'));
const reading = await knobReader.read({ 'train.py': train });
const knobs = reading.kind === 'read' ? reading.knobs : [];

export interface ProposeOptions extends Partial<LlmOptions> {
  readonly model: Model;
  readonly history: History;
  readonly texts?: (experiment: number) => ExperimentTexts;
  readonly request?: Partial<ProposalRequest>;
}

/** Asks for one proposal; `news` is what would have been journalled. */
export async function proposeWith({
  history,
  texts,
  request,
  ...options
}: ProposeOptions): Promise<{ reply: ProposalReply; news: ResearcherNews[] }> {
  const news: ResearcherNews[] = [];
  const researcher = createLlmResearcher({
    render,
    inspect,
    knobReader,
    readTexts: async (_, experiment) => texts?.(experiment) ?? { diff: '', log: '' },
    fixedFiles: {
      list: async () => ['prepare.py', 'score.py'],
      read: async (_, path) => (path === 'prepare.py' ? 'SEED = 1\n' : undefined),
    },
    delimiter,
    costOf: () => 0.01,
    ...options,
  });
  const reply = await researcher.propose(
    {
      experiment: history.experiments.length,
      attempt: 0,
      source: { files: { 'train.py': train }, knobs },
      space: [],
      history,
      seed: 'seed',
      record: async (entry) => news.push(entry),
      ...request,
    },
    new AbortController().signal,
  );
  return { reply, news };
}

/** The same files have the same answer, so Python is asked once. */
function remembered<Answer>(ask: (files: Readonly<Record<string, string>>) => Promise<Answer>): typeof ask {
  const answers = new Map<string, Promise<Answer>>();
  return (files) => {
    const key = JSON.stringify(files);
    const answer = answers.get(key) ?? ask(files);
    answers.set(key, answer);
    return answer;
  };
}
