/**
 * Reads the calls that a model wrote into its text, because its server does not take them out of it: vLLM without
 * `--tool-call-parser`, llama.cpp without `--jinja`, or a template that Ollama does not know.
 *
 * Each form is that of a family of models. Only a call of a tool that was offered counts, and thoughts hold none.
 */
import { parseJson } from '../../core/base/parse-json.ts';
import { readLenientJson } from '../../core/edits/lenient-json.ts';
import { ownToolName } from './own-tool-name.ts';

export interface WrittenCall {
  readonly name: string;
  readonly rawArguments: string;
}

export interface TextWithCalls {
  /** What is left of the text without its calls and thoughts. */
  readonly text: string;
  readonly calls: readonly WrittenCall[];
}

/** A piece of text that may be a call, and what it says. */
interface Form {
  readonly pattern: RegExp;
  readonly read: (match: RegExpMatchArray) => readonly WrittenCall[];
}

/** The calls in a text; undefined when there is none of these tools. */
export function readCallsInText(text: string, toolNames: readonly string[]): TextWithCalls | undefined {
  const said = withoutThoughts(text);
  for (const { pattern, read } of forms) {
    const matches = [...said.matchAll(pattern)];
    const calls = matches.flatMap((match) => known(read(match), toolNames));
    if (calls.length > 0) return { text: said.replace(pattern, () => '').trim(), calls };
  }
  return undefined;
}

function known(calls: readonly WrittenCall[], toolNames: readonly string[]): readonly WrittenCall[] {
  return calls.flatMap(({ name, rawArguments }) => {
    const own = ownToolName(name, toolNames);
    return own === undefined ? [] : [{ name: own, rawArguments }];
  });
}

/** Some templates open the thought themselves, so that only its end stands in the text. */
function withoutThoughts(text: string): string {
  return text.replace(/<(think|thinking|reasoning)>[\s\S]*?<\/\1>/g, '').replace(/^[\s\S]*?<\/think(?:ing)?>/, '');
}

