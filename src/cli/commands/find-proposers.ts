/**
 * What `nocturne doctor` says about a brief's model or coding agent. No key is ever shown, and no model is called but by the
 * one small call of `doctor --model`, the first call that `run` makes too.
 */
import { accessSync, constants } from 'node:fs';
import { delimiter, join } from 'node:path';
import { execa } from 'execa';
import { realClock } from '../../adapters/models/clock.ts';
import { keyVariablesOf } from '../../adapters/models/create-model.ts';
import { priceOf, pricesAsOf } from '../../adapters/models/price-of.ts';
import { readKey } from '../../adapters/models/read-key.ts';
import { remedyFor } from '../../adapters/models/remedy.ts';
import { smallCall } from '../../adapters/models/small-call.ts';
import { agentFor, agents } from '../../adapters/researchers/command/agents.ts';
import { plainText } from '../../core/base/plain-text.ts';
import type { Brief } from '../../core/brief/brief.ts';
import { asksAgent, asksModel } from '../../core/brief/proposers.ts';
import type { Argv } from '../../core/journal/settings/argv.ts';
import type { Model } from '../../ports/model.ts';
import { openModel } from '../compose/model-researchers.ts';
import { sentence } from '../terminal/error-text.ts';
import { asProblem, type Finding } from './finding.ts';

const startLimitMilliseconds = 10_000;

/** The findings about the model and the agent that propose, and about the model that stands in. */
export async function findProposers(brief: Brief, isAsked: boolean): Promise<Finding[]> {
  const { model, command, fallback } = brief;
  const findings: Finding[] = [];
  if (asksModel(brief) && model !== undefined) findings.push(await modelFinding('model', brief, model, isAsked));
  if (asksAgent(brief) && command !== undefined) findings.push(await agentFinding(command));
  if (fallback?.includes(':')) findings.push(await modelFinding('fallback', brief, fallback, isAsked));
  return findings;
}

async function modelFinding(name: string, brief: Brief, model: string, isAsked: boolean): Promise<Finding> {
  try {
    const opened = await openModel(brief, model);
    const asked = isAsked && !model.startsWith('scripted:') ? await askOnce(name, brief, opened) : undefined;
    if (asked) return asked;
    const hasKey = (await readKey(keyVariablesOf(model), process.env)) !== undefined;
    const price = describePrice(model, brief);
    return {
      name,
      state: price.isKnown ? 'ok' : 'note',
      text: `${model}, ${isAsked ? 'answers, ' : ''}${hasKey ? 'key set' : 'no key'}, ${price.text}`,
    };
  } catch (error) {
    return asProblem(name)(error);
  }
}

/** What one small call finds against the model; undefined when it answers. */
async function askOnce(name: string, brief: Brief, model: Model): Promise<Finding | undefined> {
  const { fault } = await smallCall({ model, costOf: () => undefined, clock: realClock }, new AbortController().signal);
  if (fault === undefined) return undefined;
  const hint = remedyFor(fault, { name: model.name, baseUrl: brief.baseUrl, api: brief.api });
  if (hint !== undefined) return { name, state: 'problem', text: sentence(`${model.name}: ${fault.message}`), hint };
  const wait = 'This may pass with time: a study would start, and ask it again.';
  return { name, state: 'note', text: sentence(`${model.name} does not answer yet: ${fault.message}`), hint: wait };
}

function describePrice(model: string, { prices }: Brief): { readonly isKnown: boolean; readonly text: string } {
  const price = priceOf(model, prices);
  if (price === undefined) {
    return { isKnown: false, text: 'price unknown: say it under `prices:`, or limit `tokens:` instead of `usd:`' };
  }
  if (price.input === 0 && price.output === 0) return { isKnown: true, text: 'free of charge' };
  const source = Object.values(prices ?? {}).includes(price) ? 'price of the brief' : `list price of ${pricesAsOf}`;
  return { isKnown: true, text: `${price.input} and ${price.output} USD for a million tokens in and out (${source})` };
}

/** A known agent is started with `--version`; for any other command it is only checked that its program is there. */
async function agentFinding(command: Argv): Promise<Finding> {
  const [program = ''] = agentFor(command).argv;
  if (!agents.some((agent) => agent.name === program)) {
    return isOnPath(program) ? { name: 'command', state: 'ok', text: `${program} is there` } : missingAgent(program);
  }
  const { PATH, HOME, LANG } = process.env;
  const env = Object.fromEntries(Object.entries({ PATH, HOME, LANG }).filter(([, value]) => value !== undefined));
  const { stdout, exitCode, timedOut, code } = await execa(program, ['--version'], {
    env,
    extendEnv: false,
    stdin: 'ignore',
    reject: false,
    timeout: startLimitMilliseconds,
    forceKillAfterDelay: 500,
  });
  if (code === 'ENOENT') return missingAgent(program);
  const version = plainText(stdout).split('\n')[0]?.slice(0, 100) ?? '';
  if (exitCode === 0) return { name: 'command', state: 'ok', text: `${program} starts: ${version}` };
  const why = timedOut
    ? `did not answer within ${startLimitMilliseconds / 1000} s`
    : `ended with exit code ${exitCode}`;
  const hint = `Try \`${program} --version\` yourself.`;
  return { name: 'command', state: 'problem', text: `${program} --version ${why}.`, hint };
}

function missingAgent(program: string): Finding {
  const hint = 'Install it, or name another command in the brief.';
  return { name: 'command', state: 'problem', text: `${program} was not found on PATH.`, hint };
}

function isOnPath(program: string): boolean {
  const folders = program.includes('/') ? [''] : (process.env.PATH ?? '').split(delimiter);
  return folders.some((folder) => isExecutable(folder === '' ? program : join(folder, program)));
}

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
