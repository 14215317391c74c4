"""The grade in two processes: what score.py and serve.py say to each other, and how the second is run.

score.py is trusted: it holds the targets and never loads the run's own code. serve.py loads it and answers questions.
They share two pipes and nothing else; an answer is read into memory of the trusted side once its kind and shape are
known to be right. Experiments never change this file. The same file serves every sandbox; docs/scoring.md has the contract.

    question    dtype code, number of dimensions, the dimensions, the data
    answer      R once the model is loaded; then for each question A and an array of float32 in the same form,
                or E, a length and one sentence of what went wrong
"""

import json
import os
import select
import shutil
import signal
import struct
import subprocess
import sys
import tempfile
import threading
import time

LOAD_SECONDS = 600.0     # wall time that loading the model, and compiling it, may take
ANSWER_SECONDS = 300.0   # wall time that one answer may take
TYPES = {"uint8": 1, "int64": 2, "float32": 3}
MAX_DIMENSIONS = 4
MAX_SENTENCE_BYTES = 2000
MAX_RELAYED_BYTES = 1 << 16
PIPE_BYTES = 1 << 20
CANNOT_BE_CAGED = 125    # exit code of the launcher when the cage cannot be entered
# What only the trusted side may know. The split is among it: a model must not know whether it is a rehearsal.
OWN_VARIABLES = ("NOCTURNE_PRIVATE_DIR", "NOCTURNE_SPLIT", "NOCTURNE_CAGED")


class ModelError(Exception):
    """What the model or its process did wrong, in one sentence."""


class CageError(Exception):
    """The launcher could not enter the cage: nothing that the model did."""


# --- the trusted side -------------------------------------------------------------------------------------------


