#!/bin/bash
# ray 2.60.0 (PyPI): `POST /api/jobs/ID/stop` says `{"stopped": true}` for a job that waits in the queue, and leaves it there: its command is started later.
#
# Expected: a job that was stopped before it began is STOPPED, as `ray job stop` prints ("Job 'waits' was stopped"), and never starts.
# Instead: the stop is a message to an actor that does not exist yet. The job stays PENDING for as long as the cluster is full, cannot be
# deleted (500), and once its turn has come its entrypoint is started, and only then ended: what it does first, it does.
#
# Output that was seen:
#   stop: {"stopped": true}
#   status after three seconds: PENDING
#   once the other job has ended: STOPPED, and its log ends with: I was started
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
submit() { curl -sf -X POST $api/jobs/ -H 'content-type: application/json' -d "{\"submission_id\": \"$1\", \"entrypoint\": \"$2\", \"entrypoint_num_cpus\": 1}" >/dev/null; }
status() { curl -s $api/jobs/$1 | venv/bin/python -c 'import json, sys; print(json.load(sys.stdin)["status"])'; }
submit runs 'sleep 1000'; until [ "$(status runs)" = RUNNING ]; do sleep 1; done
submit waits 'echo I was started; sleep 1000'
{
  echo "stop: $(curl -s -X POST $api/jobs/waits/stop)"; sleep 3
  echo "status after three seconds: $(status waits)"
  curl -s -X POST $api/jobs/runs/stop >/dev/null
  until [ "$(status waits)" != PENDING ] && [ "$(status waits)" != RUNNING ]; do sleep 1; done
  echo "once the other job has ended: $(status waits), and its log ends with: $(curl -s $api/jobs/waits/logs | grep -o 'I was started' | tail -1)"
} | tee seen
grep -q 'stop: {"stopped": true}' seen && grep -q 'seconds: PENDING' seen && grep -q 'with: I was started' seen || { echo 'The behaviour has changed: a job that is stopped in the queue does not start.'; exit 1; }
