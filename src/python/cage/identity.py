"""Who a stage is: a user of its own where the controller may make one, and no capability but the one that a rung keeps."""
import ctypes
import os
import resource
import struct

from cage.kernel import CAPSET, PR_CAP_AMBIENT, PR_CAPBSET_DROP, PR_SET_KEEPCAPS, PR_SET_NO_NEW_PRIVS, CageError, libc, prctl, syscall

CAPABILITIES = {"CAP_DAC_OVERRIDE": 1, "CAP_DAC_READ_SEARCH": 2}
CHOWN, DAC_OVERRIDE, FOWNER, KILL, SETGID, SETUID, SETPCAP, SYS_ADMIN = 0, 1, 3, 5, 6, 7, 8, 21
# Without these the supervisor could not give files to another user, end its processes, or remove what they leave.
FOR_A_USER = (CHOWN, DAC_OVERRIDE, FOWNER, KILL, SETGID, SETUID)
AMBIENT_RAISE, AMBIENT_CLEAR = 2, 4
VERSION_3 = 0x20080522
LEAST_PROCESSES = 8192


def capabilities():
    """Those in effect, as a set of numbers."""
    with open("/proc/self/status") as file:
        fields = dict(line.split(":", 1) for line in file if ":" in line)
    mask = int(fields["CapEff"], 16)
    return {number for number in range(64) if mask >> number & 1}


def require_right_to_change():
    missing = set(FOR_A_USER) - capabilities()
    if missing:
        raise CageError("this process may not start others as another user")


def groups_of(devices):
    """The groups that open the devices, such as `render` for a GPU's; never the controller's own."""
    found = set()
    for device in devices:
        status = os.stat(device)
        if status.st_mode & 0o060 == 0o060 and status.st_mode & 0o006 != 0o006 and status.st_gid != 0:
            found.add(status.st_gid)
    return sorted(found)


def become(uid, keeps, groups):
    """Changes the user where one is given, and drops all capabilities but the kept one."""
    kept = [CAPABILITIES[keeps]] if keeps else []
    prctl("no new privileges", PR_SET_NO_NEW_PRIVS, 1)
    held = capabilities()
    if SETPCAP in held:
        for number in range(64):
            if number not in kept and libc.prctl(PR_CAPBSET_DROP, number, 0, 0, 0) != 0:
                break
    libc.prctl(PR_CAP_AMBIENT, AMBIENT_CLEAR, 0, 0, 0)
    if uid is not None and uid != os.getuid():
        if kept:
            prctl("keep capabilities", PR_SET_KEEPCAPS, 1)
        change_user(uid, groups)
    if held or kept:
        set_capabilities(kept)
    for number in kept:
        prctl("keep a capability over exec", PR_CAP_AMBIENT, AMBIENT_RAISE, number)


def change_user(uid, groups):
    try:
        limit_processes()
        os.setgroups(groups)
        os.setresgid(uid, uid, uid)
        os.setresuid(uid, uid, uid)
    except OSError as error:
        raise CageError("user {}: {}".format(uid, error.strerror))


def limit_processes():
    """Counted by user, so only for a user of its own: far above any training, far below what stops a machine."""
    most = max(LEAST_PROCESSES, 512 * (os.cpu_count() or 1))
    hard = resource.getrlimit(resource.RLIMIT_NPROC)[1]
    limit = most if hard == resource.RLIM_INFINITY else min(most, hard)
    resource.setrlimit(resource.RLIMIT_NPROC, (limit, limit))


def set_capabilities(kept):
    mask = sum(1 << number for number in kept)
    header, data = struct.pack("Ii", VERSION_3, 0), struct.pack("6I", mask, mask, mask, 0, 0, 0)
    syscall("capabilities", CAPSET, ctypes.c_char_p(header), ctypes.c_char_p(data))
