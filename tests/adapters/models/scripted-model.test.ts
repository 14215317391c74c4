import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { createModel } from '../../../src/adapters/models/create-model.ts';
import { createScriptedModel } from '../../../src/adapters/models/scripted-model.ts';
import { ProviderError } from '../../../src/core/base/errors.ts';

const folder = mkdtempSync(join(tmpdir(), 'nocturne-script-'));
afterAll(() => rmSync(folder, { recursive: true }));

const request = { system: '', messages: [], tools: [], maxOutputTokens: 1 };
const signal = new AbortController().signal;

function script(text: string): string {
  const path = join(folder, `script-${Math.random()}.yaml`);
  writeFileSync(path, text);
  return path;
}

test('a YAML list is replayed in order, faults included, and then the study ends by its own rule', async () => {
  const path = script(`
- text: I raise the rate.
  calls: [{ name: edit, arguments: { find: "LR = 0.1", replace: "LR = 0.2" } }]
- fault: { action: wait, code: overloaded, retryAfterSeconds: 2 }
- text: Done.
`);
  const model = await createModel({ model: `scripted:${path}`, environment: {} });
  expect(await model.complete(request, signal)).toMatchObject({
    kind: 'answer',
    text: 'I raise the rate.',
    calls: [{ id: 'call-1-1', name: 'edit', arguments: { find: 'LR = 0.1', replace: 'LR = 0.2' } }],
  });
  expect(await model.complete(request, signal)).toMatchObject({
    action: 'wait',
    code: 'overloaded',
    retryAfterSeconds: 2,
  });
  expect(await model.complete(request, signal)).toMatchObject({ text: 'Done.' });
  expect(await model.complete(request, signal)).toMatchObject({ kind: 'fault', action: 'stop', code: 'script-ended' });
});

test('a script may begin again at its end, and a resumed study goes on where it was', async () => {
  const path = script('{ "repeat": true, "replies": [{ "text": "a" }, { "text": "b" }] }');
  const model = await createScriptedModel({ path, skip: 3 });
  expect(await model.complete(request, signal)).toMatchObject({ text: 'b' });
  expect(await model.complete(request, signal)).toMatchObject({ text: 'a' });
});

test('a reply that takes its time is ended by the signal', async () => {
  const model = await createScriptedModel({ path: script('- { text: a, seconds: 60 }') });
  expect(await model.complete(request, AbortSignal.timeout(50))).toMatchObject({ code: 'aborted' });
});

test.each(['- { txet: a }', '[]', '- { fault: { action: nap, code: overloaded } }', 'a: [', ''])(
  'the script %j is refused',
  async (text) => {
    await expect(createScriptedModel({ path: script(text) })).rejects.toThrow(ProviderError);
  },
);

test('a script that is not there is one sentence', async () => {
  await expect(createScriptedModel({ path: '/nowhere.yaml' })).rejects.toThrow(
    /The script \/nowhere.yaml cannot be read: ENOENT/,
  );
});
