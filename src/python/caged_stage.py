"""A stage of a job and its cage, if it has one: what is different then about its start, its end and the question to end."""
import os
import shutil
import signal

from cage_code import offer

MAX_TEXT = 4096


class NotCaged(Exception):
    """The stage did not start, because its cage could not be entered."""


class CagedStage:
    def __init__(self, stage):
        self.stage = stage
        self.cage = None
        self.said = None
        if "cage" not in stage:
            return
        if "code" in stage["cage"]["rung"]:
            offer(**stage["cage"]["rung"]["code"])
        from cage import Cage, CageError

        try:
            self.cage = Cage(stage["cage"])
            self.cage.open()
        except (CageError, OSError, KeyError, ValueError) as error:
            self.close()
            raise NotCaged(words_of(error))

    def start(self, popen, prepare, **options):
        """Starts the stage's program in its cage; `prepare` is what its process does before."""
        argv, stage = self.stage["argv"], self.stage
        if self.cage is None:
            return popen(argv, preexec_fn=prepare, **options)
        self.said, say = os.pipe()
        supervisor = os.getpid()

        def enter():
            prepare()
            try:
                self.cage.enter(supervisor)
            except BaseException as error:
                os.write(say, words_of(error).encode("utf-8", "replace")[:MAX_TEXT])
                raise

        try:
            command = self.cage.command(argv, stage["folder"])
            return popen(command, preexec_fn=enter, pass_fds=self.cage.files, **options)
        except Exception as error:
            os.close(say)
            say = None
            why = os.read(self.said, MAX_TEXT).decode("utf-8", "replace")
            if why or self.is_closed_by_cage(error):
                raise NotCaged(why or "{} cannot be executed in it: {}".format(argv[0], words_of(error)))
            raise
        finally:
            if say is not None:
                os.close(say)

    def is_closed_by_cage(self, error):
        """Whether the program can be executed outside. One of the run's own files is the candidate's, whatever it says."""
        if not isinstance(error, OSError):
            return False
        program = found_program(self.stage)
        own = [path + os.sep for path in self.cage.real["write"] + [os.path.realpath(self.stage["folder"])]]
        return program is not None and not any(program.startswith(folder) for folder in own)

    def ask_to_end(self, main, descendants):
        """SIGINT, as by Ctrl-C, to the stage's process group. bubblewrap would die of it, and the stage with it."""
        is_wrapped = self.cage is not None and self.cage.bubblewrap
        for pid in [pid for pid in descendants(main) if group_of(pid) == main] if is_wrapped else [-main]:
            send(pid, signal.SIGINT)

    def end(self, status, log):
        """What is to be said of its end in place of what its process says: bubblewrap exits with its own account of that."""
        if self.cage is None or not self.cage.bubblewrap or status is None or not os.WIFEXITED(status):
            return {}
        if not self.cage.has_started():
            return {} if found_program(self.stage) is None else {"cageFailure": complaint_in(log)}
        number = os.WEXITSTATUS(status) - 128
        return {"exitCode": None, "signal": name_of(number)} if 0 < number < signal.NSIG else {}

    def close(self):
        if self.said is not None:
            os.close(self.said)
        if self.cage is not None:
            self.cage.close()
        self.said = self.cage = None


def found_program(stage):
    """The path of the stage's program, as it is found outside its cage; None where there is none."""
    name = stage["argv"][0]
    path = os.path.join(stage["folder"], name) if "/" in name else name
    found = shutil.which(path, path=stage["env"].get("PATH"))
    return None if found is None else os.path.realpath(found)


def complaint_in(log):
    """What bubblewrap says in the stage's log, where it could not start the stage."""
    with open(log, errors="replace") as file:
        said = [line.strip() for line in file.read(MAX_TEXT).splitlines() if line.startswith("bwrap: ")]
    return said[-1] if said else "bubblewrap ended before it started the stage"


def words_of(error):
    if isinstance(error, OSError) and error.strerror:
        return "{}{}".format(error.filename + ": " if error.filename else "", error.strerror)
    return str(error) or type(error).__name__


def send(pid, number):
    """Nothing for a process that has ended."""
    try:
        os.kill(pid, number)
    except OSError:
        pass


def group_of(pid):
    try:
        return os.getpgid(pid)
    except OSError:
        return None


def name_of(number):
    try:
        return signal.Signals(number).name
    except ValueError:
        return "SIG{}".format(number)
