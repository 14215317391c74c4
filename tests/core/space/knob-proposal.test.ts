import { expect, it } from 'vitest';
import { proposalSchema } from '../../../src/core/journal/proposal.ts';
import type { KnobType, KnobValue } from '../../../src/core/space/knob.ts';
import { proposeKnobs, type Setting } from '../../../src/core/space/knob-proposal.ts';

function setting(name: string, type: KnobType, value: KnobValue, to: KnobValue): Setting {
  const knob = { name, file: 'train.py', type, value, text: '', span: [0, 0] as const };
  return { dimension: { knob, range: { kind: 'choice', values: [value, to] } }, to };
}

it('the title says each knob with where it comes from and where it goes', () => {
  const { title, hypothesis, kind } = proposeKnobs(
    [setting('LEARNING_RATE', 'float', 0.1, 0.23), setting('DECAY', 'string', 'constant', 'cosine')],
    'Why not.',
  );
  expect(title).toBe('LEARNING_RATE 0.1 -> 0.23, DECAY constant -> cosine');
  expect([hypothesis, kind]).toEqual(['Why not.', 'knobs']);
});

it.each([
  [0.4 * 0.57, '0.228'],
  [0.1 + 0.2, '0.3'],
  [1e-7, '1e-7'],
  [-0.125, '-0.125'],
  [1234567890123457, '1234567890123457'],
  [Number.MIN_VALUE, '5e-324'],
])('the title has %d without the noise of binary fractions, and the edit has it whole', (value, text) => {
  const { title, edits } = proposeKnobs([setting('LR', 'float', 0.1 * 3, value)], 'x');
  expect(title).toBe(`LR 0.3 -> ${text}`);
  expect(edits).toMatchObject([{ to: value }]);
});

it('a tuple is written with its brackets and handed over as a list', () => {
  const { title, edits } = proposeKnobs([setting('BETAS', 'tuple', [0.9, 0.95], [0.9, 0.99])], '');
  expect(title).toBe('BETAS (0.9, 0.95) -> (0.9, 0.99)');
  expect(edits).toEqual([{ kind: 'set-knob', file: 'train.py', knob: 'BETAS', to: [0.9, 0.99] }]);
});

it('a long title is cut, and every edit stays', () => {
  const many = Array.from({ length: 40 }, (_, index) => setting(`KNOB_${index}`, 'int', 1, 2));
  const proposal = proposeKnobs(many, '');
  expect(proposal.title).toHaveLength(120);
  expect(proposal.title.endsWith('…')).toBe(true);
  expect(proposal.edits).toHaveLength(40);
  expect(proposalSchema.safeParse(proposal).success).toBe(true);
});
