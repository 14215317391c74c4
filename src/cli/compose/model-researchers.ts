/**
 * The researchers that call a language model or a coding agent. Imported on demand, because it loads
 * the packages of the providers.
 */

import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import { withAgentCages } from '../../adapters/cages/cage-agent.ts';
import { gitFolders } from '../../adapters/git/git-folders.ts';
import { findIgnored } from '../../adapters/git/ignored-paths.ts';
import { createCeilingModel } from '../../adapters/models/ceiling.ts';
import { realClock } from '../../adapters/models/clock.ts';
import { createModel, keyVariablesOf } from '../../adapters/models/create-model.ts';
import { alonePatience, createPatientModel, standInPatience } from '../../adapters/models/patient-model.ts';
import { priceOf, priceOfName } from '../../adapters/models/price-of.ts';
import { readKey } from '../../adapters/models/read-key.ts';
import { remedyFor } from '../../adapters/models/remedy.ts';
import { smallCall } from '../../adapters/models/small-call.ts';
import { createSpendingCounter, type SpendingCounter } from '../../adapters/models/spending-counter.ts';
import { maskTree } from '../../adapters/open-secrets.ts';
import { loadPrompts } from '../../adapters/prompt-files.ts';
import { createSourceInspector } from '../../adapters/python/source-inspector.ts';
import { type AbsenceNews, withAbsence } from '../../adapters/researchers/away-researcher.ts';
import { agentRemedy, mayProbe, type ProbedAgent, probeAgent } from '../../adapters/researchers/command/agent-probe.ts';
import { type AgentTemplate, agentFor, modelIn } from '../../adapters/researchers/command/agents.ts';
import { createCommandResearcher } from '../../adapters/researchers/command/command-researcher.ts';
import { createTextReader } from '../../adapters/researchers/llm/experiment-texts.ts';
import { createFixedFiles } from '../../adapters/researchers/llm/fixed-files.ts';
import { createSmokeRun } from '../../adapters/researchers/llm/smoke-run.ts';
import { createLlmResearcher } from '../../adapters/researchers/llm-researcher.ts';
import { jobKeyOf } from '../../adapters/run-folders/run-job.ts';
import { ok, SettingsError } from '../../core/base/errors.ts';
import { formatDuration, withFullStop } from '../../core/base/format.ts';
import { costOf, costOfSum, type TokenUsage } from '../../core/base/model-usage.ts';
import type { Secrets } from '../../core/base/secrets.ts';
import type { Brief } from '../../core/brief/brief.ts';
import { hasSearch } from '../../core/brief/proposers.ts';
import { experimentOf, type History } from '../../core/journal/history.ts';
import { agentNotes, notedExperiments } from '../../core/llm/agent-notes.ts';
import { describeTask } from '../../core/llm/agent-task.ts';
import { measuredExperiments } from '../../core/llm/context.ts';
import type { Isolation } from '../../ports/isolation.ts';
import type { Lab } from '../../ports/lab.ts';
import type { Model } from '../../ports/model.ts';
import type { Researcher } from '../../ports/researcher.ts';
import type { LocatedBrief } from './locate-brief.ts';

/** What all models and agents of a study share. */
interface ModelExtras {
  /** What the study has spent, of which the model, its fallback and an agent share one count. */
  readonly counter: SpendingCounter;
  /** What hides secrets from them. */
  readonly secrets: Secrets;
  readonly tell: (line: string) => void;
}

/** What these researchers are opened with; `lab` is the part of the lab that they use. */
export interface ModelResearcherOptions extends ModelExtras {
  readonly located: LocatedBrief;
  readonly brief: Brief;
  readonly studyFolder: string;
  readonly interpreter: string;
  readonly lab: Pick<Lab, 'workspace' | 'knobReader' | 'runFolders' | 'engine'>;
  /** What keeps a coding agent from the rest of the machine, as it does runs. */
  readonly isolation: Isolation;
  /** Aborted when the session ends; what goes on beside a run ends with it. */
  readonly ending: AbortSignal;
}

