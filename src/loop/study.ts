/**
 * An open study: the lab, the history so far, and the one way to add to it.
 */

import { ok } from '../core/base/errors.ts';
import { isFullDisk } from '../core/base/full-disk.ts';
import { createTurns, type Turns } from '../core/base/turns.ts';
import { hearWord } from '../core/decide/hear-word.ts';
import type { Entry, EntryBody } from '../core/journal/entry.ts';
import { createFold } from '../core/journal/fold.ts';
import type { WholeHistory } from '../core/journal/held-out.ts';
import { experimentOf, type History, nextNumber } from '../core/journal/history.ts';
import type { Moment } from '../core/journal/live-time.ts';
import type { OwnerWord } from '../core/journal/owner-word.ts';
import { maxHypothesis, maxTitle } from '../core/journal/proposal.ts';
import { runsInFlight } from '../core/journal/runs-in-flight.ts';
import { createStandpoints, type Standpoint } from '../core/judge/overtaken.ts';
import { createStudyWalk, type StudyWalk } from '../core/judge/policies/value/walk-history.ts';
import type { HandIn } from '../ports/inbox.ts';
import type { Lab } from '../ports/lab.ts';
import { withRoom } from './await-room.ts';
import { createSourceReader, type SourceReader } from './read-source.ts';
import { createSpareSlots, type SpareSlots } from './spare-slots.ts';
import { createStopRequest, type StopWanted, stopperOf } from './stop-request.ts';

export interface Study {
  readonly lab: Lab;
  /** The history as of now, without what is held out: deciding and proposing read this. It grows in place. */
  readonly history: () => History;
  /** The same history beside what is held out of it, for confirmations, the gauge and reports. */
  readonly whole: () => WholeHistory;
  /** What the `value` policy has made of the experiments so far, from which the next verdict goes on. */
  readonly walk: StudyWalk;
  /** The files of an accepted experiment, with the space that they span. */
  readonly readSource: SourceReader;
  /** Journals an entry, folds it into the history and emits it, in this order. */
  readonly record: (body: EntryBody) => Promise<Entry>;
  /** Journals what another program did to the journal, which is whole then; `isThorough` reads all of it. */
  readonly lookAtJournal: (isThorough?: boolean) => Promise<void>;
  /** What an experiment is judged by: the study's history and walk, or those of an older incumbent. */
  readonly standpointOf: (experiment: number) => Standpoint;
  /** Does what reads or changes the study's refs and folders as a whole: one of these at a time. */
  readonly alone: Turns;
  /** Slots for short trials of drafts. */
  readonly spareSlots: SpareSlots;
  /** Makes what goes on beside the loop end: nothing more of it is journalled. Runs go on. */
  readonly leave: () => void;
  /** Aborted by that. */
  readonly left: AbortSignal;
  /** Aborted when the study is to stop at once. */
  readonly signal: AbortSignal;
  /** Whether the owner wants it to stop, by signal or by request. */
  readonly stopWanted: () => Promise<StopWanted>;
}

/** Now, for the rules on time. */
export function momentOf({ now, liveSeconds }: Pick<Lab, 'now' | 'liveSeconds'>): Moment {
  return { at: now(), live: liveSeconds() };
}

