import { describe, expect, test } from 'vitest';
import { applyEdits } from '../../../src/core/proposal/patch.ts';
import type { ModelRequest, ToolCall, ToolResult } from '../../../src/ports/model.ts';
import type { ProposalReply } from '../../../src/ports/researcher.ts';
import { proposeWith, train } from '../../helpers/propose-with-model.ts';
import { answer, call, fault, says, scriptedModel, textOf } from '../../helpers/scripted-model.ts';
import { createJournal, historyOf } from '../../helpers/study-history.ts';

const history = historyOf([
  { title: 'wider', value: 2.9, isKept: true },
  { title: 'deeper', value: 3.2 },
]);
const edit = (find: string, replace: string) => call('edit', { file: 'train.py', edits: [{ find, replace }] });
const submit = (title = 'a steeper decay') =>
  call('submit', { title, hypothesis: 'It cools down.', expected_effect: '0.02 lower', kind: 'code' });
const decay = edit('DECAY = "constant"', 'DECAY = "cosine"');

/** The results of the tool calls that came just before this request. */
function resultsIn(request: ModelRequest | undefined): readonly ToolResult[] {
  const last = request?.messages.at(-1);
  return last?.role === 'tool' ? last.results : [];
}

describe('a proposal', () => {
  test('an edit and a submission become a proposal', async () => {
    const model = scriptedModel([answer(decay, call('check')), answer(submit())]);
    const { reply } = await proposeWith({ model, history });
    expect(reply).toEqual({
      kind: 'proposal',
      proposal: {
        title: 'a steeper decay',
        hypothesis: 'It cools down.\n\nExpected effect: 0.02 lower',
        kind: 'knobs',
        edits: [{ kind: 'set-knob', file: 'train.py', knob: 'DECAY', to: 'cosine' }],
      },
    });
    expect(resultsIn(model.requests[1])[1]?.text).toMatch(/It compiles\.[\s\S]*only compiled[\s\S]*\+DECAY = "cosine"/);
  });

  test('edits of code stay code, whatever the model calls them, and apply to the source', async () => {
    const change = edit('    return sums * gate, gate', '    return 2.0 * sums * gate, 2.0 * gate');
    const idea = call('submit', { title: 't', hypothesis: 'h', expected_effect: '', kind: 'knobs' });
    const { reply } = await proposeWith({ model: scriptedModel([answer(change, idea)]), history });
    if (reply.kind !== 'proposal') throw new Error(reply.kind);
    expect(reply.proposal.kind).toBe('code');
    const patch = applyEdits({ files: { 'train.py': train }, knobs: [] }, reply.proposal.edits);
    expect(patch).toMatchObject({ kind: 'patched' });
  });

  test('the system prompt and the tools are the same bytes in every call', async () => {
    const model = scriptedModel([answer(call('read_notes')), answer(decay), answer(submit())]);
    await proposeWith({ model, history });
    const later = scriptedModel([answer(decay, submit())]);
    await proposeWith({ model: later, history: historyOf([{ title: 'x', value: 3.5 }]) });
    const heads = [...model.requests, ...later.requests].map(({ system, tools }) => JSON.stringify([system, tools]));
    expect(new Set(heads).size).toBe(1);
  });

  test('the context is fresh: nothing of the last conversation is in the next', async () => {
    const model = scriptedModel([answer(edit('HIDDEN = 64 ', 'HIDDEN = 96 '), submit('odd words here'))]);
    await proposeWith({ model, history });
    const next = scriptedModel([answer(decay, submit())]);
    await proposeWith({ model: next, history });
    expect(textOf(next.requests[0] as ModelRequest)).not.toMatch(/odd words|HIDDEN = 96/);
  });

  test("the owner's notes come before the brief and the ledger", async () => {
    const journal = createJournal();
    journal.begin();
    journal.add({ event: 'note-read', text: 'Leave the batch size alone.' });
    const model = scriptedModel([answer(decay, submit())]);
    await proposeWith({ model, history: journal.history() });
    const [first] = model.requests[0]?.messages ?? [];
    expect(first).toMatchObject({
      role: 'user',
      text: expect.stringMatching(/^# Notes[\s\S]*Leave the batch size alone\.[\s\S]*# The brief/),
    });
  });

  test('a native part of an answer goes back as it came', async () => {
    const native = { thinking: 'signed' };
    const model = scriptedModel([{ ...answer(decay), native }, answer(submit())]);
    await proposeWith({ model, history });
    expect(model.requests[1]?.messages.at(-2)).toMatchObject({ role: 'assistant', native });
  });
});

describe('the tools', () => {
  const firstResult = async (...calls: ToolCall[]) => {
    const model = scriptedModel([answer(...calls), answer(decay, submit())]);
    const texts = () => ({
      diff: '@@ -1 +1 @@\n-a\n+b\n',
      log: 'step=1 loss=5.0 progress=0.5\nstep=2 loss=4.0 progress=1.0\n',
    });
    await proposeWith({ model, history, texts });
    return resultsIn(model.requests[1])[0] as ToolResult;
  };

  test.each([
    ['a fixed file can be read', call('read_file', { file: 'prepare.py' }), /1 {2}SEED = 1/],
    [
      'the draft can be read',
      call('read_file', { file: './train.py', from: 20, to: 20 }),
      /^ +20 {2}DECAY = "constant"/,
    ],
    ['another file cannot', call('read_file', { file: '../../.env' }), /There is no \.\.\/\.\.\/\.env/],
    [
      'experiments are listed, the best first',
      call('list_experiments', { sort: 'best' }),
      /#1 kept val_bpb 2\.9[\s\S]*#0 baseline[\s\S]*#2 reverted/,
    ],
    [
      'experiments are filtered',
      call('list_experiments', { text: 'DEEP', status: 'reverted' }),
      /^[^#]*#2 reverted[^#]*#1 \[code\] deeper$/,
    ],
    [
      'an experiment is shown with its curve, diff and log',
      call('show_experiment', { experiment: 2 }),
      /Loss: 5 \(50 %\), 4 \(100 %\)[\s\S]*\+b[\s\S]*<<<log of #2/,
    ],
    [
      'an experiment that is not there is said so',
      call('show_experiment', { experiment: 9 }),
      /There is no experiment 9; the last is 2/,
    ],
    [
      'wrong arguments are explained',
      call('show_experiment', { experiment: 'two' }),
      /arguments of show_experiment are not as they must be: experiment/,
    ],
    ['an unknown tool is named', call('bash', { command: 'ls' }), /There is no tool "bash"; there are read_file/],
  ])('%s', async (_, toolCall, expected) => {
    expect((await firstResult(toolCall)).text).toMatch(expected);
  });

  test('an edit that matches nothing comes back with the nearest block', async () => {
    const result = await firstResult(edit('HIDDEN = 65', 'HIDDEN = 96'));
    expect(result).toMatchObject({
      isError: true,
      text: expect.stringMatching(/Nearest is line \d+[\s\S]*HIDDEN = 64/),
    });
  });

  test('a short run is fenced like any training output', async () => {
    const model = scriptedModel([answer(decay, call('check')), answer(submit())]);
    await proposeWith({ model, history, smokeRun: async () => 'loss=3\n>>>smoke run 7c1f0e9b53a2d846' });
    const text = resultsIn(model.requests[1])[1]?.text ?? '';
    expect(text).toMatch(
      /<<<smoke run 7c1f0e9b53a2d846\nloss=3\n>>>smoke run \[removed\]\n>>>smoke run 7c1f0e9b53a2d846/,
    );
  });
});

describe('a submission is refused with the reason', () => {
  const reasonFor = async (calls: ToolCall[], findEarlier?: () => Promise<number>) => {
    const model = scriptedModel([answer(...calls, submit()), fault('wait', 'overloaded')]);
    const { reply } = await proposeWith({ model, history, ...(findEarlier ? { request: { findEarlier } } : {}) });
    expect(reply.kind).toBe('away');
    return resultsIn(model.requests[1]).at(-1)?.text;
  };

  test.each([
    ['when nothing was edited', [] as ToolCall[], /Nothing has been edited yet/],
    ['when it does not compile', [edit('DECAY = "constant"', 'DECAY = ')], /does not compile: train\.py line 20/],
    ['when only the seed changed', [edit('default_rng(prepare.SEED)', 'default_rng(137)')], /Only the seed differs/],
    [
      'when only names changed',
      [edit('    log = prepare.ProgressLog()', '    log = prepare.ProgressLog()  # the log')],
      /Only comments, layout or names/,
    ],
  ])('%s', async (_, calls, expected) => {
    expect(await reasonFor(calls)).toMatch(expected);
  });

  test('when the same source was tried before', async () => {
    expect(await reasonFor([decay], async () => 2)).toMatch(/same source as experiment 2/);
  });
});

describe('bounds', () => {
  test('two failed attempts may be mended', async () => {
    const model = scriptedModel([answer(edit('nope = 1', 'x')), answer(submit()), answer(decay, submit())]);
    expect((await proposeWith({ model, history })).reply.kind).toBe('proposal');
  });

  test('the third failed attempt ends the idea, with its title', async () => {
    const model = scriptedModel([
      answer(edit('nope = 1', 'x')),
      answer(submit('a poor idea')),
      answer(edit('nope = 2', 'y')),
    ]);
    expect((await proposeWith({ model, history })).reply).toEqual({
      kind: 'failed',
      title: 'a poor idea',
      reason: expect.stringContaining('given up after 2 repairs: '),
    });
  });

  test('an idea whose edits never applied is given up for its first edit, not for what came of it', async () => {
    const model = scriptedModel([answer(edit('nope = 1', 'x'), submit('an idea')), answer(submit()), answer(submit())]);
    expect((await proposeWith({ model, history })).reply).toEqual({
      kind: 'failed',
      title: 'a steeper decay',
      reason: expect.stringMatching(
        /^given up after 2 repairs: The text to replace is not in the file|^given up after 2 repairs: Nothing like the text/,
      ),
    });
  });

  test('that holds for edits that are no edits, for silence after them, and for the end of the turns', async () => {
    const malformed = call('edit', { file: 'train.py', edits: 5 });
    const silent = scriptedModel([answer(malformed), says('Done.'), says('Done.')]);
    expect((await proposeWith({ model: silent, history })).reply).toMatchObject({
      reason: expect.stringMatching(/^given up after 2 repairs: The arguments of edit are not as they must be/),
    });
    const late = scriptedModel([
      answer(edit('nope = 1', 'x')),
      ...Array.from({ length: 4 }, () => answer(call('check'))),
    ]);
    expect((await proposeWith({ model: late, history, maxTurns: 4 })).reply).toMatchObject({
      reason: expect.stringMatching(/^nothing was accepted within 4 turns: /),
    });
  });

  test.each([
    ['an edit that applied', () => [answer(edit('nope = 1', 'x')), answer(decay, edit('nope', 'y'))]],
    ['a reset', () => [answer(edit('nope = 1', 'x')), answer(call('reset'))]],
  ])('%s makes an earlier failure no reason', async (_, begin) => {
    const trivial = edit('    log = prepare.ProgressLog()', '    log = prepare.ProgressLog()  # the log');
    const rest = Array.from({ length: 3 }, () => answer(call('reset'), trivial, submit()));
    const { reply } = await proposeWith({ model: scriptedModel([...begin(), ...rest]), history });
    expect(reply).toMatchObject({ kind: 'failed', reason: expect.stringContaining('Only comments, layout or names') });
  });

  test('several failed edits of one turn count once', async () => {
    const bad = () => edit('nope = 1', 'x');
    const model = scriptedModel([answer(bad(), bad(), bad()), answer(bad(), bad()), answer(decay, submit())]);
    expect((await proposeWith({ model, history })).reply.kind).toBe('proposal');
  });

  test('turns are bounded, and the model is told when they run out', async () => {
    const model = scriptedModel(() => answer(call('read_notes')));
    const { reply } = await proposeWith({ model, history, maxTurns: 5 });
    expect(reply).toMatchObject({ kind: 'failed', reason: 'nothing was accepted within 5 turns' });
    expect(model.requests).toHaveLength(5);
    expect(resultsIn(model.requests[4])[0]?.text).toMatch(/One turn is left/);
  });

  test('calls in one turn are bounded', async () => {
    const model = scriptedModel([
      answer(...Array.from({ length: 40 }, () => call('read_notes'))),
      answer(decay, submit()),
    ]);
    await proposeWith({ model, history });
    const results = resultsIn(model.requests[1]);
    expect(results).toHaveLength(40);
    expect(results.filter((result) => /At most 16 calls/.test(result.text))).toHaveLength(24);
  });

  test('an answer without a call is asked to use the tools', async () => {
    const model = scriptedModel([says('I would try a cosine decay.'), answer(decay, submit())]);
    expect((await proposeWith({ model, history })).reply.kind).toBe('proposal');
    expect(model.requests[1]?.messages.at(-1)).toMatchObject({
      role: 'user',
      text: expect.stringContaining('called no tool'),
    });
  });
});

describe('faults', () => {
  test('a truncated reply is used in no part, and the model is asked to be briefer', async () => {
    const model = scriptedModel([fault('repair', 'truncated'), answer(decay, submit())]);
    const { reply, news } = await proposeWith({ model, history });
    expect(reply.kind).toBe('proposal');
    expect(model.requests[1]?.messages.at(-1)).toMatchObject({
      text: expect.stringContaining('nothing of it was used'),
    });
    expect(news.map((entry) => entry.event === 'model-called' && entry.outcome)).toEqual(['truncated', 'answer']);
  });

  test.each(['truncated', 'refused', 'bad-arguments', 'empty', 'context-overflow'] as const)(
    'a model that is always %s fails the idea after two repairs',
    async (code) => {
      const model = scriptedModel(() => fault('repair', code));
      expect((await proposeWith({ model, history })).reply).toMatchObject({ kind: 'failed' });
      expect(model.requests).toHaveLength(3);
    },
  );

  test('a context that is too long is shortened, the draft kept', async () => {
    const model = scriptedModel([
      answer(decay),
      fault('repair', 'context-overflow'),
      fault('repair', 'context-overflow'),
      answer(submit()),
    ]);
    expect((await proposeWith({ model, history })).reply.kind).toBe('proposal');
    const lengths = model.requests.map((request) => textOf(request).length);
    expect(lengths[2]).toBeLessThan(lengths[1] as number);
    expect(lengths[3]).toBeLessThan(lengths[2] as number);
  });

  test.each([
    [
      'a model that is overloaded is away',
      fault('wait', 'overloaded'),
      { kind: 'away', model: 'scripted:test', fault: { code: 'overloaded' } },
    ],
    ['an exhausted quota is away', fault('pause', 'quota-exhausted'), { kind: 'away', fault: { action: 'pause' } }],
    ['the ceiling on dollars is typed', fault('stop', 'usd-ceiling'), { kind: 'ceiling', reason: 'usd' }],
    ['the ceiling on tokens is typed', fault('stop', 'tokens-ceiling'), { kind: 'ceiling', reason: 'tokens' }],
    ['a script that has ended has nothing left', fault('stop', 'script-ended'), { kind: 'exhausted' }],
  ])('%s', async (_, reply, expected) => {
    const { reply: got, news } = await proposeWith({ model: scriptedModel([answer(decay), reply]), history });
    expect(got).toMatchObject(expected);
    expect(news).toHaveLength(reply.action === 'stop' ? 1 : 2);
  });

  test('each call is journalled with what it used and cost', async () => {
    const { news } = await proposeWith({ model: scriptedModel([answer(decay, submit())]), history });
    expect(news).toEqual([
      {
        event: 'model-called',
        asked: 'scripted:test',
        experiment: 3,
        attempt: 0,
        purpose: 'proposal',
        model: 'scripted-1',
        outcome: 'answer',
        usage: { uncachedInput: 100, cachedInput: 900, cacheWrite: 0, output: 50 },
        usd: 0.01,
      },
    ]);
  });

  test('an unknown price is left out', async () => {
    const { news } = await proposeWith({
      model: scriptedModel([answer(decay, submit())]),
      history,
      costOf: () => undefined,
    });
    expect(news[0]).not.toHaveProperty('usd');
  });
});

describe('insights', () => {
  const tens = (count: number) =>
    historyOf(Array.from({ length: count }, (_, index) => ({ title: `idea ${index}`, value: 3.1 + index })));

  const afterwardsIn = (reply: ProposalReply) => (reply.kind === 'proposal' ? reply.afterwards : undefined);

  test('every ten experiments a note is distilled once the proposal is there, from the same beginning', async () => {
    const model = scriptedModel([answer(decay, submit()), says('**Works**: nothing yet (#1).')]);
    const { reply, news } = await proposeWith({ model, history: tens(13) });
    expect(news.map((entry) => entry.event)).toEqual(['model-called']);
    await afterwardsIn(reply)?.(new AbortController().signal);
    expect(news).toContainEqual({
      event: 'insight-written',
      experiment: 10,
      model: 'scripted-1',
      text: '**Works**: nothing yet (#1).',
    });
    expect(news.map((entry) => entry.event)).toEqual(['model-called', 'model-called', 'insight-written']);
    const [proposal, insight] = model.requests.map((request) => request.messages.slice(0, -1));
    expect(insight).toEqual(proposal);
  });

  test('nine experiments are too few, and a note that is there is not written again', async () => {
    const nine = scriptedModel([answer(decay, submit())]);
    const { reply } = await proposeWith({ model: nine, history: tens(9) });
    expect(afterwardsIn(reply)).toBeUndefined();
    const journal = createJournal();
    journal.begin();
    for (let index = 0; index < 12; index++) journal.attempt({ title: `idea ${index}`, value: 4 });
    journal.add({ event: 'insight-written', experiment: 10, model: 'm', text: 'Wider is better (#3).' });
    const noted = scriptedModel([answer(decay, submit())]);
    await proposeWith({ model: noted, history: journal.history() });
    expect(textOf(noted.requests[0] as ModelRequest)).toContain('Wider is better (#3).');
    expect([nine.requests.length, noted.requests.length]).toEqual([1, 1]);
  });

  test.each([fault('repair', 'refused'), fault('pause', 'unauthorized')])(
    'a note that could not be had is left out: %j',
    async (trouble) => {
      const model = scriptedModel([answer(decay, submit()), trouble]);
      const { reply, news } = await proposeWith({ model, history: tens(10) });
      await afterwardsIn(reply)?.(new AbortController().signal);
      expect(reply.kind).toBe('proposal');
      expect(news.map((entry) => entry.event)).toEqual(['model-called', 'model-called']);
    },
  );

  test('a plateau changes what is asked for', async () => {
    const model = scriptedModel([answer(decay, submit())]);
    await proposeWith({ model, history: tens(17) });
    expect(textOf(model.requests[0] as ModelRequest)).toMatch(
      /last 17 experiments brought nothing[\s\S]*#1 reverted val_bpb 3\.1/,
    );
  });
});

describe('the code of earlier experiments', () => {
  const wider = train.replace('HIDDEN = 64 ', 'HIDDEN = 96 ');
  const filesOf = async (experiment: number) => (experiment === 1 ? { 'train.py': wider } : { 'train.py': train });

  test('start_from makes it the draft, and says how it differs', async () => {
    const model = scriptedModel([answer(call('start_from', { experiment: 1 })), answer(decay), answer(submit())]);
    const { reply } = await proposeWith({ model, history, request: { filesOf } });
    expect(resultsIn(model.requests[1])[0]?.text).toMatch(/experiment 1's code\. .*differs by:[\s\S]*\+HIDDEN = 96/);
    expect(reply).toMatchObject({
      kind: 'proposal',
      proposal: {
        edits: [
          { kind: 'set-knob', knob: 'DECAY', to: 'cosine' },
          { kind: 'set-knob', knob: 'HIDDEN', to: 96 },
        ],
      },
    });
  });

  test('reset brings the current source back after start_from', async () => {
    const model = scriptedModel([
      answer(call('start_from', { experiment: 1 }), call('reset')),
      answer(decay, submit()),
    ]);
    const { reply } = await proposeWith({ model, history, request: { filesOf } });
    expect(reply).toMatchObject({ proposal: { edits: [{ knob: 'DECAY', to: 'cosine' }] } });
  });

  test('start_from an experiment that is not there, or has no code, is answered and changes nothing', async () => {
    const model = scriptedModel([
      answer(call('start_from', { experiment: 9 }), call('start_from', { experiment: 2 })),
      answer(decay, submit()),
    ]);
    const { reply } = await proposeWith({ model, history, request: { filesOf: async () => undefined } });
    expect(resultsIn(model.requests[1]).map(({ text }) => text)).toEqual([
      'There is no experiment 9; the last is 2.',
      'The code of experiment 2 is not at hand.',
    ]);
    expect(reply).toMatchObject({ proposal: { edits: [{ knob: 'DECAY', to: 'cosine' }] } });
  });

  test('compare_experiments shows scores, the difference, the curves and the diff', async () => {
    const log = 'step=1 loss=5.5 progress=0.1\nstep=9 loss=2.25 progress=0.9\n';
    const model = scriptedModel([
      answer(call('compare_experiments', { first: 0, second: 1 })),
      answer(decay, submit()),
    ]);
    await proposeWith({ model, history, texts: () => ({ diff: '', log }), request: { filesOf } });
    const [{ text = '' } = {}] = resultsIn(model.requests[1]);
    expect(text).toMatch(
      /#0 baseline val_bpb 3[\s\S]*#1 kept val_bpb 2\.9[\s\S]*from #0 to #1: -0\.1000\. #1 is better/,
    );
    expect(text).toMatch(/Loss of #1: 5\.5 \(10 %\), 2\.25 \(90 %\)/);
    expect(text).toMatch(/-HIDDEN = 64[\s\S]*\+HIDDEN = 96/);
  });

  test('compare_experiments of one without a score says so', async () => {
    const failed = historyOf([{ title: 'crashes', reason: 'exit code 1' }]);
    const model = scriptedModel([
      answer(call('compare_experiments', { first: 0, second: 1 })),
      answer(decay, submit()),
    ]);
    await proposeWith({ model, history: failed, request: { filesOf } });
    expect(resultsIn(model.requests[1])[0]?.text).toMatch(/Not both have a score/);
  });
});
