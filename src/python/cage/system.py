"""What every stage reads of the system: the interpreter and its packages, libraries, and the settings that are open to all users."""
import os
import site
import stat
import sys

FOLDERS = ("/usr", "/lib", "/lib32", "/lib64", "/bin", "/sbin", "/opt", "/sys", "/nix/store", "/gnu/store", "/run/opengl-driver")
SETTINGS = "/etc"
NAME_SERVERS = "/etc/resolv.conf"  # often a link to a file that the system writes elsewhere


def system_paths(closed):
    """Absolute paths that are there. None of them is `closed` or has it below."""
    program = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
    # Of a user's own rights nothing is gained; a user of root's making may keep one that reads what is closed to others.
    settings = [SETTINGS] if os.geteuid() != 0 else open_parts(SETTINGS)
    paths = list(FOLDERS) + [program] + interpreter_paths() + libraries() + settings + [NAME_SERVERS]
    closed = os.path.realpath(closed)
    found = []
    for path in paths:
        place = os.path.realpath(path)
        if os.path.exists(place) and not is_above(place, closed) and not is_above("/proc", place) and path not in found:
            found.append(path)
    return [path for path in found if not any(is_above(other, path) and other != path for other in found)]


def interpreter_paths():
    """Where this interpreter, its environment and its packages lie; what `.pth` files name is among them."""
    paths = [sys.prefix, sys.base_prefix, sys.exec_prefix, sys.base_exec_prefix] + sys.path
    executable = sys.executable
    for _ in range(8):  # a virtual environment's is a link to another, which may be a link too
        paths.append(executable)
        if not os.path.islink(executable):
            break
        executable = os.path.join(os.path.dirname(executable), os.readlink(executable))
    if site.ENABLE_USER_SITE:
        paths.append(site.getusersitepackages())
    return [os.path.abspath(path) for path in paths if path and path != os.sep]


def libraries():
    folders = os.environ.get("LD_LIBRARY_PATH", "").split(os.pathsep)
    return [folder for folder in folders if os.path.isabs(folder) and folder != os.sep]


def open_parts(path):
    """The parts of a folder in which every user may read everything."""
    parts, is_whole = parts_of(path)
    return [path] if is_whole else parts


def parts_of(path):
    try:
        status = os.stat(path)
    except OSError:
        return [], True
    if not stat.S_ISDIR(status.st_mode):
        return ([path], True) if status.st_mode & 0o004 else ([], False)
    if status.st_mode & 0o005 != 0o005 or os.path.islink(path):
        return [], False
    found, is_whole = [], True
    for name in sorted(os.listdir(path)):
        parts, is_open = parts_of(os.path.join(path, name))
        found += [os.path.join(path, name)] if is_open and os.path.exists(os.path.join(path, name)) else parts
        is_whole = is_whole and is_open
    return found, is_whole


def is_above(folder, path):
    return path == folder or path.startswith(folder.rstrip(os.sep) + os.sep)
