import { describe, expect, test } from 'vitest';
import { readCallsInText } from '../../../src/adapters/models/calls-in-text.ts';

const names = ['edit', 'submit', 'read_file'];
const args = { edits: [{ find: 'LR = 0.1', replace: 'LR = 0.2\n# } ``` ]' }] };
const json = JSON.stringify(args);

/** The calls with their arguments parsed. */
function callsIn(text: string) {
  return readCallsInText(text, names)?.calls.map(({ name, rawArguments }) => [name, JSON.parse(rawArguments)]);
}

describe('one call is read', () => {
  test.each([
    ['Hermes, Qwen', `<tool_call>\n{"name": "edit", "arguments": ${json}}\n</tool_call>`],
    ['without its end', `<tool_call>\n{"name": "edit", "arguments": ${json}}`],
    [
      'after a thought',
      `<think>I might <tool_call>submit</tool_call>.</think>\n<tool_call>{"name":"edit","arguments":${json}}</tool_call>`,
    ],
    ['after the end of a thought', `Hm, hm.\n</think>\n\n<tool_call>{"name":"edit","arguments":${json}}</tool_call>`],
    ['with arguments as a string', `<tool_call>{"name": "edit", "arguments": ${JSON.stringify(json)}}</tool_call>`],
    ['as OpenAI nests it', `<tool_call>{"type":"function","function":{"name":"edit","arguments":${json}}}</tool_call>`],
    [
      'GLM',
      `<tool_call>edit\n<arg_key>edits</arg_key>\n<arg_value>${JSON.stringify(args.edits)}</arg_value>\n</tool_call>`,
    ],
    [
      'Qwen3-Coder',
      `<tool_call>\n<function=edit>\n<parameter=edits>\n${JSON.stringify(args.edits)}\n</parameter>\n</function>\n</tool_call>`,
    ],
    ['Llama 3.1', `<function=edit>${json}</function>`],
    ['Llama 3.2', `<|python_tag|>{"name": "edit", "parameters": ${json}}<|eom_id|>`],
    ['Llama without a mark', `{"name": "edit", "parameters": ${json}}`],
    [
      'MiniMax',
      `<minimax:tool_call>\n<invoke name="edit">\n<parameter name="edits">${JSON.stringify(args.edits)}</parameter>\n</invoke>\n</minimax:tool_call>`,
    ],
    ['Mistral', `[TOOL_CALLS] [{"name": "edit", "arguments": ${json}}]`],
    ['Mistral from tokenizer 11 on', `[TOOL_CALLS]edit[ARGS]${json}`],
    ['Mistral with an id', `[TOOL_CALLS]edit[CALL_ID]a1B2c3D4e[ARGS]${json}</s>`],
    [
      'Kimi',
      `<|tool_calls_section_begin|><|tool_call_begin|>functions.edit:0<|tool_call_argument_begin|>${json}<|tool_call_end|><|tool_calls_section_end|>`,
    ],
    [
      'DeepSeek R1',
      `<｜tool▁calls▁begin｜><｜tool▁call▁begin｜>function<｜tool▁sep｜>edit\n\`\`\`json\n${JSON.stringify({ edits: [] })}\n\`\`\`<｜tool▁call▁end｜>`,
    ],
    ['gpt-oss', `<|channel|>commentary to=functions.edit <|constrain|>json<|message|>${json}<|call|>`],
    ['fenced', `I raise the rate.\n\n\`\`\`json\n{"name": "edit", "arguments": ${json}}\n\`\`\`\nThat is all.`],
    [
      'OpenAI’s own shape',
      JSON.stringify({ tool_calls: [{ type: 'function', function: { name: 'edit', arguments: json } }] }),
    ],
    ['fenced as a tool', `\`\`\`tool_call\n{"tool": "edit", "args": ${json}}\n\`\`\``],
  ])('%s', (form, text) => {
    const written = readCallsInText(text, names)?.calls ?? [];
    expect(written.map(({ name }) => name)).toEqual(['edit']);
    if (form !== 'DeepSeek R1') expect(callsIn(text)).toEqual([['edit', args]]);
  });
});

test('several calls keep their order, and what is left is the text', () => {
  const text = `First.\n<tool_call>{"name":"read_file","arguments":{"file":"a.py"}}</tool_call>\n<tool_call>{"name":"edit","arguments":${json}}</tool_call>`;
  expect(callsIn(text)).toEqual([
    ['read_file', { file: 'a.py' }],
    ['edit', args],
  ]);
  expect(readCallsInText(text, names)?.text).toBe('First.');
  const listed = `[TOOL_CALLS][{"name":"edit","arguments":${json}},{"name":"submit","arguments":{}}]`;
  expect(callsIn(listed)?.map(([name]) => name)).toEqual(['edit', 'submit']);
  const repeated = `[TOOL_CALLS]edit[ARGS]${json}[TOOL_CALLS]submit[ARGS]{}`;
  expect(callsIn(repeated)?.map(([name]) => name)).toEqual(['edit', 'submit']);
});

test('a text as a parameter stays text, also where it looks like a number', () => {
  const text =
    '<tool_call>\n<function=submit>\n<parameter=title>\n12\n</parameter>\n<parameter=kind>\nknobs\n</parameter>\n</function>\n</tool_call>';
  expect(callsIn(text)).toEqual([['submit', { title: '12', kind: 'knobs' }]]);
});

test.each([
  ['a tool that is not ours', '<tool_call>{"name": "python", "arguments": {}}</tool_call>'],
  ['code in a fence', '```python\nname = "edit"\narguments = {}\n```'],
  ['JSON that is no call', '```json\n{"name": "edit"}\n```'],
  ['a call within a thought', '<think><tool_call>{"name": "edit", "arguments": {}}</tool_call></think>\nWell.'],
  ['talk of a tool', 'I would call edit({"find": "a"}) and then submit.'],
  ['nothing', ''],
])('%s is no call', (_, text) => {
  expect(readCallsInText(text, names)).toBeUndefined();
});
