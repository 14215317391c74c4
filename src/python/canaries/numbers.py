"""Numbers of system calls that Python has no name for."""
import platform

X86_64 = {
    "process_vm_readv": 310, "add_key": 248, "bpf": 321, "perf_event_open": 298, "userfaultfd": 323, "clone": 56, "unshare": 272,
    "mount": 165, "setns": 308, "finit_module": 313, "reboot": 169, "sethostname": 170, "shmget": 29, "semget": 64,
    "mq_open": 240, "kcmp": 312, "syslog": 103, "open_by_handle_at": 304, "fanotify_init": 300, "clock_adjtime": 305, "swapon": 167,
}
AARCH64 = {
    "process_vm_readv": 270, "add_key": 217, "bpf": 280, "perf_event_open": 241, "userfaultfd": 282, "clone": 220, "unshare": 97,
    "mount": 40, "setns": 268, "finit_module": 273, "reboot": 142, "sethostname": 161, "shmget": 194, "semget": 190,
    "mq_open": 180, "kcmp": 272, "syslog": 116, "open_by_handle_at": 265, "fanotify_init": 262, "clock_adjtime": 266, "swapon": 224,
}
EVERYWHERE = {"io_uring_setup": 425, "pidfd_send_signal": 424, "pidfd_open": 434, "pidfd_getfd": 438, "clone3": 435, "fsopen": 430}
CALLS = dict(AARCH64 if platform.machine() == "aarch64" else X86_64, **EVERYWHERE)
