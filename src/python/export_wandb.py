"""Writes experiments of a study as offline runs of Weights & Biases, which `wandb sync` uploads.

    export_wandb.py LOCK FOLDER PROJECT < experiments.jsonl

Each line of the input is an experiment; each line of the output is the number of one whose run is there whole. A run is
made in a folder of its own and moved to its place, so that a kill leaves no half of one. One export at a time holds the
file LOCK: one whose starter was killed ends after the run in hand, and the next waits for that.
"""
import fcntl
import json
import os
import pathlib
import shutil
import sys

import wandb


def main(lock, folder, project):
    held = open(lock, "w")
    fcntl.flock(held, fcntl.LOCK_EX)
    answers = os.fdopen(os.dup(1), "w")
    os.dup2(2, 1)
    part = folder / ".part"
    for line in sys.stdin:
        one = json.loads(line)
        shutil.rmtree(part, ignore_errors=True)
        part.mkdir(parents=True)
        write_run(one, part, project)
        (made,) = (part / "wandb").glob("offline-run-*")
        for old in folder.glob(f"offline-run-*-{one['id']}"):
            shutil.rmtree(old)
        os.replace(made, folder / made.name)
        print(one["experiment"], file=answers, flush=True)
    shutil.rmtree(part, ignore_errors=True)


def write_run(one, part, project):
    settings = wandb.Settings(console="off", silent=True, disable_git=True, save_code=False, x_disable_stats=True, x_disable_meta=True)
    run = wandb.init(
        mode="offline",
        dir=str(part),
        project=project,
        group=one["group"],
        id=one["id"],
        name=one["name"],
        notes=one["notes"],
        tags=one["tags"],
        config=one["config"],
        settings=settings,
    )
    for series in one["series"]:
        axis = series["name"] + "/step"
        run.define_metric(axis, hidden=True)
        run.define_metric(series["name"], step_metric=axis, summary="last")
        for step, value in series["points"]:
            run.log({series["name"]: value, axis: step})
    run.summary.update(one["summary"])
    if one.get("patch"):
        path = pathlib.Path(run.dir) / "patch.diff"
        path.write_text(one["patch"])
        run.save(str(path), base_path=run.dir, policy="end")
    run.finish()


if __name__ == "__main__":
    main(sys.argv[1], pathlib.Path(sys.argv[2]), sys.argv[3])
