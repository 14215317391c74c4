/**
 * The `command` researcher: a coding agent edits a scratch copy of the sandbox, and the change is the proposal.
 *
 * A change of any other file refuses the whole proposal. Unfinished work of an agent, also of a session that was
 * killed, is thrown away and the next attempt starts from a fresh copy; what the agent spent is journalled all the
 * same.
 */
import { lstat, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { plainText } from '../../../core/base/plain-text.ts';
import type { Proposal } from '../../../core/journal/proposal.ts';
import { agentAllowance } from '../../../core/llm/agent-ceiling.ts';
import type { Engine } from '../../../ports/engine.ts';
import type { ProposalReply, ProposalRequest, Researcher } from '../../../ports/researcher.ts';
import { agentAbsence, notStarted } from './agent-absence.ts';
import { type AgentFailure, agentJob, outputOf, runAgent } from './agent-job.ts';
import {
  type AgentSpender,
  type CostOfModel,
  clearJob,
  forgetSpending,
  journalSpending,
  openSpending,
} from './agent-spending.ts';
import type { AgentTemplate } from './agents.ts';
import type { Patience } from './give-up.ts';
import { notesName, writeNotes } from './notes-folder.ts';
import { type AgentChange, makeScratchCopy, type ScratchCopy } from './scratch-copy.ts';
import { tailOfOutput } from './tail-of-output.ts';

export interface CommandResearcherOptions {
  readonly agent: AgentTemplate;
  readonly engine: Engine;
  /** Absolute folder for the agent's jobs, such as `runs/<tag>/agent`. */
  readonly folder: string;
  readonly sandboxInRepository: string;
  readonly edit: readonly string[];
  readonly limitSeconds: number;
  readonly environment: Readonly<Record<string, string | undefined>>;
  /** Names of variables that the brief lets runs see, and so the agent. */
  readonly furtherNames?: readonly string[];
  /** Which of these paths git ignores in a folder laid out like the repository. */
  readonly findIgnored?: (folder: string, paths: readonly string[]) => Promise<readonly string[]>;
  /** Absolute folders, laid out like the repository, in which runs of the incumbent or the baseline have ended. */
  readonly runTrees?: (request: ProposalRequest) => readonly string[];
  /** How long an agent may be silent after it said that it cannot be asked; default: `usualPatience`. */
  readonly patience?: Patience;
  /** Something else can propose, so an agent that is not installed is away, and ends no study. */
  readonly hasStandIn?: boolean;
  readonly costOf: CostOfModel;
  readonly count?: NonNullable<AgentSpender['count']>;
  /** Puts marks in the place of secrets in a text that the agent is shown. */
  readonly mask?: (text: string) => string;
  /** Fills a folder with the sandbox as of the incumbent, without secrets. */
  readonly materialise: (folder: string, request: ProposalRequest) => Promise<void>;
  /** The task in words. */
  readonly describe: (request: ProposalRequest) => string | Promise<string>;
  /** What it can read of the study, path in a folder -> text; none: no folder. */
  readonly notes?: (request: ProposalRequest) => Promise<Readonly<Record<string, string>>>;
}

/** The file in which the agent says what it tried: a title on the first line, the hypothesis below. */
const noteName = 'PROPOSAL.md';
const taskName = 'TASK.md';
const maxNoteBytes = 65_536;
const shownPaths = 5;

/** A researcher that asks this agent. */
export function createCommandResearcher(options: CommandResearcherOptions): Researcher {
  const { agent, engine, edit, sandboxInRepository, mask = (text: string) => text } = options;
  return {
    name: `command:${agent.name}`,
    propose: async (request, signal) => {
      const id = `${request.experiment}-${request.attempt}`;
      const folder = join(options.folder, id);
      const sandbox = join(folder, 'copy', sandboxInRepository);
      const taskFile = join(sandbox, taskName);
      const task = mask(await options.describe(request));
      const call = { ...options, id, folder, sandbox, task, taskFile };
      const { costOf, count } = options;
      const spender = { agent, engine, job: agentJob(call), request, costOf, ...(count && { count }) };
      await clearJob(spender);
      const allowance = agentAllowance(request.history);
      if (allowance.kind === 'crossed') return { ...allowance, kind: 'ceiling' };
      const environment = { ...options.environment, ...(await agent.signIn?.(options.environment, folder)) };
      const job = agentJob({ ...call, environment, usdLeft: allowance.usdLeft });
      const copy = await makeScratchCopy({
        folder: join(folder, 'copy'),
        sandboxInRepository,
        edit,
        leftovers: [...agent.leftovers, noteName, taskName, notesName],
        materialise: (target) => options.materialise(target, request),
        findIgnored: options.findIgnored,
        runTrees: options.runTrees?.(request),
      });
      await rm(join(sandbox, noteName), { recursive: true, force: true });
      await writeFile(taskFile, task);
      await writeNotes(sandbox, masked((await options.notes?.(request)) ?? {}, mask));
      await openSpending(spender);
      const failure = await runAgent(engine, job, signal, options.patience);
      const output = await outputOf(engine, job);
      const change = failure ? undefined : await copy.findChange();
      const fault = absenceOf(options, failure, change, output, signal);
      if (failure?.isStarted === false) await forgetSpending(spender);
      else await journalSpending(spender, output, fault?.code ?? (failure ? 'failed' : 'answer'));
      const lastOutput = tailOfOutput(output);
      const reply = change
        ? await replyOf(copy, change, options, lastOutput)
        : failed(failure?.reason ?? '', lastOutput);
      await copy.remove();
      return fault ? { kind: 'away', model: agent.name, fault } : reply;
    },
  };
}

function masked(files: Readonly<Record<string, string>>, mask: (text: string) => string): Record<string, string> {
  return Object.fromEntries(Object.entries(files).map(([path, text]) => [path, mask(text)]));
}

/** Why an agent that has made no proposal could not be asked at all. */
function absenceOf(
  { agent, hasStandIn }: CommandResearcherOptions,
  failure: AgentFailure,
  change: AgentChange | undefined,
  output: string,
  signal: AbortSignal,
) {
  if (failure?.isStarted === false && hasStandIn && !signal.aborted) return notStarted(agent.name);
  const hasTried = failure === undefined ? change?.kind === 'unchanged' : failure.isStarted;
  return hasTried && !signal.aborted ? agentAbsence(output, new Date()) : undefined;
}

async function replyOf(
  copy: ScratchCopy,
  change: AgentChange,
  { agent, edit }: Pick<CommandResearcherOptions, 'agent' | 'edit'>,
  lastOutput: string,
): Promise<ProposalReply> {
  const note = describeNote(await readNote(join(copy.sandbox, noteName)), agent.name);
  switch (change.kind) {
    case 'unchanged':
      return failed('the agent changed nothing', lastOutput);
    case 'unusable':
      return { kind: 'failed', title: note.title, reason: change.reason };
    case 'elsewhere':
      return { kind: 'failed', title: note.title, reason: describeElsewhere(change, edit) };
    case 'changed': {
      const edits = Object.entries(change.files).map(([file, content]) => ({ kind: 'write' as const, file, content }));
      return { kind: 'proposal', proposal: { ...note, kind: 'code', edits } };
    }
    default:
      return change satisfies never;
  }
}

function failed(reason: string, lastOutput: string): ProposalReply {
  return { kind: 'failed', reason: lastOutput === '' ? reason : `${reason}: ${lastOutput}` };
}

function describeElsewhere(
  { changed, added }: Extract<AgentChange, { kind: 'elsewhere' }>,
  edit: readonly string[],
): string {
  const deeds = [
    changed.length === 0 ? '' : `changed ${listed(changed)}`,
    added.length === 0 ? '' : `added ${listed(added)}`,
  ];
  const rest = added.length === 0 ? '' : `: only ${edit.join(', ')} may change, so new code belongs there`;
  return `the agent ${deeds.filter((deed) => deed !== '').join(' and ')}, which may not be edited${rest}`;
}

function listed(paths: readonly string[]): string {
  const more = paths.length > shownPaths ? ` and ${paths.length - shownPaths} more` : '';
  const shown = paths.slice(0, shownPaths).map((path) => plainText(path).replaceAll('\n', ' '));
  return `${shown.join(', ')}${more}`;
}

function describeNote(note: string, name: string): Pick<Proposal, 'title' | 'hypothesis'> {
  const [first = '', ...rest] = plainText(note).trim().split('\n');
  const title = first
    .replace(/^#+\s*/, '')
    .trim()
    .slice(0, 200);
  return { title: title === '' ? `An edit by ${name}` : title, hypothesis: rest.join('\n').trim().slice(0, 4000) };
}

/** The agent's note; empty when there is none, when it is no regular file, or when it is too long. */
async function readNote(path: string): Promise<string> {
  const note = await lstat(path).catch(() => undefined);
  if (!note?.isFile() || note.size > maxNoteBytes) return '';
  return readFile(path, 'utf8').catch(() => '');
}
