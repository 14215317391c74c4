/**
 * The budget of a run, from how long the script trained when it was run once.
 */

/** How the script came to its end, as far as the budget is concerned. */
export type Ended =
  /** By itself, after so many seconds. */
  | { readonly kind: 'by-itself'; readonly seconds: number; readonly scoreAfter?: number | undefined }
  /** By the budget, which it reads. */
  | { readonly kind: 'by-budget' }
  /** At the limit of the look; it would have gone on. */
  | {
      readonly kind: 'at-limit';
      readonly seconds: number;
      readonly log: string;
      /** Seconds after which the score had been seen, where that is known. */
      readonly scoreAfter?: number | undefined;
    };

export interface BudgetGuess {
  readonly seconds: number;
  /** Why, as the end of a sentence. */
  readonly why: string;
  /** Whether a run is ended when its budget is over, since the script would go on. */
  readonly endsAtBudget: boolean;
}

/** Time that a longer candidate may take beyond the script as it is. */
const margin = 1.5;
/** The same for a score that comes late in a run: a slower candidate still has one, mostly two. */
const marginOfScore = 2.2;
const usualSeconds = 300;
/** A script that takes longer than this is ended at its budget: a night would hold too few experiments. */
const maxWholeSeconds = 1800;

/** The budget: the one that the owner asks for, unless no run would have a score by then; that is said. */
export function guessBudget(ended: Ended, asked?: number): BudgetGuess {
  const guess = guessOf(ended, asked);
  const scoreAfter = ended.kind === 'by-budget' ? undefined : ended.scoreAfter;
  if (!guess.endsAtBudget || scoreAfter === undefined || guess.seconds >= scoreAfter * margin) return guess;
  if (ended.kind === 'by-itself' && ended.seconds <= scoreAfter * margin) return guessOf(ended);
  const why = `its score had come after ${secondsText(scoreAfter)}: ended at its budget`;
  return { seconds: roundUp(scoreAfter * marginOfScore), why, endsAtBudget: true };
}

function guessOf(ended: Ended, asked?: number): BudgetGuess {
  switch (ended.kind) {
    case 'by-budget':
      return plain(asked ?? usualSeconds, 'it reads NOCTURNE_BUDGET_SECONDS, so it can be any');
    case 'by-itself': {
      const why = `it ended by itself after ${secondsText(ended.seconds)}`;
      if (asked === undefined) return plain(roundUp(ended.seconds * margin), why);
      return { seconds: asked, why, endsAtBudget: asked < ended.seconds };
    }
    case 'at-limit': {
      const share = shareDone(ended.log);
      const whole = share === undefined ? undefined : ended.seconds / share;
      const after = `after ${secondsText(ended.seconds)}`;
      const done = share === undefined ? 'it was still running' : `it was ${percentText(share)} done`;
      if (whole === undefined || whole * margin > maxWholeSeconds || (asked !== undefined && asked < whole)) {
        return { seconds: asked ?? usualSeconds, why: `${done} ${after}: ended at its budget`, endsAtBudget: true };
      }
      return plain(asked ?? roundUp(whole * margin), `${done} ${after}, which makes ${secondsText(whole)}`);
    }
    default:
      return ended satisfies never;
  }
}

function plain(seconds: number, why: string): BudgetGuess {
  return { seconds, why, endsAtBudget: false };
}

function percentText(share: number): string {
  return `${Math.max(1, Math.round(share * 100))} %`;
}

/** The share of its work that a log says is done, in (0, 1); undefined where it says none. */
export function shareDone(log: string): number | undefined {
  const lines = log.split(/[\r\n]+/).filter((line) => line.trim() !== '');
  for (const line of lines.slice(-50).reverse()) {
    const [, done = '', all = ''] =
      /\b(?:epoch|step|iter|iteration|round|trial|update)s?\W{0,3}(\d+) ?(?:\/|of) ?(\d+)/i.exec(line) ?? [];
    const share = Number(done) / Number(all);
    if (done !== '' && share > 0 && share < 1) return share;
  }
  for (const line of lines.slice(-50).reverse()) {
    const percent = Number(/\b(\d{1,2}(?:\.\d+)?)%(?:\||\))/.exec(line)?.[1] ?? Number.NaN);
    if (percent > 0 && percent < 100) return percent / 100;
  }
  return undefined;
}

const steps = [5, 10, 15, 20, 30, 45, 60, 90, 120, 180, 240, 300, 420, 600, 900, 1200, 1800, 2700, 3600];

/** The next round number of seconds. */
function roundUp(seconds: number): number {
  return steps.find((step) => step >= seconds) ?? Math.ceil(seconds / 1800) * 1800;
}

/** Seconds as people read them. */
export function secondsText(seconds: number): string {
  return seconds < 120
    ? `${seconds < 10 ? seconds.toFixed(1) : Math.round(seconds)} s`
    : `${Math.round(seconds / 60)} min`;
}
