import { describe, expect, test } from 'vitest';
import { readBodyFailure } from '../../../src/adapters/models/failure.ts';
import { classifyFailure } from '../../../src/adapters/models/faults.ts';
import { toolsRemedy } from '../../../src/adapters/models/no-tools.ts';

const classify = (message: string, status = 400) => classifyFailure({ ...readBodyFailure({ message }), status });

describe('a model or a server without tools is told, with what to set', () => {
  test.each([
    ['registry.ollama.ai/library/gemma3:4b does not support tools', 'ollama show'],
    [
      '"auto" tool choice requires --enable-auto-tool-choice and --tool-call-parser to be set',
      '--enable-auto-tool-choice',
    ],
    ['tools param requires --jinja flag', '--jinja'],
    ['Unsupported param: tools', '--jinja'],
    ['No endpoints found that support tool use. To learn more about provider routing, visit: …', 'openrouter.ai'],
    ['`tool calling` is not supported with this model', 'can call tools'],
    ['Function calling is not enabled for models/gemma-3-27b-it', 'can call tools'],
    ['This model does not support function calling', 'can call tools'],
    ['tools: Extra inputs are not permitted', 'can call tools'],
    ["Tool use isn't currently supported for this model", 'can call tools'],
  ])('%s', (message, remedy) => {
    const status = message.startsWith('No endpoints') ? 404 : 400;
    const fault = classify(message, status);
    expect(fault).toMatchObject({ action: 'pause', code: 'no-tools' });
    expect(toolsRemedy([fault.message])).toContain(remedy);
  });
});

test.each([
  ['tools.0.function.strict: Extra inputs are not permitted', 'bad-request'],
  ["Unsupported parameter: 'max_tokens' is not supported with this model.", 'bad-request'],
  ['Failed to parse tool call arguments', 'bad-arguments'],
  ['The model `x` does not exist', 'bad-request'],
] as const)('%s is another fault', (message, code) => {
  expect(classify(message).code).toBe(code);
});
