/**
 * Live figures out of a training log: `step=… loss=… progress=…`, or karpathy's `step 00010 (3.2%) | loss: 5.3`. Lines end
 * in `\n` or `\r`.
 */

export interface Progress {
  readonly step?: number;
  /** Absent when the line has none, or one that is not finite. */
  readonly loss?: number;
  /** Share of the budget used, in [0, 1]. */
  readonly progress?: number;
}

/** What a line of progress looks like, for the supervisor, which notes when they come: as a regular expression. */
export const progressPattern = '\\bstep[= ]+[0-9]|\\bloss[:=][ \\t]{0,20}[-+.0-9]';

/** The last progress line of a text; undefined when there is none. */
export function readProgress(text: string): Progress | undefined {
  return text
    .split(/[\r\n]+/)
    .map(readProgressLine)
    .findLast((progress) => progress !== undefined);
}

/** The figures of one line; undefined when it is no progress line. */
export function readProgressLine(line: string): Progress | undefined {
  const step = figure(/\bstep[= ]+(\d+)/.exec(line));
  const loss = lossesIn(line).find(({ value }) => value !== undefined)?.value;
  if (step === undefined && loss === undefined) return undefined;
  const share = figure(/\bprogress=([\d.]+)/.exec(line));
  const percent = figure(/\(([\d.]+)%\)/.exec(line));
  const progress = share ?? (percent === undefined ? undefined : percent / 100);
  return {
    ...(step === undefined ? {} : { step }),
    ...(loss === undefined ? {} : { loss }),
    ...(progress === undefined ? {} : { progress: Math.min(1, progress) }),
  };
}

/** A loss in a line. */
export interface PrintedLoss {
  /** The word before it, such as `train` or `val`; empty where there is none. */
  readonly label: string;
  /** Absent when it is no finite number. */
  readonly value?: number;
}

/** The losses of a line in their order, without those of another time, such as `best loss: inf`. */
export function lossesIn(line: string): readonly PrintedLoss[] {
  if (!/loss/i.test(line)) return [];
  return [...line.matchAll(printedLoss)].flatMap(([, word = '', text = '']) => {
    const label = word.toLowerCase();
    if (ofAnotherTime.has(label)) return [];
    const value = Number(text);
    return [text !== '' && Number.isFinite(value) ? { label, value } : { label }];
  });
}

const printedLoss =
  /(?:(?<![\p{L}\p{N}_])(\p{L}{1,20})[ \t]{1,3})?(?<![\p{L}\p{N}_])loss[:=]\s{0,20}([-+]?(?:nan|inf(?:inity)?(?!\p{L})|[.\d][-+.\deE]*))/giu;
const ofAnotherTime = new Set('best lowest min minimum previous prev last old initial target'.split(' '));

function figure(match: RegExpExecArray | null): number | undefined {
  const value = Number(match?.[1]);
  return match && Number.isFinite(value) ? value : undefined;
}
