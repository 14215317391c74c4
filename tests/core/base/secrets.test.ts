import { expect, test } from 'vitest';
import { createSecrets, markIn, markOf, unmask } from '../../../src/core/base/secrets.ts';

const key = 'q8Zr3TnB1xWv7LpK';

test('a secret has one mark in every text and every process', () => {
  const text = `API_KEY = "${key}"\nprint("${key}")\n`;
  const masked = createSecrets().mask(text);
  expect(masked).toBe(`API_KEY = "${markOf(key)}"\nprint("${markOf(key)}")\n`);
  expect(createSecrets(['another value', key]).mask(text)).toBe(masked);
  expect(createSecrets().mask(masked)).toBe(masked);
  expect(unmask(masked, [key])).toBe(text);
});

test('a value that a name has given away is hidden where it stands alone', () => {
  const secrets = createSecrets();
  secrets.learn(`WANDB_API_KEY=${key}`);
  expect(secrets.mask(`logged in with ${key}.`)).toBe(`logged in with ${markOf(key)}.`);
});

test('a secret inside a longer one leaves no rest', () => {
  expect(createSecrets(['abcdefgh', 'abcdefgh-long']).mask('x abcdefgh-long y')).toBe(`x ${markOf('abcdefgh-long')} y`);
});

test('each line of a private key has its own mark, so that lines keep their numbers', () => {
  const text = '-----BEGIN RSA PRIVATE KEY-----\nMIIEvQIBADANBgkq\nhkiG9w0BAQEFAASC\n-----END RSA PRIVATE KEY-----\n';
  const masked = createSecrets().mask(text).split('\n');
  expect(masked).toHaveLength(text.split('\n').length);
  expect(masked[1]).toBe(markOf('MIIEvQIBADANBgkq'));
});

test('a mark that stands for nothing known, or for two things, stays', () => {
  expect(unmask(`x ${markOf(key)}`, [])).toBe(`x ${markOf(key)}`);
  expect(markIn(`x ${markOf(key)} y`)).toBe(markOf(key));
  const byMark = new Map<string, string>();
  let pair: readonly string[] = [];
  for (let number = 0; pair.length === 0; number += 1) {
    const value = `secret-${number}`;
    const other = byMark.get(markOf(value));
    if (other !== undefined) pair = [other, value];
    byMark.set(markOf(value), value);
  }
  const mark = markOf(pair[0] ?? '');
  expect(unmask(mark, pair)).toBe(mark);
});

test('a key is masked and found after any number of texts that look like one', () => {
  const secrets = createSecrets();
  for (let index = 0; index < 1100; index += 1) secrets.learn(`hf_${String(index).padStart(4, '0')}${'a'.repeat(20)}`);
  const key = `sk-ant-${'b4'.repeat(12)}`;
  expect(secrets.mask(`the key ${key}.`)).toBe(`the key ${markOf(key)}.`);
  expect(secrets.find(`the key ${key}.`)).toEqual([key]);
});
