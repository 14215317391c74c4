import { describe, expect, test } from 'vitest';
import { createRedactor, findSecret, secretValues } from '../../src/adapters/redact.ts';

describe('redacting', () => {
  test('exact values of key variables go, whatever they look like', () => {
    const redact = createRedactor({ MY_API_KEY: 'plain words 123', DB_PASSWORD: 'hunter2hunter2', HOME: '/home/ada' });
    expect(redact('a plain words 123 b hunter2hunter2 c /home/ada')).toBe('a [redacted] b [redacted] c /home/ada');
  });

  test('a secret inside a longer one leaves no rest', () => {
    expect(createRedactor({ A_KEY: 'abcdefgh', B_KEY: 'abcdefgh-long' })('x abcdefgh-long y')).toBe('x [redacted] y');
  });

  test('short values and paths of key files are no secrets', () => {
    expect(secretValues({ MAX_TOKENS: '4096', OPENAI_API_KEY_FILE: '/run/secrets/openai' })).toEqual([]);
  });

  test('a value with characters that patterns know is taken literally', () => {
    expect(createRedactor({}, ['a+b(c)*$&d'])('x a+b(c)*$&d y')).toBe('x [redacted] y');
  });
});

const secrets = [
  'sk-0123456789abcdefghij',
  'sk-proj-0123456789abcdefghij',
  'sk-ant-api03-abcdefghijkl',
  'ghp_abcdefghijklmnopqrstuvwxyz0123',
  'github_pat_abcdefghijklmnopqrstuvwxyz',
  'hf_abcdefghijklmnopqrst',
  'AKIAIOSFODNN7EXAMPLE',
  'AIzaSyA0123456789abcdefghijklmnopqrstuv',
  'Bearer abcdef0123456789',
  '-----BEGIN RSA PRIVATE KEY-----\nMIIE\n-----END RSA PRIVATE KEY-----',
];

test.each(secrets)('%s is found and redacted', (secret) => {
  const text = `+token = "${secret}"\n`;
  expect(findSecret(text)).toBeDefined();
  expect(createRedactor({})(text)).toBe('+token = "[redacted]"\n');
});

test.each([
  'import sklearn as sk',
  'sk-learn-contrib-examples-and-more',
  'task-0123456789abcdefghij',
  'hf_token = None',
  'a risk-averse-learning-rate-schedule',
  'tokens_per_second: 123456789012345678901234',
  'the bearer of bad news',
])('`%s` is no secret', (text) => {
  expect(findSecret(text)).toBeUndefined();
  expect(createRedactor({})(text)).toBe(text);
});

test('a diff with a value of a key variable is found by that value', () => {
  expect(findSecret('+x = "correct horse"', ['correct horse'])).toBe('a value of a key variable');
});
