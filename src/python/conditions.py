"""Watches what the machine does to a stage while it runs: how much processor time other work took from it, and how its
processors and GPUs are clocked, throttled and shared.

Only the machine is watched, never the candidate: a larger model may be slower, and that is not the machine's doing. Each
source may be missing (another system, an old kernel, no GPU); its figures are then left out. Nothing here blocks or raises.
"""
import os
import shutil
import subprocess
import time

from usage import read_bytes

INTERVAL_SECONDS = 0.5  # between two samples
MIN_INTERVAL_SECONDS = 0.05  # between two samples when processes end
MIN_STAGE_SECONDS = 1.0  # a shorter stage has no shares and no clock
MIN_CPU_SECONDS = 0.15  # a stage that used less has no shares
MAX_PROCESSES = 256  # of more processes in a stage no processor time is read
MIN_TIMINGS = 5
WORK = list(range(10000, 14000))
ORDER = [index * 1237 % 4000 for index in range(4000)]
ANSWER_SECONDS = 5.0  # for nvidia-smi, before the stage begins
GPU_INTERVAL_SECONDS = 5.0  # between two questions to nvidia-smi
MIN_GPU_MIB = 64  # what computes on a GPU holds more, for its context alone
GPU_QUERY = "--query-gpu=clocks.sm,utilization.gpu,clocks_throttle_reasons.active"
APPS_QUERY = "--query-compute-apps=pid"
MEMORY_QUERY = "--query-gpu=memory.used,memory.total"
# Hardware slowdown, software and hardware thermal slowdown, power brake. The power cap is left out: a busy
# GPU is at it.
THROTTLE_BITS = 0x08 | 0x20 | 0x40 | 0x80


