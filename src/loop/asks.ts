/**
 * The questions to the researcher that are under way, and their answers, which are taken in the order of the questions: an
 * experiment's number is part of what a model is told.
 */
import { asksModelOrAgent } from '../core/brief/proposers.ts';
import { aheadOf } from '../core/decide/ahead.ts';
import { capacityOf } from '../core/decide/next-step.ts';
import type { Room } from '../core/decide/step.ts';
import type { Stop } from '../core/decide/stopping.ts';
import { countedRuns, experimentOf } from '../core/journal/history.ts';
import type { Beside } from './beside.ts';
import { type Answer, ask, requestOf, takeAnswer } from './propose.ts';
import type { Study } from './study.ts';
import { untilStopped } from './until-stopped.ts';

export interface Asks {
  /** How much may go on at once, as of now. */
  readonly room: (isEnding: boolean) => Room;
  /** Asks for this experiment's proposal. */
  readonly ask: (step: { readonly experiment: number; readonly attempt: number }) => Promise<void>;
  /** Journals the answers whose turn it is. Gives why asking ended the study, once nothing is left that could change that. */
  readonly take: () => Promise<Stop | undefined>;
}

interface Asked {
  readonly experiment: number;
  readonly given: { answer: Answer } | undefined;
}

/** Answers that say how long one takes. */
const remembered = 8;

/** Nothing asked yet in this session. */
export function createAsks(study: Study, beside: Beside): Asks {
  const { lab } = study;
  const asksModel = asksModelOrAgent(lab.brief);
  const thought: number[] = [];
  let asked: Asked[] = [];
  let isResting = false;

  const isDone = () => study.history().unsettled.length === 0 && asked.length === 0 && beside.isIdle();
  const isFull = () => capacityOf(study.history(), room(false)) <= 0;

  const room = (isEnding: boolean): Room => {
    const { slots } = lab;
    const history = study.history();
    const runs = countedRuns(experimentOf(history, history.incumbent)).flatMap(({ result }) => result?.seconds ?? []);
    const ahead = aheadOf(lab.brief.ahead, { slots, asksModel, thought, runs });
    // A search answers at once, and is to know what it proposed last.
    const asks = isResting ? 0 : asksModel ? slots + ahead : 1;
    const opens = asksModel && lab.brief.ahead !== 0;
    return {
      slots,
      ahead,
      asks,
      asked: asked.map(({ experiment }) => experiment),
      opens,
      taken: study.spareSlots.taken(),
      isEnding,
    };
  };

  return {
    room,
    ask: async (step) => {
      const request = await requestOf(study, step);
      const { experiment } = step;
      asked = [...asked, { experiment, given: undefined }].sort((one, other) => one.experiment - other.experiment);
      beside.start(`ask ${experiment}`, async () => {
        const began = lab.liveSeconds();
        let waited = 0;
        const spareSlot = async (signal: AbortSignal) => {
          const from = lab.liveSeconds();
          const spare = await study.spareSlots.take(signal);
          waited += lab.liveSeconds() - from;
          return spare;
        };
        const answer = await ask(study, { ...request, spareSlot });
        if (answer?.kind === 'reply')
          thought.splice(0, thought.length, ...thought.slice(1 - remembered), lab.liveSeconds() - began - waited);
        asked = asked.map((each) => (each.experiment === experiment ? { experiment, given: { answer } } : each));
        const { afterwards } = answer?.kind === 'reply' && answer.reply.kind === 'proposal' ? answer.reply : {};
        if (afterwards) beside.start('afterwards', () => untilStopped(study, afterwards));
      });
    },
    take: async () => {
      if (isResting && isDone()) isResting = false;
      for (;;) {
        const [first] = asked;
        const { handedIn, settled } = study.history();
        // An answer that came while the baseline runs is the first experiment's, and waits for what it is judged by.
        if (!first?.given || settled.length === 0 || handedIn.length > 0 || isFull()) return undefined;
        asked = asked.slice(1);
        const stop = await takeAnswer(study, first.given.answer);
        if (!stop) continue;
        if (isDone()) return stop;
        // What is under way may bring a keep, and with it something to try.
        isResting = true;
      }
    },
  };
}
