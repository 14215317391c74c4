/**
 * A whole lab in memory: the same promises as the real one, without git, Python, processes or waiting.
 *
 * The only files are the engine's records of its jobs and what the jobs leave, below a folder that the caller gives and
 * removes.
 */
import { type Brief, briefSchema, type GivenBrief } from '../core/brief/brief.ts';
import type { LoopEvent } from '../core/journal/loop-event.ts';
import type { KnobReader } from '../ports/knob-reader.ts';
import type { Lab } from '../ports/lab.ts';
import type { Researcher } from '../ports/researcher.ts';
import type { RunKey } from '../ports/run-folders.ts';
import { createLineKnobReader } from './line-knob-reader.ts';
import { createMemoryArchive, type MemoryArchive } from './memory-archive.ts';
import { createMemoryInbox, type MemoryInbox } from './memory-inbox.ts';
import { createMemoryRunFolders, type LaidRun, type MemoryRunFolders } from './memory-run-folders.ts';
import { createMemoryWorkspace, type MemoryWorkspace } from './memory-workspace.ts';
import { createScriptedEngine, type ScriptedEngine, type ScriptedRun, scoringRun } from './scripted-engine.ts';

export interface ScriptedLabOptions {
  /** Absolute path of an empty folder; the caller removes it. */
  readonly folder: string;
  /** Every file of the first commit, from the repository's top. */
  readonly files: Readonly<Record<string, string>>;
  readonly researcher: Researcher;
  /** What a run does, as a function of its source and its seed. */
  readonly run: (run: LaidRun) => ScriptedRun;
  /** What `prepare` does, where the brief has one. */
  readonly prepare?: () => ScriptedRun;
  readonly brief?: Partial<Brief>;
  readonly tag?: string;
  readonly knobReader?: KnobReader;
  readonly changedBy?: (run: RunKey) => string | undefined;
}

export interface ScriptedLab extends Lab {
  readonly tag: string;
  readonly archive: MemoryArchive;
  readonly workspace: MemoryWorkspace;
  readonly runFolders: MemoryRunFolders;
  readonly engine: ScriptedEngine;
  readonly inbox: MemoryInbox;
  /** Every event that was emitted, in order. */
  readonly events: readonly LoopEvent[];
  /** The lab as a controller started later finds it: the same journal, commits and runs, and nothing in memory. */
  readonly reopen: (brief?: Partial<Brief>) => ScriptedLab;
}

/** A brief for `train.py` in the repository's top, which minimises `val_bpb`. */
export const scriptedBrief: Brief = briefSchema.parse({
  prose: 'Lower is better.',
  form: 'front-matter',
  metric: { name: 'val_bpb', goal: 'minimize' },
  budgetSeconds: 5,
  timeoutSeconds: 20,
  researcher: 'random',
  policy: 'greedy',
} satisfies GivenBrief);

/** A lab for a new study. */
export function createScriptedLab(options: ScriptedLabOptions): ScriptedLab {
  const { files, tag = 'nov23' } = options;
  const brief = { ...scriptedBrief, ...options.brief };
  const { sandbox, edit, include } = brief;
  const workspace = createMemoryWorkspace({ files, sandbox, edit, include, tag });
  const now = createTickingClock();
  return openLab(options, brief, { tag, workspace, now, archive: createMemoryArchive(now) });
}

type Lasting = Pick<ScriptedLab, 'tag' | 'workspace' | 'now' | 'archive'>;

function openLab(options: ScriptedLabOptions, brief: Brief, lasting: Lasting): ScriptedLab {
  const { folder, researcher, changedBy, knobReader = createLineKnobReader() } = options;
  const events: LoopEvent[] = [];
  const engine = createScriptedEngine((job) => {
    const run = runFolders.runOf(job) ?? runFolders.gradedBy(job);
    return run ? options.run(run) : (options.prepare?.() ?? scoringRun('prepared', 1));
  });
  const runFolders = createMemoryRunFolders({ brief, folder, workspace: lasting.workspace, engine, changedBy });
  return {
    ...lasting,
    brief,
    knobReader,
    researcher,
    runFolders,
    engine,
    slots: brief.slots === 'auto' ? 1 : brief.slots,
    inbox: createMemoryInbox(),
    liveSeconds: () => Date.parse(lasting.now()) / 1000,
    pause: () => new Promise((resolve) => setImmediate(resolve)),
    events,
    emit: (event) => {
      events.push(event);
    },
    reopen: (changed = {}) => openLab(options, { ...brief, ...changed }, lasting),
  };
}

/** A clock that moves on by one second each time it is read. */
function createTickingClock(): () => string {
  let seconds = Date.parse('2024-11-23T22:00:00Z') / 1000;
  return () => {
    seconds += 1;
    return new Date(seconds * 1000).toISOString();
  };
}
