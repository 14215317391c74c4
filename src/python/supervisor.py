"""Runs the stages of one job, ends them in time, leaves no process behind, and writes result.json as its last act.

    python3 supervisor.py SPEC.json

SPEC is {folder, stages: [{name, argv, folder, env, watched?, noted?, endSeconds?, cage?}], limitSeconds, sealed?, mayChange?, share?, where?,
headBytes?, tailBytes?, pauseSeconds?}. In the job's folder it writes started.json first and `<stage>.log` meanwhile. A stage with `endSeconds` is asked to end when they
are over (SIGINT, as Ctrl-C does) and is ended some seconds later; it has then ended well, and the next one follows. One with
a `cage` runs in it or not at all: its end then has `cageFailure`. What `sealed` names (sealed.py) is looked at before the scorer
starts and when the job ends; where it differs no scorer starts. `share` says which processors it is kept to and which jobs it shares
some or its GPUs with; with `where` its end says on what it ran. File descriptor 3, when open, is a lifeline: its end means that
the controller is gone, which is noted; the job goes on. SIGTERM cancels. On Linux it is a subreaper, so that daemons of
the job stay its descendants; elsewhere only the process group of a stage is ended. It knows nothing about training.

The time limit is on the monotonic clock, which stands still while the machine is suspended: so does the clock that
scripts measure their budget with, and a closed laptop lid is not the candidate's fault. Nor is a machine that stood still
with all that ran on it: the limit is moved by that time. What the stage used and when it printed what is measured here.
"""
import datetime
import fcntl
import json
import os
import resource
import select
import signal
import subprocess
import sys
import time

sys.dont_write_bytecode = True
sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
from arrivals import Arrivals  # noqa: E402
from caged_stage import CagedStage, NotCaged, name_of, send  # noqa: E402
from conditions import INTERVAL_SECONDS, MAX_PROCESSES, Conditions  # noqa: E402
from opened import OpenedFiles  # noqa: E402
from pauses import PAUSE_SECONDS, Pauses  # noqa: E402
from room import until_room  # noqa: E402
from sealed import Cancelled, SealedPlaces  # noqa: E402
from stage_log import CHUNK_BYTES, Log, make_way  # noqa: E402
from usage import Usage, stat_fields  # noqa: E402
from where import where  # noqa: E402

LINUX = sys.platform == "linux"
LIFELINE = 3
PR_SET_CHILD_SUBREAPER = 36
F_SETPIPE_SZ = 1031
ASKED_SECONDS = 10.0  # how long a stage that was asked to end may take over it: for a last checkpoint, not for more training
TOLD_SECONDS = 1.0  # how long after a stage that was ended by SIGTERM the same may come to us
GIVE_UP_SECONDS = 30.0  # how long the sweep tries to end what SIGKILL does not end
EXIT_CANNOT_EXECUTE = 127
EXIT_ALREADY_RUNNING = 75


