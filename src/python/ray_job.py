"""A job on a node of a Ray cluster: lays out what Ray brought here, runs away_job.py, and prints all that the controller is to know.

    python3 ray_job.py ROOT START ORDERS GPUS OUTPUT_BYTES

ROOT is a folder that the jobs on this node share, or '' for one among the temporary files; START names this one start of the job. Ray shows
packages as folders on PYTHONPATH: each holds `ORDERS`, or one part of an archive, `NAME.part-I-of-N`. Ray hands nothing back but what a job
prints, so this prints lines, numbered from 0, each written at once:

    nocturne N at SECONDS STAGE       how long the job has run, and its stage or `-`
    nocturne N log STAGE FROM BASE64  a piece of a stage's log, from a byte on; at most LIVE_BYTES of each, the rest comes with the files
    nocturne N left BYTES             the files are too many to come back: without what training saved they do
    nocturne N file BASE64            a piece of the tar.gz that `away_job.py home` made
    nocturne N whole SHA256           that was all of it
    nocturne N failed BASE64          the job could not be started: why

Ray's stop sends SIGTERM to every process of the job and SIGKILL three seconds later. When this process is killed, its supervisor is asked to end.
"""
import base64
import ctypes
import hashlib
import json
import os
import re
import shutil
import signal
import stat
import subprocess
import sys
import tempfile
import time

sys.dont_write_bytecode = True
HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, HERE)
import away_job  # noqa: E402

PART = re.compile(r"(?P<name>.+)\.part-(?P<index>\d+)-of-(?P<count>\d+)$")
PIECE_BYTES = 48 * 1024
LIVE_BYTES = 8 << 20
LOOK_SECONDS = 0.25
BEAT_SECONDS = 5.0
GIVE_UP_SECONDS = 10.0
PR_SET_PDEATHSIG = 1
PR_SET_CHILD_SUBREAPER = 36
DEVICES = ("CUDA_VISIBLE_DEVICES", "HIP_VISIBLE_DEVICES", "ROCR_VISIBLE_DEVICES")


