/**
 * Journals what each call of an agent used: exactly once, also when the session was killed during the call.
 */
import { mkdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { noUsage, type TokenUsage, tokensOf } from '../../../core/base/model-usage.ts';
import type { Engine, Job } from '../../../ports/engine.ts';
import type { ProposalRequest } from '../../../ports/researcher.ts';
import { exists } from '../../files/exists.ts';
import { removeTree } from '../../files/remove-tree.ts';
import { outputOf, reportOf } from './agent-job.ts';
import { readSpending } from './agent-usage.ts';
import { type AgentTemplate, modelIn } from './agents.ts';
import type { ModelSpending } from './usage-formats.ts';

/** In US dollars, of the sum of an agent's requests; undefined when the price of the model is unknown. */
export type CostOfModel = (model: string, usage: TokenUsage) => number | undefined;

export interface AgentSpender {
  readonly agent: AgentTemplate;
  readonly engine: Engine;
  readonly job: Job;
  readonly request: Pick<ProposalRequest, 'experiment' | 'attempt' | 'record'>;
  readonly costOf: CostOfModel;
  /** Told what each journalled call used, for a count that models share. */
  readonly count?: (spent: { readonly usd: number; readonly tokens: number }) => void;
}

/** A file in the job's folder, from before the agent starts until its spending is in the journal. */
const markerName = 'spending-open';

/** Ends and removes this job of an earlier session: the engine would take the old result for that of the new call. */
export async function clearJob(spender: AgentSpender): Promise<void> {
  const { engine, job } = spender;
  await engine.cancel(job);
  if (await exists(join(job.folder, markerName))) await journalSpending(spender, await outputOf(engine, job), 'lost');
  await removeTree(job.folder);
}

/** Marks the job as one whose spending is not journalled; to be called before the agent is started. */
export async function openSpending({ job }: AgentSpender): Promise<void> {
  await mkdir(job.folder, { recursive: true });
  await writeFile(join(job.folder, markerName), '');
}

/** Journals the spending that an agent's output reports, per model; without a report, one unmetered call. */
export async function journalSpending(spender: AgentSpender, output: string, outcome: string): Promise<void> {
  const { request } = spender;
  const { experiment, attempt } = request;
  for (const spending of readSpending(output, await reportOf(spender.job)) ?? [undefined]) {
    const told = describe(spender, spending);
    spender.count?.({ usd: told.usd ?? 0, tokens: tokensOf(told.usage) });
    await request.record?.({ event: 'model-called', experiment, attempt, purpose: 'proposal', outcome, ...told });
  }
  await forgetSpending(spender);
}

/** Removes the mark: the agent was never started, or its spending is in the journal. */
export async function forgetSpending({ job }: AgentSpender): Promise<void> {
  await rm(join(job.folder, markerName), { force: true });
}

interface Told {
  readonly model: string;
  readonly asked: string;
  readonly usage: TokenUsage;
  readonly usd?: number;
  readonly isUnmetered?: true;
}

function describe({ agent, costOf }: AgentSpender, spending: ModelSpending | undefined): Told {
  const model = spending?.model ?? modelIn(agent.argv) ?? agent.name;
  const asked = agent.name;
  if (spending === undefined) return { model, asked, usage: noUsage, isUnmetered: true };
  const usd = spending.usd ?? costOf(model, spending.usage);
  return { model, asked, usage: spending.usage, ...(usd === undefined ? {} : { usd }) };
}
