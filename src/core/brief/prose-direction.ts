/**
 * Where the prose of a brief says which way its metric is better, such as "get the highest val_auc".
 *
 * It looks for plain sentences about the metric alone and passes over what is said of anything else: an owner whose
 * prose is misread cannot start a study.
 */
import { literalPattern } from '../base/literal-pattern.ts';
import type { Goal } from '../base/metric.ts';
import { directionWordsIn } from '../base/metric-direction.ts';

/** One statement of the prose. */
export interface Statement {
  readonly goal: Goal;
  /** The words that say it, as written but on one line. */
  readonly words: string;
  /** Where they begin in the prose. */
  readonly at: number;
}

/** All that the prose says of the direction of the metric with this name, in its order. */
export function directionsInProse(prose: string, metric: string): readonly Statement[] {
  const mention = mentionOf(metric);
  const patterns = patternsFor(mention);
  const found = patterns.flatMap((pattern) =>
    [...prose.matchAll(pattern)].flatMap((match) => statementOf(prose, match, mention)),
  );
  return found.toSorted((a, b) => a.at - b.at);
}

const up = 'higher|highest|larger|largest|bigger|greater|greatest|maximum|maximal|maximi[sz](?:e|es|ed|ing)';
const down = 'lower|lowest|smaller|smallest|less|minimum|minimal|minimi[sz](?:e|es|ed|ing)';
/** Blanks, marks of emphasis and code, and at most one line break. All repetitions are bounded, or long prose takes for ever. */
const gap = '[ \\t*_`"\'“”‘’]{0,4}\\n?[ \\t*_`"\'“”‘’>]{1,8}';

/** What the metric is called: its name, the words of it that say a direction, and their long forms. */
function mentionOf(metric: string): string {
  const spaced = metric.split(/[_\-/. ]+/).map(literalPattern);
  const short = directionWordsIn(metric).flatMap((word) => [word, ...(longForms[word] ?? [])]);
  const names = [literalPattern(metric), spaced.join('[_\\-/. ]'), ...short.map(literalPattern), generic];
  return `(?<![\\w-])[\`*"'“‘]{0,4}(?:${names.join('|')})(?![\\w])`;
}

/** Any metric, where nothing says of which kind: "the score", never "the CLIP score". */
const generic = '(?:(?<=\\bthe[ \\n])|(?<=^[-*# ]{0,8}))(?:metric|score|objective)';

const longForms: Readonly<Record<string, readonly string[]>> = {
  acc: ['accuracy'],
  accuracy: ['acc'],
  bpb: ['bits per byte'],
  ppl: ['perplexity'],
  perplexity: ['ppl'],
  err: ['error'],
  wer: ['word error rate'],
  mse: ['mean squared error'],
  mae: ['mean absolute error'],
  auc: ['area under the curve'],
};

/** In each, the groups `way` and, where the metric is named, what surrounds it. */
function patternsFor(mention: string): readonly RegExp[] {
  const way = `(?<way>\\b(?:${up}|${down}))`;
  const better = `(?:${gap}(?:values?|scores?|numbers?|is|are|=|the|means)){0,3}${gap}better\\b`;
  // A few words of its own before the name: "the mean validation accuracy", never "throughput without hurting".
  const qualifiers = `(?:${gap}(?!${otherClause})[\\w-]{1,30}){0,4}?${gap}`;
  const end = `[\`*"'”’]{0,4}(?=\\s{0,4}(?:$|[.,;:!?()\\n—–]|(?:${follow})\\b))`;
  return [
    `${way}${better}`,
    `${way}${gap}(?:values?${gap}of${gap})?(?:the${gap})?${mention}[\`*"'”’]{0,4}${gap}(?:is|are)${gap}better\\b`,
    `(?<way>\\b(?:maximi[sz](?:e|ing)|minimi[sz](?:e|ing)))${qualifiers}${mention}${end}`,
    `\\b(?:${aims})${gap}(?:for${gap})?(?:the|as|a)${gap}${way}(?:${gap}possible)?${qualifiers}${mention}${end}`,
    `${mention}[\`*"'”’]{0,4}(?:${gap}(?:should|must|is|has|needs|to|be)){1,3}${gap}(?<way>maximi[sz]ed|minimi[sz]ed)\\b`,
  ].map((source) => new RegExp(source, 'gimu'));
}

const aims = 'get|gets|reach|achieve|find|obtain|want|seek|target|aim|aiming|push|is|towards?|to|has|with';
const otherClause = '(?:without|while|but|and|by|subject|under|keeping|then|not|instead|or|with|when|if|that|which)\\b';
const follow =
  'on|of|in|for|by|over|at|within|while|without|after|as|and|with|from|under|using|subject|given|that|you|we|is|possible|here|now|only|alone';

function statementOf(prose: string, match: RegExpExecArray, mention: string): readonly Statement[] {
  const [text] = match;
  const at = match.index;
  const way = match.groups?.way ?? '';
  const before = clauseBefore(prose, at);
  if (/\b(?:not|never|don['’]t|cannot|instead of|rather than|whether)\b[^,;]{0,24}$/iu.test(before)) return [];
  if (/better$/iu.test(text) && !new RegExp(mention, 'imu').test(text) && !isOfMetric(prose, match, mention)) return [];
  const goal = new RegExp(`^(?:${up})`, 'iu').test(way) ? 'maximize' : 'minimize';
  return [{ goal, words: text.replace(/[\s*`]+/g, ' ').trim(), at }];
}

/** So far back a sentence may begin. */
const maxClauseCharacters = 400;

/** The text from the last end of a sentence, list item or table cell to here. */
function clauseBefore(prose: string, at: number): string {
  const clauses = prose
    .slice(Math.max(0, at - maxClauseCharacters), at)
    .split(/[.!?;](?=\s)|\n\s*\n|\n\s*(?=[-*#|\d])|\|/u);
  return clauses.at(-1) ?? '';
}

/** Whether "higher is better" is said of the metric: of the last thing named before it, or of nothing else at all. */
function isOfMetric(prose: string, match: RegExpExecArray, mention: string): boolean {
  const named = `${mention}|\`[^\`]+\`|\\b\\w+_\\w+\\b|\\b(?:${others})\\b`;
  const isIt = (thing: string | undefined) => thing !== undefined && new RegExp(`^(?:${mention})`, 'iu').test(thing);
  const after = /^[\s*`]*(?:for|in)\s+(?:the\s+)?(.{1,40})/iu.exec(prose.slice(match.index + match[0].length))?.[1];
  if (after !== undefined) return isIt(after);
  const clause = clauseBefore(prose, match.index);
  const last = lastMatch(clause, named);
  if (last !== undefined) return isIt(last);
  if (/\p{L}{2}/u.test(clause.replace(/\b(?:the|so|thus|here|and|where|with|because|a|of course)\b/giu, '')))
    return false;
  const earlier = lastMatch(prose.slice(Math.max(0, match.index - 200), match.index - clause.length), named);
  return earlier === undefined ? /^(?:the\s+)?(?:higher|lower)/iu.test(match[0]) : isIt(earlier);
}

/** Other things that are measured, and so may be what a direction is said of. */
const others =
  'throughput|memory|speed|latency|accuracy|acc|loss|perplexity|error|time|vram|cost|rate|params|parameters|depth|width';

function lastMatch(text: string, pattern: string): string | undefined {
  return [...text.matchAll(new RegExp(pattern, 'gimu'))].at(-1)?.[0];
}