/** How long a coding agent may take for one proposal. */
const agentLimitSeconds = 1200;

/**
 * A ready model under the brief's ceilings. Throws a ProviderError for what the owner must mend first; makes no call.
 */
export async function openModel(
  brief: Brief,
  name: string,
  { counter = createSpendingCounter(brief.stop), secrets, tell }: Partial<ModelExtras> = {},
): Promise<Model> {
  const { baseUrl, api, effort, context } = brief;
  const environment = process.env;
  const model = await createModel({ model: name, baseUrl, api, effort, context, environment, secrets, tell });
  return createCeilingModel(model, { counter, price: priceOf(name, brief.prices) });
}

/** The keys of the brief's models. A key may be in a file, so redacting the environment's values is not enough. */
export async function keysOf({ model, fallback }: Brief): Promise<readonly string[]> {
  const models = [model, fallback].filter((name) => name?.includes(':'));
  const keys = await Promise.all(models.map((name = '') => readKey(keyVariablesOf(name), process.env)));
  return keys.filter((key) => key !== undefined);
}

/** The `llm` researcher with this model. */
export async function createModelResearcher(options: ModelResearcherOptions, name: string): Promise<Researcher> {
  const { located, brief, studyFolder, interpreter, lab, secrets, tell, ending } = options;
  const price = priceOf(name, brief.prices);
  const costOfUsage = (usage: TokenUsage) => (price === undefined ? undefined : costOf(usage, price));
  const smokeRun = createSmokeRun(lab.runFolders, lab.engine);
  const model = await openModel(brief, name, options);
  const hasStandIn = hasSearch(brief) || (brief.fallback !== undefined && name !== brief.fallback);
  const researcher = createLlmResearcher({
    model: createPatientModel(model, {
      clock: realClock,
      random: Math.random,
      patience: hasStandIn ? standInPatience : alonePatience,
      tell: ({ fault, seconds }) =>
        tell(`The model cannot answer (${fault.message}); asking again in ${formatDuration(seconds)}.`),
    }),
    render: await loadPrompts(located.folder),
    inspect: createSourceInspector(interpreter),
    knobReader: lab.knobReader,
    readTexts: createTextReader(lab.workspace, studyFolder, lab.engine),
    fixedFiles: createFixedFiles({
      workspace: lab.workspace,
      folder: join(studyFolder, 'reading'),
      sandboxInRepository: located.sandboxInRepository,
      learn: secrets.learn,
    }),
    secretsIn: secrets.find,
    delimiter: randomBytes(12).toString('hex'),
    costOf: costOfUsage,
    ...(smokeRun === undefined ? {} : { smokeRun }),
    ...(brief.maxOutput === undefined ? {} : { maxOutputTokens: brief.maxOutput }),
  });
  const asked = { name, baseUrl: brief.baseUrl, api: brief.api };
  return withAbsence(researcher, {
    model: name,
    clock: realClock,
    hasStandIn,
    // A script of replies is not asked beside it: each call takes one of them.
    ...(!name.startsWith('scripted:') && {
      probe: (signal) => smallCall({ model, costOf: costOfUsage, clock: realClock }, signal),
    }),
    remedyFor: (fault) => remedyFor(fault, asked),
    ending,
    tell: (news) => tell(absenceLine(news)),
  });
}

