"""A job on another machine than its controller's: unpacked, started under the supervisor, looked at, packed up again.

    python3 away_job.py run     ROOT ORDERS    unpacks what is not there yet and becomes the job's supervisor: it ends when the job has ended
    python3 away_job.py start   ROOT ORDERS    the same in a process of its own; returns once the job can no longer be started twice
    python3 away_job.py missing ROOT           names of archives on stdin, one a line; those that are not there on stdout
    python3 away_job.py state   ROOT ORDERS [STAGE=FROM …]    one line of JSON: what is known of the job here, and what logs gained from a byte on
    python3 away_job.py log     ROOT ORDERS STAGE FROM    at most 64 KiB of a stage's log, from a byte on
    python3 away_job.py cancel  ROOT ORDERS    asks the job's supervisor, on this machine, to end it, and waits until it has
    python3 away_job.py home    ROOT ORDERS    a tar.gz of what the job leaves on stdout, its result last
    python3 away_job.py clear   ROOT ORDERS    removes what came home, and keeps that the job was started: no scheduler can start it again
    python3 away_job.py forget  ROOT ORDERS    removes the job's folder

ROOT is any folder that may be written to; ORDERS is a file, by its name in ROOT/orders or as an absolute path: {folder, archives: [{name, at}],
spec, inherit: {names, prefixes}, keep, own}. In its texts `@nocturne-root@` stands for ROOT, `@nocturne-temporary@` for a new temporary folder,
`@nocturne-python@` and `@nocturne-python-folder@` for the Python that runs this, unless `python` names another. Archives lie in ROOT/archives;
one with `at` `places/…` is unpacked once for all jobs, and again when somebody changed what it held. A stage gets, of the variables that
`inherit` names, those of this machine; what the spec gives it wins.
"""
import base64
import fcntl
import hashlib
import json
import os
import re
import shutil
import signal
import stat
import subprocess
import sys
import tarfile
import tempfile
import time

sys.dont_write_bytecode = True
LOG_BYTES = 64 * 1024
START_SECONDS = 60.0
CANCEL_SECONDS = 60.0
PR_SET_PDEATHSIG = 1
SECRET = re.compile(r"KEY|TOKEN|SECRET|PASSW|CREDENTIAL", re.I)
RECORDS = re.compile(r"(\.log|\.ended|-imports\.tsv|model-caged\.json|started\.json)$")


