/**
 * What a chat server says of its models' windows: in its list of models (vLLM, OpenRouter, groq, Together and others name
 * them there), or where LM Studio, llama.cpp and Ollama tell what they have loaded.
 */
import { z } from 'zod';
import { parseJson } from '../../core/base/parse-json.ts';

/** In tokens; undefined where unknown. */
export interface Window {
  readonly context: number | undefined;
  readonly maxOutput: number | undefined;
}

export interface AskedServer {
  readonly baseUrl: string;
  readonly model: string;
  readonly key: string;
}

const limitMs = 5000;
const noWindow: Window = { context: undefined, maxOutput: undefined };

/** Asks the server; whatever goes wrong, nothing is known. */
export async function readServerWindow(server: AskedServer, signal: AbortSignal): Promise<Window> {
  const listed = windowIn(await get(server, '/models', signal), server.model);
  if (listed.context !== undefined) return listed;
  const root = server.baseUrl.replace(/\/v1$/, '');
  if (root === server.baseUrl || !isOwnMachine(root)) return listed;
  for (const path of ['/api/v0/models', '/api/ps', '/props']) {
    const { context } = windowIn(await get({ ...server, baseUrl: root }, path, signal), server.model);
    if (context !== undefined) return { ...listed, context };
  }
  return listed;
}

/** Services elsewhere have none of the paths of a local server. */
function isOwnMachine(url: string): boolean {
  return /^(localhost|127\.|10\.|192\.168\.|172\.(1[6-9]|2\d|3[01])\.|\[::1\])|\.local$|^[^.]+$/.test(
    new URL(url).hostname,
  );
}

async function get({ baseUrl, key }: AskedServer, path: string, signal: AbortSignal): Promise<unknown> {
  try {
    const response = await fetch(`${baseUrl}${path}`, {
      headers: { authorization: `Bearer ${key}` },
      redirect: 'manual',
      signal: AbortSignal.any([signal, AbortSignal.timeout(limitMs)]),
    });
    return response.ok ? parseJson(await response.text()) : undefined;
  } catch {
    return undefined;
  }
}

const tokens = z.int().positive().nullish().catch(undefined);
const entrySchema = z.looseObject({
  id: z.string().nullish().catch(undefined),
  name: z.string().nullish().catch(undefined),
  /** LM Studio: what is loaded, which may be less than what the model can do. */
  loaded_context_length: tokens,
  max_model_len: tokens,
  context_length: tokens,
  context_window: tokens,
  max_context_length: tokens,
  max_completion_tokens: tokens,
  top_provider: z.looseObject({ context_length: tokens, max_completion_tokens: tokens }).nullish().catch(undefined),
  default_generation_settings: z.looseObject({ n_ctx: tokens }).nullish().catch(undefined),
});
const listSchema = z.looseObject({
  data: z.array(entrySchema).nullish().catch(undefined),
  models: z.array(entrySchema).nullish().catch(undefined),
});

/** What a list of models, or llama.cpp's own page, says of one of them; the only model of a list counts whatever its name. */
export function windowIn(body: unknown, model: string): Window {
  const list = listSchema.safeParse(body).data;
  const entries = list?.data ?? list?.models ?? [];
  const named = entries.find(({ id, name }) => id === model || name === model || name === `${model}:latest`);
  const entry = named ?? (entries.length === 1 ? entries[0] : entrySchema.safeParse(body).data);
  if (entry === undefined) return noWindow;
  const { top_provider: top, default_generation_settings: settings } = entry;
  const context =
    entry.loaded_context_length ??
    entry.max_model_len ??
    top?.context_length ??
    entry.context_length ??
    entry.context_window ??
    settings?.n_ctx ??
    entry.max_context_length;
  return {
    context: context ?? undefined,
    maxOutput: top?.max_completion_tokens ?? entry.max_completion_tokens ?? undefined,
  };
}
