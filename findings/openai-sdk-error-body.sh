#!/bin/bash
# openai 6.49.0 (npm): an error whose JSON body has no key `error` is reported as "status code (no body)".
#
# Expected: a server that speaks Chat Completions and refuses a request with a JSON body, in FastAPI's shape (`detail`) or in
# that of vLLM and Mistral (`object: "error"`, `message`), has its sentence in the APIError's message, as a plain text has.
# Instead: the SDK keeps only the key `error` of a body that is JSON, and says that there is none. The same body sent as
# invalid JSON is shown whole, so a server is better understood when its answer is broken.
#
# Output that was seen:
#   {"detail":"tools are not for this model"} => 400 status code (no body) | error: undefined
#   {"object":"error","message":"tools are not for this model"} => 400 status code (no body) | error: undefined
#   tools are not for this model => 400 tools are not for this model | error: undefined
set -eu
folder=$(mktemp -d); trap 'rm -rf "$folder"' EXIT; cd "$folder"
npm init -y >/dev/null; npm install --silent --no-audit --no-fund openai@6.49.0 >/dev/null
cat > look.mjs <<'JS'
import { createServer } from 'node:http';
import OpenAI from 'openai';
const bodies = [
  JSON.stringify({ detail: 'tools are not for this model' }),
  JSON.stringify({ object: 'error', message: 'tools are not for this model' }),
  'tools are not for this model',
];
let body;
const server = createServer((request, response) => response.writeHead(400, { 'content-type': 'application/json' }).end(body));
await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
const client = new OpenAI({ apiKey: 'x', maxRetries: 0, baseURL: `http://127.0.0.1:${server.address().port}/v1` });
for (body of bodies) {
  const error = await client.chat.completions.create({ model: 'm', messages: [{ role: 'user', content: 'hi' }] }).catch((caught) => caught);
  console.log(`${body} => ${error.message} | error: ${error.error}`);
}
server.closeAllConnections();
server.close();
JS
node look.mjs | tee seen
[ "$(grep -c 'no body' seen)" = 2 ] && grep -q '400 tools are not' seen || { echo 'The behaviour has changed: the sentence of a body without `error` is told.'; exit 1; }
