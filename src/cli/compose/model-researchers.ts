/**
 * The researchers that call a language model or a coding agent. Imported on demand, because it loads
 * the packages of the providers.
 */

import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import { findIgnored } from '../../adapters/git/ignored-paths.ts';
import { createCeilingModel } from '../../adapters/models/ceiling.ts';
import { realClock } from '../../adapters/models/clock.ts';
import { createModel, keyVariablesOf } from '../../adapters/models/create-model.ts';
import { createPatientModel, type ModelNews } from '../../adapters/models/patient-model.ts';
import { priceOf, priceOfName } from '../../adapters/models/price-of.ts';
import { readKey } from '../../adapters/models/read-key.ts';
import { createSpendingCounter, type SpendingCounter } from '../../adapters/models/spending-counter.ts';
import { loadPrompts } from '../../adapters/prompt-files.ts';
import { createSourceInspector } from '../../adapters/python/source-inspector.ts';
import { type AgentTemplate, agentFor, modelIn } from '../../adapters/researchers/command/agents.ts';
import { createCommandResearcher } from '../../adapters/researchers/command/command-researcher.ts';
import { createTextReader } from '../../adapters/researchers/llm/experiment-texts.ts';
import { createFixedFiles } from '../../adapters/researchers/llm/fixed-files.ts';
import { createSmokeRun } from '../../adapters/researchers/llm/smoke-run.ts';
import { createLlmResearcher } from '../../adapters/researchers/llm-researcher.ts';
import { jobKeyOf } from '../../adapters/run-folders/run-job.ts';
import { ok, SettingsError } from '../../core/base/errors.ts';
import { formatDuration } from '../../core/base/format.ts';
import { costOf } from '../../core/base/model-usage.ts';
import type { Brief } from '../../core/brief/brief.ts';
import { experimentOf, type History } from '../../core/journal/history.ts';
import { describeTask } from '../../core/llm/agent-task.ts';
import type { Lab } from '../../ports/lab.ts';
import type { Model } from '../../ports/model.ts';
import type { Researcher } from '../../ports/researcher.ts';
import type { LocatedBrief } from './locate-brief.ts';

/** What these researchers are opened with; `lab` is the part of the lab that they use. */
export interface ModelResearcherOptions {
  readonly located: LocatedBrief;
  readonly brief: Brief;
  readonly studyFolder: string;
  readonly interpreter: string;
  readonly lab: Pick<Lab, 'workspace' | 'knobReader' | 'runFolders' | 'engine'>;
  /** What the study has spent, of which the model, its fallback and an agent share one count. */
  readonly counter: SpendingCounter;
  readonly tell: (line: string) => void;
}

/** How long a coding agent may take for one proposal. */
const agentLimitSeconds = 1200;

/**
 * A ready model under the brief's ceilings. Throws a ProviderError for what the owner must mend first; makes no call.
 */
export async function openModel(
  brief: Brief,
  name: string,
  counter: SpendingCounter = createSpendingCounter(brief.stop),
  tell?: (line: string) => void,
): Promise<Model> {
  const model = await createModel({ model: name, baseUrl: brief.baseUrl, api: brief.api, environment: process.env });
  const limited = createCeilingModel(model, { counter, price: priceOf(name, brief.prices) });
  return createPatientModel(limited, { clock: realClock, random: Math.random, tell: (news) => tell?.(lineOf(news)) });
}

/** The keys of the brief's models. A key may be in a file, so redacting the environment's values is not enough. */
export async function keysOf({ model, fallback }: Brief): Promise<readonly string[]> {
  const models = [model, fallback].filter((name) => name?.includes(':'));
  const keys = await Promise.all(models.map((name = '') => readKey(keyVariablesOf(name), process.env)));
  return keys.filter((key) => key !== undefined);
}

