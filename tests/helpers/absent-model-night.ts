/**
 * A study on a virtual clock whose served model is away for a part of the night: what became of it, and how long its GPU
 * had nothing to do meanwhile.
 *
 * The measurement: runs take 60 to 300 s, evenly spread, or what the test says, and a second of bookkeeping goes before each. The model's
 * replies take no time. Away is from the first request of a proposal that the provider fails, or from the start of the
 * first experiment where the first call failed, to the first answer to a proposal after it, or to the end of the study.
 * Idle is the part of that in which no training runs.
 */
import { noIsolation } from '../../src/adapters/isolation/no-isolation.ts';
import { alonePatience, createPatientModel, standInPatience } from '../../src/adapters/models/patient-model.ts';
import { remedyFor } from '../../src/adapters/models/remedy.ts';
import { smallCall } from '../../src/adapters/models/small-call.ts';
import { loadPrompts } from '../../src/adapters/prompt-files.ts';
import { createAutoResearcher } from '../../src/adapters/researchers/auto-researcher.ts';
import { withAbsence } from '../../src/adapters/researchers/away-researcher.ts';
import { createLlmResearcher } from '../../src/adapters/researchers/llm-researcher.ts';
import { createRandomResearcher } from '../../src/adapters/researchers/random-researcher.ts';
import { makeFirstCalls } from '../../src/cli/session/first-call.ts';
import { ResearchError } from '../../src/core/base/errors.ts';
import { createRandom } from '../../src/core/base/random.ts';
import type { InspectSource } from '../../src/core/proposal/trivial-change.ts';
import { prepareStudy, startStudy } from '../../src/loop/begin.ts';
import { research } from '../../src/loop/research.ts';
import { openStudy } from '../../src/loop/study.ts';
import type { Engine } from '../../src/ports/engine.ts';
import type { Lab } from '../../src/ports/lab.ts';
import type { Model } from '../../src/ports/model.ts';
import type { Researcher } from '../../src/ports/researcher.ts';
import { createLineKnobReader, createMemoryArchive, createScriptedLab, scoringRun } from '../../src/testing/index.ts';
import { type RecordedRequest, type Step, startModelServer } from './model-server/model-server.ts';
import { type ServedAdapter, servedAdapters } from './model-server/served-models.ts';
import { handIn, turn } from './model-study.ts';
import { createVirtualClock } from './virtual-clock.ts';

/** What works while the model is away. */
export type Company = 'fallback' | 'auto' | 'alone';

/** What the provider does with a call at a time of the night, in seconds since its start; undefined answers it. */
export type Provider = (call: {
  readonly at: number;
  readonly isSmall: boolean;
  /** How many calls of proposals came before. */
  readonly index: number;
  readonly request: RecordedRequest;
}) => Step | undefined;

export interface NightEnd {
  /** `refused` before the start, `stopped` with what to set, or `experiments` were made. */
  readonly outcome: 'refused' | 'stopped' | 'experiments';
  /** What was said at the terminal. */
  readonly said: string;
  readonly experiments: number;
  readonly byModel: number;
  readonly awaySeconds: number;
  /** Part of the time away in which nothing ran; undefined when the model was never away. */
  readonly idle: number | undefined;
  readonly violations: readonly string[];
}

export interface NightOptions {
  readonly adapter: ServedAdapter;
  readonly company: Company;
  readonly provider: Provider;
  /** Absolute path of an empty folder. */
  readonly folder: string;
  readonly hours?: number;
  /** The shortest and the longest run. */
  readonly runSeconds?: readonly [number, number];
}

const train = 'RATE = 0.1\nWIDTH = 64\nDEPTH = 4\nDECAY = 0.01\nIDEA = 0\n';
const render = await loadPrompts('/nowhere');
const inspect: InspectSource = async (files) => ({
  kind: 'read',
  forms: Object.fromEntries(Object.entries(files).map(([file, text]) => [file, { exact: text, seedless: text }])),
});
const { signal } = new AbortController();

