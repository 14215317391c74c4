import { expect, it, test } from 'vitest';
import { currentOwnerPause } from '../../src/core/journal/history.ts';
import type { InboxMessage } from '../../src/ports/inbox.ts';
import { createScriptedLab, createScriptedResearcher, type ScriptedLab, turnKnobs } from '../../src/testing/index.ts';
import { conductStudy, scoreByRate } from '../helpers/conduct-study.ts';
import { fastFolder } from '../helpers/fast-folder.ts';
import { entriesOf, historyOf } from '../helpers/lab-journal.ts';

const ideas = [0.3, 0.4, 0.2, 0.1].map((LR, index) => [index + 1, turnKnobs({ LR })] as const);

interface Night {
  readonly lab: ScriptedLab;
  /** Leaves a message when the run with this name, such as `2/1`, is submitted. */
  readonly during: Map<string, InboxMessage>;
}

function createNight(brief: Parameters<typeof createScriptedLab>[0]['brief'] = {}): Night {
  const during = new Map<string, InboxMessage>();
  const lab = createScriptedLab({
    folder: fastFolder(),
    files: { 'train.py': 'LR = 0.5\nNOCTURNE_SEED\n' },
    researcher: createScriptedResearcher(Object.fromEntries(ideas)),
    run: (run) => {
      const message = during.get(`${run.experiment}/${run.run}`);
      if (message) lab.inbox.leave(message);
      return scoreByRate(run);
    },
    brief,
  });
  return { lab, during };
}

const eventsOf = (lab: ScriptedLab) => lab.archive.journal.map(({ event }) => event);

/** The lab, into whose inbox a message comes after so many waits of a paused study. */
function afterWaits(lab: ScriptedLab, waits: number, message: InboxMessage): ScriptedLab {
  let left = waits;
  const pause = async () => {
    if (currentOwnerPause(historyOf(lab)) && --left === 0) lab.inbox.leave(message);
    await new Promise((resolve) => setImmediate(resolve));
  };
  return { ...lab, pause };
}

const essenceOf = (lab: ScriptedLab) =>
  historyOf(lab).experiments.map(({ proposal, verdict, parent }) => ({ proposal, verdict, parent }));

async function undisturbed() {
  const { lab } = createNight();
  await conductStudy(lab);
  return essenceOf(lab);
}

it('a paused study lets its run end and be judged, and begins nothing until it is resumed', async () => {
  const { lab, during } = createNight();
  during.set('2/1', { kind: 'pause' });
  await conductStudy(afterWaits(lab, 50, { kind: 'resume' }));
  const events = eventsOf(lab);
  const paused = events.slice(events.indexOf('study-paused'), events.indexOf('pause-ended') + 2);
  expect(paused).toEqual(['study-paused', 'run-ended', 'verdict-given', 'pause-ended', 'proposal-made']);
  expect(essenceOf(lab)).toEqual(await undisturbed());
});

it('what is kept while a study is paused moves the branch', async () => {
  const { lab, during } = createNight();
  during.set('1/1', { kind: 'pause' });
  await conductStudy(afterWaits(lab, 50, { kind: 'stop', isNow: false }));
  const events = eventsOf(lab);
  expect(events.slice(events.indexOf('study-paused'))).toEqual([
    'study-paused',
    'run-ended',
    'verdict-given',
    'branch-moved',
    'study-stopped',
  ]);
});

it('on slots too: all runs in flight end, and none begins', async () => {
  const { lab, during } = createNight({ slots: 2 });
  during.set('1/1', { kind: 'pause' });
  await conductStudy(afterWaits(lab, 50, { kind: 'resume' }));
  const between = eventsOf(lab).slice(eventsOf(lab).indexOf('study-paused'), eventsOf(lab).indexOf('pause-ended'));
  expect(between).not.toContain('run-started');
  expect(historyOf(lab)).toMatchObject({ stopped: { reason: 'exhausted' }, unsettled: [] });
});

it('of a baseline, the first run ends and the second waits', async () => {
  const { lab, during } = createNight();
  during.set('0/1', { kind: 'pause' });
  await conductStudy(afterWaits(lab, 50, { kind: 'resume' }));
  const events = eventsOf(lab);
  expect(events.slice(events.indexOf('study-paused'), events.indexOf('pause-ended'))).toEqual([
    'study-paused',
    'run-ended',
  ]);
  expect(essenceOf(lab)).toEqual(await undisturbed());
});