class Away:
    def __init__(self, root, orders):
        self.root = os.path.abspath(root)
        self.path = orders if os.path.isabs(orders) else os.path.join(self.root, "orders", orders)
        with open(self.path, encoding="utf-8") as file:
            self.orders = json.load(file)
        self.folder = self.here(self.orders["folder"])

    def here(self, path):
        return path if os.path.isabs(path) else os.path.join(self.root, path)

    def unpack(self):
        for archive in self.orders["archives"]:
            if archive["at"] is None:
                if not os.path.exists(os.path.join(self.folder, "started.json")):
                    self.extract(archive["name"], self.root)
            else:
                self.unpack_place(archive)

    def unpack_place(self, archive):
        place = self.here(archive["at"])
        marks = place + ".json"
        if os.path.isdir(place) and read_json(marks) == marks_of(place):
            return
        part = tempfile.mkdtemp(dir=make(os.path.dirname(place)))
        self.extract(archive["name"], part)
        shutil.rmtree(place, ignore_errors=True)
        try:
            # Its marks are those of the files as they lie here.
            os.rename(os.path.join(part, "content"), place)
            write_json(marks, marks_of(place))
        except OSError:
            if not os.path.isdir(place):
                raise  # else another job was faster
        finally:
            shutil.rmtree(part, ignore_errors=True)

    def extract(self, name, folder):
        with tarfile.open(os.path.join(self.root, "archives", name)) as archive:
            # Packed by the controller itself, links included.
            archive.extractall(folder, **({"filter": "fully_trusted"} if hasattr(tarfile, "fully_trusted_filter") else {}))

    def write_spec(self):
        """The job's spec, with what only this machine knows; the temporary folder is removed by `tidy`."""
        python = self.orders.get("python") or sys.executable
        temporary = tempfile.mkdtemp(prefix="nocturne-")
        tokens = {
            "@nocturne-root@": self.root,
            "@nocturne-temporary@": temporary,
            "@nocturne-python-folder@": os.path.dirname(python),
            "@nocturne-python@": python,
        }
        spec = filled(self.orders["spec"], tokens)
        for place in spec.get("sealed", []):
            # Of what is not here no change can be seen.
            at = place["place"]
            files = place["files"].items()
            place["files"] = {path: mark for path, mark in files if mark is not None or os.path.lexists(os.path.join(at, path))}
        for stage in spec["stages"]:
            stage["env"] = dict(self.inherited(python), **stage["env"])
            for name in ("TMPDIR", "TEMP", "TMP"):
                if stage["env"].get(name, "").startswith(temporary):
                    os.makedirs(stage["env"][name], mode=0o700, exist_ok=True)
        path = os.path.join(make(self.folder), "spec.json")
        write_json(path, spec)
        write_json(os.path.join(self.folder, "away-here.json"), {"root": self.root, "temporary": temporary, "node": os.uname().nodename})
        return path

    def inherited(self, python):
        names, prefixes = set(self.orders["inherit"]["names"]), tuple(self.orders["inherit"]["prefixes"])
        own = {
            name: value
            for name, value in os.environ.items()
            if (name in names or name.startswith(prefixes)) and not SECRET.search(name) and not name.startswith("TF_VAR_")
        }
        own["PATH"] = os.path.dirname(python) + os.pathsep + os.environ.get("PATH", "/usr/local/bin:/usr/bin:/bin")
        for name in ("PYTHONHOME", "PYTHONEXECUTABLE", "PYTHONINSPECT", "PYTHONSTARTUP", "PYTHONPATH"):
            own.pop(name, None)
        return own

    def is_started(self):
        return any(os.path.lexists(os.path.join(self.folder, name)) for name in ("started.json", "result.json"))

    def run(self):
        lock = take_lock(self.path + ".lock")  # held until the job can no longer be started twice
        self.unpack()
        if self.is_started():
            os.close(lock)
            return self.wait_for_other()
        path = self.write_spec()
        os.chdir(self.folder)
        # What the supervisor needs, and no more: stages get what their spec says.
        for name in set(os.environ) - {"PATH", "HOME"}:
            del os.environ[name]
        sys.path.insert(0, filled(self.orders["programs"], {"@nocturne-root@": self.root}))
        import supervisor

        supervisor.become_subreaper()
        parent = os.getpid()
        child = os.fork()
        if child == 0:
            os.closerange(3, 256)  # the third would be taken for the lifeline to a controller
            sys.argv[1:] = [path]
            os._exit(supervise(supervisor, parent))
        signal.signal(signal.SIGTERM, lambda *_: os.kill(child, signal.SIGTERM))
        while not self.is_started() and os.waitid(os.P_PID, child, os.WEXITED | os.WNOHANG | os.WNOWAIT) is None:
            time.sleep(0.01)
        fcntl.flock(lock, fcntl.LOCK_UN)
        code = wait_for(child)
        if code != 0:
            # It was killed. What it left is ours now, and is ended: not every scheduler does that.
            end_all(supervisor)
        self.tidy()
        return code

    def wait_for_other(self):
        """A scheduler that started the job a second time is told what the first start came to."""
        while self.is_alive():
            time.sleep(1)
        return 0

    def start(self):
        with open(os.path.join(make(self.folder), "supervisor.log"), "ab") as log:
            command = [sys.executable, os.path.abspath(__file__), "run", self.root, self.path]
            child = subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=log, stderr=log, start_new_session=True)
        until = time.monotonic() + START_SECONDS
        while not self.is_started() and child.poll() is None and time.monotonic() < until:
            time.sleep(0.02)
        if self.is_started():
            return 0
        with open(log.name, errors="replace") as file:
            sys.stderr.write(file.read()[-4096:])
        return 1

    def state(self, *known):
        names = os.listdir(self.folder) if os.path.isdir(self.folder) else []
        logs = [name for name in names if name in ("prepare.log", "train.log", "score.log")]
        pieces = {stage: self.piece(stage, int(start)) for stage, start in (each.split("=") for each in known)}
        print(
            json.dumps(
                {
                    "started": read_json(os.path.join(self.folder, "started.json")),
                    "hasEnded": "result.json" in names,
                    "isAlive": self.is_alive(),
                    "logs": {name[: -len(".log")]: os.path.getsize(os.path.join(self.folder, name)) for name in logs},
                    "added": {stage: base64.b64encode(piece).decode() for stage, piece in pieces.items() if piece},
                    "ended": [name[: -len(".ended")] for name in names if name.endswith(".ended")],
                    "node": (read_json(os.path.join(self.folder, "away-here.json")) or {}).get("node"),
                    "thisNode": os.uname().nodename,
                }
            )
        )
        return 0

    def is_alive(self):
        """Whether the job's supervisor runs, as far as that can be seen from this machine."""
        started, here = (read_json(os.path.join(self.folder, name)) for name in ("started.json", "away-here.json"))
        if not started or not here or here["node"] != os.uname().nodename:
            return False
        try:
            with open("/proc/{}/cmdline".format(started["pid"]), "rb") as file:
                command = file.read().decode("utf-8", "replace")
            return "away_job.py\0run\0" in command and os.path.basename(self.path) in command
        except OSError:
            return False

    def log(self, stage, start):
        sys.stdout.buffer.write(self.piece(stage, int(start)))
        return 0

    def piece(self, stage, start):
        try:
            with open(os.path.join(self.folder, stage + ".log"), "rb") as file:
                file.seek(start)
                return file.read(LOG_BYTES)
        except OSError:
            return b""

    def cancel(self):
        until = time.monotonic() + CANCEL_SECONDS
        asked = False
        while self.is_alive() and time.monotonic() < until:
            if not asked:
                os.kill(read_json(os.path.join(self.folder, "started.json"))["pid"], signal.SIGTERM)
                asked = True
            time.sleep(0.02)
        return 1 if self.is_alive() else 0

    def home(self):
        """Regular files and folders, and links that stay in the job's folders; names are paths below the root."""
        self.tidy()
        with tarfile.open(fileobj=sys.stdout.buffer, mode="w|gz") as archive:
            for keep in self.orders["keep"]:
                self.send(archive, keep["at"], keep.get("whole", True))
            result = os.path.join(self.folder, "result.json")
            if os.path.isfile(result) and not os.path.islink(result):
                archive.add(result, self.orders["folder"] + "/result.json")
        return 0

    def send(self, archive, at, is_whole):
        place = self.here(at)
        if not is_whole:
            for name in sorted(os.listdir(place)) if os.path.isdir(place) else []:
                path = os.path.join(place, name)
                if (RECORDS.search(name) or name == "away-here.json") and os.path.isfile(path) and not os.path.islink(path):
                    archive.add(path, at + "/" + name)
        elif os.path.lexists(place):
            archive.add(place, at, filter=lambda each: each if each.isreg() or each.isdir() or is_inner_link(each, at) else None)

    def tidy(self):
        here = read_json(os.path.join(self.folder, "away-here.json")) or {}
        temporary = here.get("temporary", "")
        if os.path.basename(temporary).startswith("nocturne-") and os.path.isfile(os.path.join(self.folder, "result.json")):
            shutil.rmtree(temporary, ignore_errors=True)

    def clear(self):
        self.tidy()
        for path in self.orders["own"]:
            place = self.here(path)
            for name in os.listdir(place) if os.path.isdir(place) and not os.path.islink(place) else []:
                if name not in ("started.json", "result.json", "away-here.json"):
                    remove(os.path.join(place, name))
        for archive in self.orders["archives"]:
            if archive["at"] is None:
                remove(os.path.join(self.root, "archives", archive["name"]))
        return 0

    def forget(self):
        self.tidy()
        shutil.rmtree(self.folder, ignore_errors=True)
        return 0


