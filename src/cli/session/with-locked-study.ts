/**
 * Opens a study to work on it: takes its lock, opens its journal, listens for signals, keeps its result files and its
 * mirror up to date and shows its events; closes all of it at the end.
 */
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { keepAwake } from '../../adapters/keep-awake.ts';
import { type RunLock, takeRunLock } from '../../adapters/run-lock.ts';
import { removeLitter } from '../../adapters/study-litter.ts';
import { plainText } from '../../core/base/plain-text.ts';
import type { LoopEvent } from '../../core/journal/loop-event.ts';
import { openStudy, type Study } from '../../loop/study.ts';
import type { Channel } from '../../ports/channel.ts';
import type { Isolation } from '../../ports/isolation.ts';
import type { Mirror } from '../../ports/mirror.ts';
import type { Researcher } from '../../ports/researcher.ts';
import { type LabSettings, type OpenLab, openLab } from '../compose/compose.ts';
import { requireIsolation } from '../compose/isolation.ts';
import { slotsElsewhere } from '../compose/lab-slots.ts';
import type { OpenTracker } from '../compose/trackers.ts';
import { createRenderer } from '../render/render.ts';
import { makeStudyFolder } from '../study-folder/make-study-folder.ts';
import { createMirroring } from '../study-folder/mirroring.ts';
import { createResultFiles } from '../study-folder/result-files.ts';
import { say } from '../terminal/print.ts';
import { listenForStop } from '../terminal/stop-signals.ts';
import type { Notifying } from './notifying.ts';
import { agreeToRent, giveBackRented } from './rented.ts';
import type { Tracking } from './tracking.ts';

export type LockedStudySettings = Omit<LabSettings, 'emit' | 'isolation'> & {
  /** The tier that the study's last session had; undefined for one that begins. */
  readonly tierBefore?: string | undefined;
  readonly isJson: boolean;
  readonly isPlain: boolean;
  /** Whether the machine may fall asleep meanwhile. */
  readonly allowsSleep: boolean;
  readonly mirror?: Mirror;
  /** Whether the owner agrees to the price of what the engine rents. */
  readonly agreesToRent?: boolean;
  /** Where the owner is told of what happens. */
  readonly channels?: readonly Channel[];
  /** Where the study is sent after each experiment. */
  readonly trackers?: readonly OpenTracker[];
  /** What is to be done under the lock, before the folder is opened. */
  readonly clear?: (studyFolder: string) => Promise<void>;
};

export interface LockedStudy {
  readonly study: Study;
  readonly hasStarted: boolean;
  /** The researchers that may be asked for a first call. */
  readonly asked: readonly Researcher[];
  /** What keeps this session's runs from the rest of the machine. */
  readonly isolation: Isolation;
  /** Prints a line that is no event of the loop. */
  readonly say: (line: string) => void;
  /** Shows the live footer from now on, which reads the history. */
  readonly show: () => void;
}

export interface LockedStudyEnd<Result> {
  readonly result: Result;
  /** By SIGINT (Ctrl-C), SIGHUP (a closed terminal) or SIGTERM. */
  readonly wasInterrupted: boolean;
}

/** Does `work` as the only controller of the study; a SettingsError names the process that holds its lock. */
export async function withLockedStudy<Result>(
  settings: LockedStudySettings,
  work: (work: LockedStudy) => Promise<Result>,
): Promise<LockedStudyEnd<Result>> {
  const { located, tag, allowsSleep } = settings;
  const studyFolder = join(located.runs, tag);
  await makeStudyFolder(studyFolder);
  const lock = await takeRunLock(studyFolder, tag, nowText);
  const awake = allowsSleep ? undefined : keepAwake(`study ${tag} is running`);
  try {
    await removeLitter(studyFolder);
    await settings.clear?.(studyFolder);
    await settleRent(settings, studyFolder);
    return await openLocked(settings, studyFolder, lock, work);
  } finally {
    awake?.release();
    await lock.release();
  }
}

/** Agrees on what is to be rented, and gives back what an earlier session had from another engine. */
async function settleRent(settings: LockedStudySettings, studyFolder: string): Promise<void> {
  const { located, brief, interpreter: python, agreesToRent = false } = settings;
  const slots = slotsElsewhere(brief);
  await giveBackRented(studyFolder, say, brief.engine);
  await agreeToRent({ ...located, python, brief, studyFolder, slots, tell: say }, agreesToRent, say);
}