class Job:
    """The job's clock, its processes and what is known of how it ended."""

    def __init__(self, spec, lifeline):
        self.spec = spec
        self.began = time.monotonic()
        self.deadline = self.began + spec["limitSeconds"]
        self.cancelled = False
        self.orphaned = False
        self.ends = []
        self.main = None
        self.status = None
        self.asked_at = None
        self.conditions = self.usage = self.pauses = None
        self.wake, wake_writer = os.pipe()
        for end in (self.wake, wake_writer):
            os.set_blocking(end, False)
        signal.set_wakeup_fd(wake_writer, warn_on_full_buffer=False)
        signal.signal(signal.SIGCHLD, lambda *_: None)
        signal.signal(signal.SIGTERM, self.cancel)
        # At the deadline it takes priority: among a fork bomb's processes it would wake late and work slowly.
        signal.signal(signal.SIGALRM, lambda *_: take_priority())
        self.set_alarm()
        self.lifeline = lifeline
        self.sealed = SealedPlaces(spec.get("sealed", []), lambda: self.cancelled)
        self.changes = {}
        self.logs = []

    def set_alarm(self):
        signal.setitimer(signal.ITIMER_REAL, max(0.001, self.deadline - time.monotonic()))

    def cancel(self, *_):
        self.cancelled = True
        take_priority()

    def run(self):
        """Runs the stages in order; returns what ended the job."""
        try:
            ending = self.run_stages()
            if ending != "cancelled" and not self.changes:
                self.look("touched" if self.is_scored() else "changed")
            self.look_at_logs()
            return ending
        except Cancelled:
            return "cancelled"

    def run_stages(self):
        for stage in self.spec["stages"]:
            if stage["name"] == "score" and self.look("changed") and not self.spec.get("mayChange"):
                return "exited"
            if self.cancelled:
                return "cancelled"
            if time.monotonic() >= self.deadline:
                return "deadline"
            ending = self.run_stage(stage)
            last = self.ends[-1]
            if ending != "exited" or "cageFailure" in last or (last["exitCode"] != 0 and not last.get("atBudget")):
                return ending
        return "exited"

    def is_scored(self):
        return any(end["name"] == "score" for end in self.ends)

    def look(self, kind):
        """Looks for changes of what is sealed; the time that takes is not the candidate's."""
        began = time.monotonic()
        found = self.sealed.touched() if kind == "touched" else self.sealed.changed()
        self.deadline += time.monotonic() - began
        self.note_changes(kind, found)
        return found

    def note_changes(self, kind, paths):
        if paths:
            self.changes[kind] = self.changes.get(kind, []) + paths

    def look_at_logs(self):
        """A log is what the stage printed, and nothing that another process made of it."""
        self.note_changes("changed", [log.path for log in self.logs if not log.is_as_written()])

    def may_wait(self):
        return not self.cancelled

    def run_stage(self, stage):
        path = os.path.join(self.spec["folder"], stage["name"] + ".log")
        arrivals = Arrivals(stage.get("noted"), lambda: self.moment(began))
        sizes = self.spec.get("headBytes", 64 << 20), self.spec.get("tailBytes", 1 << 20)
        log = until_room(lambda: Log(path, *sizes, arrivals.take), self.may_wait)
        self.logs.append(log)
        self.main, self.status, self.asked_at = None, None, None
        self.conditions = Conditions(stage["env"], descendants, self.spec.get("share", {}))
        self.usage = Usage(self.family)
        self.pauses = Pauses(self.usage.seconds, self.spec.get("pauseSeconds", PAUSE_SECONDS))
        opened = OpenedFiles(stage["folder"], stage.get("watched", []))
        caged, failure = None, None
        began = time.monotonic()
        try:
            caged = CagedStage(stage)
            pipe = self.start(stage, caged)
        except (OSError, ValueError, subprocess.SubprocessError) as error:
            log.keep(log.write("cannot execute {}: {}\n".format(stage["argv"][:1], error).encode("utf-8", "replace")))
            ending, seconds = "exited", 0.0
        except NotCaged as error:
            ending, seconds, failure = "exited", 0.0, str(error)
        else:
            ending = self.watch(pipe, log, began + stage.get("endSeconds", float("inf")), caged)
            seconds = time.monotonic() - began
            note_end(path)
            self.sweep()
            self.drain(pipe, log)
        waiting = time.monotonic()
        log.close(self.may_wait)
        self.deadline += time.monotonic() - waiting
        end = dict(stage_end(self.status), name=stage["name"], seconds=seconds, cpuSeconds=self.usage.seconds())
        self.usage.close()
        if caged is not None:
            end.update(caged.end(self.status, path))
            caged.close()
        if failure is not None:
            end["cageFailure"] = failure
        if self.asked_at is not None:
            end["atBudget"] = True
        found = opened.close()
        if found is not None:
            end["opened"] = found
        end.update(self.usage.report(), **dict(self.conditions.gpu.peak(), **arrivals.report()))
        conditions = dict(self.conditions.report(end["cpuSeconds"]), **self.pauses.report())
        self.ends.append(dict(end, conditions=conditions))
        return ending

    def moment(self, began):
        """Now, in seconds since the stage began and in processor seconds that it has used."""
        return {"seconds": time.monotonic() - began, "cpuSeconds": self.usage.seconds()}

    def family(self):
        """The stage's processes that are there now, or many of them."""
        return [] if self.main is None else ([self.main] + descendants(self.main))[:MAX_PROCESSES]

    def start(self, stage, caged):
        """Starts the stage's process in a session of its own; returns the pipe that carries all it prints."""
        pipe, writer = os.pipe()
        os.set_blocking(pipe, False)
        try:
            if LINUX:
                fcntl.fcntl(pipe, F_SETPIPE_SZ, CHUNK_BYTES)
        except OSError:
            pass  # a larger pipe is only faster
        try:
            process = caged.start(
                subprocess.Popen,
                before_exec,
                cwd=stage["folder"],
                env=stage["env"],
                stdin=subprocess.DEVNULL,
                stdout=writer,
                stderr=writer,
                close_fds=True,
                start_new_session=True,
            )
        except BaseException:
            os.close(pipe)
            raise
        finally:
            os.close(writer)
        process.returncode = 0  # reap() waits for it, not subprocess
        self.main = process.pid
        return pipe

    def watch(self, pipe, log, ask_at, caged):
        """Reads the stage's output until its process ends, a cancel comes or the time is up; returns which."""
        watched = [self.wake, pipe] + ([] if self.lifeline is None else [self.lifeline])
        self.conditions.begin(self.main, time.monotonic())
        while True:
            self.reap()
            now = time.monotonic()
            paused = self.pauses.look(now)
            if paused:
                self.deadline += paused
                ask_at += paused
                self.set_alarm()
            if self.status is not None:
                return "cancelled" if self.is_told_too() else "exited"
            if self.cancelled:
                return "cancelled"
            if now >= self.deadline:
                return "deadline"
            if now >= ask_at:
                if self.asked_at is not None:
                    return "exited"
                self.asked_at, ask_at = now, now + ASKED_SECONDS
                caged.ask_to_end(self.main, descendants)
            log.sample(now)
            self.sample(now)
            ready = select.select(watched, [], [], min(self.deadline - now, ask_at - now, INTERVAL_SECONDS))[0]
            if self.wake in ready:
                os.read(self.wake, CHUNK_BYTES)
                if not self.cancelled and time.monotonic() < self.deadline:
                    self.sample(time.monotonic(), is_ending=True)
            if pipe in ready and not log.take(pipe):
                watched.remove(pipe)
            lifeline = self.lifeline
            if lifeline in ready and self.is_orphaned():
                watched.remove(lifeline)

    def is_told_too(self):
        """Whether what ended the stage is on its way to us as well: a scheduler that stops a job tells all its processes, in any order."""
        by_signal = os.WIFSIGNALED(self.status) and os.WTERMSIG(self.status) == signal.SIGTERM
        by_code = os.WIFEXITED(self.status) and os.WEXITSTATUS(self.status) == 128 + signal.SIGTERM
        if self.asked_at is not None or not (by_signal or by_code):
            return False
        until = time.monotonic() + TOLD_SECONDS
        while not self.cancelled and time.monotonic() < until:
            if select.select([self.wake], [], [], max(0.0, until - time.monotonic()))[0]:
                os.read(self.wake, CHUNK_BYTES)
        return self.cancelled

    def sample(self, now, is_ending=False):
        family = self.conditions.sample(now, is_ending)
        if family:
            self.usage.note_memory(family[:MAX_PROCESSES], now)

    def is_orphaned(self):
        """Whether the controller is gone, also when it went after the last look at the lifeline."""
        if self.lifeline is not None and select.select([self.lifeline], [], [], 0)[0] and ended(self.lifeline):
            self.lifeline = None
            self.orphaned = True
        return self.orphaned

    def drain(self, pipe, log):
        """Takes what is left in the pipe; bounded, because outside Linux a daemon may still be writing."""
        for _ in range(256):
            if not select.select([pipe], [], [], 0)[0] or not log.take(pipe):
                break
        os.close(pipe)

    def reap(self):
        """Waits for every child that has ended; False when there is no child left, thus no descendant either."""
        while True:
            try:
                pid, status, usage = os.wait4(-1, os.WNOHANG)
            except ChildProcessError:
                return False
            if pid == 0:
                return True
            if self.usage:
                self.usage.take_ended(usage, is_its=not self.conditions.gpu.is_own(pid))
            if pid == self.main:
                self.status = status

    def sweep(self):
        """Ends and reaps every descendant; raises after 30 s, when the kernel keeps one in an uninterruptible call."""
        give_up = time.monotonic() + GIVE_UP_SECONDS
        give_back = take_priority()
        while True:
            if LINUX:
                for pid in freeze_descendants():
                    send(pid, signal.SIGKILL)
            elif self.main is not None:
                send(-self.main, signal.SIGKILL)
            if not self.reap():
                break
            if time.monotonic() > give_up:
                raise RuntimeError("processes that SIGKILL does not end: {}".format(children(os.getpid())))
            time.sleep(0.002)
        give_back()


