"""The command with which bubblewrap starts a stage: it sees the files of its cage and no others, and no process but its own."""
import os

OWN = ("/tmp", "/var/tmp", "/dev/shm")
PRIVATE = ["--unshare-user", "--unshare-pid", "--unshare-ipc", "--unshare-uts", "--unshare-cgroup-try", "--die-with-parent", "--cap-drop", "ALL"]


def command(program, paths, temporary, devices, network, seccomp_file, status_file, folder):
    """`paths` has `system`, `read`, `write` and `fixed`; what stands later lies over what stands before."""
    words = [program] + PRIVATE + ([] if network else ["--unshare-net"])
    words += ["--seccomp", str(seccomp_file), "--json-status-fd", str(status_file)]
    words += ["--proc", "/proc", "--dev", "/dev"]
    for device in devices:
        words += ["--dev-bind", device, device]
    words += ["--tmpfs", "/dev/shm", "--bind", temporary, "/tmp", "--bind", temporary, "/var/tmp"]
    binds = [(how, os.path.realpath(path), place) for how, path in by_depth(paths) for place in sorted({path, os.path.realpath(path)})]
    shells = shells_of([place for _, _, place in binds])
    for shell in shells:
        words += ["--tmpfs", shell]
    for bind in binds:
        words += bind
    for shell in shells + ["/"]:
        words += ["--remount-ro", shell]
    return words + ["--chdir", folder, "--"]


def shells_of(places):
    """What is bound below a folder of the stage's own lies in a closed one there, or it could write beside it."""
    below = {place for place in places for folder in OWN if place.startswith(folder + os.sep)}
    tops = {os.sep.join(place.split(os.sep)[: folder.count(os.sep) + 2]) for place in below for folder in OWN if place.startswith(folder + os.sep)}
    return sorted(tops - set(places))


def by_depth(paths):
    """Shallow paths first, so that none covers one that lies within it; at one place, what is closed lies on top."""
    binds = [("--ro-bind", path) for path in paths["system"] + paths["read"]]
    binds += [("--bind", path) for path in paths["write"]]
    fixed = [("--ro-bind", path) for path in paths["fixed"]]
    return sorted(binds, key=lambda bind: (os.path.realpath(bind[1]).count(os.sep), bind[0] == "--bind")) + fixed
