/**
 * The budget of a run, from how long the script trained when it was run once.
 */

/** How the script came to its end, as far as the budget is concerned. */
export type Ended =
  /** By itself, after so many seconds. */
  | { readonly kind: 'by-itself'; readonly seconds: number }
  /** By the budget, which it reads. */
  | { readonly kind: 'by-budget' }
  /** At the limit of the look; it would have gone on. */
  | { readonly kind: 'at-limit'; readonly seconds: number; readonly log: string };

export interface BudgetGuess {
  readonly seconds: number;
  /** Why, as the end of a sentence. */
  readonly why: string;
}

/** Time that a longer candidate may take beyond the script as it is. */
const margin = 1.5;
const usualSeconds = 300;

/** The budget; undefined for a script that nothing says the end of. */
export function guessBudget(ended: Ended): BudgetGuess | undefined {
  switch (ended.kind) {
    case 'by-itself':
      return {
        seconds: roundUp(ended.seconds * margin),
        why: `it ended by itself after ${secondsText(ended.seconds)}`,
      };
    case 'by-budget':
      return { seconds: usualSeconds, why: 'it reads NOCTURNE_BUDGET_SECONDS, so it can be any' };
    case 'at-limit': {
      const share = shareDone(ended.log);
      if (share === undefined) return undefined;
      const whole = ended.seconds / share;
      const percent = Math.max(1, Math.round(share * 100));
      return {
        seconds: roundUp(whole * margin),
        why: `it was ${percent} % done after ${secondsText(ended.seconds)}, which makes ${secondsText(whole)}`,
      };
    }
    default:
      return ended satisfies never;
  }
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

/** `90` as `90s`, `600` as `10m`, as a brief writes it. */
export function durationText(seconds: number): string {
  if (seconds % 3600 === 0) return `${seconds / 3600}h`;
  return seconds % 60 === 0 && seconds >= 120 ? `${seconds / 60}m` : `${seconds}s`;
}

function secondsText(seconds: number): string {
  return seconds < 120
    ? `${seconds < 10 ? seconds.toFixed(1) : Math.round(seconds)} s`
    : `${Math.round(seconds / 60)} min`;
}
