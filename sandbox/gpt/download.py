"""Downloads one file so that it is whole or not there: resumed after a drop, checked at the end.

What arrived stays beside the target as NAME.part, with the server's checksum in NAME.part.json, so
that the next try, or the next `python prepare.py`, goes on there. Standard library only.
"""

import hashlib
import http.client
import json
import os
import shutil
import sys
import time
import urllib.error
import urllib.request

TRIES = 6                 # attempts in a row that bring nothing new before it gives up
TRIES_UNREACHED = 3       # the same while no server has answered yet: most likely there is no network
SILENCE_SECONDS = 30      # a connection that sends nothing for so long counts as dropped
CHUNK = 1 << 20


class DownloadError(Exception):
    """One sentence: what could not be had, and why."""


def fetch(url, path, say=print, pause=time.sleep):
    """Brings `url` to `path` (a pathlib.Path) and returns its sha256. Raises a DownloadError."""
    if path.is_file():
        return sha256_of(path)
    part = path.with_name(path.name + ".part")
    failures, is_reached = 0, part.is_file()
    while True:
        had = part.stat().st_size if part.is_file() else 0
        try:
            expected = receive(url, part, say)
            break
        except urllib.error.HTTPError as error:
            if error.code == 416:           # what is there is no beginning of the file any more
                forget(part)
            elif error.code < 500 and error.code not in (408, 429):
                raise DownloadError(f"{url} answered {error.code} {error.reason}") from error
            reason, is_reached = f"answered {error.code}", True
        except OSError as error:
            if isinstance(error, FullDisk):
                raise DownloadError(str(error)) from error
            reason = str(getattr(error, "reason", error)) or type(error).__name__
            is_reached = is_reached or not isinstance(error, urllib.error.URLError)
        grown = (part.stat().st_size if part.is_file() else 0) > had
        failures = 1 if grown else failures + 1
        if failures >= (TRIES if is_reached else TRIES_UNREACHED):
            raise DownloadError(f"{url} could not be downloaded: {reason}")
        wait = min(30, 2 ** failures)
        say(f"download {'interrupted' if part.is_file() else 'failed'} ({reason}); trying again in {wait} s")
        pause(wait)
    found = sha256_of(part)
    if expected and found != expected:
        forget(part)
        raise DownloadError(f"{url} arrived with the wrong checksum ({found[:12]}, not {expected[:12]})")
    os.replace(part, path)
    forget(part)
    return found


class FullDisk(OSError):
    """No room for the rest of the file; what arrived is kept."""


def receive(url, part, say):
    """One attempt from where the part ends; returns the checksum that the server promised, or ''."""
    had = part.stat().st_size if part.is_file() else 0
    known = read_promise(part) if had else {}
    if had and had == known.get("bytes"):
        return known["sha256"]              # it was all here when the last attempt ended
    headers = {"User-Agent": "nocturne-prepare", "Accept-Encoding": "identity"}
    if had:
        headers["Range"] = f"bytes={had}-"
    request = urllib.request.Request(url, headers=headers)
    with urllib.request.urlopen(request, timeout=SILENCE_SECONDS) as response:
        promise = promise_of(response, had)
        resumes = had > 0 and response.status == 206 and promise == known
        if had and response.status == 206 and not resumes:
            forget(part)                    # the file behind the address is another one now
            raise OSError("the file changed on the server")
        if not resumes:
            had = 0
            part.with_name(part.name + ".json").write_text(json.dumps(promise))
        require_room(part, promise["bytes"] - had, url)
        copy(response, part, "ab" if resumes else "wb", had, promise["bytes"], say)
    return promise["sha256"]


def promise_of(response, had):
    """Size and checksum of the whole file, as the server says. A hub that keeps large files apart
    gives the sha256 as the linked ETag, mirrors as a header of their own."""
    headers = response.headers
    total = (headers.get("Content-Range") or "").rpartition("/")[2]
    length = int(headers.get("Content-Length") or 0)
    size = int(total) if total.isdigit() else (length + (had if response.status == 206 else 0))
    named = (headers.get("X-Linked-Etag") or headers.get("X-Checksum-Sha256") or headers.get("ETag") or "")
    text = named.split("/")[-1].strip('"').lower()
    is_sha256 = len(text) == 64 and all(letter in "0123456789abcdef" for letter in text)
    return {"bytes": size, "sha256": text if is_sha256 else "", "tag": text}


def copy(response, part, mode, had, size, say):
    """Appends the body to the part; a body that ends early is an error, so that it is resumed."""
    told = had
    with open(part, mode) as file:
        while True:
            # What is there by now: `read` would gather a whole chunk, and lose it when the rest stalls.
            try:
                chunk = response.read1(CHUNK)
            except http.client.HTTPException as error:      # a body in chunks that ends early
                raise OSError("the connection closed early") from error
            if not chunk:
                break
            try:
                file.write(chunk)
            except OSError as error:
                raise FullDisk(f"the disk is full: {part.parent} has no room for {part.name}") from error
            had += len(chunk)
            if size and had - told >= size / 20:
                told = had
                say(f"{part.name[:-5]} {100 * had / size:3.0f}% of {size / 1e6:,.1f} MB")
        file.flush()
        os.fsync(file.fileno())
    if size and had < size:
        raise OSError(f"the connection closed after {had:,} of {size:,} bytes")


def require_room(part, missing, url):
    free = shutil.disk_usage(part.parent).free
    if missing > free:
        raise FullDisk(
            f"the disk is full: {url} needs {missing / 1e6:,.1f} MB, {part.parent} has {free / 1e6:,.1f} MB free"
        )


def read_promise(part):
    try:
        return json.loads(part.with_name(part.name + ".json").read_text())
    except (OSError, ValueError):
        return {}


def forget(part):
    for path in (part, part.with_name(part.name + ".json")):
        path.unlink(missing_ok=True)


def sha256_of(path):
    digest = hashlib.sha256()
    with open(path, "rb") as file:
        while block := file.read(CHUNK):
            digest.update(block)
    return digest.hexdigest()


if __name__ == "__main__":
    from pathlib import Path

    try:
        print(fetch(sys.argv[1], Path(sys.argv[2]), say=lambda line: print(line, flush=True)))
    except DownloadError as failure:
        sys.exit(f"download.py: {failure}")