/** Plays the night. */
export async function playNight(options: NightOptions): Promise<NightEnd> {
  const { adapter, company, provider, folder, hours = 3, runSeconds = [60, 300] } = options;
  const clock = createVirtualClock();
  const seconds = () => clock.foreground.now() / 1000;
  const seen = createSightings(seconds);
  const serve = (isSmall: boolean) => (request: RecordedRequest, index: number) => {
    const step = provider({ at: seconds(), isSmall, index, request });
    seen.note(isSmall, step !== undefined);
    return step ?? (isSmall ? { reply: { text: 'ok' } } : ideaOf(index));
  };
  const server = await startModelServer(serve(false), { smallCalls: serve(true) });
  const said: string[] = [];
  try {
    const model = await realCalls(adapter, server, clock, provider, seconds);
    const hasStandIn = company !== 'alone';
    const llm = withAbsence(
      createLlmResearcher({
        model: createPatientModel(model, {
          clock: clock.foreground,
          random: () => 0.5,
          patience: hasStandIn ? standInPatience : alonePatience,
        }),
        render,
        inspect,
        knobReader: createLineKnobReader(),
        readTexts: async () => ({ diff: '', log: '' }),
        fixedFiles: { list: async () => [], read: async () => undefined },
        delimiter: '7c1f0e9b53a2d846',
        costOf: () => undefined,
      }),
      {
        model: model.name,
        clock: clock.background,
        hasStandIn,
        probe: (end) => smallCall({ model, costOf: () => undefined, clock: clock.background }, end),
        remedyFor: (fault) => remedyFor(fault, { name: model.name, baseUrl: server.openAIUrl }),
        ending: signal,
        tell: (news) => said.push(news.kind === 'away' ? news.reply.fault.message : `${news.model} is back`),
      },
    );
    const lab = labOf({ llm, company, folder, hours, runSeconds, clock, model: model.name });
    const { study } = await openStudy(lab, signal);
    const first = await makeFirstCalls([llm], lab.brief, signal).catch((error: unknown) => {
      if (!(error instanceof ResearchError)) throw error;
      said.push(`${error.message} ${error.hint ?? ''}`);
      return undefined;
    });
    const end = { said, violations: server.violations, experiments: 0, byModel: 0, awaySeconds: 0, idle: undefined };
    if (first === undefined) return { ...end, outcome: 'refused', said: said.join('\n') };
    said.push(...first.warnings);
    await startStudy(study, { ...beginning, tag: lab.tag, study: lab.tag, start: lab.workspace.start });
    await first.journal(study);
    await prepareStudy(study);
    const stop = await research(study);
    said.push(stop.detail);
    const made = study.history().experiments.slice(1);
    return {
      ...end,
      outcome: stop.reason === 'paused' ? 'stopped' : 'experiments',
      said: said.join('\n'),
      experiments: made.length,
      byModel: made.filter(({ researcher }) => researcher === 'llm').length,
      ...idleOf(seen.away(lab.firstProposal(), seconds()), lab.runs),
    };
  } finally {
    await server.close();
  }
}

const beginning = {
  briefPath: 'program.md',
  isolation: noIsolation,
  interpreter: '/usr/bin/python3',
  version: '0.1.0',
};

/** An idea that changes one line, and that no other number makes. */
function ideaOf(index: number): Step {
  const edit = {
    name: 'edit',
    arguments: { file: 'train.py', edits: [{ find: 'IDEA = ', replace: `IDEA = ${index + 2} * ` }] },
  };
  return turn(edit, handIn(`Idea ${index}`));
}

/** The model over its real SDK; a call that the provider lets hang is no reason for the clock to stand still. */
async function realCalls(
  { create }: ServedAdapter,
  server: Parameters<ServedAdapter['create']>[0],
  clock: ReturnType<typeof createVirtualClock>,
  provider: Provider,
  seconds: () => number,
): Promise<Model> {
  const model = await create(server);
  return {
    name: model.name,
    complete: async (request, ending) => {
      const isSmall = request.maxOutputTokens < 2000;
      const asked = {
        at: seconds(),
        isSmall,
        index: 0,
        request: { wire: 'chat', path: '', headers: {}, body: {} },
      } as const;
      const step = provider(asked);
      if (step && 'fault' in step && endless.has(step.fault)) return model.complete(request, ending);
      return clock.during(() => model.complete(request, ending));
    },
  };
}

