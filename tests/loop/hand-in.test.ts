import { expect, it } from 'vitest';
import { markOf } from '../../src/core/base/secrets.ts';
import type { HandIn } from '../../src/ports/inbox.ts';
import type { Researcher } from '../../src/ports/researcher.ts';
import { createScriptedLab, createScriptedResearcher, type ScriptedLab, turnKnobs } from '../../src/testing/index.ts';
import { conductStudy, scoreByRate } from '../helpers/conduct-study.ts';
import { fastFolder } from '../helpers/fast-folder.ts';
import { entriesOf } from '../helpers/lab-journal.ts';

const program = (rate: number) => `LR = ${rate}\nSEED = 1  # NOCTURNE_SEED\n`;
const files = { 'train.py': program(0.5), 'program.md': '' };
const handIn = (rate: number): HandIn => ({
  kind: 'try',
  title: `rate ${rate}`,
  hypothesis: 'It may help.',
  files: { 'train.py': program(rate) },
  from: 0,
});

function createLab(more: Partial<Parameters<typeof createScriptedLab>[0]> = {}): ScriptedLab {
  const researcher = createScriptedResearcher({ 1: turnKnobs({ LR: 0.3 }), 2: turnKnobs({ LR: 0.2 }) });
  return createScriptedLab({ folder: fastFolder(), files, researcher, run: scoreByRate, ...more });
}

/** Number, researcher, title and score of every experiment that was proposed. */
function told(lab: ScriptedLab): string[] {
  return entriesOf(lab, 'proposal-made').map(({ experiment, researcher, proposal }) => {
    const run = entriesOf(lab, 'run-ended').find((entry) => entry.experiment === experiment);
    const score = run?.result.measurement?.value.toFixed(1);
    return `${experiment} ${researcher} ${proposal.title}${score === undefined ? '' : ` ${score}`}`;
  });
}

it('what waits in the inbox gets the next number, is run as it is and judged, before the researcher is asked', async () => {
  const lab = createLab();
  lab.inbox.leave(handIn(0.4));
  await conductStudy(lab);
  expect(entriesOf(lab, 'handed-in')).toEqual([expect.objectContaining({ experiment: 1, title: 'rate 0.4' })]);
  expect(told(lab)[0]).toBe('1 owner rate 0.4 0.4');
  expect(entriesOf(lab, 'proposal-made')[0]).toMatchObject({
    parent: 0,
    proposal: { kind: 'knobs', edits: [{ kind: 'set-knob', knob: 'LR', to: 0.4 }] },
  });
  expect(entriesOf(lab, 'verdict-given')[1]).toMatchObject({ experiment: 1, verdict: { decision: 'keep' } });
});

it('two get numbers in the order in which they came', async () => {
  const lab = createLab();
  lab.inbox.leave(handIn(0.4));
  lab.inbox.leave(handIn(0.45));
  await conductStudy(lab);
  expect(told(lab).slice(0, 2)).toEqual(['1 owner rate 0.4 0.4', '2 owner rate 0.45 0.5']);
});

it('one that comes while a researcher thinks takes its number, and the idea has its turn after it', async () => {
  const lab: ScriptedLab = createLab({
    researcher: {
      name: 'slow',
      propose: async ({ experiment, history }) => {
        if (history.experiments.length > 3) return { kind: 'exhausted', reason: 'enough' };
        if (experiment === 1) {
          lab.inbox.leave(handIn(0.4));
          while (history.handedIn.length + history.experiments.length < 2)
            await new Promise((done) => setImmediate(done));
        }
        return { kind: 'proposal', proposal: turnKnobs({ LR: experiment === 1 ? 0.3 : 0.1 }) };
      },
    },
  });
  await conductStudy(lab);
  expect(told(lab).map((line) => line.replace(/ LR.*?(?= 0)/, ''))).toEqual([
    expect.stringMatching(/^1 owner rate 0\.4/),
    expect.stringMatching(/^2 slow .*0\.3$/),
    expect.stringMatching(/^3 slow .*0\.1$/),
  ]);
});

it('a study that has nothing left to propose first runs what was handed in meanwhile', async () => {
  const lab: ScriptedLab = createLab({
    researcher: {
      name: 'empty',
      propose: async ({ experiment, history }) => {
        if (experiment === 1) {
          lab.inbox.leave(handIn(0.4));
          while (history.handedIn.length + history.experiments.length < 2)
            await new Promise((done) => setImmediate(done));
        }
        return { kind: 'exhausted', reason: 'enough' };
      },
    },
  });
  expect(await conductStudy(lab)).toMatchObject({ reason: 'exhausted' });
  expect(told(lab)).toEqual(['1 owner rate 0.4 0.4']);
});