def supervise(supervisor, parent):
    """The supervisor's own process. Where its parent is killed it is asked to end the job, which then has a result that says so."""
    if sys.platform == "linux":
        import ctypes

        ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGTERM, 0, 0, 0)
        if os.getppid() != parent:
            return 1
    return supervisor.main()


def wait_for(child):
    """The exit code of a process, or 128 and the signal that ended it; other children are waited for meanwhile."""
    while True:
        pid, status = os.wait()
        if pid == child:
            return os.WEXITSTATUS(status) if os.WIFEXITED(status) else 128 + os.WTERMSIG(status)


def end_all(supervisor):
    until = time.monotonic() + CANCEL_SECONDS
    while time.monotonic() < until:
        for pid in supervisor.freeze_descendants() if supervisor.LINUX else []:
            supervisor.send(pid, signal.SIGKILL)
        try:
            while os.waitpid(-1, os.WNOHANG)[0] != 0:
                pass
        except ChildProcessError:
            return
        time.sleep(0.01)


def is_inner_link(entry, at):
    if not entry.issym() or os.path.isabs(entry.linkname):
        return False
    target = os.path.normpath(os.path.join(os.path.dirname(entry.name), entry.linkname))
    return (target + "/").startswith(at + "/")


def filled(value, tokens):
    """The value, with the tokens in its texts replaced."""
    if isinstance(value, str):
        for token, text in tokens.items():
            value = value.replace(token, text)
        return value
    if isinstance(value, list):
        return [filled(each, tokens) for each in value]
    if isinstance(value, dict):
        return {filled(key, tokens): filled(each, tokens) for key, each in value.items()}
    return value


