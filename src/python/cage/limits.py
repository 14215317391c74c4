"""Limits of the kernel that a stage cannot raise again."""
import resource

NONE_AT_ALL = (resource.RLIMIT_CORE, resource.RLIMIT_RTPRIO, resource.RLIMIT_NICE, resource.RLIMIT_MSGQUEUE)


def limit():
    """No core dumps, no priority over other work, no message queues that outlive the run."""
    for resource_of_it in NONE_AT_ALL:
        resource.setrlimit(resource_of_it, (0, 0))
