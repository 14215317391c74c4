import { expect, test } from 'vitest';
import { tierNames } from '../../../src/core/base/names.ts';
import { isolationCaveat, isolationGist, isolationSummary, isolationWords } from '../../../src/core/views/isolation.ts';
import { createJournal, session } from '../../helpers/journal.ts';

const caged = tierNames.filter((tier) => tier !== 'none');

test.each(caged)('%s says whether the network is closed, in every form', (tier) => {
  const closed = { tier, hasNetwork: false };
  const open = { tier, hasNetwork: true };
  expect(isolationWords(closed)).toMatch(/no network|without network/);
  expect(isolationWords(open)).toMatch(/has the network, as `network: true` asks/);
  expect(isolationWords(open)).not.toMatch(/no network|without network/);
  expect(isolationGist(closed)).toMatch(new RegExp(`^isolation ${tier}: .*no network$`));
  expect(isolationGist(open)).toMatch(/with the network$/);
  expect(isolationSummary(open)).toBe(`${tier}, with network`);
});

test.each(tierNames)('the line of the first screen about %s fits a terminal of 80 columns', (tier) => {
  for (const hasNetwork of [false, true]) expect(isolationGist({ tier, hasNetwork }).length).toBeLessThanOrEqual(75);
});

test('a report says what is open, and that an earlier session had less', () => {
  const journal = createJournal();
  journal.add({ event: 'study-resumed', session, changed: [], isolation: 'landlock', open: ['nice -5'] });
  const history = journal.history();
  expect(isolationCaveat(history)).toMatch(/^Isolation: landlock\. Training code reads only what a run needs/);
  expect(isolationCaveat(history)).toContain('Open to 1 probe: nice -5.');
  expect(isolationCaveat(history)).toContain('An earlier session of the study had less: none.');
});

test('a report without isolation says whose rights the code had', () => {
  expect(isolationCaveat(createJournal().history())).toBe(
    "Isolation: none. Training code runs with the owner's rights.",
  );
});

test('a tier that this version does not know is named as it is', () => {
  expect(isolationWords({ tier: 'virtual-machine', hasNetwork: false })).toContain('virtual-machine');
  expect(isolationGist({ tier: 'virtual-machine', hasNetwork: false })).toBe('isolation virtual-machine: no network');
});