class Model:
    """A process that answers questions: `command` in the cage that NOCTURNE_CAGED names, or bare without it."""

    def __init__(self, command, answered, load_seconds=LOAD_SECONDS, answer_seconds=ANSWER_SECONDS):
        self.load_seconds, self.answer_seconds = load_seconds, answer_seconds
        self.answered = answered
        self.is_loaded = self.has_answered = False
        cage = json.loads(os.environ.get("NOCTURNE_CAGED") or "[]")
        self.is_caged = len(cage) > 0
        self.folder = tempfile.mkdtemp(prefix="model-")
        questions, self.questions = open_pipe()
        self.answers, answers = open_pipe()
        output, writer = os.pipe()
        try:
            self.process = subprocess.Popen(
                [*cage, *command, str(questions), str(answers)],
                env=model_environment(self.folder, self.is_caged), stdin=subprocess.DEVNULL, stdout=writer,
                stderr=writer, pass_fds=(questions, answers), start_new_session=True,
            )
        finally:
            for end in (questions, answers, writer):
                os.close(end)
        os.set_blocking(self.questions, False)
        self.relay = threading.Thread(target=relay, args=(output,), daemon=True)
        self.relay.start()

    def send(self, question):
        """Asks about an array (numpy's own, C order); the answer is to be received before the next question."""
        if not self.is_loaded:
            self.receive_ready()
        if select.select([self.answers], [], [], 0)[0]:
            self.fail_on(self.read(1, time.monotonic()), "answered before it was asked")
        deadline = time.monotonic() + self.answer_seconds
        shape = struct.pack("<BB{}I".format(question.ndim), TYPES[question.dtype.name], question.ndim, *question.shape)
        for part in (shape, question.tobytes()):
            self.write(part, deadline)

    def receive(self, shape):
        """The answer to the last question, as a bytearray of float32 in this shape; nobody else can write to it."""
        deadline = time.monotonic() + self.answer_seconds
        kind = self.read(1, deadline)
        if kind != b"A":
            self.fail_on(kind, "answered in no known form", deadline)
        code, dimensions = self.read(2, deadline)
        if code != TYPES["float32"] or dimensions > MAX_DIMENSIONS:
            raise ModelError("the model answered in no known form")
        found = struct.unpack("<{}I".format(dimensions), self.read(4 * dimensions, deadline))
        if found != tuple(shape):
            raise ModelError("logits must have shape {}, found {}".format(tuple(shape), found))
        count = 4
        for size in shape:
            count *= size
        answer = self.read(count, deadline)
        self.answered(self)
        return answer

    def receive_ready(self):
        deadline = time.monotonic() + self.load_seconds
        kind = self.read(1, deadline)
        if kind != b"R":
            self.fail_on(kind, "answered in no known form", deadline)
        self.is_loaded = True

    def fail_on(self, kind, words, deadline=None):
        """Raises what the model says went wrong, or these words."""
        if kind == b"E":
            deadline = deadline or time.monotonic() + 1.0
            size = min(MAX_SENTENCE_BYTES, struct.unpack("<I", self.read(4, deadline))[0])
            said = self.read(size, deadline).decode("utf-8", "replace")
            raise ModelError(printable(" ".join(said.split())) or "the model failed")
        raise ModelError("the model " + words)

    def read(self, count, deadline):
        data = bytearray(count)
        view = memoryview(data)
        while len(view) > 0:
            self.wait([self.answers], [], deadline)
            size = os.readv(self.answers, [view[:PIPE_BYTES]])
            if size == 0:
                raise self.ended()
            view = view[size:]
        return data

    def write(self, data, deadline):
        view = memoryview(data)
        while len(view) > 0:
            self.wait([], [self.questions], deadline)
            try:
                view = view[os.write(self.questions, view[:PIPE_BYTES]) :]
            except BlockingIOError:
                pass
            except BrokenPipeError:
                raise self.ended() from None

    def wait(self, readable, writable, deadline):
        """Until the pipe is ready; raises when the time is up, or the process has ended while another keeps its pipe."""
        while True:
            left = deadline - time.monotonic()
            ended = has_ended(self.process)
            if any(select.select(readable, writable, [], 0.0 if ended else max(0.0, min(left, 1.0)))[:2]):
                return
            if ended:
                raise self.ended()
            if left <= 0.0:
                allowed = self.answer_seconds if self.is_loaded else self.load_seconds
                does = "answer" if self.is_loaded else "load"
                raise ModelError("the model did not {} within {:g} s".format(does, allowed))

    def ended(self):
        """What to raise for a process that has ended, or is ending, in place of an answer."""
        deadline = time.monotonic() + 5.0
        while not has_ended(self.process):
            if time.monotonic() > deadline:
                return ModelError("the model's process closed its pipe")
            time.sleep(0.01)
        self.end()
        code = self.process.returncode
        if self.is_caged and code == CANNOT_BE_CAGED and not self.is_loaded:
            return CageError("the cage of the model's process cannot be entered")
        if code < 0:
            why = ", perhaps for want of memory" if code == -signal.SIGKILL else ""
            return ModelError("the model's process was ended by {}{}".format(signal.Signals(-code).name, why))
        return ModelError("the model's process ended with exit code {} before it answered".format(code))

    def end(self):
        """Ends the process and its group, which keeps its number only until the process is waited for."""
        if self.process.returncode is None:
            try:
                os.killpg(self.process.pid, signal.SIGKILL)
            except OSError:
                pass
            self.process.wait()

    def close(self):
        """Ends the process and takes its folder away: what it saw stays nowhere."""
        for end in (self.questions, self.answers):
            os.close(end)
        self.end()
        self.relay.join(1.0)
        shutil.rmtree(self.folder, ignore_errors=True)


class Models:
    """The model that is graded and its witness: two processes of one command that know nothing of each other. The file
    of the weights has to stay as it is meanwhile."""

    def __init__(self, command, weights="", **seconds):
        self.all, self.weights, self.before = [], weights, identity(weights)
        self.silent, self.answers = 2, 0
        try:
            for _ in range(2):
                self.all.append(Model(command, self.note_answer, **seconds))
        except BaseException:
            self.__exit__()
            raise

    def __enter__(self):
        # Which of them was started first says nothing about which is which.
        return self.all if os.urandom(1)[0] % 2 else self.all[::-1]

    def __exit__(self, *_):
        for model in self.all:
            model.close()

    def note_answer(self, model):
        self.answers += 1
        if not model.has_answered:
            model.has_answered = True
            self.silent -= 1
            if self.silent == 0:
                self.print_answers()

    def print_answers(self):
        """Whoever started this program sees when the first answers had come and when all had, and so what a model does before."""
        sys.stderr.write("\n[{} answers]\n".format(self.answers))
        sys.stderr.flush()

    def check_weights(self):
        if identity(self.weights) != self.before:
            raise ModelError("{} changed while it was graded".format(self.weights))