/** The `llm` researcher with this model. */
export async function createModelResearcher(options: ModelResearcherOptions, name: string): Promise<Researcher> {
  const { located, brief, studyFolder, interpreter, lab, counter, tell } = options;
  const price = priceOf(name, brief.prices);
  const smokeRun = createSmokeRun(lab.runFolders, lab.engine);
  return createLlmResearcher({
    model: await openModel(brief, name, counter, tell),
    render: await loadPrompts(located.folder),
    inspect: createSourceInspector(interpreter),
    knobReader: lab.knobReader,
    readTexts: createTextReader(lab.workspace, studyFolder, lab.engine),
    fixedFiles: createFixedFiles({
      workspace: lab.workspace,
      folder: join(studyFolder, 'reading'),
      sandboxInRepository: located.sandboxInRepository,
    }),
    delimiter: randomBytes(12).toString('hex'),
    costOf: (usage) => (price === undefined ? undefined : costOf(usage, price)),
    ...(smokeRun === undefined ? {} : { smokeRun }),
  });
}

/** The `command` researcher with the brief's agent. */
export async function createAgentResearcher({
  located,
  brief,
  studyFolder,
  lab,
  counter,
}: ModelResearcherOptions): Promise<Researcher> {
  ok(brief.command !== undefined, 'settings asked for a command');
  const render = await loadPrompts(located.folder);
  const agent = agentFor(brief.command);
  checkAgentCeilings(brief, agent);
  return createCommandResearcher({
    agent,
    engine: lab.engine,
    folder: join(studyFolder, 'agent'),
    sandboxInRepository: located.sandboxInRepository,
    edit: brief.edit,
    limitSeconds: agentLimitSeconds,
    environment: process.env,
    count: counter.add,
    furtherNames: brief.env,
    findIgnored: (folder, paths) => findIgnored(located.root, folder, paths),
    runTrees: ({ history }) => runTreesOf(studyFolder, history),
    costOf: (model, usage) => {
      const price = priceOfName(model, brief.prices);
      return price === undefined ? undefined : costOf(usage, price);
    },
    materialise: async (folder, { history }) =>
      lab.workspace.materialise(experimentOf(history, history.incumbent).candidate?.commit ?? history.start, folder),
    describe: ({ history, experiment }) => describeTask(render, history, experiment),
  });
}

/** Where runs of the incumbent and of the baseline left what their script writes; their trees are kept. */
function runTreesOf(studyFolder: string, history: History): readonly string[] {
  const experiments = [...new Set([history.incumbent, 0])].map((experiment) => experimentOf(history, experiment));
  return experiments.flatMap(({ experiment, runs }) =>
    runs.map(({ run }) => join(jobKeyOf(studyFolder, { experiment, run }).folder, 'work')),
  );
}

/**
 * Refuses, before the study starts, a ceiling on tokens or USD that cannot be kept because the agent does not report
 * them.
 */
function checkAgentCeilings({ stop, prices }: Brief, { name, argv, tells }: AgentTemplate): void {
  const isUsdUnknown = tells === 'tokens' && priceOfName(modelIn(argv) ?? name, prices) === undefined;
  if (stop.tokens !== undefined && tells === 'nothing') {
    throw new SettingsError(
      `${name} does not say how many tokens it uses, so \`tokens: ${stop.tokens}\` cannot be kept.`,
      {
        hint: 'Take `tokens:` out of `stop:`, or let another agent propose.',
      },
    );
  }
  if (stop.usd !== undefined && (tells === 'nothing' || isUsdUnknown)) {
    throw new SettingsError(`${name} does not say what it costs, so \`usd: ${stop.usd}\` cannot be kept.`, {
      hint:
        tells === 'nothing'
          ? 'Take `usd:` out of `stop:`, or let another agent propose.'
          : `Give its price under \`prices:\` as \`${name}\`, or limit \`tokens:\` instead.`,
    });
  }
}

function lineOf(news: ModelNews): string {
  switch (news.kind) {
    case 'model-waiting':
      return `The model cannot answer (${news.fault.message}); asking again in ${formatDuration(news.seconds)}.`;
    case 'model-away':
      return `The model is away: ${news.fault.message}`;
    case 'model-back':
      return `The model is back after ${formatDuration(news.awaySeconds)}.`;
    default:
      return news satisfies never;
  }
}
