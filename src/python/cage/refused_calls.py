"""The system calls that no training makes and that reach beyond a run, by their number on each machine."""
from cage.kernel import by_machine

# What another process is, does or has.
PROCESSES = by_machine(
    {"ptrace": 101, "process_vm_readv": 310, "process_vm_writev": 311, "kcmp": 312, "migrate_pages": 256},
    {"ptrace": 117, "process_vm_readv": 270, "process_vm_writev": 271, "kcmp": 272, "migrate_pages": 238},
)
# Namespaces and mounts.
PLACES = by_machine(
    {"mount": 165, "umount2": 166, "pivot_root": 155, "chroot": 161, "unshare": 272, "setns": 308, "open_by_handle_at": 304},
    {"mount": 40, "umount2": 39, "pivot_root": 41, "chroot": 51, "unshare": 97, "setns": 268, "open_by_handle_at": 265},
)
# What outlives a run: keys, and shared memory, semaphores and messages of System V, which no folder shows.
LEFTOVERS = by_machine(
    {"add_key": 248, "request_key": 249, "keyctl": 250, "shmget": 29, "semget": 64, "msgget": 68, "mq_open": 240},
    {"add_key": 217, "request_key": 218, "keyctl": 219, "shmget": 194, "semget": 190, "msgget": 186, "mq_open": 180},
)
# The machine itself: its clock, modules, name, disks and log.
MACHINE = by_machine(
    {
        "clock_settime": 227, "settimeofday": 164, "adjtimex": 159, "clock_adjtime": 305, "kexec_load": 246, "kexec_file_load": 320,
        "init_module": 175, "finit_module": 313, "delete_module": 176, "sethostname": 170, "setdomainname": 171, "reboot": 169,
        "swapon": 167, "swapoff": 168, "quotactl": 179, "acct": 163, "syslog": 103, "iopl": 172, "ioperm": 173, "vhangup": 153,
    },
    {
        "clock_settime": 112, "settimeofday": 170, "adjtimex": 171, "clock_adjtime": 266, "kexec_load": 104, "kexec_file_load": 294,
        "init_module": 105, "finit_module": 273, "delete_module": 106, "sethostname": 161, "setdomainname": 162, "reboot": 142,
        "swapon": 224, "swapoff": 225, "quotactl": 60, "acct": 89, "syslog": 116, "vhangup": 58,
    },
)
# Large parts of the kernel that have often had holes.
SURFACE = by_machine(
    {"bpf": 321, "perf_event_open": 298, "userfaultfd": 323, "fanotify_init": 300, "lookup_dcookie": 212, "uselib": 134},
    {"bpf": 280, "perf_event_open": 241, "userfaultfd": 282, "fanotify_init": 262, "lookup_dcookie": 18},
)
EVERYWHERE = {
    "pidfd_getfd": 438, "process_madvise": 440, "process_mrelease": 448, "open_tree": 428, "move_mount": 429, "fsopen": 430,
    "fsconfig": 431, "fsmount": 432, "fspick": 433, "mount_setattr": 442, "quotactl_fd": 443, "open_tree_attr": 467,
    "io_uring_setup": 425, "io_uring_enter": 426, "io_uring_register": 427,
}

REFUSED = {}
for table in (PROCESSES, PLACES, LEFTOVERS, MACHINE, SURFACE, EVERYWHERE):
    REFUSED.update(table)

# Those of which only some uses are refused.
CALLS = by_machine(
    {"socket": 41, "socketpair": 53, "clone": 56, "kill": 62, "ioctl": 16, "prlimit64": 302},
    {"socket": 198, "socketpair": 199, "clone": 220, "kill": 129, "ioctl": 29, "prlimit64": 261},
)
CLONE3 = 435