def note_end(log_path):
    """Leaves `<stage>.ended` beside the log: what comes between this stage and the next is neither's doing."""
    try:
        os.close(os.open(log_path[: -len(".log")] + ".ended", os.O_WRONLY | os.O_CREAT | os.O_NOFOLLOW | os.O_NONBLOCK, 0o644))
    except OSError:
        pass  # a full disk: the stage then seems to last until the next one begins


def before_exec():
    """In the child: default signals, no core dumps, and the first to be killed when memory runs out."""
    for number in (signal.SIGINT, signal.SIGHUP, signal.SIGTERM, signal.SIGCHLD):
        signal.signal(number, signal.SIG_DFL)
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    try:
        with open("/proc/self/oom_score_adj", "w") as file:
            file.write("500")
    except OSError:
        pass


def freeze_descendants():
    """SIGSTOPs every descendant, parents before their children so that none forks away unseen; returns them."""
    frozen = set()
    found = children(os.getpid())
    while found:
        pid = found.pop()
        if pid not in frozen:
            frozen.add(pid)
            send(pid, signal.SIGSTOP)
            found += children(pid)
    return frozen


def children(pid):
    if not os.path.exists("/proc/{0}/task/{0}/children".format(os.getpid())):
        return children_by_scan(pid)  # a kernel without CONFIG_PROC_CHILDREN
    found = []
    try:
        for task in os.listdir("/proc/{}/task".format(pid)):
            with open("/proc/{}/task/{}/children".format(pid, task)) as file:
                found += [int(child) for child in file.read().split()]
    except OSError:
        pass  # it ended meanwhile; its children are ours now
    return found


