import { expect, it } from 'vitest';
import { openFileArchive } from '../../src/adapters/archive/file-archive.ts';
import { journalPath, readJournal } from '../../src/adapters/archive/read-journal.ts';
import type { ResearcherNews } from '../../src/ports/researcher.ts';
import { createScriptedLab, createScriptedResearcher, type ScriptedLab, turnKnobs } from '../../src/testing/index.ts';
import { conductStudy, scoreByRate } from '../helpers/conduct-study.ts';
import { fastFolder } from '../helpers/fast-folder.ts';
import { entriesOf } from '../helpers/lab-journal.ts';
import { temporaryFolder } from '../helpers/temporary-repo.ts';

const files = { 'train.py': 'LR = 0.5\nSEED = 1  # NOCTURNE_SEED\n', 'program.md': '' };
const researcher = createScriptedResearcher({ 1: turnKnobs({ LR: 0.3 }), 2: turnKnobs({ LR: 0.2 }) });

function createLab(more: Partial<Parameters<typeof createScriptedLab>[0]> = {}): ScriptedLab {
  return createScriptedLab({ folder: fastFolder(), files, researcher, run: scoreByRate, ...more });
}

it('a note left before a study starts is journalled right after its start', async () => {
  const lab = createLab();
  lab.inbox.leave({ kind: 'note', text: 'one' });
  lab.inbox.leave({ kind: 'note', text: 'one' });
  await conductStudy(lab);
  expect(lab.archive.journal.slice(0, 3).map(({ event }) => event)).toEqual([
    'study-started',
    'note-read',
    'note-read',
  ]);
  expect(entriesOf(lab, 'verdict-given').map(({ verdict }) => verdict.decision)).toEqual(['keep', 'keep', 'keep']);
});

it('a note that is met again after a crash is journalled once', async () => {
  const lab = createLab();
  const forgetful = {
    take: async (handle: Parameters<typeof lab.inbox.take>[0]) => handle({ kind: 'note', text: 'one' }, 'a'),
  };
  await conductStudy({ ...lab, inbox: forgetful });
  await conductStudy({ ...lab, inbox: forgetful });
  expect(entriesOf(lab, 'note-read')).toEqual([expect.objectContaining({ text: 'one', id: 'a' })]);
});

it('a note read while a researcher journals its calls leaves a journal without gaps', async () => {
  const called: ResearcherNews = {
    event: 'model-called',
    experiment: 1,
    attempt: 0,
    purpose: 'proposal',
    model: 'm',
    outcome: 'answer',
    usage: { uncachedInput: 1, cachedInput: 0, cacheWrite: 0, output: 1 },
  };
  const lab: ScriptedLab = createLab({
    researcher: {
      name: 'busy',
      propose: async (request) => {
        for (let call = 0; call < 5; call += 1) {
          lab.inbox.leave({ kind: 'note', text: `note ${call}` });
          await Promise.all([request.record?.(called), request.record?.(called)]);
        }
        return { kind: 'exhausted', reason: 'enough' };
      },
    },
  });
  const folder = temporaryFolder();
  const archive = await openFileArchive(folder, lab.now);
  await conductStudy({ ...lab, archive });
  await archive.close();
  const journal = [...readJournal(journalPath(folder))];
  expect(journal.filter(({ event }) => event === 'model-called')).toHaveLength(10);
  expect(journal.map(({ seq }) => seq)).toEqual(journal.map((_, index) => index + 1));
});

it('keys are taken out of what is journalled of foreign origin', async () => {
  const lab = createLab({
    researcher: {
      name: 'leaky',
      propose: async () => ({ kind: 'failed', title: 'Use hunter2', reason: 'hunter2 is no key' }),
    },
    brief: { researcher: 'llm' },
  });
  lab.inbox.leave({ kind: 'note', text: 'the key is hunter2' });
  await conductStudy({ ...lab, redact: (text) => text.replaceAll('hunter2', '[redacted]') });
  expect(entriesOf(lab, 'proposal-refused')[0]).toMatchObject({
    title: 'Use [redacted]',
    reason: '[redacted] is no key',
  });
  expect(JSON.stringify(lab.archive.journal)).not.toContain('hunter2');
});