async function openLocked<Result>(
  {
    isJson,
    isPlain,
    allowsSleep: _,
    clear: __,
    mirror,
    channels = [],
    trackers = [],
    tierBefore,
    ...settings
  }: LockedStudySettings,
  studyFolder: string,
  lock: RunLock,
  work: (work: LockedStudy) => Promise<Result>,
): Promise<LockedStudyEnd<Result>> {
  let known: Study | undefined;
  let notifying: Notifying | undefined;
  let tracking: Tracking | undefined;
  const resultFiles = createResultFiles(studyFolder);
  const renderer = await createRenderer({
    isJson,
    isPlain,
    budgetSeconds: settings.brief.budgetSeconds,
    history: () => known?.history(),
  });
  const mirroring = mirror && createMirroring({ mirror, studyFolder, say: renderer.say, now: nowText });
  const emit = (event: LoopEvent) => {
    renderer.emit(event);
    resultFiles.note(event);
    mirroring?.note(event);
    notifying?.note(event, known?.history());
    tracking?.note(event);
  };
  const isolation = await requireIsolation({ ...settings, studyFolder, before: tierBefore });
  const lab = await openLab({ ...settings, isolation, emit });
  if (channels.length > 0) {
    const { createNotifying } = await import('./notifying.ts');
    const now = () => ({ at: lab.now(), live: lab.liveSeconds() });
    notifying = createNotifying({ channels, redact: lab.redact ?? ((text) => text), say: renderer.say, now });
  }
  let opened: Study | undefined;
  const endRuns = async () => {
    // It journals the stop, so that the next session knows why the run ended.
    await opened?.stopWanted();
    await lab.endRuns();
  };
  const signals = listenForStop(renderer.say, async () => {
    lab.engine.abandon?.();
    await Promise.race([endRuns(), delay(maxGoodbyeMilliseconds)]);
    await lock.release();
  });
  try {
    if (lab.archive.tornPath)
      renderer.say(`A line torn by a crash was moved to ${lab.archive.tornPath}; nothing else was lost.`);
    const { study, hasStarted } = await openStudy(lab, signals.signal);
    opened = study;
    if (!hasStarted) await lab.engine.greet?.();
    if (trackers.length > 0)
      tracking = await trackWith(trackers, { study, lab, tag: settings.tag, studyFolder, say: renderer.say });
    resultFiles.open(study.whole, lab.engine);
    mirroring?.open(study.history);
    const show = () => {
      known = study;
    };
    const result = await work({ study, hasStarted, asked: lab.asked, isolation, say: renderer.say, show });
    return { result, wasInterrupted: signals.wasInterrupted() };
  } catch (error) {
    if (known) notifying?.fail(settings.tag, (error as Error).message);
    throw error;
  } finally {
    lab.endProbes();
    await lab.engine.close?.();
    renderer.close();
    await resultFiles.close();
    const isHurried = signals.wasInterrupted();
    await Promise.all([mirroring, notifying, tracking].map((each) => each?.close(isHurried)));
    await lab.archive.close();
    // Before any signal may end this process.
    await lock.release();
    signals.dispose();
  }
}

const nowText = () => new Date().toISOString();

interface Tracked {
  readonly study: Study;
  readonly lab: OpenLab;
  readonly tag: string;
  readonly studyFolder: string;
  readonly say: (line: string) => void;
}

/** Sends the study to trackers as it goes on; loaded only where it has any. */
async function trackWith(
  trackers: readonly OpenTracker[],
  { study, lab, tag, studyFolder, say }: Tracked,
): Promise<Tracking> {
  const [{ createTracking }, { sendStudy }, { writeTrackerStates }] = await Promise.all([
    import('./tracking.ts'),
    import('./export-study.ts'),
    import('../study-folder/tracker-states.ts'),
  ]);
  const clean = (text: string) => (lab.redact ?? ((each) => each))(plainText(text));
  return createTracking({
    trackers,
    tag,
    say,
    clean,
    now: nowText,
    keep: (states) => writeTrackerStates(studyFolder, states),
    send: ({ name, tracker }, signal) => {
      const found = { ...study.whole(), tag, folder: studyFolder, briefArgument: undefined };
      return sendStudy(found, { to: name, tracker, jobs: lab.engine, clean, isNewsOnly: true, signal });
    },
  });
}

/** How long a second Ctrl-C waits for the run in flight to end. */
const maxGoodbyeMilliseconds = 1000;
