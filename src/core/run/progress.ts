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
  const loss = figure(/\bloss[:=]\s*([-+.\deE]+)/.exec(line));
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

/** Whether a line reports a loss that is not a finite number. */
export function isLossBroken(line: string): boolean {
  return /\bloss[:=]\s*[-+]?(?:nan|inf(?:inity)?)\b/i.test(line);
}

function figure(match: RegExpExecArray | null): number | undefined {
  const value = Number(match?.[1]);
  return match && Number.isFinite(value) ? value : undefined;
}