/** The `command` researcher with the brief's agent. */
export async function createAgentResearcher({
  located,
  brief,
  studyFolder,
  lab,
  counter,
  secrets,
  tell,
  ending,
  isolation,
}: ModelResearcherOptions): Promise<Researcher> {
  ok(brief.command !== undefined, 'settings asked for a command');
  const render = await loadPrompts(located.folder);
  const agent = agentFor(brief.command);
  checkAgentCeilings(brief, agent);
  const readTexts = createTextReader(lab.workspace, studyFolder, lab.engine);
  const delimiter = randomBytes(12).toString('hex');
  const hasStandIn = hasSearch(brief) || brief.fallback !== undefined;
  const { rung } = isolation;
  const engine = rung
    ? withAgentCages(lab.engine, {
        rung,
        name: agent.name,
        ownInHome: agent.home ?? [],
        environment: process.env,
        closed: [located.root, located.runs, ...(await gitFolders(located.root))],
      })
    : lab.engine;
  const probed: ProbedAgent = {
    agent,
    engine,
    folder: join(studyFolder, 'agent'),
    environment: process.env,
    count: counter.add,
    furtherNames: brief.env,
    costOf: (model, usage) => {
      const price = priceOfName(model, brief.prices);
      return price === undefined ? undefined : costOfSum(usage, price);
    },
  };
  const researcher = createCommandResearcher({
    ...probed,
    hasStandIn,
    sandboxInRepository: located.sandboxInRepository,
    edit: brief.edit,
    limitSeconds: agentLimitSeconds,
    findIgnored: (folder, paths) => findIgnored(located.root, folder, paths),
    runTrees: ({ history }) => runTreesOf(studyFolder, history),
    mask: secrets.mask,
    materialise: async (folder, { history }) => {
      const { candidate } = experimentOf(history, history.incumbent);
      await lab.workspace.materialise(candidate?.commit ?? history.start, folder);
      await maskTree(folder, secrets);
    },
    describe: async ({ history, experiment, walk }) => {
      const measured = await readAll(measuredExperiments(history), (one) => readTexts(history, one));
      const logOf = (one: number) => measured.get(one)?.log ?? '';
      return describeTask(render, history, experiment, { walk, logOf, delimiter });
    },
    notes: async ({ history }) => {
      const texts = await readAll(notedExperiments(history), (one) => readTexts(history, one));
      return agentNotes(history, (one) => texts.get(one));
    },
  });
  const { firstCall, ...kept } = withAbsence(researcher, {
    model: agent.name,
    clock: realClock,
    hasStandIn,
    ...(mayProbe(agent) && { probe: (signal) => probeAgent(probed, signal) }),
    remedyFor: (fault) => agentRemedy(agent, fault),
    ending,
    tell: (news) => tell(absenceLine(news)),
  });
  // Where something stands in, its first proposal tells as much, and a call of an agent reads thousands of tokens.
  return firstCall === undefined || hasStandIn ? kept : { ...kept, firstCall };
}

async function readAll<Text>(
  experiments: readonly number[],
  read: (experiment: number) => Promise<Text>,
): Promise<ReadonlyMap<number, Text>> {
  const found = new Map<number, Text>();
  for (const experiment of experiments) found.set(experiment, await read(experiment));
  return found;
}

/** Where runs of the incumbent and of the baseline left what their script writes; their trees are kept. */
function runTreesOf(studyFolder: string, history: History): readonly string[] {
  const experiments = [...new Set([history.incumbent, 0])].map((experiment) => experimentOf(history, experiment));
  return experiments.flatMap(({ experiment, runs }) =>
    runs.map(({ run }) => join(jobKeyOf(studyFolder, { experiment, run }).folder, 'work')),
  );
}

/** Refuses, before the study starts, a ceiling on USD that cannot be kept because the agent reports none and has no price. */
function checkAgentCeilings({ stop, prices }: Brief, { name, argv, tells }: AgentTemplate): void {
  const isUsdUnknown = tells === 'tokens' && priceOfName(modelIn(argv) ?? name, prices) === undefined;
  if (stop.usd === undefined || !isUsdUnknown) return;
  throw new SettingsError(`${name} does not say what it costs, so \`usd: ${stop.usd}\` cannot be kept.`, {
    hint: `Give its price under \`prices:\` as \`${name}\`, or limit \`tokens:\` instead.`,
  });
}

function absenceLine(news: AbsenceNews): string {
  if (news.kind === 'back') return `${news.model} is back after ${formatDuration(news.awaySeconds)}.`;
  const { model, fault, remedy } = news.reply;
  const asked = news.askedInSeconds > 0 ? ` It is asked again in ${formatDuration(news.askedInSeconds)}.` : '';
  return [withFullStop(`${model} is away: ${fault.message}`), remedy ?? ''].join(' ').trim() + asked;
}