class RayJob:
    def __init__(self, root, start, orders, gpus, output_bytes):
        self.shared = os.path.abspath(root) if root else own_folder()
        self.root = os.path.join(self.shared, "starts", start)
        self.name = orders
        self.output_bytes = int(output_bytes)
        self.environment = dict(os.environ)
        if float(gpus) == 0:
            # What was not reserved may be another job's.
            self.environment.update((name, "") for name in DEVICES)
        self.said = 0
        self.read = {}
        self.beat = None
        self.child = None
        self.is_stopped = False
        signal.signal(signal.SIGTERM, self.stop)
        control(PR_SET_CHILD_SUBREAPER, 1)

    def stop(self, *_):
        self.is_stopped = True
        if self.child is not None and self.child.poll() is None:
            self.child.terminate()

    def run(self):
        try:
            self.lay_out()
            with open(self.path("orders", self.name), encoding="utf-8") as file:
                self.folder = os.path.join(self.root, json.load(file)["folder"])
            code = self.supervise()
            if not os.path.isfile(os.path.join(self.folder, "result.json")):
                return self.fail(self.last_words(code))
            self.send_home()
            return 0
        except Exception as error:  # whatever it is, the controller is told in words
            return self.fail("{}: {}".format(type(error).__name__, error))
        finally:
            shutil.rmtree(self.root, ignore_errors=True)

    def path(self, *names):
        return os.path.join(self.root, *names)

    def lay_out(self):
        shutil.rmtree(self.root, ignore_errors=True)  # Ray starts a job once: what lies here is no one's
        for folder in (os.path.join(self.shared, "places"), self.path("archives"), self.path("orders")):
            os.makedirs(folder, exist_ok=True)
        os.symlink(os.path.join(self.shared, "places"), self.path("places"))
        parts = {}
        for folder in os.environ.get("PYTHONPATH", "").split(os.pathsep):
            for name in os.listdir(folder) if os.path.isdir(folder) else []:
                part = PART.match(name)
                if part:
                    parts.setdefault(part.group("name"), {})[int(part.group("index"))] = os.path.join(folder, name)
                elif name == self.name:
                    shutil.copyfile(os.path.join(folder, name), self.path("orders", name))
        for name, found in parts.items():
            if not self.is_unpacked(name):
                put_together(self.path("archives", name), [found[index] for index in sorted(found)])

    def is_unpacked(self, archive):
        """Whether an earlier job left what the archive holds here, and nobody has changed it since."""
        place = os.path.join(self.shared, "places", archive.split(".")[0])
        return os.path.isdir(place) and away_job.read_json(place + ".json") == away_job.marks_of(place)

    def supervise(self):
        command = [sys.executable, os.path.join(HERE, "away_job.py"), "run", self.root, self.name]
        with open(self.path("supervisor.log"), "wb") as log:
            if self.is_stopped:
                return -signal.SIGTERM
            self.child = subprocess.Popen(
                command, stdin=subprocess.DEVNULL, stdout=log, stderr=log, start_new_session=True, preexec_fn=end_with_parent, env=self.environment
            )
        if self.is_stopped:
            self.child.terminate()
        while self.child.poll() is None:
            self.tell()
            time.sleep(LOOK_SECONDS)
        end_descendants()  # there are some only where the supervisor itself was killed
        self.tell()
        return self.child.returncode

    def tell(self):
        stage = None
        for name in ("prepare", "train", "score"):
            size = self.tell_log(name)
            if size is not None:
                stage = None if os.path.lexists(os.path.join(self.folder, name + ".ended")) else name
        started = away_job.read_json(os.path.join(self.folder, "started.json"))
        began = started.get("monotonic") if isinstance(started, dict) else None
        now = time.monotonic()
        if isinstance(began, float) and (self.beat is None or self.beat[0] != stage or now - self.beat[1] >= BEAT_SECONDS):
            self.say("at", "{:.3f}".format(max(0.0, now - began)), stage or "-")
            self.beat = (stage, now)

    def tell_log(self, stage):
        """Prints what is new in a stage's log; its size, or None where there is none."""
        try:
            log = os.open(os.path.join(self.folder, stage + ".log"), os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK)
        except OSError:
            return None
        with os.fdopen(log, "rb") as file:
            found = os.fstat(log)
            start = self.read.get(stage, 0)
            if stat.S_ISREG(found.st_mode):
                file.seek(start)
                while start < min(found.st_size, LIVE_BYTES):
                    piece = file.read(PIECE_BYTES)
                    if not piece:
                        break
                    self.say("log", stage, str(start), text_of(piece))
                    start += len(piece)
            self.read[stage] = start
            return found.st_size

    def send_home(self):
        """Prints what the job leaves. Of one that was stopped nobody reads what it saved, and the time is short."""
        spool = self.path("home.tar.gz")
        self.pack(spool, self.small() if self.is_stopped else self.name)
        size = os.path.getsize(spool)
        if size > self.output_bytes:
            self.say("left", str(size))
            self.pack(spool, self.small())
        digest = hashlib.sha256()
        with open(spool, "rb") as file:
            for piece in iter(lambda: file.read(PIECE_BYTES), b""):
                digest.update(piece)
                self.say("file", text_of(piece))
        self.say("whole", digest.hexdigest())

    def pack(self, spool, orders):
        with open(spool, "wb") as file:
            subprocess.check_call([sys.executable, os.path.join(HERE, "away_job.py"), "home", self.root, orders], stdout=file, stdin=subprocess.DEVNULL)

    def small(self):
        """The name of orders by which only logs and records come home."""
        with open(self.path("orders", self.name), encoding="utf-8") as file:
            orders = json.load(file)
        orders["keep"] = [keep for keep in orders["keep"] if not keep.get("whole", True)]
        with open(self.path("orders", "small-" + self.name), "w", encoding="utf-8") as file:
            json.dump(orders, file)
        return "small-" + self.name

    def last_words(self, code):
        with open(self.path("supervisor.log"), errors="replace") as file:
            return file.read()[-4000:].strip() or "the supervisor ended with {} and left no result".format(code)

    def fail(self, why):
        self.say("failed", text_of(why.encode("utf-8", "replace")))
        return 1

    def say(self, *words):
        line = "nocturne {} {}\n".format(self.said, " ".join(words)).encode("ascii")
        self.said += 1
        while line:  # at once: Ray writes lines of its own into the same file
            line = line[os.write(1, line) :]


def own_folder():
    """A folder of this user's that jobs share, among the temporary files."""
    folder = os.path.join(tempfile.gettempdir(), "nocturne-ray-{}".format(os.getuid()))
    os.makedirs(folder, mode=0o700, exist_ok=True)
    if os.lstat(folder).st_uid != os.getuid() or os.path.islink(folder):
        return tempfile.mkdtemp(prefix="nocturne-ray-")
    return folder


def put_together(path, parts):
    if len(parts) == 1:
        return os.symlink(parts[0], path)
    with open(path, "wb") as whole:
        for part in parts:
            with open(part, "rb") as file:
                shutil.copyfileobj(file, whole)


def end_with_parent():
    control(PR_SET_PDEATHSIG, signal.SIGTERM)


def control(what, value):
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(what, value, 0, 0, 0)


def end_descendants():
    """Kills what is left of the job; as a subreaper this process is the parent of whatever lost its own."""
    until = time.monotonic() + GIVE_UP_SECONDS
    while time.monotonic() < until:
        left = children(os.getpid())
        for pid in left:
            left += children(pid)
        for pid in left:
            try:
                os.kill(pid, signal.SIGKILL)
            except OSError:
                pass  # it has ended meanwhile
        try:
            while os.waitpid(-1, os.WNOHANG)[0]:
                pass
        except ChildProcessError:
            return
        time.sleep(0.01)


def children(pid):
    try:
        with open("/proc/{0}/task/{0}/children".format(pid)) as file:
            return [int(each) for each in file.read().split()]
    except OSError:
        return []


def text_of(piece):
    return base64.b64encode(piece).decode("ascii")


if __name__ == "__main__":
    os._exit(RayJob(*sys.argv[1:]).run())
