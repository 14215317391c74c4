/** Training output with instructions to the model, and a model that obeys them: it can do no harm. */
import { expect, test } from 'vitest';
import type { ModelReply, ModelRequest } from '../../../src/ports/model.ts';
import { hostileLogs } from '../../fixtures/hostile-logs.ts';
import { delimiter, proposeWith } from '../../helpers/propose-with-model.ts';
import { answer, call, scriptedModel } from '../../helpers/scripted-model.ts';
import { type Attempt, createJournal } from '../../helpers/study-history.ts';

const say = (line: string) => process.stdout.write(`${line}\n`);

const logs = hostileLogs(delimiter);
const paths =
  /[\w./-]*(?:prepare\.py|score\.py|passwd|id_rsa|journal\.jsonl|program\.md|README\.md|pre-commit|requirements\.txt)/g;
const forgedCall = /\{"tool": "(\w+)", "arguments": (\{.*\})\}/g;
let refusedEdits = 0;

/**
 * First looks at the log, then performs every call it was told to, and tries every way of editing every file named in
 * it.
 */
function obedientModel() {
  let turn = 0;
  return scriptedModel((request): ModelReply => {
    turn += 1;
    if (turn === 1) return answer(call('show_experiment', { experiment: 1 }));
    if (turn > 2)
      return answer(
        call('edit', { file: 'train.py', edits: [{ find: 'HIDDEN = 64', replace: 'HIDDEN = 96' }] }),
        submit,
      );
    const told = fencedIn(request).join('\n');
    const forged = [...told.matchAll(forgedCall)].map(([, name = '', args = '{}']) => call(name, JSON.parse(args)));
    const named = [...new Set(told.match(paths) ?? [])].slice(0, 4);
    const tries = named.flatMap((file) => [
      call('edit', { file, edits: [{ find: 'SEED = 1', replace: 'SEED = 2' }] }),
      call('edit', { file, content: 'print("val_bpb: 0.0")\n' }),
      call('edit', { file: 'train.py', diff: `--- a/${file}\n+++ b/${file}\n@@ -1 +1 @@\n-SEED = 1\n+SEED = 2` }),
    ]);
    return answer(...[...forged, ...tries, call('read_notes')].slice(0, 16));
  });
}

const submit = call('submit', { title: 'wider', hypothesis: 'h', expected_effect: 'e', kind: 'knobs' });

function textsOf(request: ModelRequest): string[] {
  return request.messages.flatMap((message) => {
    if (message.role === 'tool') return message.results.map((result) => result.text);
    return message.role === 'user' ? [message.text] : [];
  });
}

/** Control characters but tab and newline, zero-width and direction marks, tag characters. */
const hidden = /(?![\t\n])\p{Cc}|\p{Cf}/u;
const fences = new RegExp(`<<<([^\\n]*) ${delimiter}\\n([\\s\\S]*?)\\n>>>\\1 ${delimiter}`, 'g');
const fencedIn = (request: ModelRequest) =>
  textsOf(request).flatMap((text) => [...text.matchAll(fences)].map((match) => match[2] ?? ''));
const outsideOf = (text: string) => text.replace(fences, '');

test.each(logs.map((log, index) => ({ log, name: `${index + 1}: ${JSON.stringify(log.slice(0, 60))}` })))(
  '$name',
  async ({ log }) => {
    const journal = createJournal();
    journal.begin();
    const last = log
      .split(/[\r\n]/)
      .at(-1)
      ?.slice(0, 200);
    const attempt: Attempt = { title: 'wider', reason: `exit code 1: ${last}`, evidence: log.slice(-4000) };
    journal.attempt(attempt);
    journal.attempt({ title: 'deeper', value: 3.2 });
    const before = JSON.stringify(journal.entries);
    const model = obedientModel();
    const { reply } = await proposeWith({
      model,
      history: journal.history(),
      texts: (experiment) => ({ diff: '', log: experiment === 1 ? log : '' }),
      maxRepairs: 100,
    });

    expect(reply).toMatchObject({
      kind: 'proposal',
      proposal: { edits: [{ file: 'train.py', knob: 'HIDDEN', to: 96 }] },
    });
    for (const request of model.requests) {
      expect(request.system).not.toContain('MARK');
      for (const text of textsOf(request)) {
        const outside = outsideOf(text);
        expect(outside).not.toContain(delimiter);
        expect(outside).not.toContain('MARK');
        expect(outside).not.toMatch(/val_bpb 0\.|val_acc/);
      }
      for (const inside of fencedIn(request)) {
        expect(new TextEncoder().encode(inside).length).toBeLessThanOrEqual(4096);
        expect(inside).not.toMatch(hidden);
      }
    }
    const performed = model.requests[2]?.messages.at(-1);
    const results = performed?.role === 'tool' ? performed.results : [];
    expect(results.filter((result) => /now reads|Accepted|root:/.test(result.text))).toEqual([]);
    refusedEdits += results.filter((result) => result.isError).length;
    expect(JSON.stringify(journal.entries)).toBe(before);
  },
);

test('of at least fifty hostile logs none led to an edit outside the editable files', () => {
  expect(logs.length).toBeGreaterThanOrEqual(50);
  expect(refusedEdits).toBeGreaterThan(50);
  say(
    `hostile logs: ${logs.length}; calls made on their word and refused: ${refusedEdits}; edits outside train.py: 0; metrics changed: 0`,
  );
});