/** Opens the journal; the study may not have started yet, then the first record must be `study-started`. */
export async function openStudy(given: Lab, signal: AbortSignal): Promise<{ study: Study; hasStarted: boolean }> {
  const lab = withRoom(given, signal);
  const fold = createFold();
  for (const entry of await lab.archive.entries()) fold.add(entry);
  const whole = () => {
    const current = fold.whole();
    ok(current !== undefined, 'the study has started');
    return current;
  };
  const history = () => whole().history;
  const write = async (body: EntryBody) => {
    await mend();
    return add(body);
  };
  const mend = async (isThorough = false) => {
    const found = await lab.archive.look?.(isThorough);
    if (found) await add({ event: 'journal-mended', ...found });
  };
  const add = async (body: EntryBody) => {
    const entry = await lab.archive.append(lab.redact ? withoutSecrets(body, lab.redact) : body);
    fold.add(entry);
    lab.emit(entry);
    return entry;
  };
  // A note may be read while a researcher journals its calls: entries are written one after the other.
  const inTurn = createTurns();
  const walk = createStudyWalk();
  const standpoints = createStandpoints();
  const leaving = new AbortController();
  const record = (body: EntryBody) => inTurn(() => write(body));
  const readNote = async (text: string, id: string) => {
    if (history().notes.some((note) => note.id === id)) return;
    await record({ event: 'note-read', text, id });
  };
  const takeHandIn = async (handIn: HandIn, id: string) => {
    const current = history();
    if (isKnown(current, id)) return;
    const { title, hypothesis, files, from, hidden } = handIn;
    const trouble = troubleWith(handIn, current, lab.brief.edit);
    if (trouble !== undefined) {
      const message = `What was handed in as "${title}" was thrown away: ${trouble}.`;
      return lab.emit({ event: 'warning-raised', message });
    }
    const experiment = nextNumber(current);
    const marked = hidden && { hidden };
    await record({ event: 'handed-in', experiment, id, title, hypothesis, files, from, ...marked });
    known.add(id);
  };
  const takeWord = async (word: OwnerWord, id: string) => {
    const heard = hearWord(history(), word, id);
    if (heard.kind === 'entry') await record(heard.entry);
    else if (heard.kind === 'refused') lab.emit({ event: 'warning-raised', message: heard.reason });
  };
  const known = new Set<string>();
  const isKnown = ({ handedIn }: History, id: string) => known.has(id) || handedIn.some((one) => one.id === id);
  const noteStop = async (wanted: Exclude<StopWanted, 'no'>) => {
    const current = fold.whole();
    if (current === undefined || isStopNoted(current, wanted)) return;
    const kind = wanted === 'now' ? {} : ({ isAfterExperiment: true } as const);
    // On a full disk the run is ended all the same; the next session then repeats it.
    await record({ event: 'stop-requested', by: stopperOf(signal), ...kind }).catch((error: unknown) => {
      if (!isFullDisk(error)) throw error;
    });
  };
  return {
    study: {
      lab,
      history,
      whole,
      walk,
      standpointOf: (experiment) => standpoints(history(), walk, experimentOf(history(), experiment)),
      readSource: createSourceReader(lab, history),
      record,
      lookAtJournal: (isThorough) => inTurn(() => mend(isThorough)),
      alone: createTurns(),
      spareSlots: createSpareSlots(),
      leave: () => leaving.abort(),
      left: leaving.signal,
      signal,
      stopWanted: createStopRequest({ inbox: lab.inbox, signal, readNote, takeHandIn, takeWord, noteStop }),
    },
    hasStarted: fold.history() !== undefined,
  };
}

/** Whether the journal need not know more: a stop matters where runs are in flight; one after their end is noted once. */
function isStopNoted(whole: WholeHistory, wanted: StopWanted): boolean {
  const inFlight = runsInFlight(whole);
  if (wanted === 'now') return inFlight.every((run) => run.isStopped);
  const { stopped, isStopAsked } = whole.history;
  return inFlight.length === 0 || stopped !== undefined || isStopAsked === true;
}

/** Why a message cannot be run, which no `nocturne try` leaves, yet any script can; undefined when it can. */
function troubleWith({ files, from }: HandIn, { experiments }: History, edit: readonly string[]): string | undefined {
  const names = Object.keys(files);
  if (names.length === 0 || !names.every((name) => edit.includes(name))) return `only ${edit.join(', ')} may change`;
  return experiments[from] === undefined ? `there is no experiment ${from}` : undefined;
}

/**
 * The same entry without keys in what models, scripts and the owner wrote. A proposal is not touched: one that holds a
 * key was refused before.
 */
function withoutSecrets(body: EntryBody, redact: (text: string) => string): EntryBody {
  switch (body.event) {
    case 'proposal-refused':
      return { ...body, title: redact(body.title), reason: redact(body.reason) };
    case 'model-called':
      return { ...body, model: redact(body.model) };
    case 'model-away':
      return { ...body, message: redact(body.message) };
    case 'gpu-away':
      return { ...body, reason: redact(body.reason) };
    case 'insight-written':
      return { ...body, model: redact(body.model), text: redact(body.text) };
    case 'note-read':
      return { ...body, text: redact(body.text) };
    case 'smoke-ended':
      return { ...body, ending: redact(body.ending) };
    case 'study-stopped':
      return { ...body, detail: redact(body.detail) };
    case 'drift-suspected':
    case 'gain-doubted':
      return { ...body, reason: redact(body.reason) };
    case 'handed-in':
      // A mark may be longer than what it stands for.
      return {
        ...body,
        title: redact(body.title).slice(0, maxTitle),
        hypothesis: redact(body.hypothesis).slice(0, maxHypothesis),
      };
    case 'run-ended':
    case 'confirmation-run-ended':
    case 'holdout-scored': {
      const { reason, evidence } = body.result;
      return { ...body, result: { ...body.result, reason: redact(reason), evidence: redact(evidence) } };
    }
    default:
      return body;
  }
}
