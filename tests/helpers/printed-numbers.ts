/**
 * Every number that a study's pages print of one experiment, each with where it stands: for tests that they all agree.
 */
import type { Entry } from '../../src/core/journal/entry.ts';

/** What a person can read of one study, as text. */
export interface StudyPages {
  /** `git log` of the branch. */
  readonly gitLog: string;
  readonly log: string;
  /** `log --json`: a row a line. */
  readonly logJson: string;
  readonly status: string;
  readonly statusJson: string;
  readonly markdown: string;
  readonly html: string;
  readonly resultsTsv: string;
  /** Standard error of `run`. */
  readonly live: string;
}

/** `score` and `parent` are means, `gain` is above zero for better, `error` is what stands after `±` behind a gain. */
export type Quantity = 'score' | 'parent' | 'gain' | 'error';

export interface Printed {
  readonly where: string;
  readonly experiment: number;
  readonly quantity: Quantity;
  readonly text: string;
}

const number = String.raw`[-+]?\d+(?:\.\d+)?(?:e[-+]?\d+)?`;

/** All printed numbers; the words of a reason count as well. */
export function printedNumbers(pages: StudyPages): Printed[] {
  return [
    ...fromGitLog(pages.gitLog),
    ...fromLog(pages.log),
    ...fromRows(pages.logJson),
    ...fromStatus(pages.status),
    ...fromStatusJson(pages.statusJson),
    ...fromMarkdown(pages.markdown),
    ...fromHtml(pages.html),
    ...fromResults(pages.resultsTsv, pages.logJson),
    ...fromLive(pages.live),
  ];
}

function fromGitLog(text: string): Printed[] {
  return text.split(/^commit /m).flatMap((commit) => {
    const experiment = commit.match(/^ *Experiment: (\d+)$/m)?.[1];
    if (experiment === undefined) return [];
    const move = new RegExp(`\\(\\S+ (${number}) -> (${number})\\)$`, 'm').exec(commit);
    const gain = new RegExp(`^ *Gain: (${number})(?: ± (${number}))?`, 'm').exec(commit);
    return [
      ...printed('git log', experiment, { parent: move?.[1], score: move?.[2], gain: gain?.[1], error: gain?.[2] }),
      ...fromPhrase('git log, reason', experiment, commit.match(/^ *Reason: (.*)$/m)?.[1] ?? ''),
    ];
  });
}

function fromLog(text: string): Printed[] {
  const line = new RegExp(`^ *(\\d+) {2}\\w+ +(${number})(?: +(${number}|0\\.0+))? {2}`);
  return text.split('\n').flatMap((each) => {
    const [, experiment, score, gain] = line.exec(each) ?? [];
    return experiment === undefined ? [] : printed('log', experiment, { score, gain });
  });
}

function fromRows(text: string): Printed[] {
  return lines(text).flatMap((line) => {
    const { experiment, metric, gain, delta, error } = JSON.parse(line);
    return [
      ...printed('log --json', experiment, { score: metric, gain, error }),
      ...printed('log --json, delta', experiment, { gain: delta }),
    ];
  });
}

function fromStatus(text: string): Printed[] {
  const baseline = new RegExp(`^baseline +\\S+ (${number})`, 'm').exec(text);
  const best = new RegExp(`^best +\\S+ (${number}) \\((?:experiment (\\d+))?`, 'm').exec(text);
  return [
    ...printed('status', 0, { score: baseline?.[1] }),
    ...printed('status', best?.[2] ?? 0, { score: best?.[1] }),
  ];
}

function fromStatusJson(text: string): Printed[] {
  const { baseline, best } = JSON.parse(text);
  return [
    ...printed('status --json', 0, { score: baseline?.mean }),
    ...printed('status --json', best?.experiment ?? 0, { score: best?.mean }),
  ];
}

