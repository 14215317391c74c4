"""Stands in for the controller while canaries try to reach it, and says which rungs there are to try.

    python3 canary_host.py FOLDER CACHE

FOLDER is the study's; CACHE is one of this program's, for compiled code. Prints one line of JSON, then waits until its input ends. Standard library only.
"""
import json
import os
import site
import socket
import sys

sys.dont_write_bytecode = True
sys.path[:] = [entry for entry in sys.path if os.path.abspath(entry or ".") != os.path.dirname(os.path.abspath(__file__))]
PATHS = list(sys.path)
sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
from cage.ladder import ladder  # noqa: E402
from cage.system import system_paths  # noqa: E402
from cage_code import store  # noqa: E402


def listeners(folder):
    """Open to every user and to every cage that lets sockets through."""
    own, name = "host-{}.sock".format(os.getpid()), "nocturne-canary-{}".format(os.getpid())
    path = os.path.join(folder, own)
    if os.path.lexists(path):  # in a container the next process often has the same number
        os.unlink(path)
    sockets = [socket.socket(socket.AF_UNIX), socket.socket(socket.AF_UNIX), socket.socket(socket.AF_INET)]
    here = os.getcwd()
    os.chdir(folder)  # a socket's path may have 107 bytes
    sockets[0].bind(own)
    os.chdir(here)
    os.chmod(path, 0o777)
    sockets[1].bind("\0" + name)
    sockets[2].bind(("127.0.0.1", 0))
    for each in sockets:
        each.listen(8)
    return sockets, {"socket": path, "abstract": name, "port": sockets[2].getsockname()[1]}


def main():
    folder = sys.argv[1]
    rungs, left_out = ladder()
    held, places = listeners(folder)
    try:
        has_own = site.ENABLE_USER_SITE and os.path.isdir(site.getusersitepackages())
        user_base = site.getuserbase() if has_own else None
        modules = [name for name in ("numpy",) if any(os.path.isdir(os.path.join(path, name)) for path in PATHS)]
        said = dict(places, pid=os.getpid(), rungs=rungs, leftOut=left_out, system=system_paths(folder), modules=modules, site=site_packages())
        further = {"userBase": user_base, "code": store(sys.argv[2])}
        print(json.dumps(dict(said, **{name: value for name, value in further.items() if value})), flush=True)
        sys.stdin.read()
    finally:  # also where nobody listens any more
        os.unlink(places["socket"])
    return held


def site_packages():
    found = [path for path in PATHS if path.endswith(("site-packages", "dist-packages"))]
    return found[0] if found else sys.prefix


if __name__ == "__main__":
    main()
