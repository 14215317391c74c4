import { describe, expect, test } from 'vitest';
import { isLoopback } from '../../../src/adapters/loopback.ts';
import { type Asked, isOfThisMachine, type Keys, refuse } from '../../../src/cli/dash/guard.ts';

const keys: Keys = { token: 'a-token', secret: 'a-secret', isTokenNeeded: false };
const get: Asked = {
  method: 'GET',
  host: '127.0.0.1:7788',
  origin: undefined,
  fetchSite: undefined,
  secret: undefined,
  contentType: undefined,
  token: undefined,
};
const post: Asked = {
  ...get,
  method: 'POST',
  fetchSite: 'same-origin',
  origin: 'http://127.0.0.1:7788',
  secret: 'a-secret',
  contentType: 'application/json',
};

describe('a page is read', () => {
  test.each<[string, Partial<Asked>, Partial<Keys>, number | undefined]>([
    ['on this machine without a token', {}, {}, undefined],
    ['through a tunnel that ends at another port of it', { host: 'localhost:9000' }, {}, undefined],
    ['by its IPv6 address', { host: '[::1]:7788' }, {}, undefined],
    ['under a foreign name that points here', { host: 'evil.example:7788' }, {}, 403],
    ['under a name that begins like its own', { host: 'localhost.evil.example' }, {}, 403],
    ['by nobody without a Host', { host: undefined }, {}, 403],
    ["through Colab's proxy with the token", { host: 'x-7788.prod.colab.dev', token: 'a-token' }, {}, undefined],
    ["through Colab's proxy with another one", { host: 'x-7788.prod.colab.dev', token: 'b-token' }, {}, 403],
    ['on a network without the token', {}, { isTokenNeeded: true }, 403],
    ['on a network with an empty one', { token: '' }, { isTokenNeeded: true }, 403],
    ['on a network with the token', { host: '192.168.0.7:7788', token: 'a-token' }, { isTokenNeeded: true }, undefined],
    ['with a method that is none of its own', { method: 'PUT' }, {}, 405],
  ])('%s', (_, asked, own, status) => {
    expect(refuse({ ...get, ...asked }, { ...keys, ...own })?.status).toBe(status);
  });
});

describe('something is asked for', () => {
  test.each<[string, Partial<Asked>, number | undefined]>([
    ['by the page itself', {}, undefined],
    ['by a browser that says no site, from the same origin', { fetchSite: undefined }, undefined],
    ['by another site', { fetchSite: 'cross-site', origin: 'https://evil.example' }, 403],
    ['by another page of this machine', { fetchSite: 'same-site', origin: 'http://127.0.0.1:3000' }, 403],
    [
      'by another origin, in a browser that says no site',
      { fetchSite: undefined, origin: 'http://127.0.0.1:3000' },
      403,
    ],
    ['from a file, whose origin is null', { fetchSite: undefined, origin: 'null' }, 403],
    ['without the secret of the page', { secret: undefined }, 403],
    ['with a wrong secret', { secret: 'b-secret' }, 403],
    ['as a form, which any site could send', { contentType: 'text/plain' }, 403],
    [
      'through a proxy with the token',
      { host: 'x.colab.dev', origin: 'https://x.colab.dev', token: 'a-token' },
      undefined,
    ],
    ['under a foreign name without the token', { host: 'x.colab.dev', origin: 'https://x.colab.dev' }, 403],
  ])('%s', (_, asked, status) => {
    expect(refuse({ ...post, ...asked }, keys)?.status).toBe(status);
  });
});

test('the addresses that only this machine reaches are known', () => {
  expect(['127.0.0.1', 'localhost', '::1', '127.0.0.53'].map(isLoopback)).toEqual([true, true, true, true]);
  expect(['0.0.0.0', '::', '192.168.0.7', 'localhost.example'].map(isLoopback)).toEqual([false, false, false, false]);
  expect(isOfThisMachine('localhost:7788x')).toBe(false);
});
