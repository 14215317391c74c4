import { describe, expect, it } from 'vitest';
import { createGridResearcher } from '../../../../src/adapters/researchers/grid-researcher.ts';
import { createRandom } from '../../../../src/core/base/random.ts';
import type { Space } from '../../../../src/core/space/knob.ts';
import { buildSpace } from '../../../../src/core/space/range/build-space.ts';
import { isActive } from '../../../../src/core/space/range/conditions.ts';
import { rangeContains } from '../../../../src/core/space/range/range-contains.ts';
import { drawSettings } from '../../../../src/core/space/search/draw-settings.ts';
import { proposalOf, requestFor } from '../../../contracts/researcher-contract.ts';
import { createJournal, scored } from '../../../helpers/journal.ts';
import { knob } from '../../../helpers/knob.ts';

const lines = ['OPTIMIZER = "sgd"', 'MOMENTUM = 0.9', 'NESTEROV = False', 'BETAS = (0.9, 0.95)', 'LAYERS = 2'];
const declared = {
  OPTIMIZER: 'choice sgd, adam',
  MOMENTUM: '0..0.99 if OPTIMIZER == sgd',
  NESTEROV: 'bool if MOMENTUM > 0',
  BETAS: '(0.8..0.99, 0.9..0.999) if OPTIMIZER == adam',
  LAYERS: 'int 1..3',
};
const space = buildSpace(lines.map(knob), declared, 'program.md');

/** Draws of many seeds, each as knob -> value. */
function draws(of: Space): ReadonlyMap<string, unknown>[] {
  return Array.from({ length: 500 }, (_, index) => {
    const settings = drawSettings(of, createRandom(`draw ${index}`));
    for (const { dimension, to } of settings) expect(rangeContains(dimension.range, to)).toBe(true);
    return new Map(settings.map(({ dimension, to }) => [dimension.knob.name, to]));
  });
}

describe('a conditional knob', () => {
  it('is turned only where its condition holds, before the step and after it', () => {
    const seen = new Set<string>();
    for (const draw of draws(space)) {
      expect(draw.size).toBeGreaterThan(0);
      for (const name of draw.keys()) seen.add(name);
      expect(draw.has('BETAS')).toBe(false);
      if (draw.get('OPTIMIZER') === 'adam') expect(draw.has('MOMENTUM') || draw.has('NESTEROV')).toBe(false);
      if (draw.get('MOMENTUM') === 0) expect(draw.has('NESTEROV')).toBe(false);
    }
    expect([...seen].sort()).toEqual(['LAYERS', 'MOMENTUM', 'NESTEROV', 'OPTIMIZER']);
  });

  it('is turned when the incumbent meets the condition', () => {
    const adam = buildSpace(['OPTIMIZER = "adam"', ...lines.slice(1)].map(knob), declared, 'program.md');
    const names = new Set(draws(adam).flatMap((draw) => [...draw.keys()]));
    expect([...names].sort()).toEqual(['BETAS', 'LAYERS', 'OPTIMIZER']);
  });

  it('does not matter when the knob that it depends on does not', () => {
    const nesterov = space.find((dimension) => dimension.knob.name === 'NESTEROV');
    const settingOf = (optimizer: string) => (_: string, name: string) =>
      name === 'OPTIMIZER' ? optimizer : undefined;
    expect(nesterov && isActive(nesterov, space, settingOf('sgd'))).toBe(true);
    expect(nesterov && isActive(nesterov, space, settingOf('adam'))).toBe(false);
  });
});

it('a grid has one point for every configuration that differs in what matters', async () => {
  const small = buildSpace(
    ['OPTIMIZER = "sgd"', 'NESTEROV = False', 'DEPTH = 1', 'FLAG = True'].map(knob),
    {
      OPTIMIZER: 'choice sgd, adam',
      NESTEROV: 'bool if OPTIMIZER == sgd',
      DEPTH: 'int 1..3 if NESTEROV == true',
      FLAG: 'bool',
    },
    'program.md',
  );
  const journal = createJournal().baseline(scored(2));
  const points: string[] = [];
  for (;;) {
    const reply = await createGridResearcher().propose(
      await requestFor(journal, { space: small }),
      new AbortController().signal,
    );
    if (reply.kind === 'exhausted') {
      // (sgd: Nesterov off, or on with 3 depths; adam) x 2 flags.
      expect(reply.reason).toBe('all 10 points of the grid are tried');
      break;
    }
    const proposal = proposalOf(reply);
    const { edits } = proposal;
    points.push(JSON.stringify(edits.map((edit) => (edit.kind === 'set-knob' ? [edit.knob, edit.to] : []))));
    const common = { experiment: journal.history().experiments.length, attempt: 0, researcher: 'grid' };
    journal.add({ event: 'proposal-made', ...common, parent: 0, proposal });
  }
  expect(new Set(points).size).toBe(10);
});
