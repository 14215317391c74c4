import { describe, expect, it } from 'vitest';
import { briefSchema } from '../../../src/core/brief/brief.ts';
import { parseBrief } from '../../../src/core/brief/parse-brief.ts';
import { entryBodySchema } from '../../../src/core/journal/entry.ts';
import { frozenOf, frozenSchema, sessionOf, sessionSchema } from '../../../src/core/journal/kept-settings.ts';
import { briefNameOf, type Setting, settings } from '../../../src/core/journal/settings/settings.ts';

const parse = (settingLines: string) => parseBrief(`---\n${settingLines}\n---\nprose`, 'program.md');

const plain = parse('metric: loss');
const whole = parse(
  `metric: { name: acc, pattern: 'acc=(.*)' }
goal: maximize
sandbox: lab
edit: [train.py, net.py]
include: [lib]
link: [data]
prepare: python prepare.py
train: python net.py
score: python score.py
budget: 8s
budget_clock: cpu
timeout: 5m
shares: { llm: 50% }
model: openai:gpt
base_url: http://localhost:1/v1
api: chat
effort: high
max_output: 8000
context: 32768
fallback: random
command: claude
prices: { gpt: { input: 1, output: 2 } }
policy: confirm
space: { LR: log 1e-4..1e-1 }
guards: { peak_memory_mb: "<= 1.2x" }
env: [HF_HOME]
early_kill: bold
stop: { gpu_hours: 2, experiments: 5 }`,
);

/** Keys of a Brief that no journal has, and why. */
const unkept = {
  form: 'it says how the brief is written, not what it asks for',
  link: 'another machine may have its data elsewhere',
  baseUrl: 'another machine may reach the model elsewhere',
  api: 'it goes with the address',
  context: 'what fits the model depends on the server that runs it',
  prices: 'what a call cost is journalled with the call',
  notify: 'where the owner is told is the owner’s affair, and no part of the study',
  notifyCommand: 'it goes with that',
  trackers: 'where else the study is kept says nothing of it',
  env: 'variables are the machine’s, and their names may tell of an account',
};

describe('a setting', () => {
  it('is frozen, changeable in a session, or kept out of the journal for a reason, and never two of these', () => {
    const kept = [...Object.keys(frozenSchema.shape), ...Object.keys(sessionSchema.shape), ...Object.keys(unkept)];
    expect(kept.toSorted()).toEqual(Object.keys(briefSchema.in.shape).toSorted());
  });

  it.each(Object.entries<Setting>(settings).filter(([, row]) => 'default' in row))(
    'has a default that fits: %s',
    (_, row) => {
      expect(row.schema.parse(row.default)).toEqual(row.default);
    },
  );

  it.each([
    ['budgetSeconds', 'budget'],
    ['budgetClock', 'budget_clock'],
    ['timeoutSeconds', 'timeout'],
    ['earlyKill', 'early_kill'],
    ['prose', 'prose'],
  ])('%s is known to its owner as %s', (key, name) => {
    expect(briefNameOf(key)).toBe(name);
  });
});

describe('what the journal keeps of a brief', () => {
  it.each([
    ['of defaults', plain],
    ['that sets everything', whole],
    ['that asks for several runs at once', parse('metric: loss\nslots: 4\nslots_per_gpu: 2\ngpus: 1\nahead: 0')],
    ['that asks for isolation', parse('metric: loss\nisolation: landlock\nnetwork: true')],
  ])('%s is what its schema accepts, to the last key', (_, brief) => {
    const about = { tag: 't', study: 't', brief: 'b.md', start: 'a'.repeat(40), isolation: 'none' };
    const body = { event: 'study-started', ...about, interpreter: 'python', isSeedNamed: true, version: '1' };
    const entry = { ...body, frozen: frozenOf(brief), session: sessionOf(brief) };
    expect(entryBodySchema.parse(entry)).toStrictEqual(entry);
  });

  it('keeps the keys and the order of the first journals', () => {
    expect(JSON.stringify(frozenOf(whole))).toBe(
      '{"metric":{"name":"acc","goal":"maximize","pattern":"acc=(.*)"},"sandbox":"lab","edit":["train.py","net.py"],' +
        '"include":["lib"],"prepare":["python","prepare.py"],"train":["python","net.py"],"score":["python","score.py"],' +
        '"budgetSeconds":8,"budgetClock":"cpu"}',
    );
    expect(JSON.stringify(sessionOf(whole))).toBe(
      '{"prose":"prose","researcher":"auto","policy":"confirm","engine":"local","space":{"LR":"log 1e-4..1e-1"},' +
        '"timeoutSeconds":300,"earlyKill":"bold","stop":{"experiments":5,"gpu_hours":2},"model":"openai:gpt",' +
        '"fallback":"random","command":["claude"],"shares":{"llm":0.5},"guards":{"peak_memory_mb":"<= 1.2x"},' +
        '"effort":"high","maxOutput":8000}',
    );
  });

  it('leaves out what older journals lack, unless it is not the default', () => {
    expect(sessionOf(plain)).toStrictEqual({
      prose: 'prose',
      researcher: 'auto',
      policy: 'value',
      engine: 'local',
      space: {},
      timeoutSeconds: 720,
      stop: {},
    });
    expect(sessionOf(parse('metric: loss\nslots: 1\nslots_per_gpu: 1\nahead: auto'))).toStrictEqual(sessionOf(plain));
    const several = parse('metric: loss\nslots: auto\nslots_per_gpu: 2\ngpus: 1\nahead: 0');
    expect(sessionOf(several)).toMatchObject({ slots: 'auto', slotsPerGpu: 2, gpus: 1, ahead: 0 });
    expect(sessionOf({ ...plain, earlyKill: 'off' })).toMatchObject({ earlyKill: 'off' });
  });
});
