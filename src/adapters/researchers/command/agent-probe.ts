/**
 * One small call of a coding agent, in an empty folder of its own: whether it can be asked.
 */
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { EntryBody } from '../../../core/journal/entry.ts';
import type { ModelFault } from '../../../ports/model.ts';
import type { SmallCall } from '../../../ports/researcher.ts';
import { aborted } from '../../models/faults.ts';
import { smallCallWords } from '../../models/small-call.ts';
import { agentAbsence, notStarted } from './agent-absence.ts';
import { type AgentFailure, agentJob, outputOf, runAgent } from './agent-job.ts';
import { type AgentSpender, clearJob, forgetSpending, journalSpending, openSpending } from './agent-spending.ts';
import { type AgentTemplate, agents } from './agents.ts';
import type { CommandResearcherOptions } from './command-researcher.ts';

/** Agents start slowly, and some try again for a while before they say that they cannot. */
const limitSeconds = 180;
const task = `${smallCallWords} Answer with the one word ok, and change no file.`;

export type ProbedAgent = Pick<
  CommandResearcherOptions,
  'agent' | 'engine' | 'folder' | 'environment' | 'furtherNames' | 'costOf' | 'count'
>;

/** Whether a small call can be asked of it: of another program it is not known what it makes of a task. */
export function mayProbe({ name }: AgentTemplate): boolean {
  return agents.some((agent) => agent.name === name);
}

type ModelCalled = Extract<EntryBody, { event: 'model-called' }>;

/** Makes the call; what it used is counted, and journalled by the caller. */
export async function probeAgent(
  options: ProbedAgent,
  signal: AbortSignal,
): Promise<{ readonly fault?: ModelFault; readonly called: readonly SmallCall[] }> {
  const { agent, engine, costOf, count } = options;
  const folder = join(options.folder, 'probe');
  const sandbox = join(folder, 'copy');
  const taskFile = join(sandbox, 'TASK.md');
  const job = agentJob({ ...options, id: 'probe', folder, sandbox, edit: [], task, taskFile, limitSeconds });
  const called: SmallCall[] = [];
  const record: AgentSpender['request']['record'] = async (entry) => {
    if (entry.event === 'model-called') called.push(callIn(entry));
  };
  const spender = {
    agent,
    engine,
    job,
    request: { experiment: 0, attempt: 0, record },
    costOf,
    ...(count && { count }),
  };
  await clearJob({ ...spender, request: { experiment: 0, attempt: 0 } });
  await mkdir(sandbox, { recursive: true });
  await writeFile(taskFile, task);
  await openSpending(spender);
  const failure = await runAgent(engine, job, signal);
  const output = await outputOf(engine, job);
  const fault = signal.aborted ? aborted : faultOf(agent, failure, output);
  if (failure?.isStarted === false) await forgetSpending(spender);
  else await journalSpending(spender, output, fault?.code ?? 'answer');
  return { ...(fault && { fault }), called };
}

/** An agent that fails of something else has been asked. */
function faultOf({ name }: AgentTemplate, failure: AgentFailure, output: string): ModelFault | undefined {
  if (failure?.isStarted === false) return notStarted(name);
  return agentAbsence(output, new Date());
}

/** What the entry says of the call, without its place in the study. */
function callIn({ event: _, experiment: __, attempt: ___, purpose: ____, ...call }: ModelCalled): SmallCall {
  return call;
}

/** What the owner can do about an agent that no wait brings back. */
export function agentRemedy({ name, env }: AgentTemplate, { code, message }: ModelFault): string | undefined {
  const [variable] = env;
  switch (code) {
    case 'unauthorized':
      return `Sign in to ${name}${variable === undefined ? '' : `, or set ${variable} to a key that is valid`}, and try \`${name}\` yourself.`;
    case 'quota-exhausted':
      return `Add credit to the account that ${name} uses, or name a \`fallback:\` in the brief.`;
    case 'spend-limit':
      return `Raise the limit of the account that ${name} uses, or name a \`fallback:\` in the brief.`;
    case 'not-found':
      if (/could not be started/.test(message))
        return 'Install it, so that it is on the PATH, or name another `command:`.';
      return `Check the model that \`command:\` names for ${name}.`;
    default:
      return undefined;
  }
}
