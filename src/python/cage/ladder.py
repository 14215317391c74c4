"""The rungs that may work here, from the highest down; what surely does not work is left out, with the reason."""
import os
import shutil

from cage import identity, landlock
from cage.kernel import AUDIT_ARCHES, MACHINE, CageError

FIRST_USER = 65200  # in a range that distributions leave free, and below 65,536, beyond which a container has no users
KEEPS = (None, "CAP_DAC_READ_SEARCH", "CAP_DAC_OVERRIDE")


def ladder():
    """(rungs, {tier: why it is left out}): a rung is as in src/ports/isolation.ts, without `system`."""
    if not os.path.isdir("/proc/self") or MACHINE not in AUDIT_ARCHES:
        why = "cages are built for Linux on x86_64 and aarch64, and this is {}".format(MACHINE)
        return [], {tier: why for tier in ("namespaces", "landlock-user", "landlock", "user", "seccomp")}
    left_out = {}
    user = reason(identity.require_right_to_change)
    no_landlock = reason(landlock.require)
    users = [dict(uid=FIRST_USER, keeps=keeps) if keeps else dict(uid=FIRST_USER) for keeps in kept()]
    rungs = []
    if user is None and no_landlock is None and identity.SYS_ADMIN in identity.capabilities():
        rungs += [dict(each, tier="namespaces", mounts=True) for each in users if each.get("keeps") != "CAP_DAC_OVERRIDE"]
    program = shutil.which("bwrap")
    if program:
        rungs.append(dict({} if user else users[0], tier="namespaces", bubblewrap=os.path.realpath(program)))
    elif not rungs:
        left_out["namespaces"] = "bubblewrap (bwrap) is not installed" if user else "this process may not make namespaces, and bubblewrap (bwrap) is not installed"
    if user or no_landlock:
        left_out["landlock-user"] = no_landlock or user
    else:
        rungs += [dict(each, tier="landlock-user") for each in users]
    if no_landlock:
        left_out["landlock"] = no_landlock
    else:
        rungs.append({"tier": "landlock"})
    if user:
        left_out["user"] = user
    else:
        rungs.append(dict(users[0], tier="user"))
    return rungs + [{"tier": "seccomp"}], left_out


def kept():
    held = identity.capabilities()
    return [keeps for keeps in KEEPS if keeps is None or identity.CAPABILITIES[keeps] in held]


def reason(check):
    try:
        check()
        return None
    except CageError as error:
        return str(error)
