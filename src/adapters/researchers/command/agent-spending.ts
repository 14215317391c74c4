/**
 * Journals what each call of an agent used, once, also that of a call whose session was killed.
 */
import { access, mkdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { noUsage, type TokenUsage } from '../../../core/base/model-usage.ts';
import type { Engine, Job } from '../../../ports/engine.ts';
import type { ProposalRequest } from '../../../ports/researcher.ts';
import { outputOf } from './agent-job.ts';
import { readSpending } from './agent-usage.ts';
import { type AgentTemplate, modelIn } from './agents.ts';
import { removeTree } from './remove-tree.ts';
import type { ModelSpending } from './usage-formats.ts';

/** In US dollars; undefined when the price of the model is unknown. */
export type CostOfModel = (model: string, usage: TokenUsage) => number | undefined;

export interface AgentSpender {
  readonly agent: AgentTemplate;
  readonly engine: Engine;
  readonly job: Job;
  readonly request: ProposalRequest;
  readonly costOf: CostOfModel;
}

/** Lies in the job's folder from before the agent starts until its spending is in the journal. */
const openName = 'spending-open';

/** Ends what an earlier session left of this job and forgets it, or the engine would take its end for this one's. */
export async function clearJob(spender: AgentSpender): Promise<void> {
  const { engine, job } = spender;
  await engine.cancel(job);
  if (await isThere(join(job.folder, openName))) await journalSpending(spender, await outputOf(engine, job), 'lost');
  await removeTree(job.folder);
}

/** To be called before the agent is started. */
export async function openSpending({ job }: AgentSpender): Promise<void> {
  await mkdir(job.folder, { recursive: true });
  await writeFile(join(job.folder, openName), '');
}

/** Journals the spending that an output tells of, per model; an agent that says nothing has spent something unknown. */
export async function journalSpending(spender: AgentSpender, output: string, outcome: string): Promise<void> {
  const { request } = spender;
  const { experiment, attempt } = request;
  for (const spending of readSpending(output) ?? [undefined]) {
    const told = describe(spender, spending);
    await request.record?.({ event: 'model-called', experiment, attempt, purpose: 'proposal', outcome, ...told });
  }
  await forgetSpending(spender);
}

/** For an agent that was never started, or whose spending is in the journal. */
export async function forgetSpending({ job }: AgentSpender): Promise<void> {
  await rm(join(job.folder, openName), { force: true });
}

function describe({ agent, costOf }: AgentSpender, spending: ModelSpending | undefined) {
  const model = spending?.model ?? modelIn(agent.argv) ?? agent.name;
  if (spending === undefined) return { model, usage: noUsage, isUnmetered: true as const };
  const usd = spending.usd ?? costOf(model, spending.usage);
  return { model, usage: spending.usage, ...(usd === undefined ? {} : { usd }) };
}

async function isThere(path: string): Promise<boolean> {
  return access(path).then(
    () => true,
    () => false,
  );
}