/** Faults that only the end of the call ends. */
const endless: ReadonlySet<string> = new Set(['stalled-headers', 'stalled-body', 'stalled-error-body', 'slow-drip']);

interface LabOptions {
  readonly llm: Researcher;
  readonly company: Company;
  readonly folder: string;
  readonly hours: number;
  readonly runSeconds: readonly [number, number];
  readonly clock: ReturnType<typeof createVirtualClock>;
  readonly model: string;
}

function labOf({ llm, company, folder, hours, runSeconds: [shortest, longest], clock, model }: LabOptions) {
  const random = createRandomResearcher();
  const seconds = () => clock.foreground.now() / 1000;
  const now = () => new Date(Date.UTC(2026, 10, 29) + clock.foreground.now()).toISOString();
  const arms = (['llm-knobs', 'llm-code'] as const).map((name) => ({ name, researcher: llm }));
  const mix = createAutoResearcher({ arms: [...arms, { name: 'random', researcher: random }], seconds });
  const scripted = createScriptedLab({
    folder,
    files: { 'train.py': train },
    researcher: company === 'auto' ? mix : llm,
    run: ({ seed }) => scoringRun('val_bpb', (1 + (seed % 97) / 1000).toFixed(4)),
    brief: {
      researcher: company === 'auto' ? 'auto' : 'llm',
      model,
      ...(company === 'fallback' && { fallback: 'random' as const }),
      budgetSeconds: 300,
      stop: { hours },
    },
  });
  const runs: (readonly [number, number])[] = [];
  const lengths = createRandom(`${company} ${model}`);
  let firstProposal: number | undefined;
  const engine: Engine = {
    ...scripted.engine,
    submit: async (job) => {
      await clock.foreground.sleep(1000, signal);
      await scripted.engine.submit(job);
      const begun = seconds();
      await clock.foreground.sleep((shortest + lengths.unit() * (longest - shortest)) * 1000, signal);
      runs.push([begun, seconds()]);
    },
  };
  const pause: Lab['pause'] = (length, end) =>
    end ? new Promise((resolve) => setImmediate(resolve)) : clock.foreground.sleep(length * 1000, signal);
  return {
    ...scripted,
    engine,
    archive: createMemoryArchive(now),
    now,
    liveSeconds: seconds,
    pause,
    ...(company === 'fallback' && { fallback: random }),
    emit: (event: Parameters<Lab['emit']>[0]) => {
      if (event.event === 'step-begun' && event.step === 'propose') firstProposal ??= seconds();
    },
    runs,
    firstProposal: () => firstProposal ?? 0,
  };
}

/** When the provider failed and answered calls. */
function createSightings(seconds: () => number) {
  const failed: { readonly at: number; readonly isSmall: boolean }[] = [];
  const answered: number[] = [];
  return {
    note: (isSmall: boolean, isFault: boolean): void => {
      if (isFault) failed.push({ at: seconds(), isSmall });
      else if (!isSmall) answered.push(seconds());
    },
    /** From the first failure that a proposal met to the first answer after it. */
    away: (firstProposal: number, end: number): readonly [number, number] | undefined => {
      const [first] = failed;
      if (first === undefined) return undefined;
      const from = Math.max(first.at, firstProposal);
      return [from, Math.min(end, answered.find((at) => at > (failed.at(-1)?.at ?? from)) ?? end)];
    },
  };
}

function idleOf(away: readonly [number, number] | undefined, runs: readonly (readonly [number, number])[]) {
  if (away === undefined || away[1] <= away[0]) return { awaySeconds: 0, idle: undefined };
  const [from, to] = away;
  const busy = runs.reduce((sum, [begun, ended]) => sum + Math.max(0, Math.min(to, ended) - Math.max(from, begun)), 0);
  return { awaySeconds: to - from, idle: 1 - busy / (to - from) };
}

export { servedAdapters };
