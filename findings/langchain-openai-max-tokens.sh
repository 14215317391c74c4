#!/bin/bash
# @langchain/openai 1.5.8 (npm): the limit on a reply is sent as `max_tokens` to every model newer than GPT-5.
#
# Expected: OpenAI's models that reason refuse `max_tokens` ("Use 'max_completion_tokens' instead"), so ChatOpenAI with
# `maxTokens` sends the limit under the newer name to gpt-6-sol as it does to gpt-5.
# Instead: which models reason is a list in the package (`o` and a digit, `gpt-5…`), and every other name gets `max_tokens`,
# as does a reasoning model behind a gateway that prefixes its name. `modelKwargs: {max_completion_tokens}` works for those,
# and only for those: for the listed ones the package overwrites it with its own, undefined value.
#
# Output that was seen:
#   gpt-5 {"maxTokens":100} => max_completion_tokens
#   gpt-6-sol {"maxTokens":100} => max_tokens
#   openai/gpt-5 {"maxTokens":100} => max_tokens
#   gpt-6-sol {"modelKwargs":{"max_completion_tokens":100}} => max_completion_tokens
#   gpt-5 {"modelKwargs":{"max_completion_tokens":100}} => neither
set -eu
folder=$(mktemp -d); trap 'rm -rf "$folder"' EXIT; cd "$folder"
npm init -y >/dev/null; npm install --silent --no-audit --no-fund @langchain/openai@1.5.8 @langchain/core@1.4.0 >/dev/null
cat > look.mjs <<'JS'
import { createServer } from 'node:http';
import { ChatOpenAI } from '@langchain/openai';
let sent;
const server = createServer(async (request, response) => {
  let text = '';
  for await (const chunk of request) text += chunk;
  sent = JSON.parse(text);
  const message = { role: 'assistant', content: 'hi' };
  response.writeHead(200, { 'content-type': 'application/json' });
  response.end(JSON.stringify({ id: 'x', object: 'chat.completion', model: sent.model, choices: [{ index: 0, finish_reason: 'stop', message }], usage: {} }));
});
await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
const configuration = { baseURL: `http://127.0.0.1:${server.address().port}/v1` };
const kwargs = { modelKwargs: { max_completion_tokens: 100 } };
for (const [model, limit] of [['gpt-5', { maxTokens: 100 }], ['gpt-6-sol', { maxTokens: 100 }], ['openai/gpt-5', { maxTokens: 100 }], ['gpt-6-sol', kwargs], ['gpt-5', kwargs]]) {
  await new ChatOpenAI({ model, apiKey: 'x', maxRetries: 0, configuration, ...limit }).invoke('hi');
  const names = Object.keys(sent).filter((key) => /^max_/.test(key));
  console.log(`${model} ${JSON.stringify(limit)} => ${names.join(', ') || 'neither'}`);
}
server.closeAllConnections();
server.close();
JS
node look.mjs | tee seen
grep -q '^gpt-6-sol {"maxTokens":100} => max_tokens$' seen && grep -q '^gpt-5 {"modelKwargs.* => neither$' seen ||
  { echo 'The behaviour has changed: newer models get the newer name, or modelKwargs stays.'; exit 1; }
