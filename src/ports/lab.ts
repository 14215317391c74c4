/**
 * Everything the loop needs from outside, in one bundle. `cli/compose.ts` fills it with the real things,
 * `nocturne/testing` with ones that live in memory.
 */
import type { Brief } from '../core/brief.ts';
import type { LoopEvent } from '../core/loop-event.ts';
import type { Archive } from './archive.ts';
import type { Engine } from './engine.ts';
import type { Inbox } from './inbox.ts';
import type { KnobReader } from './knob-reader.ts';
import type { Researcher } from './researcher.ts';
import type { RunFolders } from './run-folders.ts';
import type { Workspace } from './workspace.ts';

export interface Lab {
  readonly brief: Brief;
  readonly archive: Archive;
  readonly workspace: Workspace;
  readonly knobReader: KnobReader;
  readonly researcher: Researcher;
  readonly runFolders: RunFolders;
  readonly engine: Engine;
  readonly inbox: Inbox;
  /** The time as an ISO text. */
  readonly now: () => string;
  /** Tells whoever watches; must not throw. */
  readonly emit: (event: LoopEvent) => void;
}
