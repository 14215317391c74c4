/**
 * The scores that a script's output mentions in words: a few words, a mark or a blank, and a number.
 *
 * It offers names and patterns; whether the reader of a run's score finds the same number is for its caller to see.
 */

import { literalPattern } from '../base/literal-pattern.ts';
import type { Goal } from '../base/metric.ts';
import { goalInName } from '../base/metric-direction.ts';
import { plainText } from '../base/plain-text.ts';
import { parseStrictNumber } from '../base/strict-number.ts';
import { withoutLogPrefix } from '../run/log-line.ts';
import { tokenAt } from '../run/number-token.ts';
import { withShare } from '../run/share.ts';

/** What a number was measured on, as far as its name or its line says. */
export type Split = 'held-out' | 'training' | 'unsaid';

/** A number with a name that may be a score. */
export interface Found {
  readonly name: string;
  readonly value: number;
  /** Which way is better, where the form says it and the name does not. */
  readonly goal?: Goal;
  readonly split: Split;
  readonly line: string;
  readonly form: 'declared' | 'printed';
  /** Patterns that may read it, the simplest first. */
  readonly patterns: readonly string[];
  /** Lines between it and the end of the output. */
  readonly fromEnd: number;
  readonly count: number;
  /** What the line begins with, before a colon and without its figures: `Random Forest` of `Random Forest: AUC 0.9`. */
  readonly head?: string;
}

/** Whether a brief may have the text as a metric's name. */
export function isName(text: string): boolean {
  return /^[^\s:=,|]+$/.test(text);
}

const word = String.raw`[A-Za-z_][\w.@/-]*`;
const words = String.raw`(?<![\w./])(?<!\w')(?:${word}(?:'s)? ){0,3}${word}`;
const number = String.raw`[-+]?(?:\d+\.?\d*|\.\d+)(?:[eE][-+]?\d+)?(?!\w|[.,]\d)`;
/** A few words, a mark or a blank, and a number: `val_loss: 0.53`, `'eval_loss': 2.3`, `val loss 0.53`, `Accuracy: 99/100 (99%)`. */
const mention = new RegExp(
  String.raw`(?<phrase>${words}(?: ?\((?:%|[a-z]+)\))?)(?<mark>['"]?\s*(?:[:=|]|->|=>)?\s*(?:\d+/\d+ ?\(|(?:torch\.)?tensor\(|np\.\w+\(|array\(|\[ *(?=[-+.\deE]+ *\]))?['"]?)(?<number>${number})(?<after>%|/\d)?`,
  'g',
);

/** The scores that a log mentions, in its order. */
export function mentions(log: string): Found[] {
  const lines = plainText(log)
    .split('\n')
    .filter((line) => line.trim() !== '');
  return lines.flatMap((line, index) => mentionsOn(line.slice(0, maxLineCharacters), lines.length - 1 - index));
}

/** Longer lines are data. */
export const maxLineCharacters = 1000;

