"""The command with which bubblewrap starts a stage: it sees the files of its cage and no others, and no process but its own."""
import os

from cage.litter import SHARED_MEMORY, TEMPORARY
from cage.shells import shells_of

OWN = TEMPORARY + (SHARED_MEMORY,)
PRIVATE = ["--unshare-user", "--unshare-pid", "--unshare-ipc", "--unshare-uts", "--unshare-cgroup-try", "--die-with-parent", "--cap-drop", "ALL"]


def command(program, paths, temporary, devices, network, seccomp_file, status_file, folder):
    """`paths` has `system`, `read`, `write` and `fixed`; what stands later lies over what stands before."""
    words = [program] + PRIVATE + ([] if network else ["--unshare-net"])
    words += ["--seccomp", str(seccomp_file), "--json-status-fd", str(status_file)]
    words += ["--proc", "/proc", "--dev", "/dev"]
    for device in devices:
        words += ["--dev-bind", device, device]
    words += ["--tmpfs", "/dev/shm", "--bind", temporary, "/tmp", "--bind", temporary, "/var/tmp"]
    binds = [(how, real, place) for how, real, path in by_depth(paths) for place in sorted({path, real})]
    shells = shells_of([place for _, _, place in binds], OWN)
    for shell in shells:
        words += ["--tmpfs", shell]
    for bind in binds:
        words += bind
    for shell in shells + ["/"]:
        words += ["--remount-ro", shell]
    return words + ["--chdir", folder, "--"]


def by_depth(paths):
    """Shallow paths first, so that none covers one that lies within it; at one place, what is closed lies on top."""
    binds = [("--ro-bind", os.path.realpath(path), path) for path in paths["system"] + paths["read"]]
    binds += [("--bind", os.path.realpath(path), path) for path in paths["write"]]
    fixed = [("--ro-bind", os.path.realpath(path), path) for path in paths["fixed"]]
    return sorted(binds, key=lambda bind: (bind[1].count(os.sep), bind[0] == "--bind")) + fixed
