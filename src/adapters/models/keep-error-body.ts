/**
 * A fetch for the SDKs that loses no words of a refusal.
 *
 * The OpenAI SDK (6.49) reads only the key `error` of a body that is JSON, and says "400 status code (no body)" of every
 * other one, such as FastAPI's `detail` or vLLM's `object: "error"`. Those bodies are put under that key.
 */
import { parseJson } from '../../core/base/parse-json.ts';

/** As `fetch`, but with the body of a failed answer under the key `error`. */
export const fetchKeepingErrors: typeof fetch = async (input, init) => {
  const response = await fetch(input, init);
  if (response.status < 400) return response;
  const text = await response.text();
  const body = parseJson(text);
  const hasError = typeof body === 'object' && body !== null && 'error' in body && Boolean(body.error);
  const kept = hasError || text.trim() === '' ? text : JSON.stringify({ error: body ?? text });
  const headers = new Headers(response.headers);
  headers.delete('content-length');
  headers.delete('content-encoding');
  return new Response(kept, { status: response.status, statusText: response.statusText, headers });
};
