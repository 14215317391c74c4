/**
 * Whether a written report still agrees with the journal: compares each of its figures with one that is computed again.
 */

/** The figures of a report by name, as worked out from the journal. */
export type Figures = ReadonlyMap<string, number>;

/** What a report says: the `seq` of the last entry that it was made from, and its figures by name, as written. */
export interface WrittenReport {
  readonly seq: number | undefined;
  readonly figures: readonly (readonly [name: string, value: string])[];
}

/** Reads the attributes in which the page of a report has its figures. */
export function readWrittenReport(page: string): WrittenReport {
  const seq = /<meta name="nocturne-seq" content="(\d+)">/.exec(page)?.[1];
  const named = [...page.matchAll(/data-figure="([^"]*)" (?:value|data-value)="([^"]*)"/g)];
  const points = [...page.matchAll(/data-experiment="(\d+)" data-status="\w+" data-mean="([^"]*)"/g)];
  const figures = [
    ...named.map(([, name = '', value = '']) => [name, value] as const),
    ...points.map(([, experiment = '', value = '']) => [`point.${experiment}`, value] as const),
  ];
  return { seq: seq === undefined ? undefined : Number(seq), figures };
}

/** One sentence for each of the first 10 figures that differ, and one with the number of the others. */
export function findFigureDisagreements(figures: Figures, written: WrittenReport): string[] {
  const problems = written.figures.flatMap(([name, value]) => {
    const expected = figures.get(name);
    const text = expected === undefined ? '' : String(expected);
    return text === value
      ? []
      : [`report.html: ${name} is ${value || 'missing'}, the journal says ${text || 'nothing'}`];
  });
  if (written.figures.length === 0) problems.push('report.html has no figures; `nocturne report` writes it anew');
  return problems.length > 10
    ? [...problems.slice(0, 10), `report.html: ${problems.length - 10} more differ`]
    : problems;
}
