/**
 * What two agents need beside a key, so that they neither ask at a terminal nor end at once.
 */
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { exists } from '../../files/exists.ts';
import { contentOf, readJson } from '../../files/read-json.ts';

export type Environment = Readonly<Record<string, string | undefined>>;

/**
 * Further variables for an agent, and the files that they name, which are written into a folder of its job; those of the
 * owner's that say otherwise are left alone.
 */
export type SignIn = (environment: Environment, folder: string) => Promise<Readonly<Record<string, string>>>;

/** Codex takes a key without a login from CODEX_API_KEY alone, and where it has no login of its own. */
export const signInToCodex: SignIn = async ({ CODEX_API_KEY, OPENAI_API_KEY, CODEX_HOME, HOME = '/' }) => {
  if (CODEX_API_KEY !== undefined || OPENAI_API_KEY === undefined) return {};
  const isLoggedIn = await exists(join(CODEX_HOME ?? join(HOME, '.codex'), 'auth.json'));
  return isLoggedIn ? {} : { CODEX_API_KEY: OPENAI_API_KEY };
};

const settingsBytes = 1 << 20;
const settingsSchema = z.looseObject({
  security: z.looseObject({ auth: z.looseObject({ selectedType: z.string().optional() }).optional() }).optional(),
});

/**
 * Gemini with an address of its own takes itself to be behind a gateway, and ends without a terminal, unless its settings
 * name the key. System settings and those of the folder do not count for it (0.61.0), so it gets a home of its own with the
 * owner's settings and that one.
 */
export const signInToGemini: SignIn = async (environment, folder) => {
  const { GEMINI_API_KEY, GOOGLE_GEMINI_BASE_URL, GEMINI_CLI_HOME, HOME = '/' } = environment;
  if (GEMINI_API_KEY === undefined || GOOGLE_GEMINI_BASE_URL === undefined) return {};
  const path = join('.gemini', 'settings.json');
  const own = contentOf(await readJson(join(GEMINI_CLI_HOME ?? HOME, path), settingsSchema, settingsBytes)) ?? {};
  if (own.security?.auth?.selectedType !== undefined) return {};
  const auth = { ...own.security?.auth, selectedType: 'gemini-api-key' };
  const home = join(folder, 'home');
  await mkdir(join(home, '.gemini'), { recursive: true });
  await writeFile(join(home, path), JSON.stringify({ ...own, security: { ...own.security, auth } }));
  return { GEMINI_CLI_HOME: home };
};
