"""Starts a command in a cage: for a trusted program, such as a scorer, that runs code which is not.

    python3 -I -S cage_launch.py POLICY.json -- COMMAND …

POLICY is a `Cage` (src/ports/isolation.ts), with `mark`, a file to which a line is added as soon as the cage was entered, where only
the trusted side can write. Each start has a home of its own, `home` with an ending, and shares nothing that it could write with
another start: no shared memory, and of /proc no process but itself. Descriptors, working folder and other variables pass through.
Exits 125, with one line, when the cage cannot be entered; nothing of the command has run then.
"""
import json
import os
import sys
import tempfile

sys.dont_write_bytecode = True
sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
from cage import Cage, CageError  # noqa: E402
from cage.home import home_variables  # noqa: E402
from cage.identity import CAPABILITIES, FOR_A_USER, capabilities  # noqa: E402

EXIT_NOT_CAGED = 125


def launch(path, argv):
    with open(path, encoding="utf-8") as file:
        policy = json.load(file)
    if not set(FOR_A_USER) <= capabilities():
        policy["rung"] = within(policy["rung"])
    policy["home"] = tempfile.mkdtemp(prefix=policy["home"] + "-")
    mark = open_mark(policy.get("mark"))
    cage = Cage(policy, is_alone=True)
    cage.open()
    if cage.user:
        cage.user.holder.set_inheritable(True)  # its number stays taken as long as the command runs
    command = cage.command(argv, os.getcwd())
    for file in cage.files:
        os.set_inheritable(file, True)
    cage.enter()
    if mark is not None:
        os.write(mark, json.dumps({"tier": cage.tier}).encode() + b"\n")
        os.close(mark)
    os.execvpe(command[0], command, dict(os.environ, **home_variables(cage.home, cage.rung)))


def open_mark(path):
    """Opened with the rights that the cage takes away. It goes to nobody else: descriptors of Python's end at exec."""
    return None if path is None else os.open(path, os.O_WRONLY | os.O_CREAT | os.O_APPEND | os.O_NOFOLLOW, 0o644)


def within(rung):
    """The rung of a cage within another one, which has the rights to neither users nor namespaces. The capability that
    the outer one kept stays, or an interpreter below a folder that is closed to others would be out of reach.
    """
    tier = "seccomp" if rung["tier"] in ("seccomp", "user") else "landlock"
    kept = ("tier", "system", "userBase") + (("keeps",) if CAPABILITIES.get(rung.get("keeps")) in capabilities() else ())
    return {name: value for name, value in dict(rung, tier=tier).items() if name in kept}


def main():
    if len(sys.argv) < 4 or sys.argv[2] != "--":
        sys.stderr.write(__doc__)
        return 2
    try:
        launch(sys.argv[1], sys.argv[3:])
    except (CageError, OSError, ValueError, KeyError) as error:
        sys.stderr.write("nocturne: the cage cannot be entered: {}\n".format(error))
    return EXIT_NOT_CAGED


if __name__ == "__main__":
    sys.exit(main())
