#!/usr/bin/env bash
# @anthropic-ai/claude-code 2.1.332: `claude -p` asks again and again with a key that was refused.
#
# Expected: 401 `authentication_error` means that the key is wrong, so it ends with a sentence after one request.
# Instead:  it asks ten more times with growing pauses, over three minutes, before it says so. A script that goes on to something
#           else when the key is refused stands still that long; CLAUDE_CODE_MAX_RETRIES bounds it. 2.1.331 does the same.
# Seen:     requests within 45 s: 6; last event: "subtype":"api_retry","attempt":6,"max_retries":10
set -euo pipefail

folder=$(mktemp -d)
server=
trap '[ -z "$server" ] || kill "$server"; rm -rf "$folder"' EXIT
npm install --silent --no-audit --no-fund --force --prefix "$folder" @anthropic-ai/claude-code@2.1.332

# Answers every message as Anthropic answers an unknown key.
cat >"$folder/serve.py" <<'PYTHON'
import http.server, json, sys
body = json.dumps({"type": "error", "error": {"type": "authentication_error", "message": "invalid x-api-key"}}).encode()
class Handler(http.server.BaseHTTPRequestHandler):
    def do_POST(self):
        self.rfile.read(int(self.headers["content-length"]))
        if self.path.startswith("/v1/messages"):
            open(sys.argv[2], "a").write("asked\n")
        self.send_response(401)
        self.send_header("content-type", "application/json")
        self.send_header("content-length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)
    def log_message(self, *_):
        pass
server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
open(sys.argv[1], "w").write(str(server.server_port))
server.serve_forever()
PYTHON
python3 "$folder/serve.py" "$folder/port" "$folder/asked" & server=$!
until [ -s "$folder/port" ]; do sleep 0.1; done

mkdir "$folder/home" "$folder/work"
cd "$folder/work"
HOME="$folder/home" ANTHROPIC_API_KEY=sk-ant-wrong ANTHROPIC_BASE_URL="http://127.0.0.1:$(cat "$folder/port")" \
  timeout 45 "$folder/node_modules/.bin/claude" -p 'Say hello.' --output-format stream-json --verbose \
  </dev/null >"$folder/out" 2>/dev/null || true

asked=$(wc -l <"$folder/asked")
last=$(grep -o '"subtype":"api_retry","attempt":[0-9]*,"max_retries":[0-9]*' "$folder/out" | tail -n 1 || true)
echo "requests within 45 s: $asked; last event: ${last:-none}"
[ "$asked" -gt 2 ] || { echo "a refused key is no longer asked again"; exit 1; }
