"""What Nocturne has the kernel of a Colab machine do, one order at a time: calls away_job.py, and stays with a job to tell of it.

    answer(ROOT, ORDER)    prints lines of JSON behind `@nocturne@`; the last one has `done`, so that whoever reads knows that all of it came

ORDER is {what: 'join', name, bytes, parts}: makes one file of those that were uploaded; {what: 'missing', names}: the archives that are not here; or
{what: 'stay', orders, start, offsets, seconds}: starts the job, if asked to, and tells its state and what its logs have gained until it ends, the
seconds are over, or a file `ROOT/wake/ORDERS` says `cancel` or anything else. A job that has ended is packed into `ROOT/outgoing`, in parts.
The kernel does nothing else meanwhile, and an execution in it is what keeps a machine: nothing here computes for its own sake.
"""
import base64
import hashlib
import json
import os
import subprocess
import sys
import time

MARK = "@nocturne@"
PART_BYTES = 24 << 20
LOOK_SECONDS = 0.5


def answer(root, order):
    what = order["what"]
    if what == "join":
        join(root, order)
    elif what == "missing":
        there = os.path.join(root, "archives")
        say({"missing": [name for name in order["names"] if not os.path.isfile(os.path.join(there, name))]})
    else:
        stay(root, order)
    say({"done": True})


def say(value):
    print(MARK + json.dumps(value), flush=True)


def join(root, order):
    path = os.path.join(root, order["name"])
    part = path + ".part"
    with open(part, "wb") as whole:
        for index in range(order["parts"]):
            with open("{}.{}".format(path, index), "rb") as file:
                whole.write(file.read())
    if os.path.getsize(part) != order["bytes"]:
        raise ValueError("{} came incomplete".format(order["name"]))
    os.replace(part, path)
    for index in range(order["parts"]):
        os.remove("{}.{}".format(path, index))


def stay(root, order):
    name = order["orders"]
    if order.get("text") is not None:
        with open(os.path.join(root, "orders", name), "w", encoding="utf-8") as file:
            file.write(order["text"])
    if order["start"]:
        started = away(root, "start", name)
        if started.returncode != 0:
            return say({"failed": started.stderr.decode("utf-8", "replace")[-2000:]})
    wake = os.path.join(root, "wake", name)
    offsets = order["offsets"]
    until = time.monotonic() + order["seconds"]
    before = None
    while True:
        asked = read(wake)
        if asked == b"cancel":
            away(root, "cancel", name)
        state = json.loads(away(root, "state", name).stdout)
        logs = gained(root, name, state, offsets)
        if logs or state != before:
            say({"state": state, "logs": logs})
        before = state
        if state["hasEnded"] and not state["isAlive"]:
            return say({"home": pack(root, name)})
        if asked is not None:
            os.remove(wake)
        if asked is not None or time.monotonic() > until or not state["isAlive"]:
            return None
        time.sleep(LOOK_SECONDS)


def gained(root, name, state, offsets):
    """What each log has more than was told, at most 64 KiB of each."""
    logs = {}
    for stage, size in state["logs"].items():
        at = offsets.get(stage, 0)
        if size > at:
            data = away(root, "log", name, stage, str(at)).stdout
            logs[stage] = {"from": at, "data": base64.b64encode(data).decode()}
            offsets[stage] = at + len(data)
    return logs


def pack(root, name):
    folder = os.path.join(root, "outgoing")
    path = os.path.join(folder, name)
    with open(path, "wb") as file:
        away(root, "home", name, stdout=file)
    digest, parts = hashlib.sha256(), 0
    with open(path, "rb") as whole:
        while True:
            data = whole.read(PART_BYTES)
            if not data:
                break
            digest.update(data)
            with open("{}.{}".format(path, parts), "wb") as file:
                file.write(data)
            parts += 1
    os.remove(path)
    return {"parts": parts, "sha256": digest.hexdigest()}


def away(root, what, *rest, **more):
    command = [sys.executable, os.path.join(root, "away_job.py"), what, root] + list(rest)
    more.setdefault("stdout", subprocess.PIPE)
    return subprocess.run(command, stdin=subprocess.DEVNULL, stderr=subprocess.PIPE, **more)


def read(path):
    try:
        with open(path, "rb") as file:
            return file.read()
    except OSError:
        return None
