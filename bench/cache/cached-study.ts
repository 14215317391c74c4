/**
 * A whole study of a checkout's `llm` researcher in memory: the real adapter and SDK against the stand-in server, with a
 * cache by the provider's rules that counts what is billed. Runs take no time, but the clock of the cache moves on.
 */

import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { noIsolation } from '../../src/adapters/isolation/no-isolation.ts';
import type { WireOptions } from '../../src/adapters/models/wire-options.ts';
import type * as prompts from '../../src/adapters/prompt-files.ts';
import type * as researchers from '../../src/adapters/researchers/llm-researcher.ts';
import type * as begin from '../../src/loop/begin.ts';
import type * as loop from '../../src/loop/research.ts';
import type * as studies from '../../src/loop/study.ts';
import type { Model } from '../../src/ports/model.ts';
import type * as labs from '../../src/testing/index.ts';
import { type ModelServer, startModelServer } from '../../tests/helpers/model-server/model-server.ts';
import { type CacheRuleName, createPromptCache } from '../../tests/helpers/model-server/prompt-cache.ts';
import type { ServedReply } from '../../tests/helpers/model-server/render-reply.ts';
import { scriptedReply } from './scripted-reply.ts';

export interface CachedStudy {
  readonly provider: string;
  /** As a brief names it. */
  readonly model: string;
  /** The adapter's file below `src/adapters/models`. */
  readonly adapter: string;
  readonly rule: CacheRuleName;
}

/** Tokens of all calls, as the provider bills them; disjoint, but that `shortWritten` is a part of `written`. */
export interface StudyInput {
  readonly calls: number;
  readonly cached: number;
  readonly written: number;
  readonly shortWritten: number;
  readonly uncached: number;
}

const minutesPerRun = 7;
const minutesPerCall = 0.25;
/** Above this the study does not get on. */
const maxCallsPerExperiment = 12;
/** The baseline is kept; then every eighth experiment. */
const keptEvery = 8;

/** The input of a study with this number of experiments, by the code of a checkout. */
export async function cachedStudy(checkout: string, study: CachedStudy, experiments: number): Promise<StudyInput> {
  const load = (path: string) => import(new URL(`src/${path}`, `${pathToFileURL(checkout).href}/`).href);
  const folder = await mkdtemp(join(tmpdir(), 'nocturne-cache-'));
  const cache = createPromptCache(study.rule);
  const input = { calls: 0, cached: 0, written: 0, shortWritten: 0, uncached: 0 };
  let minute = 0;
  let conversations = 0;
  let reply: ServedReply = {};
  const server = await startModelServer((request) => {
    const { cached = 0, written = 0, shortWritten = 0, ...rest } = cache.use(request, minute);
    input.calls += 1;
    input.cached += cached;
    input.written += written;
    input.shortWritten += shortWritten;
    input.uncached += rest.uncached;
    minute += minutesPerCall;
    return { reply: { ...reply, usage: { cached, written, shortWritten, ...rest } } };
  });
  try {
    const real = await openModel(load, study, server);
    const model: Model = {
      ...real,
      complete: (request, signal) => {
        conversations += request.messages.some(({ role }) => role === 'assistant') ? 0 : 1;
        reply = scriptedReply(request, conversations);
        if (input.calls > experiments * maxCallsPerExperiment)
          throw new Error(`the proposals come to nothing: ${server.violations[0] ?? ''}`);
        return real.complete(request, signal);
      },
    };
    await conduct(load, folder, model, experiments, () => {
      minute += minutesPerRun;
    });
    if (server.violations.length > 0) throw new Error(`the stand-in refused: ${server.violations[0]}`);
    return input;
  } finally {
    await server.close();
    await rm(folder, { recursive: true, force: true });
  }
}

// biome-ignore lint/suspicious/noExplicitAny: a module of another commit.
type Load = (path: string) => Promise<any>;

/** The adapter as it speaks to its provider's own host. */
async function openModel(load: Load, { model, adapter }: CachedStudy, server: ModelServer): Promise<Model> {
  const provider = model.slice(0, model.indexOf(':'));
  const options: WireOptions = {
    name: model,
    model: model.slice(provider.length + 1),
    key: 'sk-test',
    baseUrl: provider === 'anthropic' ? server.url : server.openAIUrl,
    isDefaultHost: provider !== 'openrouter',
    redact: (text) => text,
  };
  const module: Readonly<Record<string, unknown>> = await load(`adapters/models/${adapter}`);
  const create = Object.values(module).find((each) => typeof each === 'function' && /^create.*Model$/.test(each.name));
  if (typeof create !== 'function') throw new Error(`${adapter} creates no model`);
  return await create(options);
}

async function conduct(load: Load, folder: string, model: Model, experiments: number, onRun: () => void) {
  const { loadPrompts }: typeof prompts = await load('adapters/prompt-files.ts');
  const { createLlmResearcher }: typeof researchers = await load('adapters/researchers/llm-researcher.ts');
  const { createLineKnobReader, createScriptedLab, scoringRun }: typeof labs = await load('testing/index.ts');
  const { startStudy }: typeof begin = await load('loop/begin.ts');
  const { research }: typeof loop = await load('loop/research.ts');
  const { openStudy }: typeof studies = await load('loop/study.ts');
  const source = (name: string) => readFile(new URL(`../../sandbox/tiny/${name}`, import.meta.url), 'utf8');
  const fixed: Readonly<Record<string, string>> = {
    'prepare.py': await source('prepare.py'),
    'score.py': await source('score.py'),
  };
  const researcher = createLlmResearcher({
    model,
    render: await loadPrompts(folder),
    inspect: async (files) => ({
      kind: 'read',
      forms: Object.fromEntries(Object.entries(files).map(([file, text]) => [file, { exact: text, seedless: text }])),
    }),
    knobReader: createLineKnobReader(),
    readTexts: async (_, experiment) => ({ diff: diffOf(experiment), log: logOf(experiment) }),
    fixedFiles: { list: async () => Object.keys(fixed), read: async (_, path) => fixed[path] },
    delimiter: '7c1f0e9b53a2d846',
    costOf: () => undefined,
  });
  const lab = createScriptedLab({
    folder,
    files: { 'train.py': await source('train.py'), ...fixed },
    researcher,
    run: ({ experiment }) => {
      onRun();
      return scoringRun('val_bpb', experiment % keptEvery === 0 ? 3 - experiment / 1000 : 3.2);
    },
    brief: { stop: { experiments }, prose: await source('../../program.md') },
  });
  const { study } = await openStudy(lab, new AbortController().signal);
  const begun = {
    tag: 'bench',
    study: 'bench',
    briefPath: 'program.md',
    isolation: noIsolation,
    interpreter: 'python3',
  };
  await startStudy(study, { ...begun, version: '0', start: lab.workspace.start });
  await research(study);
}

function diffOf(experiment: number): string {
  return `--- a/train.py\n+++ b/train.py\n@@ -15,3 +15,3 @@\n-LEARNING_RATE = 0.1\n+LEARNING_RATE = 0.${100 + experiment}\n`;
}

function logOf(experiment: number): string {
  const lines = Array.from({ length: 40 }, (_, step) => `step=${step * 100} loss=${(4 - step / 50).toFixed(4)}`);
  return `${lines.join('\n')}\n---\nval_bpb: 3.${experiment}\n`;
}