function fromMarkdown(text: string): Printed[] {
  const headline = new RegExp(`^\\*\\*\\S+ (${number}) -> (${number})\\*\\*`, 'm').exec(text);
  const best = text.match(/The best is experiment (\d+)/)?.[1] ?? 0;
  const cards = text.split(/^### /m).slice(1);
  return [
    ...printed('report.md, headline', 0, { score: headline?.[1] }),
    ...printed('report.md, headline', best, { score: headline?.[2] }),
    ...cards.flatMap((card) => {
      const experiment = Number.parseInt(card, 10);
      const facts = card.split('\n')[2] ?? '';
      const move = new RegExp(`^\\S+ (${number}) -> (${number}), `).exec(facts);
      return [
        ...printed('report.md, card', experiment, { parent: move?.[1], score: move?.[2] }),
        ...fromPhrase('report.md, card', experiment, facts),
      ];
    }),
    ...[...text.matchAll(new RegExp(`^- (\\d+)\\. .* \\((${number})\\): (.*)$`, 'gm'))].flatMap(
      ([, experiment = '', gain, reason = '']) => [
        ...printed('report.md, near-misses', experiment, { gain }),
        ...fromPhrase('report.md, near-misses', experiment, reason),
      ],
    ),
    ...[...text.matchAll(new RegExp(`^\\| (\\d+) \\| \\w+ \\| (${number})? \\| (${number})? \\|`, 'gm'))].flatMap(
      ([, experiment = '', score, gain]) => printed('report.md, attempts', experiment, { score, gain }),
    ),
  ];
}

function fromHtml(html: string): Printed[] {
  const best = html.match(/data-figure="best.experiment" value="(\d+)"/)?.[1] ?? 0;
  const headline = textOf(html.match(/<h1>(.*?)<\/h1>/s)?.[1] ?? '').match(new RegExp(number, 'g')) ?? [];
  const cards = [...html.matchAll(/<details class="card" id="e(\d+)".*?<\/details>/gs)];
  const rows = [...html.matchAll(/<tr class="is-\w+" id="a(\d+)">(.*?)<\/tr>/gs)];
  const misses = [
    ...html.matchAll(/<li><a href="#a(\d+)">\d+<\/a>.*?<span class="\w+">(.*?)<\/span><br>(.*?)<\/li>/gs),
  ];
  const dots = [...html.matchAll(/<title>(\d+): [^<]*?\(\w+, ([^<]*?)\)<\/title>/g)];
  return [
    ...printed('report.html, headline', 0, { score: headline.at(0) }),
    ...printed('report.html, headline', best, { score: headline.at(-1) }),
    ...cards.flatMap(([card, experiment = '']) => {
      const move = new RegExp(`(${number}) → (${number}), `).exec(textOf(card));
      const gain = textOf(card.match(/<span class="gain[^"]*">(.*?)<\/span>/s)?.[1] ?? '');
      return [
        ...printed('report.html, card', experiment, { parent: move?.[1], score: move?.[2], gain }),
        ...fromPhrase('report.html, card', experiment, textOf(card)),
      ];
    }),
    ...rows.flatMap(([, experiment = '', cells = '']) => {
      const [, , score, gain] = [...cells.matchAll(/<td>(.*?)<\/td>/gs)].map(([, cell = '']) => textOf(cell));
      return printed('report.html, attempts', experiment, { score, gain });
    }),
    ...misses.flatMap(([, experiment = '', gain = '', reason = '']) => [
      ...printed('report.html, near-misses', experiment, { gain: textOf(gain) }),
      ...fromPhrase('report.html, near-misses', experiment, textOf(reason)),
    ]),
    ...dots.flatMap(([, experiment = '', text = '']) =>
      printed('report.html, figure', experiment, { score: new RegExp(`^${number}`).exec(text)?.[0] }),
    ),
  ];
}

/** Its rows are the experiments that have a verdict, in their order. */
function fromResults(text: string, logJson: string): Printed[] {
  const judged = lines(logJson)
    .map((line) => JSON.parse(line))
    .filter((row) => row.status !== 'running');
  return lines(text)
    .slice(1)
    .flatMap((line, index) => {
      const [commit = '', score, , status] = line.split('\t');
      const row = judged[index];
      if (!row?.commit.startsWith(commit)) throw new Error(`results.tsv: ${line} is not experiment ${row?.experiment}`);
      return status === 'crash' ? [] : printed('results.tsv', row.experiment, { score });
    });
}

function fromLive(text: string): Printed[] {
  let experiment = '';
  return text.split('\n').flatMap((line) => {
    experiment = /^ {0,3}(\d+) /.exec(line)?.[1] ?? experiment;
    const verdict = new RegExp(`^ {5}(${number}) {2}(?:kept|reverted): (.*)$`).exec(line);
    if (!verdict) return [];
    return [...printed('run', experiment, { score: verdict[1] }), ...fromPhrase('run', experiment, verdict[2] ?? '')];
  });
}

/** A sentence such as `better by 0.034 ± 0.012`; what is called estimated, or of the past, is left out. */
function fromPhrase(where: string, experiment: string | number, text: string): Printed[] {
  const [present = ''] = text.split(/When it was (?:kept|judged):/);
  const phrases = present.matchAll(new RegExp(`(estimated )?(better|worse) by (${number})(?: ± (${number}))?`, 'g'));
  return [...phrases].flatMap(([, estimated, word, size, error]) => {
    if (estimated !== undefined || size === undefined) return [];
    return printed(where, experiment, { gain: word === 'worse' ? `-${size}` : size, error });
  });
}

function printed(
  where: string,
  experiment: string | number,
  texts: Partial<Record<Quantity, string | number | null | undefined>>,
): Printed[] {
  const quantities: readonly Quantity[] = ['score', 'parent', 'gain', 'error'];
  return quantities.flatMap((quantity) => {
    const text = texts[quantity];
    if (text === undefined || text === null || text === '') return [];
    return [{ where, experiment: Number(experiment), quantity, text: String(text) }];
  });
}

function textOf(markup: string): string {
  return markup
    .replace(/<[^>]*>/g, '')
    .replaceAll('&gt;', '>')
    .replaceAll('&lt;', '<')
    .replaceAll('&amp;', '&');
}

function lines(text: string): string[] {
  return text.split('\n').filter((line) => line !== '');
}

/** What the journal says of an experiment, worked out from its runs alone. */
export interface Truth {
  readonly score: number | undefined;
  readonly parent: number | undefined;
  readonly gain: number | undefined;
}

/** What is true of an experiment now, and what was when it had its verdict, with the error that the verdict gives. */
export interface Truths extends Truth {
  readonly atVerdict: (Truth & { readonly error: number | undefined }) | undefined;
}

/** The truth about each experiment of a study that minimizes. An incumbent that runs again after its verdict moves its own, and those of others that it is the parent of. */
export function truthsOf(entries: readonly Entry[]): ReadonlyMap<number, Truths> {
  const atVerdict = new Map<number, Truths['atVerdict']>();
  for (const [index, entry] of entries.entries()) {
    if (entry.event !== 'verdict-given') continue;
    const then = measuredIn(entries.slice(0, index)).get(entry.experiment);
    if (then) atVerdict.set(entry.experiment, { ...then, error: entry.verdict.statistics?.error });
  }
  return new Map(
    [...measuredIn(entries)].map(([experiment, now]) => [experiment, { ...now, atVerdict: atVerdict.get(experiment) }]),
  );
}

function measuredIn(entries: readonly Entry[]): ReadonlyMap<number, Truth> {
  const scores = new Map<number, number[]>();
  const parents = new Map<number, number>();
  for (const entry of entries) {
    if (entry.event === 'proposal-made') parents.set(entry.experiment, entry.parent);
    if (entry.event !== 'run-ended' || !entry.result.measurement || entry.result.contention?.isRepeated) continue;
    scores.set(entry.experiment, [...(scores.get(entry.experiment) ?? []), entry.result.measurement.value]);
  }
  const meanOf = (experiment: number | undefined) => {
    const values = experiment === undefined ? undefined : scores.get(experiment);
    return values && values.reduce((sum, value) => sum + value, 0) / values.length;
  };
  return new Map(
    [0, ...parents.keys()].map((experiment) => {
      const [score, parent] = [meanOf(experiment), meanOf(parents.get(experiment))];
      const gain = score === undefined || parent === undefined ? undefined : parent - score;
      return [experiment, { score, parent, gain }];
    }),
  );
}

/** One sentence for each printed number that is not the truth, rounded; and for errors of one gain that differ. */
export function disagreements(pages: StudyPages, truths: ReadonlyMap<number, Truths>): string[] {
  const all = printedNumbers(pages);
  const errors = new Map(
    lines(pages.logJson)
      .map((line) => JSON.parse(line))
      .map((row) => [row.experiment, row.error]),
  );
  return all.flatMap(({ where, experiment, quantity, text }) => {
    // A commit and a line of `run` stay as they were written.
    const told = /^(?:git log|run)\b/.test(where) ? truths.get(experiment)?.atVerdict : undefined;
    const now = quantity === 'error' ? errors.get(experiment) : truths.get(experiment)?.[quantity];
    const truth = told?.[quantity] ?? now;
    if (truth !== undefined && truth !== null && Math.abs(Number(text) - truth) <= halfUnitOf(text)) return [];
    return [`${where}: ${quantity} of experiment ${experiment} is ${text}, not ${truth}`];
  });
}

/** Half of the last digit that is printed. */
function halfUnitOf(text: string): number {
  const [digits = '', exponent = '0'] = text.split('e');
  const decimals = digits.split('.')[1]?.length ?? 0;
  return 0.5000001 * 10 ** (Number(exponent) - decimals);
}

/** The heights of the staircase in report.html, from left to right, in pixels from the top: better is lower down. */
export function staircaseOf(html: string): number[] {
  const path = html.match(/class="best" d="M[\d.]+ ([\d.]+)([^"]*)"/);
  return path ? [path[1], ...[...(path[2] ?? '').matchAll(/V([\d.]+)/g)].map(([, y]) => y)].map(Number) : [];
}
