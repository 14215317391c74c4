import { expect, test } from 'vitest';
import { openingTexts } from '../../../src/core/llm/context.ts';
import { rebuildSpace } from '../../../src/core/space/range/build-space.ts';
import { knob } from '../../helpers/knob.ts';
import { historyOf } from '../../helpers/study-history.ts';

function opening(text: string, ...lines: readonly string[]): string {
  const knobs = lines.map(knob);
  const texts = openingTexts({
    render: () => 'the study',
    history: historyOf([]),
    source: { files: { 'train.py': text }, knobs },
    space: rebuildSpace(knobs, {}),
    fixedFiles: [],
    textsOf: () => undefined,
    delimiter: 'delimiter',
  });
  return texts.map((each) => each.text).join('\n\n');
}

test('a model is told each knob with its value and range, and a condition where there is one', () => {
  const told = opening(
    'the source',
    'MODE = "sgd"  # space: choice sgd, adam',
    'MOMENTUM = 0.5  # space: 0..0.99 if MODE == sgd',
    'WIDTH = 8  # space: pow2 2..64',
    'RATE = 0.1  # space: log 1e-3..1',
  );
  expect(told).toContain(
    'Knobs and the ranges that make sense: MODE = "sgd" (sgd or adam); MOMENTUM = 0.5 (0..0.99, only if MODE == sgd); ' +
      'WIDTH = 8 (2..64, powers of two); RATE = 0.1 (0.001..1, log).',
  );
});

test('a source of up to 60,000 characters is shown whole, and of a longer one its length', () => {
  expect(opening('x'.repeat(60_000))).toContain('x'.repeat(60_000));
  expect(opening('x'.repeat(60_001))).toContain(
    'Its 60001 characters are too long to show here; read it with read_file.',
  );
});