def identity(path):
    """What changes when a file's content does."""
    try:
        found = os.stat(path)
    except OSError:
        return None
    return found.st_ino, found.st_size, found.st_mtime_ns, found.st_ctime_ns


def run(main, models):
    """Prints what main says of the two processes, behind a line ---; whatever goes wrong is one sentence on the error output."""
    try:
        with models as (model, witness):
            score = main(model, witness)
            models.print_answers()
            models.check_weights()
            print("---\n" + score, flush=True)
    except CageError as error:
        print("score.py: " + explain(error), file=sys.stderr)
        sys.exit(CANNOT_BE_CAGED)
    except (Exception, SystemExit) as error:
        print("score.py: " + explain(error), file=sys.stderr)
        sys.exit(1)


def has_ended(process):
    """Whether it has ended, without waiting for it where that can be told apart."""
    if not hasattr(os, "waitid"):
        return process.poll() is not None
    how = os.WEXITED | os.WNOHANG | os.WNOWAIT
    return process.returncode is not None or os.waitid(os.P_PID, process.pid, how) is not None


def open_pipe():
    """The two ends of a pipe that holds as much as the kernel lets it."""
    ends = os.pipe()
    try:
        import fcntl

        fcntl.fcntl(ends[1], getattr(fcntl, "F_SETPIPE_SZ", 1031), PIPE_BYTES)
    except (ImportError, OSError):
        pass  # a larger pipe is only faster
    return ends


def model_environment(folder, is_caged):
    """The variables of this process without its own secrets; the launcher of a cage sets the folders itself."""
    left_out = (*OWN_VARIABLES, "NOCTURNE_IMPORTS") if is_caged else OWN_VARIABLES
    kept = {name: value for name, value in os.environ.items() if name not in left_out}
    # Sets have one order in both processes: a model that lets it show is still one function.
    return {**kept, "PYTHONDONTWRITEBYTECODE": "1", "PYTHONHASHSEED": "0", "TMPDIR": folder}


def relay(output):
    """Passes on what the process prints, line by line to the error output, marked so that none can be taken for a score."""
    left = MAX_RELAYED_BYTES
    with os.fdopen(output, "rb") as lines:
        for line in iter(lambda: lines.readline(4096), b""):
            if left > 0:
                left -= len(line)
                more = "" if left > 0 else "\nmodel: [the rest is left out]"
                # In one piece: the other process's lines come meanwhile.
                sys.stderr.write("model: " + printable(line.decode("utf-8", "replace").rstrip()) + more + "\n")
                sys.stderr.flush()


def printable(text):
    return "".join(each if each.isprintable() else "?" for each in text)


def explain(error):
    """One sentence for whatever went wrong."""
    if isinstance(error, SystemExit) and isinstance(error.code, str):
        return error.code
    name = "" if isinstance(error, (ModelError, CageError)) else type(error).__name__ + ": "
    return name + " ".join(str(error).split())[:500]


# --- the candidate's side ---------------------------------------------------------------------------------------


def serve(load):
    """Answers questions until there are no more. `load` gives a function from an array to an array of logits."""
    questions, answers = int(sys.argv[-2]), int(sys.argv[-1])
    with os.fdopen(questions, "rb") as reader, os.fdopen(answers, "wb") as writer:
        try:
            answer = load()
            writer.write(b"R")
            writer.flush()
            import numpy as np

            names = {code: name for name, code in TYPES.items()}
            while True:
                head = reader.read(2)
                if len(head) < 2:
                    return
                shape = struct.unpack("<{}I".format(head[1]), reader.read(4 * head[1]))
                dtype = np.dtype(names[head[0]])
                count = int(np.prod(shape))
                question = np.frombuffer(bytearray(reader.read(count * dtype.itemsize)), dtype).reshape(shape)
                logits = np.ascontiguousarray(np.asarray(answer(question)), dtype=np.float32)
                writer.write(b"A" + struct.pack("<BB{}I".format(logits.ndim), TYPES["float32"], logits.ndim, *logits.shape))
                writer.write(logits.data)
                writer.flush()
        except (Exception, SystemExit) as error:  # the run's own code may raise anything
            said = explain(error).encode()[:MAX_SENTENCE_BYTES]
            writer.write(b"E" + struct.pack("<I", len(said)) + said)
