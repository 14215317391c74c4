import { expect, test } from 'vitest';
import { errorText, usageText } from '../../../src/cli/terminal/error-text.ts';
import { BriefError, StudyError } from '../../../src/core/base/errors.ts';

test('an error is one sentence, with what to do about it on the next line', () => {
  const error = new BriefError('program.md line 2: `goal` must be minimize or maximize, found `up`', {
    hint: 'Choose.',
  });
  expect(errorText(error)).toBe(
    'nocturne: program.md line 2: `goal` must be minimize or maximize, found `up`.\nChoose.',
  );
});

test('a sentence that ends already is left as it is', () => {
  expect(errorText(new BriefError('did you mean `goal`?'))).toBe('nocturne: did you mean `goal`?');
  expect(errorText(new BriefError('It is so.'))).toBe('nocturne: It is so.');
});

test('a message that goes on with a log gets no full stop behind the log', () => {
  expect(errorText(new StudyError('It failed:\nlast line'))).toBe('nocturne: It failed:\nlast line');
});

test('a mistake of usage reads like any other error', () => {
  expect(usageText("error: unknown option '--x'\n(Did you mean --y?)\n")).toBe(
    "nocturne: Unknown option '--x'.\n(Did you mean --y?)\n",
  );
});
