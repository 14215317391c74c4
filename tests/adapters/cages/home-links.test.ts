import { mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { expect, test } from 'vitest';
import { homeLinksOf } from '../../../src/adapters/cages/home-links.ts';
import { temporaryFolder } from '../../helpers/temporary-repo.ts';

function tree(...paths: readonly string[]): string {
  const root = temporaryFolder();
  for (const path of paths) {
    mkdirSync(dirname(join(root, path)), { recursive: true });
    writeFileSync(join(root, path), '');
  }
  return root;
}

test('the upper levels of a cache are folders of the run, so that it can write beside what was downloaded', () => {
  const cache = tree('huggingface/hub/models--a/x', 'huggingface/token', 'torch/y');
  expect(homeLinksOf([{ at: '.cache', place: cache, depth: 2 }])).toEqual({
    '.cache/huggingface/hub': join(cache, 'huggingface/hub'),
    '.cache/torch/y': join(cache, 'torch/y'),
  });
});

test('a folder with many entries is one link', () => {
  const cache = tree('few/x', ...Array.from({ length: 400 }, (_, index) => `many/${index}`));
  expect(homeLinksOf([{ at: '.cache', place: cache, depth: 2 }])).toEqual({
    '.cache/few/x': join(cache, 'few/x'),
    '.cache/many': join(cache, 'many'),
  });
});

test('what the baseline downloaded stands before the owner’s, and links in it are not followed', () => {
  const [own, owners] = [tree('.cache/hub/new'), tree('hub/old', 'hub/new')];
  symlinkSync(owners, join(own, '.cache', 'link'));
  const shown = [
    { at: '', place: own, depth: 4, isOwn: true },
    { at: '.cache', place: owners, depth: 3 },
  ];
  expect(homeLinksOf(shown)).toEqual({
    '.cache/hub/new': join(own, '.cache/hub/new'),
    '.cache/hub/old': join(owners, 'hub/old'),
  });
});

test('nothing is laid below a link', () => {
  const root = tree('.pyenv/shims/python');
  const shown = ['.pyenv/shims', '.pyenv'].map((at) => ({ at, place: join(root, at), depth: 0 }));
  expect(homeLinksOf(shown)).toEqual({ '.pyenv': join(root, '.pyenv') });
});
