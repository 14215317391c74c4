#!/bin/bash
# ray 2.60.0 (PyPI), Node 20 and 24: the dashboard refuses every POST, PUT and DELETE of Node's `fetch` as that of a browser.
#
# Expected: the Jobs REST API takes a job from any HTTP client; a program that is no browser and names none is let through.
# Instead: whatever has a header `Sec-Fetch-Mode` counts as a browser (against forged requests of web pages), and Node's fetch sends
# `sec-fetch-mode: cors` with every request. It is no header that a caller can leave out. GET works, so that a client seems to work until it
# submits. `node:http` and undici's own `request` are let through.
#
# Output that was seen:
#   fetch, GET: 200
#   fetch, POST: 405 'POST' method not allowed for browser traffic.
#   node:http, POST: 200 {"job_id": "by-http", "submission_id": "by-http"}
set -eu
folder=$(mktemp -d /tmp/find-XXXX); cd "$folder"
python3 -m venv venv && venv/bin/pip install --quiet --disable-pip-version-check 'ray[default]==2.60.0'
export RAY_USAGE_STATS_ENABLED=0 RAY_AUTH_MODE=disabled
setsid venv/bin/ray start --head --block --num-cpus 1 --port 26399 --dashboard-port 28265 --temp-dir "$folder/t" --object-store-memory 80000000 >ray.log 2>&1 &
head=$!; trap 'kill $head; wait $head || true; rm -rf "$folder"' EXIT
api=http://127.0.0.1:28265/api
until curl -sf $api/version >/dev/null; do kill -0 $head || { cat ray.log; exit 2; }; sleep 1; done
# A head that answers may still be without the agent that takes jobs.
until curl -sf -X POST $api/jobs/ -H 'content-type: application/json' -d '{"entrypoint": "true"}' >/dev/null; do sleep 1; done
cat > ask.mjs <<'JS'
import { request } from 'node:http';
const url = 'http://127.0.0.1:28265/api/jobs/';
const post = (id) => ({ method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify({ entrypoint: 'true', submission_id: id }) });
console.log(`fetch, GET: ${(await fetch(url)).status}`);
const refused = await fetch(url, post('by-fetch'));
console.log(`fetch, POST: ${refused.status} ${await refused.text()}`);
const { body, ...options } = post('by-http');
request(url, options, async (answer) => {
  console.log(`node:http, POST: ${answer.statusCode} ${(await answer.toArray()).join('')}`);
}).end(body);
JS
node ask.mjs | tee seen
grep -q 'fetch, GET: 200' seen && grep -q 'fetch, POST: 405' seen && grep -q 'node:http, POST: 200' seen || { echo 'The behaviour has changed: fetch may submit a job.'; exit 1; }
