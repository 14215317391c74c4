/**
 * One call of a coding agent as a job of an engine: a hard time limit, a closed standard input, an environment of named
 * variables only, and no process left behind.
 */
import { join } from 'node:path';
import { formatUsd } from '../../../core/base/format.ts';
import type { Argv } from '../../../core/journal/settings/argv.ts';
import type { Engine, Job, JobState, Stage } from '../../../ports/engine.ts';
import { readTextFrom } from '../../files/read-file.ts';
import type { AgentTemplate } from './agents.ts';
import { isHopeless, type Patience, usualPatience } from './give-up.ts';

export interface AgentCall {
  /** Experiment and attempt, such as `7-0`. */
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
  /** What is left of the owner's ceiling on US dollars, if there is one. */
  readonly usdLeft?: number | undefined;
  readonly environment: Readonly<Record<string, string | undefined>>;
  /** Names of further variables that it gets. */
  readonly furtherNames?: readonly string[] | undefined;
}

/** Why an agent's work does not count; undefined when it ended well. */
export type AgentFailure = { readonly reason: string; readonly isStarted: boolean } | undefined;

/** The name that the engine gives to an agent's only stage, and to its log. */
const stage: Stage['name'] = 'train';
const pollSeconds = 0.5;
/** Characters of an agent's output that are read, from its end. */
const maxOutputCharacters = 1 << 23;
/** Of these the last, while it works. */
const maxHeardCharacters = 65_536;
/** Linux allows 128 KiB for one argument; a longer task is read from its file. */
const maxArgumentBytes = 120_000;
/** What the supervisor reports for a program that cannot be executed. */
const exitNotExecutable = 127;

/** In the job's folder: what an agent says of its spending beside its output. */
const reportName = 'report.json';
const maxReportBytes = 1 << 24;

/** What the agent wrote into its report; empty when it wrote none. */
export async function reportOf(job: Job): Promise<string> {
  return (await readTextFrom(join(job.folder, reportName), 0, maxReportBytes)) ?? '';
}

/** The call as a job. */
export function agentJob(call: AgentCall): Job {
  const { id, agent, folder, sandbox, limitSeconds, environment, furtherNames = [] } = call;
  const names = ['PATH', 'HOME', 'LANG', ...Object.keys(agent.set ?? {}), ...agent.env, ...furtherNames];
  const given = names.flatMap((name) => (environment[name] === undefined ? [] : [[name, environment[name]]]));
  // The engine finds the processes of the job by this variable.
  const env = { ...agent.set, ...Object.fromEntries(given), NOCTURNE_RUN_DIR: folder };
  return {
    id: `agent/${id}`,
    folder,
    stages: [{ name: stage, argv: fillIn(call), folder: sandbox, env }],
    limitSeconds,
  };
}

/** Runs the job to its end; when the signal aborts, or when the agent only waits for a provider that it cannot ask, ends it. */
export async function runAgent(
  engine: Engine,
  job: Job,
  signal: AbortSignal,
  patience: Patience = usualPatience,
): Promise<AgentFailure> {
  if (signal.aborted) return { reason: 'the agent was not started: the study is being stopped', isStarted: false };
  await engine.submit(job);
  const heard = { text: '', next: 0, silentSeconds: 0 };
  let isGivenUp = false;
  for (;;) {
    if (signal.aborted || isGivenUp) await engine.cancel(job);
    const state = await engine.poll(job, pollSeconds);
    if (state.kind === 'ended' || state.kind === 'lost') {
      return isGivenUp ? started('the agent waited for its provider') : describeFailure(state, job);
    }
    const { text, next } = await engine.tail(job, stage, heard.next);
    heard.silentSeconds = next === heard.next ? heard.silentSeconds + pollSeconds : 0;
    heard.text = (heard.text + text).slice(-maxHeardCharacters);
    heard.next = next;
    isGivenUp ||= isHopeless(heard.text, heard.silentSeconds, patience);
  }
}

/** What the agent printed; of more than 8,388,608 characters the last. */
export async function outputOf(engine: Engine, job: Job): Promise<string> {
  let text = '';
  for (let from = 0; ; ) {
    const piece = await engine.tail(job, stage, from);
    if (piece.next === from) return text;
    text = (text + piece.text).slice(-maxOutputCharacters);
    from = piece.next;
  }
}

function describeFailure(state: Extract<JobState, { kind: 'ended' | 'lost' }>, job: Job): AgentFailure {
  if (state.kind === 'lost') return started(`the agent was lost: ${state.reason}`);
  const { ending, stages } = state.end;
  if (ending === 'deadline') return started(`the agent did not end within ${job.limitSeconds} s`);
  if (ending === 'cancelled') return started('the agent was stopped');
  const end = stages.at(-1);
  if (end?.exitCode === 0) return undefined;
  if (end?.exitCode !== exitNotExecutable)
    return started(`the agent ended with ${end?.signal ?? `exit code ${end?.exitCode}`}`);
  const program = job.stages[0]?.argv[0];
  const reason = `the agent \`${program}\` could not be started; is it installed, and on the PATH?`;
  return { reason, isStarted: false };
}

function started(reason: string): AgentFailure {
  return { reason, isStarted: true };
}

function fillIn({ agent, folder, sandbox, edit, task, taskFile, usdLeft }: AgentCall): Argv {
  const isLong = new TextEncoder().encode(task).length > maxArgumentBytes;
  const values: Readonly<Record<string, string>> = {
    '{prompt}': isLong ? `Read the file ${taskFile} and do what it says.` : task.replaceAll('\0', ''),
    '{prompt_file}': taskFile,
    '{folder}': sandbox,
    '{report}': join(folder, reportName),
    '{usd_left}': formatUsd(usdLeft ?? 0),
  };
  // All placeholders in one pass: one that stands in the task's text is not replaced.
  const fill = (argument: string) =>
    argument.replace(
      /\{(?:prompt|prompt_file|folder|report|usd_left)\}/g,
      (placeholder) => values[placeholder] ?? placeholder,
    );
  const argv = usdLeft === undefined ? agent.argv : [...agent.argv, ...(agent.ceiling ?? [])];
  return argv.flatMap((argument) => (argument === '{edit}' ? [...edit] : [fill(argument)])) as unknown as Argv;
}
