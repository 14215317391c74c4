/**
 * Everything the loop needs from outside, in one bundle. `cli/compose/compose.ts` fills it with the real things,
 * `nocturne/testing` with ones that live in memory.
 */
import type { Brief } from '../core/brief/brief.ts';
import type { LoopEvent } from '../core/journal/loop-event.ts';
import type { NormalForm } from '../core/proposal/trivial-change.ts';
import type { Failure } from '../core/run/missing-in-run.ts';
import type { Archive } from './archive.ts';
import type { Disk } from './disk.ts';
import type { Engine } from './engine.ts';
import type { GpuProbe } from './gpu.ts';
import type { Inbox } from './inbox.ts';
import type { KnobReader } from './knob-reader.ts';
import type { Researcher } from './researcher.ts';
import type { RunFolders } from './run-folders.ts';
import type { Workspace } from './workspace.ts';

type Files = Readonly<Record<string, string>>;

export interface Lab {
  readonly brief: Brief;
  readonly archive: Archive;
  readonly workspace: Workspace;
  readonly knobReader: KnobReader;
  readonly researcher: Researcher;
  /** Who proposes while the researcher's model is away; without one the study waits. */
  readonly fallback?: Researcher;
  /** What is left of a source without comments, layout and names; undefined where it does not parse. */
  readonly normalForm?: (files: Files) => Promise<NormalForm | undefined>;
  /** What looks like a key in a text that is about to be committed, by the name of its kind; never the key itself. */
  readonly findSecret?: (text: string) => string | undefined;
  /** Takes keys out of a text that a model, a script or the owner wrote and that is about to be journalled. */
  readonly redact?: (text: string) => string;
  /** The secrets that stand in a text; they are journalled as marks where an edit quotes them. */
  readonly secretsIn?: (text: string) => readonly string[];
  readonly runFolders: RunFolders;
  readonly engine: Engine;
  /** How many runs are made at once. */
  readonly slots: number;
  /** What can be seen of the machine's GPUs; absent where runs are not on this machine. */
  readonly gpu?: GpuProbe;
  /** What can be seen of the disk that the study writes to. */
  readonly disk?: Disk;
  /** What the owner's checkout has and a run lacks, as lines that say how to mend it; the likeliest causes first. */
  readonly explainFailure?: (failure: Failure) => Promise<readonly string[]>;
  /** What isolation closed to a run that failed, if its log speaks of it: the end of a sentence that says what to do. */
  readonly closedToRun?: (log: string) => string | undefined;
  readonly inbox: Inbox;
  /** The time as an ISO text. */
  readonly now: () => string;
  /** Seconds of this controller's own clock, which nobody can set; what is decided by a time is decided by it. */
  readonly liveSeconds: () => number;
  /** Waits; a signal ends the wait early. */
  readonly pause: (seconds: number, signal?: AbortSignal) => Promise<void>;
  /** Passes an event on to be shown; must not throw. */
  readonly emit: (event: LoopEvent) => void;
}
