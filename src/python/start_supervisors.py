"""Starts supervisors by forking, so that no run waits for Python to load: one process of the controller, on Linux.

    python3 start_supervisors.py ROOM

A line {"id", "argv", "folder"} starts one, whose last argument is its job's spec; it is answered with {"id", "pid"}, and the end of
a supervisor is told with {"pid", "code"}, negative for a signal. Each has a session of its own, its words go to `supervisor.log` in
its job's folder, and its command line becomes `argv`, by which others find it; ROOM is as long as that may get. This process ends
with its input, and with it every lifeline: the supervisors then know that the controller is gone, and go on.
"""
import ctypes
import fcntl
import gc
import json
import os
import select
import signal
import sys
import traceback

sys.dont_write_bytecode = True
sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
import supervisor  # noqa: E402
from usage import stat_fields  # noqa: E402

ARG_START, ARG_END = 45, 46  # among the fields of /proc/PID/stat from the third on
FREE = 10  # descriptors below it are the supervisor's


def main():
    for number in (signal.SIGINT, signal.SIGHUP):
        signal.signal(number, signal.SIG_IGN)
    if not retitle(own_command()):
        return 1
    load_cage()
    gc.freeze()
    Starter().serve()
    return 0


def load_cage():
    """A stage whose cage cannot be loaded here says so itself."""
    try:
        from cage import Cage, bubblewrap, namespaces  # noqa: F401
    except Exception:
        pass


class Starter:
    def __init__(self):
        self.wake, writer = (fcntl.fcntl(end, fcntl.F_DUPFD_CLOEXEC, FREE) for end in os.pipe())
        for end in (self.wake, writer):
            os.set_blocking(end, False)
        signal.set_wakeup_fd(writer, warn_on_full_buffer=False)
        signal.signal(signal.SIGCHLD, lambda *_: None)
        self.lifelines = {}
        self.unread = b""

    def serve(self):
        while True:
            ready = select.select([0, self.wake], [], [])[0]
            if self.wake in ready:
                os.read(self.wake, 1 << 16)
                self.reap()
            if 0 in ready and not self.take():
                return

    def take(self):
        """Starts what the next lines ask for; False at the end of the input."""
        data = os.read(0, 1 << 16)
        *lines, self.unread = (self.unread + data).split(b"\n")
        for line in lines:
            order = json.loads(line)
            say({"id": order["id"], "pid": self.start(order["argv"], order["folder"])})
        return bool(data)

    def start(self, argv, folder):
        reader, writer = (fcntl.fcntl(end, fcntl.F_DUPFD_CLOEXEC, FREE) for end in os.pipe())
        pid = os.fork()
        if pid == 0:
            become_supervisor(argv, folder, reader)
        os.close(reader)
        self.lifelines[pid] = writer
        return pid

    def reap(self):
        while True:
            try:
                pid, status = os.waitpid(-1, os.WNOHANG)
            except ChildProcessError:
                return
            if pid == 0:
                return
            os.close(self.lifelines.pop(pid))
            say({"pid": pid, "code": -os.WTERMSIG(status) if os.WIFSIGNALED(status) else os.WEXITSTATUS(status)})


def say(words):
    os.write(1, json.dumps(words).encode() + b"\n")


def become_supervisor(argv, folder, lifeline):
    code = 1
    try:
        os.setsid()
        signal.set_wakeup_fd(-1)
        signal.signal(signal.SIGCHLD, signal.SIG_DFL)
        os.chdir(folder)
        log = os.open("supervisor.log", os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o644)
        for given, wanted in ((os.open(os.devnull, os.O_RDONLY), 0), (log, 1), (log, 2), (lifeline, supervisor.LIFELINE)):
            os.dup2(given, wanted)
        close_others()
        sys.argv = argv[-2:]
        retitle(argv)
        code = supervisor.main()
    except BaseException:
        os.write(2, traceback.format_exc().encode("utf-8", "replace"))
    finally:
        os._exit(code)


def close_others():
    """Above all the other lifelines: one that stays open here would outlive the controller."""
    for name in os.listdir("/proc/self/fd"):
        if int(name) > supervisor.LIFELINE:
            try:
                os.close(int(name))
            except OSError:
                pass  # the one that listed them


def retitle(argv):
    """Makes `argv` this process's command line, where others look for it; whether it is that now."""
    fields = stat_fields("self")
    start, end = int(fields[ARG_START]), int(fields[ARG_END])
    text = b"\0".join(os.fsencode(each) for each in argv) + b"\0"
    if not 0 < len(text) < end - start:
        return False
    ctypes.memmove(start, text.ljust(end - start, b"\0"), end - start)
    return command_line().rstrip(b"\0") == text.rstrip(b"\0")


def own_command():
    """This process's command line without the room."""
    return [os.fsdecode(each) for each in command_line().split(b"\0")[:-2]]


def command_line():
    with open("/proc/self/cmdline", "rb") as file:
        return file.read()


if __name__ == "__main__":
    os._exit(main())
