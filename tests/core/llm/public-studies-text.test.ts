import { expect, test } from 'vitest';
import { formatPercent } from '../../../src/core/base/format.ts';
import { publicStudiesLines } from '../../../src/core/llm/public-studies-text.ts';
import { publicFigure, publicStudies } from '../../../src/core/views/standing/public-studies.ts';
import doubtful from '../../../src/data/evidence/doubtful-keeps.json' with { type: 'json' };

const linesFor = (name: string, goal: 'minimize' | 'maximize') =>
  publicStudiesLines({ frozen: { metric: { name, goal } } } as never)
    .split('\n\n')[1]
    ?.split('\n') ?? [];

test.each([
  ['val_bpb', 'minimize', 'lm_bpb'],
  ['accuracy', 'maximize', 'accuracy'],
  ['rmse', 'minimize', 'error'],
] as const)(
  'a model is told of public studies of the kind of %s in five lines, each figure with its count',
  (name, goal, kind) => {
    const lines = linesFor(name, goal);
    const studies = publicStudies(kind);
    expect(lines).toHaveLength(5);
    expect(lines[0]).toContain(`${studies.studies.length} public studies by agents on `);
    expect(lines[0]).toContain(
      `(${studies.repositories} repositories, ${studies.experiments} experiments, self-reported)`,
    );
    expect(lines[1]).toContain(formatPercent(publicFigure(studies, 'keep rate')?.median ?? 0));
    expect(lines[2]).toContain(formatPercent(publicFigure(studies, 'gain by 10')?.median ?? 0));
    const row = doubtful.rows.find((each) => each.what.startsWith('under one sigma') && each.kind === 'all');
    expect(lines[3]).toContain(`(${row?.keeps} of ${row?.of}, ${row?.repos} repositories)`);
    expect(lines[4]).toContain(`${publicFigure(studies, 'longest drought')?.median}`);
  },
);
