/**
 * The `command` researcher: somebody else's coding agent proposes by editing a scratch copy; its diff is the proposal.
 *
 * The agent runs as a job of an engine, so that it has a hard time limit, a closed standard input and an environment of
 * named variables only, and leaves no process behind. Edits to other files refuse the whole proposal.
 */
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { lastLines, plainText } from '../../../core/plain-text.ts';
import type { Proposal } from '../../../core/proposal.ts';
import type { Engine, Job, JobEnd } from '../../../ports/engine.ts';
import type { ProposalReply, ProposalRequest, Researcher } from '../../../ports/researcher.ts';
import type { AgentTemplate } from './agents.ts';
import { type AgentChange, makeScratchCopy } from './scratch-copy.ts';

export interface CommandResearcherOptions {
  readonly agent: AgentTemplate;
  readonly engine: Engine;
  /** Absolute folder for the agent's jobs, such as `runs/<tag>/agent`. */
  readonly folder: string;
  readonly sandboxInRepository: string;
  readonly edit: readonly string[];
  readonly limitSeconds: number;
  readonly environment: Readonly<Record<string, string | undefined>>;
  /** Fills a folder with the sandbox as of the incumbent. */
  readonly materialise: (folder: string, request: ProposalRequest) => Promise<void>;
  /** The task in words. */
  readonly describe: (request: ProposalRequest) => string;
}

/** The file in which the agent says what it tried: a title on the first line, the hypothesis below. */
const proposalFile = 'PROPOSAL.md';
const taskFile = 'TASK.md';
const pollSeconds = 0.5;

/** A researcher that asks this agent. */
export function createCommandResearcher(options: CommandResearcherOptions): Researcher {
  const { agent, engine } = options;
  return {
    name: `command:${agent.name}`,
    propose: async (request, signal) => {
      const id = `${request.experiment}-${request.attempt}`;
      const folder = join(options.folder, id);
      const copy = await makeScratchCopy({
        folder: join(folder, 'copy'),
        sandboxInRepository: options.sandboxInRepository,
        edit: options.edit,
        leavings: [...agent.leavings, proposalFile, taskFile],
        materialise: (target) => options.materialise(target, request),
      });
      const task = options.describe(request);
      await writeFile(join(copy.sandbox, taskFile), task);
      const job = jobOf(options, { id, folder, sandbox: copy.sandbox, task });
      const end = await runJob(engine, job, signal);
      const failure = await failureOf(engine, job, end);
      const reply = failure ?? replyOf(await copy.findChange(), await readNote(copy.sandbox), agent.name);
      await copy.remove();
      return reply;
    },
  };
}

interface Task {
  readonly id: string;
  readonly folder: string;
  readonly sandbox: string;
  readonly task: string;
}

function jobOf(options: CommandResearcherOptions, { id, folder, sandbox, task }: Task): Job {
  const { agent, edit, environment, limitSeconds } = options;
  const fill = (argument: string) =>
    argument
      .split('{prompt}')
      .join(task)
      .split('{prompt_file}')
      .join(join(sandbox, taskFile))
      .split('{folder}')
      .join(sandbox);
  const argv = agent.argv.flatMap((argument) => (argument === '{edit}' ? [...edit] : [fill(argument)]));
  const names = ['PATH', 'HOME', 'LANG', ...agent.env];
  const given = names.flatMap((name) => (environment[name] === undefined ? [] : [[name, environment[name]]]));
  // The supervisor's sweep knows a job's processes by this variable.
  const env = { ...Object.fromEntries(given), NOCTURNE_RUN_DIR: folder };
  return { id: `agent/${id}`, folder, stages: [{ name: 'train', argv, folder: sandbox, env }], limitSeconds };
}

/** The agent's end; undefined when it was lost. */
async function runJob(engine: Engine, job: Job, signal: AbortSignal): Promise<JobEnd | undefined> {
  await engine.submit(job);
  for (;;) {
    if (signal.aborted) await engine.cancel(job);
    const state = await engine.poll(job, pollSeconds);
    if (state.kind === 'ended') return state.end;
    if (state.kind === 'lost') return undefined;
  }
}

async function failureOf(engine: Engine, job: Job, end: JobEnd | undefined): Promise<ProposalReply | undefined> {
  if (end?.ending === 'exited' && end.stages.at(-1)?.exitCode === 0) return undefined;
  const log = lastLines(plainText((await engine.tail(job, 'train', 0)).text), 3);
  const how = describeEnd(end, job.limitSeconds);
  return { kind: 'failed', reason: log === '' ? how : `${how}: ${log}` };
}

function describeEnd(end: JobEnd | undefined, limitSeconds: number): string {
  if (!end) return 'the agent vanished';
  if (end.ending === 'deadline') return `the agent did not end within ${limitSeconds} s`;
  if (end.ending === 'cancelled') return 'the agent was stopped';
  const stage = end.stages.at(-1);
  return stage?.exitCode === 127
    ? 'the agent could not be started'
    : `the agent ended with ${stage?.signal ?? `exit code ${stage?.exitCode}`}`;
}

function replyOf(change: AgentChange, note: string | undefined, name: string): ProposalReply {
  if (change.kind === 'unchanged') return { kind: 'failed', reason: 'the agent changed nothing' };
  if (change.kind === 'elsewhere') {
    return {
      kind: 'failed',
      reason: `the agent changed ${change.paths.slice(0, 5).join(', ')}, which may not be edited`,
    };
  }
  const edits = Object.entries(change.files).map(([file, content]) => ({ kind: 'write' as const, file, content }));
  return { kind: 'proposal', proposal: { ...describeNote(note, name), kind: 'code', edits } };
}

function describeNote(note: string | undefined, name: string): Pick<Proposal, 'title' | 'hypothesis'> {
  const [first = '', ...rest] = plainText(note ?? '')
    .trim()
    .split('\n');
  const title = first
    .replace(/^#+\s*/, '')
    .trim()
    .slice(0, 200);
  return { title: title === '' ? `An edit by ${name}` : title, hypothesis: rest.join('\n').trim().slice(0, 4000) };
}

async function readNote(sandbox: string): Promise<string | undefined> {
  return readFile(join(sandbox, proposalFile), 'utf8').catch(() => undefined);
}
