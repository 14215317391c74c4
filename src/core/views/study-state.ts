/**
 * The one word for how a study stands, as every page, table and JSON has it.
 */
import { hasSearch } from '../brief/proposers.ts';
import { baselineFailure } from '../journal/experiment-row.ts';
import { currentGpuPause, currentOwnerPause, experimentOf, type History } from '../journal/history.ts';

/** Of a study that a controller works on; the first that is true, from the last one on. */
const workedOn = ['running', 'waiting', 'paused', 'stopping'] as const;

/**
 * `running`; `waiting` for its GPU, for room on the disk, for a model that nothing stands in for, or for an experiment to be handed in; `paused` by the owner; `stopping`
 * where the owner wants its end and runs in flight go on to theirs. Where no controller works on it: `finished` by a rule of its
 * own; `unfinished` where it ended otherwise and said so; `interrupted` where its controller ended without a word.
 */
export type StudyState = (typeof workedOn)[number] | 'unfinished' | 'interrupted' | 'finished';

/** Bytes free on the disk of a study that waits for room there. */
export interface RoomAwaited {
  readonly free: number;
}

/** The state; `isLive` tells whether a controller works on the study, which alone may await room. */
export function stateOf(history: History, isLive: boolean, roomAwaited?: RoomAwaited): StudyState {
  if (isLive) return liveStateOf(history, roomAwaited);
  if (isFinished(history)) return 'finished';
  const isTold = history.stopped !== undefined || baselineFailure(experimentOf(history, 0)) !== undefined;
  return isTold ? 'unfinished' : 'interrupted';
}

/** Whether a controller works on a study in this state. */
export function isWorkedOnIn(state: StudyState): boolean {
  return workedOn.some((each) => each === state);
}

function liveStateOf(history: History, roomAwaited: RoomAwaited | undefined): StudyState {
  // A controller that works on a study which has stopped confirms it.
  if (history.stopped === undefined) {
    if (history.isStopAsked) return 'stopping';
    if (currentOwnerPause(history)) return 'paused';
  }
  return roomAwaited || currentGpuPause(history) || waitsForProposal(history) ? 'waiting' : 'running';
}

/** Whether nothing is in hand, and nothing can be proposed before a model or an agent is back, or the owner hands something in. */
function waitsForProposal({ modelsAway, session, settled, unsettled, handedIn, stopped }: History): boolean {
  if (stopped !== undefined || unsettled.length + handedIn.length > 0 || settled.length === 0) return false;
  if (session.researcher === 'owner') return true;
  if (modelsAway.size === 0 || hasSearch(session)) return false;
  return session.fallback === undefined || modelsAway.has(session.fallback);
}

/**
 * Whether a study ended by a rule of its own: the owner neither stopped it nor raised that rule since, nor wants a keep out, it
 * neither paused nor crashed, and nothing that was handed in waits for it.
 */
export function isFinished(history: History): boolean {
  const reason = history.stopped?.reason;
  const isByRule = reason !== undefined && reason !== 'stopped' && reason !== 'paused';
  const isAsked = history.stopped?.isExtended === true || history.toWithdraw.length > 0;
  return isByRule && !isAsked && history.handedIn.length === 0;
}
