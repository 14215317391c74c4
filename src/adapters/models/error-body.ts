/**
 * The sentence in a provider's error body, whatever its shape.
 *
 * Shapes in use: `{error: {message, type, code}}` (OpenAI, Anthropic), a list of those (Gemini), `{error: "…"}` (Ollama,
 * LM Studio), `{object: "error", message}` (vLLM, Mistral), `{detail}` as a text or as FastAPI's list, `{errors: […]}`,
 * `{code, message, data}` (SiliconFlow), JSON inside a text (OpenRouter's `metadata.raw`), HTML pages and plain text.
 */
import { parseJson } from '../../core/base/parse-json.ts';

export interface ErrorBody {
  readonly message: string | undefined;
  /** The provider's own type and code, in that order of precision. */
  readonly codes: readonly string[];
  /** A status that the body names, as gateways do that answer 200. */
  readonly status: number | undefined;
}

const maxDepth = 6;

/** Every error object in a body, the innermost first: gateways wrap what the server behind them said. */
export function errorBodiesOf(raw: unknown, depth = 0): readonly ErrorBody[] {
  if (depth > maxDepth) return [];
  if (typeof raw === 'string') return bodiesOfText(raw, depth);
  if (Array.isArray(raw)) return raw.slice(0, 3).flatMap((each) => errorBodiesOf(each, depth + 1));
  if (typeof raw !== 'object' || raw === null) return [];
  const fields = raw as Readonly<Record<string, unknown>>;
  const { metadata, message } = fields;
  const inside = [
    fields.error,
    isObject(metadata) ? metadata.raw : undefined,
    isNested(message) ? message : undefined,
    isObject(fields.fault) ? { message: fields.fault.faultstring } : undefined,
  ].flatMap((inner) => (inner === undefined ? [] : errorBodiesOf(inner, depth + 1)));
  return [...inside, { message: messageIn(fields), codes: codesIn(fields), status: statusIn(fields) }];
}

function bodiesOfText(raw: string, depth: number): readonly ErrorBody[] {
  const text = raw.trim();
  if (text === '') return [];
  const value = isNested(text) ? parseJson(text) : undefined;
  if (isObject(value) || Array.isArray(value)) return errorBodiesOf(value, depth + 1);
  return [{ message: isPage(text) ? sentenceOfPage(text) : text, codes: [], status: undefined }];
}

/** The keys under which services put their sentence, the most precise first. */
const messageKeys = ['message', 'detail', 'details', 'errors', 'msg', 'error_message', 'error_description', 'title'];

function messageIn(fields: Readonly<Record<string, unknown>>): string | undefined {
  return messageKeys.map((key) => sentenceIn(fields[key])).find((found) => found !== undefined);
}

/** A text, or the texts of FastAPI's list: `{loc: ["body", "tools"], msg: "Extra inputs are not permitted"}`. */
function sentenceIn(value: unknown): string | undefined {
  if (typeof value === 'string') return value.trim() === '' || isNested(value) ? undefined : value.trim();
  if (Array.isArray(value)) {
    const sentences = value
      .slice(0, 3)
      .map(sentenceIn)
      .filter((found) => found !== undefined);
    return sentences.length === 0 ? undefined : [...new Set(sentences)].join('; ');
  }
  if (!isObject(value)) return undefined;
  const said = messageIn(value);
  if (said === undefined || !Array.isArray(value.loc)) return said;
  return `${value.loc.filter((part) => part !== 'body').join('.') || 'body'}: ${said}`;
}

function codesIn({ details, code, type, status }: Readonly<Record<string, unknown>>): readonly string[] {
  const precise = isObject(details) ? details.error_code : undefined;
  return [precise, code, type, status].filter((found) => typeof found === 'string' && found !== '') as string[];
}

function statusIn({ code, status }: Readonly<Record<string, unknown>>): number | undefined {
  const found = Number(code ?? status ?? Number.NaN);
  return Number.isInteger(found) && found >= 400 && found < 600 ? found : undefined;
}

function isNested(value: unknown): boolean {
  return isObject(value) || (typeof value === 'string' && /^\s*[{[]/.test(value) && parseJson(value) !== undefined);
}

function isPage(text: string): boolean {
  return /^\s*<(?:!doctype|html|head|body|\?xml)/i.test(text);
}

/** The title of a page, and its text where that says more. */
function sentenceOfPage(page: string): string {
  const plain = (html: string) =>
    html
      .replace(/<(style|script|title)\b[\s\S]*?<\/\1>|<[^>]*>/gi, ' ')
      .replace(/&nbsp;/g, ' ')
      .replace(/&amp;/g, '&')
      .replace(/\s+/g, ' ')
      .trim();
  const title = plain(/<title\b[^>]*>([\s\S]*?)<\/title>/i.exec(page)?.[1] ?? '');
  const text = plain(page);
  if (title === '' || text.startsWith(title)) return text;
  return text === '' ? title : `${title}: ${text}`;
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
