#!/bin/bash
# wandb 0.31.0 (PyPI): `wandb sync` ends with exit code 0 although the server refused the run and nothing was uploaded.
#
# Expected: what uploads offline runs from a script or a cron job (`wandb sync RUN && rm -r RUN`) fails when the server answers 401, as it
# does to a key that was revoked, so that the run is kept and somebody is told.
# Instead: the refusal is printed to standard error as `wandb: ERROR …` and the exit code is 0, each time again. Only the text tells.
#
# Output that was seen:
#   refused: POST /graphql
#   wandb: ERROR user is not logged in
#   wandb sync: exit code 0
set -eu
folder=$(mktemp -d); cd "$folder"
python3 -m venv venv && venv/bin/pip install --quiet --disable-pip-version-check wandb==0.31.0
cat > run.py <<'PY'
import wandb
run = wandb.init(mode="offline", project="p", settings=wandb.Settings(silent=True, console="off"))
run.log({"loss": 1.0})
run.finish()
PY
venv/bin/python run.py >/dev/null 2>&1
cat > refuse.py <<'PY'
# Answers every request as a server does that does not know the key.
import http.server


class Refusing(http.server.BaseHTTPRequestHandler):
    def refuse(self):
        self.rfile.read(int(self.headers.get("content-length") or 0))
        if self.path == "/graphql":
            print("refused: " + self.command, self.path, flush=True)
        self.send_response(401)
        self.send_header("content-type", "application/json")
        self.end_headers()
        self.wfile.write(b'{"errors": [{"message": "user is not logged in"}]}')

    do_GET = do_POST = do_PUT = refuse

    def log_message(self, *_):
        pass


server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Refusing)
with open("port", "w") as file:
    file.write(str(server.server_address[1]))
server.serve_forever()
PY
venv/bin/python refuse.py >seen & server=$!
trap 'kill $server; rm -rf "$folder"' EXIT
until [ -s port ]; do kill -0 $server; sleep 0.1; done
export WANDB_BASE_URL="http://127.0.0.1:$(cat port)" WANDB_API_KEY=0123456789012345678901234567890123456789
code=0; timeout 120 venv/bin/wandb sync wandb/offline-run-* >said 2>&1 || code=$?
grep ERROR said >>seen || true
echo "wandb sync: exit code $code" >>seen
cat seen
grep -q 'refused: POST /graphql' seen && grep -q 'ERROR user is not logged in' seen && grep -q 'exit code 0' seen || { echo 'The behaviour has changed: a refused sync does not end with exit code 0.'; exit 1; }
