import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { signInToCodex, signInToGemini } from '../../../../src/adapters/researchers/command/sign-in.ts';
import { temporaryFolder } from '../../../helpers/temporary-repo.ts';

it("codex gets OpenAI's key as its own, unless it has one or a login", async () => {
  const HOME = temporaryFolder();
  expect(await signInToCodex({ HOME, OPENAI_API_KEY: 'k' }, HOME)).toEqual({ CODEX_API_KEY: 'k' });
  expect(await signInToCodex({ HOME, OPENAI_API_KEY: 'k', CODEX_API_KEY: 'own' }, HOME)).toEqual({});
  expect(await signInToCodex({ HOME }, HOME)).toEqual({});
  mkdirSync(join(HOME, '.codex'));
  writeFileSync(join(HOME, '.codex', 'auth.json'), '{}');
  expect(await signInToCodex({ HOME, OPENAI_API_KEY: 'k' }, HOME)).toEqual({});
});

it("gemini with another address is told to use its key, beside the owner's other settings", async () => {
  const [HOME, folder] = [temporaryFolder(), temporaryFolder()];
  const environment = { HOME, GEMINI_API_KEY: 'k', GOOGLE_GEMINI_BASE_URL: 'http://127.0.0.1:1' };
  mkdirSync(join(HOME, '.gemini'));
  writeFileSync(
    join(HOME, '.gemini', 'settings.json'),
    '{"ui":{"theme":"x"},"security":{"auth":{"useExternal":false}}}',
  );
  const { GEMINI_CLI_HOME = '' } = await signInToGemini(environment, folder);
  expect(JSON.parse(readFileSync(join(GEMINI_CLI_HOME, '.gemini', 'settings.json'), 'utf8'))).toEqual({
    ui: { theme: 'x' },
    security: { auth: { useExternal: false, selectedType: 'gemini-api-key' } },
  });
  expect(await signInToGemini({ HOME, GEMINI_API_KEY: 'k' }, folder)).toEqual({});
  writeFileSync(join(HOME, '.gemini', 'settings.json'), '{"security":{"auth":{"selectedType":"oauth-personal"}}}');
  expect(await signInToGemini(environment, folder)).toEqual({});
  writeFileSync(join(HOME, '.gemini', 'settings.json'), 'no JSON');
  expect(await signInToGemini(environment, folder)).toHaveProperty('GEMINI_CLI_HOME');
});