def marks_of(place):
    """What tells whether a place was changed since the last look: a digest of names, sizes and times."""
    digest = hashlib.sha256()
    for path in [place] + paths_below(place):
        found = os.lstat(path)
        mark = [path[len(place) :], found.st_mode]
        if not stat.S_ISDIR(found.st_mode):
            mark += [found.st_size, found.st_mtime_ns, found.st_ctime_ns]
        if stat.S_ISLNK(found.st_mode) and os.path.isfile(path):
            mark += [os.stat(path).st_size, os.stat(path).st_mtime_ns]
        digest.update(repr(mark).encode("utf-8", "surrogateescape"))
    return digest.hexdigest()


def paths_below(place):
    found = []
    for folder, folders, files in os.walk(place):
        found += [os.path.join(folder, name) for name in folders + files]
    return sorted(found)


def take_lock(path):
    """Waits for other processes that start the same job."""
    lock = os.open(path, os.O_RDWR | os.O_CREAT, 0o644)
    fcntl.flock(lock, fcntl.LOCK_EX)
    return lock


def missing(root):
    for name in sys.stdin.read().split():
        if not os.path.isfile(os.path.join(root, "archives", name)):
            print(name)
    return 0


def remove(path):
    if os.path.isdir(path) and not os.path.islink(path):
        shutil.rmtree(path, ignore_errors=True)
    elif os.path.lexists(path):
        os.remove(path)


def make(folder):
    os.makedirs(folder, exist_ok=True)
    return folder


def read_json(path):
    try:
        with open(path, encoding="utf-8") as file:
            return json.load(file)
    except (OSError, ValueError):
        return None


def write_json(path, value):
    part = "{}.{}.part".format(path, os.getpid())
    with open(part, "w", encoding="utf-8") as file:
        json.dump(value, file)
    os.replace(part, path)


def main(what, root, *rest):
    if what == "missing":
        return missing(root)
    away = Away(root, rest[0])
    return getattr(away, what)(*rest[1:])


if __name__ == "__main__":
    if len(sys.argv) < 3 or sys.argv[1] not in ("run", "start", "missing", "state", "log", "cancel", "home", "clear", "forget"):
        sys.exit(__doc__)
    code = main(*sys.argv[1:])
    sys.stdout.flush()
    os._exit(code)