class Conditions:
    """Samples while a stage runs; `report` says what was seen, in shares of 1 and MHz."""

    def __init__(self, env, descendants, share):
        self.descendants = descendants
        self.shared = share.get("shared", [])
        self.gpu = Gpu(env, is_shared="gpus" in self.shared, among=share.get("among"))
        self.began = self.sampled = None
        self.main = None
        self.tasks = {}
        self.own_seconds = self.wait_seconds = 0.0
        self.first_cpus = self.cpus = {}
        self.cores = ()
        self.clocks = []
        self.work = []

    def begin(self, main, now):
        self.main, self.began, self.sampled = main, now, now
        self.first_cpus = read_cpus()

    def sample(self, now, is_ending=False):
        """Samples twice a second, and also when a process has ended but can still be read; gives the processes it saw."""
        if self.began is None or now - self.sampled < (MIN_INTERVAL_SECONDS if is_ending else INTERVAL_SECONDS):
            return None
        self.sampled = now
        family = [self.main] + self.descendants(self.main)
        if len(family) <= MAX_PROCESSES:
            self.add_tasks(family)
        self.cores = cores_of(self.main) or self.cores
        self.cpus = read_cpus() or self.cpus
        self.clocks += read_clocks(self.cores)
        self.gpu.sample(now, family)
        if not is_ending:
            self.work.append(work_seconds())
        return family

    def add_tasks(self, family):
        for pid in family:
            for task, run, wait in read_tasks(pid):
                earlier_run, earlier_wait = self.tasks.get(task, (0, 0))
                if run < earlier_run:
                    earlier_run = earlier_wait = 0  # a new task with the number of an earlier one
                self.tasks[task] = (run, wait)
                self.own_seconds += (run - earlier_run) / 1e9
                self.wait_seconds += (wait - earlier_wait) / 1e9

    def report(self, cpu_seconds):
        """`cpu_seconds` is what the stage's processes used, also those that lived only between two samples."""
        report = {}
        seconds = 0.0 if self.began is None else self.sampled - self.began
        if seconds >= MIN_STAGE_SECONDS:
            busy, stolen = self.busy_seconds()
            if self.own_seconds >= MIN_CPU_SECONDS and self.first_cpus and self.cores:
                others = max(0.0, busy - max(cpu_seconds, self.own_seconds))
                wanted = max(seconds, self.own_seconds + self.wait_seconds)
                if "cores" not in self.shared:
                    report["lostShare"] = share(min(self.wait_seconds, others), wanted)
                report["stolenShare"] = share(stolen, seconds * len(self.cores))
            if len(self.work) >= MIN_TIMINGS:
                report["workMicros"] = round(1e6 * sorted(self.work)[len(self.work) // 2], 1)
            if self.clocks:
                report["cpuMhz"] = round(sum(self.clocks) / len(self.clocks))
        report.update(self.gpu.report())
        if self.shared:
            report["shared"] = self.shared
        return report

    def busy_seconds(self):
        """Seconds that any work took of the stage's cores, and seconds that the host took of them."""
        busy = stolen = 0.0
        for core in self.cores:
            (busy_then, stolen_then), (busy_now, stolen_now) = (
                self.first_cpus.get(core, (0.0, 0.0)), self.cpus.get(core, (0.0, 0.0)),
            )
            busy += busy_now - busy_then
            stolen += stolen_now - stolen_then
        return busy, stolen


def work_seconds():
    """The processor time of a fixed piece of work, done twice and timed when its data is near: how fast the machine is."""
    for _ in range(2):
        began = time.thread_time()
        sum(map(WORK.__getitem__, ORDER))
        took = time.thread_time() - began
    return took


def share(part, whole):
    return round(min(1.0, max(0.0, part / whole)), 4)


def read_text(path):
    return read_bytes(path).decode("ascii", "replace")


def read_tasks(pid):
    """(task, nanoseconds on a core, nanoseconds of waiting for one) of each thread; an ended process has its first."""
    try:
        tasks = os.listdir("/proc/{}/task".format(pid))
    except OSError:
        return
    for task in tasks:
        figures = read_text("/proc/{}/task/{}/schedstat".format(pid, task)).split()
        if len(figures) >= 2:
            yield task, int(figures[0]), int(figures[1])


def read_cpus():
    """Core -> (seconds of work, seconds that the host took), since the machine started."""
    cpus = {}
    for line in read_text("/proc/stat").splitlines():
        name, _, rest = line.partition(" ")
        if name.startswith("cpu") and name[3:].isdigit():
            figures = [int(figure) for figure in rest.split()] + [0] * 8
            user, nice, system, _, _, irq, softirq, stolen = figures[:8]
            tick = os.sysconf("SC_CLK_TCK")
            cpus[int(name[3:])] = ((user + nice + system + irq + softirq) / tick, stolen / tick)
    return cpus


def cores_of(pid):
    try:
        return tuple(os.sched_getaffinity(pid))
    except (AttributeError, OSError):
        return ()


def read_clocks(cores):
    path = "/sys/devices/system/cpu/cpu{}/cpufreq/scaling_cur_freq"
    texts = [read_text(path.format(core)).strip() for core in cores[:8]]
    return [int(text) / 1000 for text in texts if text.isdigit()]


class Gpu:
    """What nvidia-smi says of the GPUs that the stage may use; it is asked every 5 s and never waited for.

    Of GPUs that are shared with the jobs of a folder (`among`), these jobs are no others, and no memory is told: whose it is cannot
    be seen.
    """

    def __init__(self, env, is_shared=False, among=None):
        self.is_shared, self.among = is_shared, among if is_shared else None
        visible = env.get("CUDA_VISIBLE_DEVICES")
        self.program = None if visible in ("", "-1") else shutil.which("nvidia-smi")
        self.select = [] if visible is None else ["-i", visible]
        self.asked = None
        self.due = 0.0
        self.turn = 0
        self.clocks = []
        self.throttled = []
        self.others = 0
        self.count = len(visible.split(",")) if visible and self.program else 0
        self.used_mib, self.most_mib = None, 0
        if self.program:
            self.others = len(self.strangers(numbers_in(self.ask_before(APPS_QUERY))))
        if self.program and not self.is_shared:
            self.used_mib = used_in(self.ask_before(MEMORY_QUERY))

    def ask_before(self, query):
        """The answer before the stage has begun: nothing on the GPUs is the stage's then."""
        process = None
        try:
            process = subprocess.Popen(self.command(query), stdout=subprocess.PIPE, stderr=subprocess.DEVNULL)
            return process.communicate(timeout=ANSWER_SECONDS)[0]
        except (OSError, subprocess.SubprocessError):
            if process:
                process.kill()
                process.stdout.close()
                process.returncode = 0  # a driver that hangs cannot be waited for; the supervisor reaps it
            self.program = None
            return b""

    def command(self, query):
        return [self.program] + self.select + [query, "--format=csv,noheader,nounits"]

    def sample(self, now, family):
        if self.asked:
            self.read_answer(family)
        elif self.program and now >= self.due:
            self.due = now + GPU_INTERVAL_SECONDS
            self.turn += 1
            self.ask((MEMORY_QUERY, GPU_QUERY, MEMORY_QUERY, APPS_QUERY)[self.turn % 4])

    def ask(self, query):
        try:
            process = subprocess.Popen(self.command(query), stdout=subprocess.PIPE, stderr=subprocess.DEVNULL)
        except OSError:
            self.program = None
            return
        process.returncode = 0  # the supervisor reaps it, with all its children
        os.set_blocking(process.stdout.fileno(), False)
        self.asked = (process, query, b"")

    def is_own(self, pid):
        """Whether this process is our nvidia-smi, and none of the stage's."""
        return self.asked is not None and self.asked[0].pid == pid

    def read_answer(self, family):
        process, query, said = self.asked
        try:
            data = os.read(process.stdout.fileno(), 1 << 16)
        except BlockingIOError:
            return
        self.asked = (process, query, said + data) if data else None
        if data:
            return
        process.stdout.close()
        if query == GPU_QUERY:
            self.take_state(said)
        elif query == MEMORY_QUERY:
            self.most_mib = max(used_in(said) or 0, self.most_mib)
        else:
            self.take_apps(numbers_in(said), family)

    def take_state(self, said):
        rows = [line.split(",") for line in said.decode("ascii", "replace").splitlines()]
        rows = [[cell.strip() for cell in row] for row in rows if len(row) == 3]  # a failure is a line of words
        self.count = self.count or len(rows)
        for cells in rows:
            if cells[0].isdigit() and cells[1].isdigit():
                if int(cells[1]) > 0:
                    self.clocks.append(int(cells[0]))
                self.throttled.append(bool(bits_of(cells[2]) & THROTTLE_BITS))

    def take_apps(self, pids, family):
        """In a container the numbers may be the host's: they count only when one of the stage's is among them."""
        if set(pids) & set(family):
            self.others = max(self.others, len(self.strangers(set(pids) - set(family))))

    def strangers(self, pids):
        return [pid for pid in pids if self.among is None or not is_among(pid, self.among)]

    def peak(self):
        """The most memory that was in use beyond what was before the stage began: the stage's own, where it computes there."""
        more = self.most_mib - (self.used_mib or 0)
        return {"peakGpuMemoryMb": more} if self.used_mib is not None and more >= MIN_GPU_MIB else {}

    def report(self):
        report = {}
        if self.program and self.count:
            report["gpus"] = self.count
        if self.program:
            report["gpuOthers"] = self.others
        if self.used_mib is not None:
            report["gpuUsedMib"] = self.used_mib
        if self.clocks:
            report["gpuMhz"] = round(sum(self.clocks) / len(self.clocks))
        if self.throttled:
            report["gpuThrottledShare"] = share(sum(self.throttled), len(self.throttled))
        return report


def is_among(pid, folder):
    """Whether a process belongs to a job below this folder, by the variable that every stage has."""
    entries = read_bytes("/proc/{}/environ".format(pid)).split(b"\0")
    return any(entry.startswith(b"NOCTURNE_RUN_DIR=" + os.fsencode(folder) + b"/") for entry in entries)


def numbers_in(said):
    return [int(line) for line in said.decode("ascii", "replace").split() if line.isdigit()]


def used_in(said):
    """The memory in use on all GPUs; None where one does not say."""
    rows = [line.split(",") for line in said.decode("ascii", "replace").splitlines()]
    cells = [row[0].strip() for row in rows if len(row) == 2]
    return sum(int(cell) for cell in cells) if cells and all(cell.isdigit() for cell in cells) else None


def bits_of(text):
    try:
        return int(text, 16)
    except ValueError:
        return 0