it('the owner who is the researcher is waited for, whatever the number of experiments allowed', async () => {
  const waiting: Researcher = { name: 'owner', propose: async () => ({ kind: 'none' }) };
  const lab = createLab({ researcher: waiting });
  let looks = 0;
  const inbox = {
    take: async (handle: Parameters<typeof lab.inbox.take>[0]) => {
      looks += 1;
      if (looks === 40) await handle(handIn(0.4), 'a');
      if (looks === 80) await handle({ kind: 'stop', isNow: false }, 'b');
    },
  };
  expect(await conductStudy({ ...lab, inbox })).toMatchObject({ reason: 'stopped' });
  expect(told(lab)).toEqual(['1 owner rate 0.4 0.4']);
});

it('one that is met again after a crash has one number', async () => {
  const lab = createLab();
  const forgetful = { take: async (handle: Parameters<typeof lab.inbox.take>[0]) => handle(handIn(0.4), 'a') };
  await conductStudy({ ...lab, inbox: forgetful });
  expect(entriesOf(lab, 'handed-in')).toHaveLength(1);
  expect(told(lab)).toEqual([expect.stringMatching(/^1 owner/), expect.anything()]);
});

it('the rule on the number of experiments does not hold one back', async () => {
  const lab = createLab({ brief: { stop: { experiments: 1 } } as never });
  await conductStudy(lab);
  lab.inbox.leave(handIn(0.4));
  await conductStudy(lab);
  expect(told(lab).at(-1)).toMatch(/^2 owner rate 0\.4/);
});

it.each<[string, Partial<HandIn>]>([
  ['a file that may not be edited', { files: { 'score.py': 'x = 1' } }],
  ['a file outside the sandbox', { files: { '../train.py': 'x = 1' } }],
  ['no file', { files: {} }],
  ['the code of an experiment that is not there', { from: 7 }],
])('a message with %s, as a script could leave one, is thrown away with a warning', async (_, part) => {
  const lab = createLab();
  lab.inbox.leave({ ...handIn(0.4), ...part });
  expect(await conductStudy(lab)).toMatchObject({ reason: 'exhausted' });
  expect(entriesOf(lab, 'handed-in')).toEqual([]);
  const warnings = lab.events.filter(({ event }) => event === 'warning-raised');
  expect(JSON.stringify(warnings)).toContain('rate 0.4');
});

it('a title that marks in the place of secrets make too long for the journal is cut', async () => {
  const lab = createLab();
  lab.inbox.leave({
    ...handIn(0.4),
    title: `${'k'.repeat(8)} ${'x'.repeat(191)}`,
    hypothesis: `${'k'.repeat(8)}${'y'.repeat(3992)}`,
  });
  await conductStudy({ ...lab, redact: (text) => text.replaceAll('k'.repeat(8), '[redacted 1f3a]') });
  const [handed] = entriesOf(lab, 'handed-in');
  expect(handed?.title).toMatch(/^\[redacted 1f3a\] x+$/);
  expect([handed?.title.length, handed?.hypothesis.length]).toEqual([200, 4000]);
});

it.each<[string, (name: string) => string, object]>([
  ['a knob', (name) => `LR = 0.4\nSEED = 1  # NOCTURNE_SEED\nNAME = '${name}'\n`, { kind: 'set-knob', to: 0.4 }],
  [
    'code beside it',
    (name) => `LR = 0.5\nSEED = 2  # NOCTURNE_SEED\nONE = 1\nNAME = '${name}'\n`,
    { kind: 'replace', find: expect.stringContaining('[redacted ') },
  ],
])(
  'a secret that only the one who hands in knows is run with %s, though the journal has its mark',
  async (_, write, edit) => {
    const secret = 'kqzr-mvwx-tplf';
    const before = `LR = 0.5\nSEED = 1  # NOCTURNE_SEED\nNAME = '${secret}'\n`;
    const lab = createLab({ files: { 'train.py': before, 'program.md': '' } });
    const hidden = [{ file: 'train.py', start: before.indexOf(secret), length: secret.length }];
    lab.inbox.leave({ ...handIn(0.4), files: { 'train.py': write(markOf(secret)) }, hidden });
    await conductStudy(lab);
    expect(entriesOf(lab, 'proposal-made')[0]?.proposal.edits[0]).toMatchObject(edit);
    expect(JSON.stringify(lab.archive.journal)).not.toContain(secret);
    const [, handed] = entriesOf(lab, 'candidate-committed');
    expect(await lab.workspace.read(handed?.commit ?? '')).toMatchObject({ 'train.py': write(secret) });
  },
);
