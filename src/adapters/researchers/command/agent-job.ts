/**
 * One call of a coding agent as a job of an engine: a hard time limit, a closed standard input, an environment of named
 * variables only, and no process left behind.
 */
import { z } from 'zod';
import type { Argv } from '../../../core/brief/brief.ts';
import { lastLines, plainText } from '../../../core/plain-text.ts';
import type { Engine, Job, JobState, Stage } from '../../../ports/engine.ts';
import type { AgentTemplate } from './agents.ts';
import { removeTree } from './remove-tree.ts';

export interface AgentCall {
  /** Our own key, such as `7-0`. */
  readonly id: string;
  readonly agent: AgentTemplate;
  /** Absolute folder of the job. */
  readonly folder: string;
  /** Absolute folder that the agent works in. */
  readonly sandbox: string;
  readonly edit: readonly string[];
  readonly task: string;
  /** Absolute path of the file that has the task. */
  readonly taskFile: string;
  readonly limitSeconds: number;
  readonly environment: Readonly<Record<string, string | undefined>>;
}

/** Why an agent's work does not count; undefined when it ended well. */
export type AgentFailure = string | undefined;

/** The engine calls the one process of a run that, and so do its files. */
const stage: Stage['name'] = 'train';
const pollSeconds = 0.5;
const shownLines = 3;
const messageLines = 8;
const shownCharacters = 600;
/** Linux allows one argument 128 KiB. */
const mostArgumentBytes = 120_000;
const exitNotExecutable = 127;

/** The call as a job. */
export function agentJob(call: AgentCall): Job {
  const { id, agent, folder, sandbox, limitSeconds, environment } = call;
  const names = ['PATH', 'HOME', 'LANG', ...agent.env];
  const given = names.flatMap((name) => (environment[name] === undefined ? [] : [[name, environment[name]]]));
  // By this variable the engine finds every process of the job.
  const env = { ...Object.fromEntries(given), NOCTURNE_RUN_DIR: folder };
  return {
    id: `agent/${id}`,
    folder,
    stages: [{ name: stage, argv: fillIn(call), folder: sandbox, env }],
    limitSeconds,
  };
}

/** Ends what an earlier session left of this job and forgets it, or the engine would take its end for this one's. */
export async function clearJob(engine: Engine, job: Job): Promise<void> {
  await engine.cancel(job);
  await removeTree(job.folder);
}

/** Runs the job to its end, or until the signal. */
export async function runAgent(engine: Engine, job: Job, signal: AbortSignal): Promise<AgentFailure> {
  if (signal.aborted) return 'the agent was not started: the study is being stopped';
  await engine.submit(job);
  for (;;) {
    if (signal.aborted) await engine.cancel(job);
    const state = await engine.poll(job, pollSeconds);
    if (state.kind === 'ended' || state.kind === 'lost') return describeFailure(state, job);
  }
}

/** The last words of the agent, bounded; empty when it said nothing. */
export async function lastWordsOf(engine: Engine, job: Job): Promise<string> {
  let text = '';
  for (let from = 0; ; ) {
    const piece = await engine.tail(job, stage, from);
    if (piece.next === from) break;
    text = (text + piece.text).slice(-65_536);
    from = piece.next;
  }
  const plain = plainText(text).replace(stackLines, '');
  const words = lastMessage(lastLines(plain, messageLines)) ?? lastLines(plain, shownLines);
  return words.length <= shownCharacters ? words : `${words.slice(0, shownCharacters)}…`;
}

const stackLines = /^\s+at .*$/gm;

/** Agents that print JSON say what happened in one of these, among hundreds of characters that nobody reads. */
const messages = /"(?:result|message|response|text)"\s*:\s*("(?:[^"\\]|\\.)+")/g;

function lastMessage(lines: string): string | undefined {
  const [, message = ''] = [...lines.matchAll(messages)].at(-1) ?? [];
  return parseText(message);
}

function parseText(json: string): string | undefined {
  try {
    return plainText(z.string().parse(JSON.parse(json))).trim() || undefined;
  } catch {
    return undefined;
  }
}

function describeFailure(state: Extract<JobState, { kind: 'ended' | 'lost' }>, job: Job): AgentFailure {
  if (state.kind === 'lost') return `the agent was lost: ${state.reason}`;
  const { ending, stages } = state.end;
  if (ending === 'deadline') return `the agent did not end within ${job.limitSeconds} s`;
  if (ending === 'cancelled') return 'the agent was stopped';
  const end = stages.at(-1);
  if (end?.exitCode === 0) return undefined;
  const program = job.stages[0]?.argv[0];
  return end?.exitCode === exitNotExecutable
    ? `the agent \`${program}\` could not be started; is it installed, and on the PATH?`
    : `the agent ended with ${end?.signal ?? `exit code ${end?.exitCode}`}`;
}

function fillIn({ agent, sandbox, edit, task, taskFile }: AgentCall): Argv {
  const isLong = new TextEncoder().encode(task).length > mostArgumentBytes;
  const values: Readonly<Record<string, string>> = {
    '{prompt}': isLong ? `Read the file ${taskFile} and do what it says.` : task.replaceAll('\0', ''),
    '{prompt_file}': taskFile,
    '{folder}': sandbox,
  };
  // All in one pass: the task is text, and a brace in it means nothing.
  const fill = (argument: string) =>
    argument.replace(/\{(?:prompt|prompt_file|folder)\}/g, (placeholder) => values[placeholder] ?? placeholder);
  return agent.argv.flatMap((argument) => (argument === '{edit}' ? [...edit] : [fill(argument)])) as unknown as Argv;
}