function mentionsOn(line: string, fromEnd: number): Found[] {
  if (line.includes('METRIC ')) return [];
  return [...line.matchAll(mention)].flatMap((match) => {
    const { phrase = '', mark = '', number: text = '', after = '' } = match.groups ?? {};
    const numberAt = match.index + phrase.length + mark.length;
    const count = /\d+\/\d+ ?\($/.exec(mark)?.index;
    // Of a count with its percentage the count has more digits.
    const valueAt = count === undefined ? numberAt : match.index + phrase.length + count;
    const share = count === undefined ? undefined : withShare(line, tokenAt(line, valueAt)).number?.value;
    const value = share ?? parseStrictNumber(text)?.value;
    if (value === undefined || after.startsWith('/')) return [];
    const said = saidBefore(line, match.index, phrase, mark);
    if (said === undefined) return [];
    const { start, ...rest } = said;
    const average = share === undefined ? averageBehind(line, numberAt + text.length) : undefined;
    const end = average?.at ?? (share === undefined ? numberAt : valueAt);
    const patterns = [patternOf(line.slice(start, end), '(?<![\\w.@/-])'), patternOf(line.slice(0, end), '^')];
    const head = headOf(line.slice(0, start));
    return [
      {
        ...rest,
        value: average?.value ?? value,
        line: line.trim(),
        form: 'printed',
        patterns,
        fromEnd,
        count: 0,
        head,
      },
    ];
  });
}

/** The running average behind a batch's own figure, as meters print both: `Loss 1.382 (1.360)`. */
function averageBehind(line: string, at: number): { readonly value: number; readonly at: number } | undefined {
  const [whole, opening = '', text = ''] = averaged.exec(line.slice(at)) ?? [];
  const value = parseStrictNumber(text)?.value;
  return whole === undefined || value === undefined ? undefined : { value, at: at + opening.length };
}

const averaged = /^( ?\( *)([-+]?\d+\.\d+(?:e[-+]?\d+)?)\)/;

function headOf(before: string): string {
  const [, head = ''] = /^\s*([^:=|]*[A-Za-z][^:=|]*?)\s*:/.exec(withoutLogPrefix(before)) ?? [];
  return head
    .replace(/[\d#/()[\]]+/g, ' ')
    .replace(/\s+/g, ' ')
    .trim();
}

type Said = Pick<Found, 'name' | 'goal' | 'split'> & { readonly start: number };

/** The name that a line says before a number, and where what says it begins; undefined where that is no score's. */
function saidBefore(line: string, at: number, phrase: string, mark: string): Said | undefined {
  // `accuracy is 0.9` says it as `accuracy: 0.9` does.
  const hasVerb = / (?:is|was|equals)$/.test(phrase);
  const named = phrase.replace(/ (?:is|was|equals)$/, '');
  // Between words and a number a blank says less than a mark: the last word must be that of a score.
  const isMarked = hasVerb || /[:=|>(]/.test(mark);
  if (!isMarked && !isScoreWord(named.split(' ').at(-1) ?? '')) return undefined;
  const possessive = /(\w+)'s (\S+)$/.exec(named);
  if (possessive !== null) return ofDataSet(possessive, at);
  const own = splitOf(named);
  const context = own === 'unsaid' ? contextOf(line.slice(0, at)) : undefined;
  const name = nameOf(context === undefined ? named : `${context.word} ${named}`);
  const split = context === undefined ? own : splitOf(context.word);
  if (goalInName(name) === undefined) {
    const sentence = sentenceBefore(line.slice(0, at + named.length));
    if (sentence !== undefined) return sentence;
  }
  return isScore(name) ? { name, split, start: context?.at ?? at } : undefined;
}

/** Metrics of LightGBM whose names alone may be those of anything. */
const lossesOfBoosting = /^(?:l1|l2|quantile|fair|poisson|gamma|tweedie|kullback_leibler)$/;

/** LightGBM's `valid_0's l2: 0.3`, which is read as `valid_0-l2`. */
function ofDataSet(
  { 0: text, 1: set = '', 2: metric = '', index, input }: RegExpExecArray,
  at: number,
): Said | undefined {
  const isLoss = lossesOfBoosting.test(metric);
  const name = `${set}-${metric}`;
  if (!isLoss && !isScore(name)) return undefined;
  const start = at + input.length - text.length;
  return { name, split: splitOf(set), start: index === 0 ? at : start, ...(isLoss ? { goal: 'minimize' } : {}) };
}

const sentence = /(?:^|[|,;:]\s*|\s)((?:[A-Za-z][\w-]* )?[A-Za-z][\w-]*) (?:of|on|for|over|in) [^:=|,;]*$/;

/** A sentence that begins with its score, such as `Accuracy of the network on the 10000 test images`. */
function sentenceBefore(text: string): Said | undefined {
  const match = sentence.exec(text);
  const said = match?.[1]?.split(' ').findLast((each) => goalInName(each) !== undefined);
  if (match === null || said === undefined) return undefined;
  const [set] =
    /\b(?:val|valid|validation|test|eval|evaluation|dev|holdout|train|training)\b/i.exec(text.slice(match.index)) ?? [];
  const name = [set, said]
    .filter((each) => each !== undefined)
    .join('_')
    .toLowerCase();
  const start = match.index + match[0].indexOf(said);
  return { name, split: splitOf(set ?? ''), start };
}

/** A word such as `Test set:` or `[val]` at the head of a line, for what the line says behind it. */
function contextOf(before: string): { readonly word: string; readonly at: number } | undefined {
  const found = [
    ...before.matchAll(
      /(?:^|[\s[|(>-])(val|valid|validation|test|eval|evaluation|dev|holdout|train|training)\b(?=[^\d=]*(?:[:\]|>)=-]|set\b|results?\b|\s))/gi,
    ),
  ].at(-1);
  if (found?.[1] === undefined) return undefined;
  return { word: found[1], at: (found.index ?? 0) + found[0].length - found[1].length };
}

/** A regular expression for a number behind this text: figures in the text may differ, blanks may be more or fewer. */
function patternOf(before: string, opening: string): string {
  const pieces = before.split(/(\s+|[-+]?\d[\d.]*(?:[eE][-+]?\d+)?(?![A-Za-z_]))/);
  const source = pieces.map((piece, index) => {
    if (index % 2 === 0) return literalPattern(piece);
    return /^\s/.test(piece) ? '[ \\t]*' : '[-+.\\w]+';
  });
  return `${opening}${source.join('')}([-+.\\w]+)`;
}

function nameOf(phrase: string): string {
  const plain = phrase.replace(/ ?\((?:%|[a-z]+)\)$/, '').replace(/[.:/-]+$/, '');
  if (!plain.includes(' ')) return plain;
  const words = plain.toLowerCase().split(' ');
  const said = words.filter(
    (each) =>
      !/^(?:the|final|epoch|step|iter|iteration|round|fold|result|results|set|of|on|overall|info|at|in)$/.test(each),
  );
  return (said.length === 0 ? words : said).join('_');
}

const heldOut = /(?:^|[^a-z])(?:val|valid|validation|test|eval|evaluation|dev|holdout|held|oof|cv)(?:$|[^a-z])/i;
const training = /(?:^|[^a-z])(?:train|training|tr)(?:$|[^a-z])/i;

/** What a name or a few words say of what was measured. */
export function splitOf(phrase: string): Split {
  const spaced = phrase
    .replace(/(?<=[a-z])(?=[A-Z])/g, '_')
    .replace(/^(val|valid|test|eval|dev|train)(?=loss|acc|auc|f1|bpb|ppl|mse|rmse|mae)/i, '$1_');
  if (heldOut.test(spaced)) return 'held-out';
  return training.test(spaced) ? 'training' : 'unsaid';
}

/** Names of what a run costs or how far it is, which is no score of what it has learnt. */
const resources =
  /time|sec|elapsed|latency|eta|speed|throughput|per_s|tps|fps|mfu|hfu|_ms$|^ms$|memory|vram|_mb$|_gb$|uptime|overhead|epoch|step|iter|batch|patience|warmup|^lr$|learning_rate|weight_decay|smoothing|scale|coef|lambda|alpha|gamma|grad|norm|param|seed|bandwidth|success(?:es)?$|passed|passing|failed|failures?$|cost$/i;
const open =
  /(?:^|[^a-z])(?:score|metric|objective|fitness|reward|return|elbo|entropy|quality|val|validation)(?:$|[^a-z])/i;

/** Whether a name may be that of a score. */
export function isScore(name: string): boolean {
  return isName(name) && !resources.test(name) && (goalInName(name) !== undefined || open.test(name));
}

function isScoreWord(text: string): boolean {
  return goalInName(text) !== undefined || open.test(text);
}