const forms: readonly Form[] = [
  // Hermes, Qwen, GLM; the closing tag is missing where it is the model's word to stop.
  {
    pattern: /<(tool_call|tool_calls|function_call|tool_use)>\s*([\s\S]*?)\s*(?:<\/\1>|(?=<\1>)|$)/g,
    read: ([, , body = '']) => readTagged(body),
  },
  // Llama 3.1: <function=edit>{...}</function>; Qwen3-Coder with <parameter=key> inside.
  {
    pattern: /<function=([\w.:-]+)>\s*([\s\S]*?)\s*(?:<\/function>|(?=<function=)|$)/g,
    read: ([, name = '', body = '']) => [{ name, rawArguments: argumentsIn(body) }],
  },
  // MiniMax and Anthropic's older form: <invoke name="edit"><parameter name="file">…
  {
    pattern: /<invoke name="([\w.:-]+)">\s*([\s\S]*?)\s*<\/invoke>/g,
    read: ([, name = '', body = '']) => [{ name, rawArguments: argumentsIn(body) }],
  },
  // Mistral from its tokenizer 11 on: [TOOL_CALLS]edit[ARGS]{...}
  {
    pattern:
      /\[TOOL_CALLS\]\s*([\w.:-]+)\s*(?:\[CALL_ID\][^[{]*)?(?:\[ARGS\])?\s*(\{[\s\S]*?\})\s*(?=\[TOOL_CALLS\]|<\/s>|$)/g,
    read: ([, name = '', rawArguments = '']) => [{ name, rawArguments }],
  },
  // Mistral before that: [TOOL_CALLS][{"name": …, "arguments": …}]
  { pattern: /\[TOOL_CALLS\]\s*(\[[\s\S]*\])/g, read: ([, body = '']) => readNamed(body) },
  // Llama 3.1 and 3.2.
  {
    pattern: /<\|python_tag\|>([\s\S]*?)(?:<\|eom_id\|>|<\|eot_id\|>|$)/g,
    read: ([, body = '']) => readNamed(body),
  },
  // Kimi: <|tool_call_begin|>functions.edit:0<|tool_call_argument_begin|>{...}<|tool_call_end|>
  {
    pattern: /<\|tool_call_begin\|>\s*([\w.:-]+)\s*<\|tool_call_argument_begin\|>([\s\S]*?)<\|tool_call_end\|>/g,
    read: ([, name = '', rawArguments = '']) => [{ name, rawArguments }],
  },
  // DeepSeek V3.1: <｜tool▁call▁begin｜>edit<｜tool▁sep｜>{...}<｜tool▁call▁end｜>, and R1 with a fence of JSON.
  {
    pattern:
      /<｜tool▁call▁begin｜>(?:function<｜tool▁sep｜>)?([\w.:-]+)(?:<｜tool▁sep｜>)?\s*([\s\S]*?)<｜tool▁call▁end｜>/g,
    read: ([, name = '', body = '']) => [{ name, rawArguments: body.trim() }],
  },
  // gpt-oss: <|channel|>commentary to=functions.edit <|constrain|>json<|message|>{...}<|call|>
  {
    pattern: /to=([\w.:-]+)[^{]*?<\|message\|>([\s\S]*?)(?:<\|call\|>|$)/g,
    read: ([, name = '', rawArguments = '']) => [{ name, rawArguments }],
  },
  { pattern: /^(`{3,}|~{3,})[ \t]*\w*[ \t]*\n([\s\S]*?)\n?^\1[ \t]*$/gm, read: ([, , body = '']) => readNamed(body) },
  // Nothing but JSON.
  { pattern: /^\s*([{[][\s\S]*[}\]])\s*$/g, read: ([, body = '']) => readNamed(body) },
];

/** What stands between `<tool_call>` and its end: JSON with a name, a function's tag, or GLM's keys and values. */
function readTagged(body: string): readonly WrittenCall[] {
  const named = readNamed(body);
  if (named.length > 0) return named;
  const [, functionName, inner = ''] = /^<function=([\w.:-]+)>\s*([\s\S]*?)\s*(?:<\/function>)?\s*$/.exec(body) ?? [];
  if (functionName !== undefined) return [{ name: functionName, rawArguments: argumentsIn(inner) }];
  const [, name, rest = ''] = /^([\w.:-]+)\s*([\s\S]*)$/.exec(body) ?? [];
  return name === undefined ? [] : [{ name, rawArguments: argumentsIn(rest) }];
}

/** The calls of a JSON text: an object with a name and arguments, or a list of them. */
function readNamed(body: string): readonly WrittenCall[] {
  const value = readLenientJson(body.trim());
  const each: readonly unknown[] = Array.isArray(value) ? value : [value];
  return each.flatMap((item) => (typeof item === 'object' && item !== null ? callOf({ ...item }) : []));
}

function callOf(item: Readonly<Record<string, unknown>>): readonly WrittenCall[] {
  if (Array.isArray(item.tool_calls)) return readNamed(JSON.stringify(item.tool_calls));
  const inner = item.function;
  if (typeof inner === 'object' && inner !== null) return callOf({ ...inner });
  const name = item.name ?? item.tool ?? item.tool_name ?? inner;
  const given = item.arguments ?? item.parameters ?? item.args ?? item.input;
  if (typeof name !== 'string' || given === undefined) return [];
  return [{ name, rawArguments: typeof given === 'string' ? given : JSON.stringify(given) }];
}

const parameters = [
  /<parameter=([\w.-]+)>\n?([\s\S]*?)\n?(?:<\/parameter>|(?=<parameter=)|$)/g,
  /<parameter name="([\w.-]+)"[^>]*>\n?([\s\S]*?)\n?<\/parameter>/g,
  /<arg_key>([\w.-]+)<\/arg_key>\s*<arg_value>\n?([\s\S]*?)\n?<\/arg_value>/g,
];

/** The arguments as JSON: as they stand, or put together from tags, whose values are JSON where they are objects or lists. */
function argumentsIn(body: string): string {
  const found = parameters.map((pattern) => [...body.matchAll(pattern)]).find((matches) => matches.length > 0);
  if (found === undefined) return body;
  const values = found.map(([, key = '', text = '']) => [
    key,
    /^\s*[{[]/.test(text) ? (parseJson(text) ?? text) : text,
  ]);
  return JSON.stringify(Object.fromEntries(values));
}
