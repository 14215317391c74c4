import { expect, test } from 'vitest';
import { createSecrets, markOf } from '../../../src/core/base/secrets.ts';
import type { Edit, Proposal } from '../../../src/core/journal/proposal.ts';
import { hideValues, shownEdits, unmaskProposal } from '../../../src/core/proposal/hidden-values.ts';

const key = 'q8Zr3TnB1xWv7LpK';
const files = { 'train.py': `API_KEY = "${key}"\nLR = 0.1\n`, 'more.py': 'WIDTH = 4\n' };
const { find } = createSecrets();

function proposal(...edits: Edit[]): Proposal {
  return { title: 'An idea', hypothesis: 'Why.', kind: 'code', edits };
}

test.each<Edit>([
  { kind: 'replace', file: 'train.py', find: `API_KEY = "${key}"\nLR = 0.1`, replace: `API_KEY = "${key}"\nLR = 0.2` },
  // Without its name beside it, as an edit may cut it out.
  { kind: 'replace', file: 'train.py', find: `"${key}"\nLR = 0.1`, replace: `"${key}"\nLR = 0.2` },
  { kind: 'write', file: 'train.py', content: `API_KEY = "${key}"\nLR = 0.3\n` },
])('an edit that quotes a secret is journalled without it and applies as it was: %j', (edit) => {
  const told = hideValues(proposal(edit), files, find);
  expect(JSON.stringify(told)).not.toContain(key);
  expect(told.hidden).toEqual([{ file: 'train.py', start: 11, length: key.length }]);
  expect(shownEdits(told, files)).toEqual([edit]);
});

test('a proposal that quotes none is journalled as it is', () => {
  const own = proposal({ kind: 'replace', file: 'train.py', find: 'LR = 0.1', replace: 'LR = 0.2' });
  expect(hideValues(own, files, find)).toBe(own);
  expect(shownEdits(own, files)).toBe(own.edits);
});

test('what quotes a mark gets the secret back, and a mark of nothing in the files is named', () => {
  const mark = markOf(key);
  const quoted = proposal({ kind: 'write', file: 'train.py', content: `API_KEY = "${mark}"\nLR = 0.3\n` });
  expect(unmaskProposal(quoted, files, find)).toEqual({
    proposal: proposal({ kind: 'write', file: 'train.py', content: `API_KEY = "${key}"\nLR = 0.3\n` }),
    unknownMark: undefined,
  });
  expect(unmaskProposal(quoted, { 'train.py': 'LR = 0.1\n' }, find).unknownMark).toBe(mark);
});

test('a text of the source that only looks like a mark may stay', () => {
  const own = { 'train.py': 'print("[redacted 0000]")\n' };
  const edit: Edit = { kind: 'write', file: 'train.py', content: 'print("[redacted 0000]", 1)\n' };
  expect(unmaskProposal(proposal(edit), own, find)).toEqual({ proposal: proposal(edit), unknownMark: undefined });
});
