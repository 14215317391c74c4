#!/bin/bash
# mlflow 3.17.2 (PyPI): the REST API answers 200 `{}` to a parameter or tag that is too long, and stores its beginning.
#
# Expected: as for a key that is too long, 400 INVALID_PARAMETER_VALUE, so that a client that reads status codes knows that a prompt or a config
# is not there whole; and a parameter, which is never changed, is refused when another value is logged for it.
# Instead: a parameter's value is cut to 6000 characters and a tag's to 8000, in log-parameter, log-batch and set-tag alike; only the server's own
# log says so. What is compared later is the beginning: another value that differs behind it is answered 200 as the same one.
# Where MLFLOW_TRUNCATE_LONG_VALUES=false stands in the environment of what stores it, it is refused.
#
# Output that was seen:
#   log-parameter of 7000: 200 {}
#   log-batch with a tag of 9000: 200 {}
#   stored: parameter 6000, tag 8000
#   another value, the same up to 6000: 200 {}
#   another value: 400 INVALID_PARAMETER_VALUE
#   a key of 300: 400 INVALID_PARAMETER_VALUE
set -eu
folder=$(mktemp -d); cd "$folder"
python3 -m venv venv && venv/bin/pip install --quiet --disable-pip-version-check mlflow==3.17.2
port=$(python3 -c 'import socket; s = socket.socket(); s.bind(("127.0.0.1", 0)); print(s.getsockname()[1])')
setsid venv/bin/mlflow server --backend-store-uri sqlite:///store.db --workers 1 --port "$port" >server.log 2>&1 & server=$!
trap 'kill -- -$server; wait $server || true; rm -rf "$folder"' EXIT
until curl -sf "http://127.0.0.1:$port/health" >/dev/null; do kill -0 $server || { cat server.log; exit 2; }; sleep 1; done
cat > ask.py <<'PY'
import json
import sys
import urllib.error
import urllib.request

api = f"http://127.0.0.1:{sys.argv[1]}/api/2.0/mlflow/"


def post(path, **body):
    request = urllib.request.Request(api + path, json.dumps(body).encode(), {"content-type": "application/json"})
    try:
        with urllib.request.urlopen(request) as answer:
            return answer.status, json.load(answer)
    except urllib.error.HTTPError as error:
        return error.code, json.load(error).get("error_code")


def tell(what, answer):
    print(f"{what}: {answer[0]}", answer[1] if isinstance(answer[1], str) else json.dumps(answer[1]))


experiment = post("experiments/create", name="e")[1]["experiment_id"]
run = post("runs/create", experiment_id=experiment)[1]["run"]["info"]["run_id"]
tell("log-parameter of 7000", post("runs/log-parameter", run_id=run, key="p", value="a" * 7000))
tell("log-batch with a tag of 9000", post("runs/log-batch", run_id=run, tags=[{"key": "t", "value": "b" * 9000}]))
with urllib.request.urlopen(api + "runs/get?run_id=" + run) as answer:
    data = json.load(answer)["run"]["data"]
length = {one["key"]: len(one["value"]) for one in data["params"] + data["tags"]}
print(f"stored: parameter {length['p']}, tag {length['t']}")
tell("another value, the same up to 6000", post("runs/log-parameter", run_id=run, key="p", value="a" * 6000 + "other"))
tell("another value", post("runs/log-parameter", run_id=run, key="p", value="other"))
tell("a key of 300", post("runs/log-parameter", run_id=run, key="k" * 300, value="x"))
PY
venv/bin/python ask.py "$port" | tee seen
cat > expected <<'TEXT'
log-parameter of 7000: 200 {}
log-batch with a tag of 9000: 200 {}
stored: parameter 6000, tag 8000
another value, the same up to 6000: 200 {}
another value: 400 INVALID_PARAMETER_VALUE
a key of 300: 400 INVALID_PARAMETER_VALUE
TEXT
cmp -s seen expected || { echo 'The behaviour has changed: values that are too long are not cut without a word.'; exit 1; }