it('a study whose controller ended stays paused when it goes on, until it is resumed', async () => {
  const { lab, during } = createNight();
  during.set('2/1', { kind: 'pause' });
  expect(await conductStudy(afterWaits(lab, 20, { kind: 'stop', isNow: true }))).toMatchObject({ reason: 'stopped' });
  const begun = entriesOf(lab, 'run-started').length;

  const second = lab.reopen();
  await conductStudy(afterWaits(second, 20, { kind: 'stop', isNow: false }));
  expect(entriesOf(second, 'run-started')).toHaveLength(begun);
  expect(currentOwnerPause(historyOf(second))).toBeDefined();

  const third = second.reopen();
  await conductStudy(afterWaits(third, 20, { kind: 'resume' }));
  expect(essenceOf(third)).toEqual(await undisturbed());
  expect(historyOf(third).ownerPauses).toHaveLength(1);
});

it('the hours of a study stand still while it is paused', async () => {
  const { lab, during } = createNight({ stop: { hours: 0.05 } });
  during.set('2/1', { kind: 'pause' });
  // The clock of a scripted lab moves on by a second each time it is read: this is far more than the limit.
  const waiting = afterWaits(lab, 200, { kind: 'resume' });
  await conductStudy({
    ...waiting,
    pause: async (seconds, signal) => {
      for (let read = 0; read < 5; read++) lab.now();
      await waiting.pause(seconds, signal);
    },
  });
  expect(historyOf(lab).stopped).toMatchObject({ reason: 'exhausted' });
  expect(essenceOf(lab)).toEqual(await undisturbed());
});

test.each([
  [
    'a pause of a paused study',
    [{ kind: 'pause' }, { kind: 'pause' }, { kind: 'resume' }],
    /is paused already, since /,
  ],
  ['the end of a pause that there is not', [{ kind: 'resume' }], /is not paused/],
  ['more of what has no limit', [{ kind: 'extend', by: { usd: 1 } }], /no limit on US dollars/],
] as const)('%s is told, and changes nothing', async (_, messages, says) => {
  const { lab } = createNight();
  for (const message of messages) lab.inbox.leave(message);
  await conductStudy(lab);
  const warnings = lab.events.flatMap((event) => (event.event === 'warning-raised' ? [event.message] : []));
  expect(warnings).toEqual(expect.arrayContaining([expect.stringMatching(says)]));
  expect(essenceOf(lab)).toEqual(await undisturbed());
});

it('a word that is met again after a crash counts once', async () => {
  const { lab } = createNight({ stop: { experiments: 1 } });
  const forgetful = {
    take: async (handle: Parameters<typeof lab.inbox.take>[0]) =>
      handle({ kind: 'extend', by: { experiments: 1 } }, 'a'),
  };
  await conductStudy({ ...lab, inbox: forgetful });
  expect(entriesOf(lab, 'stop-extended')).toEqual([
    expect.objectContaining({ id: 'a', from: { experiments: 1 }, to: { experiments: 2 } }),
  ]);
  expect(historyOf(lab).experiments).toHaveLength(3);
});

it('a study that is extended while it runs makes so many experiments more, in later sessions too', async () => {
  const { lab, during } = createNight({ stop: { experiments: 1 } });
  during.set('1/1', { kind: 'extend', by: { experiments: 2 } });
  await conductStudy(lab);
  expect(historyOf(lab)).toMatchObject({ stopped: { reason: 'experiments' }, session: { stop: { experiments: 3 } } });
  expect(historyOf(lab).experiments).toHaveLength(4);
  const later = lab.reopen();
  await conductStudy(later);
  expect(historyOf(later).experiments).toHaveLength(4);
  expect(entriesOf(later, 'study-resumed')).toMatchObject([{ changed: [] }]);
});

it('a limit that the brief says anew later counts more than one that was extended before', async () => {
  const { lab, during } = createNight({ stop: { experiments: 1 } });
  during.set('1/1', { kind: 'extend', by: { experiments: 1 } });
  await conductStudy(lab);
  const later = lab.reopen({ stop: { experiments: 4 } });
  await conductStudy(later);
  expect(historyOf(later).experiments).toHaveLength(5);
  expect(entriesOf(later, 'study-resumed')).toMatchObject([{ changed: ['stop'] }]);
});
