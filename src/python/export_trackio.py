"""Logs experiments of a study as runs of trackio, into its local database.

    export_trackio.py LOCK PROJECT < experiments.jsonl

Each line of the input is an experiment; each line of the output is the number of one whose run is there whole. A run that is
there already, from an export that was killed or of an older state, is replaced. One export at a time holds the file LOCK:
one whose starter was killed ends after the run in hand, and the next waits for that.
"""
import fcntl
import json
import os
import sys

import trackio


def main(lock, project):
    held = open(lock, "w")
    fcntl.flock(held, fcntl.LOCK_EX)
    answers = os.fdopen(os.dup(1), "w")
    os.dup2(2, 1)
    for line in sys.stdin:
        one = json.loads(line)
        log_run(one, project)
        print(one["experiment"], file=answers, flush=True)


def log_run(one, project):
    forget(one, project)
    config = {**one["config"], "nocturne_id": one["id"], "notes": one["notes"], "tags": one["tags"]}
    run = trackio.init(
        project=project,
        name=one["name"],
        group=one["group"],
        config=config,
        embed=False,
        auto_log_gpu=False,
        auto_log_cpu=False,
    )
    for series in one["series"]:
        for step, value in series["points"]:
            run.log({series["name"]: value}, step=step)
    trackio.finish()


def forget(one, project):
    try:
        runs = list(trackio.Api().runs(project))
    except ValueError:
        # There is no such project yet.
        return
    for run in runs:
        # A run that was cut off at its beginning has no configuration.
        known = run.config and run.config.get("nocturne_id")
        if known == one["id"] or (known is None and run.name == one["name"]):
            run.delete()


if __name__ == "__main__":
    main(*sys.argv[1:])
