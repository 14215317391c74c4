/**
 * Live figures out of the end of a training log: `step=… loss=… progress=…`, or karpathy's `step 00010 (3.2%) | loss: 5.3`.
 */

export interface Progress {
  readonly step?: number;
  readonly loss?: number;
  /** Share of the budget used, in [0, 1]. */
  readonly progress?: number;
}

/** The last progress line of a text whose lines end in `\n` or `\r`; undefined when there is none. */
export function readProgress(text: string): Progress | undefined {
  const lines = text.split(/[\r\n]+/);
  for (let index = lines.length - 1; index >= 0; index--) {
    const progress = parseLine(lines[index] ?? '');
    if (progress) return progress;
  }
  return undefined;
}

function parseLine(line: string): Progress | undefined {
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

function figure(match: RegExpExecArray | null): number | undefined {
  const value = Number(match?.[1]);
  return match && Number.isFinite(value) ? value : undefined;
}