def descendants(pid):
    """The descendants of a process, as they are now; not all of them when there are more than MAX_PROCESSES."""
    found = children(pid) if LINUX else []
    for child in found:
        found += children(child)
        if len(found) > MAX_PROCESSES:
            break
    return found


def children_by_scan(pid):
    found = []
    for entry in os.listdir("/proc"):
        if entry.isdigit() and stat_fields(entry)[1:2] == [str(pid).encode()]:
            found.append(int(entry))
    return found


def take_priority():
    """Takes real-time priority where allowed, so that no fork bomb outruns the sweep; its children do not inherit it.

    Returns a function that gives the priority back.
    """
    try:
        os.sched_setscheduler(0, os.SCHED_FIFO | os.SCHED_RESET_ON_FORK, os.sched_param(1))
        # Without privileges SCHED_RESET_ON_FORK cannot be cleared.
        return lambda: os.sched_setscheduler(0, os.SCHED_OTHER | os.SCHED_RESET_ON_FORK, os.sched_param(0))
    except (AttributeError, OSError):
        return lambda: None


def keep_to(processors):
    """Keeps this process, and all that it starts from now on, to some processors, as far as these are still there."""
    try:
        os.sched_setaffinity(0, processors)
    except (AttributeError, OSError, ValueError):
        pass


