import { describe, expect, it } from 'vitest';
import { tierNames } from '../../../src/core/base/names.ts';
import { brokenOn, keptWith, promisedBy, promisedIf, promises } from '../../../src/core/base/promises.ts';

describe('what tiers promise', () => {
  it('no tier promises nothing, and `none` nothing at all', () => {
    expect(tierNames.map((tier) => promisedBy(tier).length > 0)).toEqual([false, true, true, true, true, true]);
  });

  it('the highest tier promises all, and each tier all that its parts promise', () => {
    const words = promises.map((promise) => promise.words);
    expect([...promisedBy('namespaces'), ...promisedIf('namespaces').map((promise) => promise.words)]).toEqual(words);
    expect(promisedBy('landlock-user')).toEqual(expect.arrayContaining([...promisedBy('landlock')]));
    expect(promisedBy('landlock')).toEqual(expect.arrayContaining([...promisedBy('seccomp')]));
    expect(promisedBy('user')).toEqual(expect.arrayContaining([...promisedBy('seccomp')]));
  });

  it('a probe proves one promise', () => {
    const probes: string[] = promises.flatMap((promise) => [...promise.probes]);
    expect(probes.filter((probe, at) => probes.indexOf(probe) !== at)).toEqual([]);
  });

  it('one probe that gets through breaks its promise, on the tiers that make it', () => {
    expect(keptWith(['mount'])).toHaveLength(promises.length - 1);
    expect(brokenOn('seccomp', ['mount', 'read private data'])).toEqual(['mount']);
    expect(brokenOn('landlock', ['mount', 'read private data'])).toEqual(['mount', 'read private data']);
    expect(brokenOn('none', ['mount'])).toEqual([]);
  });
});
