#!/bin/bash
# ray 2.60.0 (PyPI): `GET /api/jobs/ID/logs` answers 500 for as long as the log ends within a character, and for ever once it holds a byte that is no UTF-8.
#
# Expected: the log as far as it can be read, as `ray job logs` and the dashboard promise; a progress bar or a name with an accent, written in
# two pieces, is not unusual, nor is one stray byte of a library in another encoding.
# Instead: the file is read as strict UTF-8 in one piece; the answer is a Python traceback. `/api/v0/logs/file?node_id=…&filename=job-driver-ID.log`
# gives the bytes.
#
# Output that was seen:
#   half a character: 500 UnicodeDecodeError: 'utf-8' codec can't decode byte 0xc3 in position 1: unexpected end of data
#   the whole character: 200
#   a stray byte, the job has ended: 500 UnicodeDecodeError: 'utf-8' codec can't decode byte 0xff in position 4: invalid start byte
#   the same by the state API: 200
set -eu
folder=$(mktemp -d /tmp/find-XXXX); cd "$folder"
python3 -m venv venv && venv/bin/pip install --quiet --disable-pip-version-check 'ray[default]==2.60.0'
export RAY_USAGE_STATS_ENABLED=0 RAY_AUTH_MODE=disabled LC_ALL=C.UTF-8
setsid venv/bin/ray start --head --block --num-cpus 1 --port 26399 --dashboard-port 28265 --temp-dir "$folder/t" --object-store-memory 80000000 >ray.log 2>&1 &
head=$!; trap 'kill $head; wait $head || true; rm -rf "$folder"' EXIT
api=http://127.0.0.1:28265/api
until curl -sf $api/version >/dev/null; do kill -0 $head || { cat ray.log; exit 2; }; sleep 1; done
# A head that answers may still be without the agent that takes jobs.
until curl -sf -X POST $api/jobs/ -H 'content-type: application/json' -d '{"entrypoint": "true"}' >/dev/null; do sleep 1; done
cat > print.py <<'PY'
import os, sys, time
def put(data, mark):
    os.write(1, data)
    open(os.path.join(sys.argv[1], mark), "w").close()
    while not os.path.exists(os.path.join(sys.argv[1], mark + "-seen")):
        time.sleep(0.1)
put(b"\xc3", "half")
put(b"\xa9\n", "whole")
put(b"\xff\n", "stray")
PY
curl -sf -X POST $api/jobs/ -H 'content-type: application/json' -d "{\"submission_id\": \"job\", \"entrypoint\": \"python3 $folder/print.py $folder\"}" >/dev/null
log() { curl -s -w '\n%{http_code}' $api/jobs/job/logs > answer; echo "$(tail -1 answer) $(grep -o 'UnicodeDecodeError.*' answer | sed 's/position [0-9]*/position …/' | tail -1)"; }
field() { curl -s $api/jobs/job | venv/bin/python -c "import json, sys; print(json.load(sys.stdin)['$1'])"; }
see() { until [ -e "$1" ]; do sleep 0.2; done; sleep 1; echo "$2: $(log)"; touch "$1-seen"; }
{
  see half 'half a character'
  see whole 'the whole character'
  until [ -e stray ]; do sleep 0.2; done; touch stray-seen
  until [ "$(field status)" = SUCCEEDED ]; do sleep 1; done
  echo "a stray byte, the job has ended: $(log)"
  echo "the same by the state API: $(curl -s -o /dev/null -w '%{http_code}' "$api/v0/logs/file?node_id=$(field driver_node_id)&filename=job-driver-job.log&lines=-1")"
} | tee seen
[ "$(grep -c ': 500 UnicodeDecodeError' seen)" = 2 ] && grep -q 'whole character: 200' seen && grep -q 'state API: 200' seen || { echo 'The behaviour has changed: such a log is shown.'; exit 1; }