def stage_end(status):
    if status is None:
        return {"exitCode": EXIT_CANNOT_EXECUTE, "signal": None}
    if os.WIFSIGNALED(status):
        return {"exitCode": None, "signal": name_of(os.WTERMSIG(status))}
    return {"exitCode": os.WEXITSTATUS(status), "signal": None}


def ended(lifeline):
    try:
        return os.read(lifeline, 4096) == b""
    except OSError:
        return True


def open_lifeline():
    """File descriptor 3 when the controller gave one, kept from the stages."""
    try:
        os.set_inheritable(LIFELINE, False)
        return LIFELINE
    except OSError:
        return None


def become_subreaper():
    if LINUX:
        import ctypes

        ctypes.CDLL(None).prctl(PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0)


def identity():
    """What distinguishes this process from any other with the same number, also after a reboot."""
    if LINUX:
        return {"pid": os.getpid(), "startTime": stat_fields("self")[19].decode(), "bootId": boot_id()}
    command = ["ps", "-o", "lstart=", "-p", str(os.getpid())]
    started = subprocess.check_output(command, env=dict(os.environ, LC_ALL="C", TZ="UTC"))
    return {"pid": os.getpid(), "startTime": started.decode().strip(), "bootId": ""}


def boot_id():
    try:
        with open("/proc/sys/kernel/random/boot_id") as file:
            return file.read().strip()
    except OSError:
        return ""  # some sandboxes have none


def write_json(folder, name, value):
    """Writes a file that is either absent or whole, also after a power cut."""
    path = os.path.join(folder, name)
    part = "{}.{}.tmp".format(path, os.getpid())
    for each in (part, path):
        make_way(each)  # a stage may have put a link, a pipe or a folder there
    with os.fdopen(os.open(part, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o644), "w", encoding="utf-8") as file:
        json.dump(value, file)
        file.flush()
        os.fsync(file.fileno())
    os.replace(part, path)
    directory = os.open(folder, os.O_RDONLY)
    os.fsync(directory)
    os.close(directory)


def take_lock(folder):
    """Locks the job for this supervisor until it ends; None when another supervisor has the lock."""
    lock = os.open(os.path.join(folder, "run.lock"), os.O_RDWR | os.O_CREAT, 0o644)
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        return lock
    except BlockingIOError:
        return None


def main():
    for number in (signal.SIGINT, signal.SIGHUP):
        signal.signal(number, signal.SIG_IGN)
    lifeline = open_lifeline()
    with open(sys.argv[1], encoding="utf-8") as file:
        spec = json.load(file)
    folder = spec["folder"]
    if take_lock(folder) is None:
        return EXIT_ALREADY_RUNNING
    if any(os.path.lexists(os.path.join(folder, name)) for name in ("result.json", "started.json")):
        return 0  # a job starts once
    become_subreaper()
    if spec.get("share", {}).get("processors"):
        keep_to(spec["share"]["processors"])
    job = Job(spec, lifeline)
    started_at = datetime.datetime.now(datetime.timezone.utc).isoformat()
    write_json(folder, "started.json", dict(identity(), startedAt=started_at, monotonic=job.began))
    try:
        ending = job.run()
    finally:
        job.sweep()
    seconds = time.monotonic() - job.began
    result = {"ending": ending, "stages": job.ends, "seconds": seconds, "orphaned": job.is_orphaned()}
    if "where" in spec:
        result["where"] = where(spec["stages"][0]["env"], spec["where"].get("device"))
    # The controller sees a run that goes on, and waits for room as well.
    until_room(lambda: write_json(folder, "result.json", dict(result, **job.changes)), lambda: os.path.isdir(folder))
    return 0


if __name__ == "__main__":
    os._exit(main())  # nothing is left to write, and the interpreter's own end delays the controller by 5 ms
