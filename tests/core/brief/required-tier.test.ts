import { expect, test } from 'vitest';
import { tierNames } from '../../../src/core/base/names.ts';
import { requireTier } from '../../../src/core/brief/required-tier.ts';

const question = { tag: 'nov28', why: 'Landlock is not in this kernel' };
const pairs = tierNames.flatMap((one, rank) =>
  tierNames.map((other, otherRank) => ({ one, other, isEnough: rank >= otherRank })),
);

test.each(pairs)('$one is enough for a brief that demands $other: $isEnough', ({ one, other, isEnough }) => {
  const ask = () => requireTier({ ...question, found: one, demanded: other, before: undefined });
  if (isEnough) expect(ask).not.toThrow();
  else expect(ask).toThrow(`demands the isolation \`${other}\`, and this machine has \`${one}\`: Landlock is not in`);
});

test.each(pairs)('a study that had $other goes on with $one unasked: $isEnough', ({ one, other, isEnough }) => {
  const ask = () => requireTier({ ...question, found: one, before: other });
  if (isEnough) expect(ask).not.toThrow();
  else expect(ask).toThrow(`Study nov28 ran with the isolation \`${other}\`, and this machine has \`${one}\` now`);
});

test('what the hint says is then accepted, whatever the study had before', () => {
  const asked = { ...question, found: 'seccomp', before: 'namespaces' } as const;
  expect(() => requireTier(asked)).toThrow(
    expect.objectContaining({ hint: expect.stringMatching(/`isolation: seccomp` in the brief.*`--no-isolation`/) }),
  );
  expect(() => requireTier({ ...asked, demanded: 'seccomp' })).not.toThrow();
  expect(() => requireTier({ ...asked, found: 'none', demanded: 'none' })).not.toThrow();
});

test('where there is none at all, only the flag is named', () => {
  expect(() => requireTier({ ...question, found: 'none', before: 'user' })).toThrow(
    expect.objectContaining({ hint: expect.not.stringContaining('isolation: none') }),
  );
});

test('a tier of a later version, which is not known here, holds nothing up', () => {
  expect(() => requireTier({ ...question, found: 'none', before: 'virtual-machine' })).not.toThrow();
});
