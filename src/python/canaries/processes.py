"""The controller and the supervisor: what they are, hold and do. A stand-in of the controller's user is what is aimed at."""
import ctypes
import os
import resource

from canaries import call, libc, probe, require
from canaries.numbers import CALLS

EVERYBODY = -1


def of_controller(name):
    return lambda place: "/proc/{}/{}".format(place["pid"], name)


def read(path):
    with open(path, "rb") as file:
        if not file.read(1):
            raise OSError("it reads as empty")


def write_back(path):
    with open(path, "r+") as file:
        value = file.read()
        file.seek(0)
        file.write(value)


probe("read the controller's variables")(lambda place: read(of_controller("environ")(place)))
probe("read the controller's command line")(lambda place: read(of_controller("cmdline")(place)))
probe("read the controller's memory map")(lambda place: read(of_controller("maps")(place)))
probe("open the controller's memory")(lambda place: open(of_controller("mem")(place), "rb").close())
probe("see the controller's open files")(lambda place: os.readlink(of_controller("fd/0")(place)))
probe("enter the controller's folder")(lambda place: os.listdir(of_controller("cwd")(place)))
probe("offer the controller to the OOM killer")(lambda place: write_back(of_controller("oom_score_adj")(place)))
probe("signal the controller")(lambda place: os.kill(place["pid"], 0))
probe("signal everybody")(lambda place: os.kill(EVERYBODY, 0))
probe("trace the controller")(lambda place: require(libc.ptrace(0x4206, place["pid"], 0, 0)))
probe("slow the controller down")(lambda place: os.setpriority(os.PRIO_PROCESS, place["pid"], 19))
probe("limit the controller")(
    lambda place: resource.prlimit(place["pid"], resource.RLIMIT_CPU, (resource.RLIM_INFINITY, resource.RLIM_INFINITY))
)


@probe("signal the supervisor")
def signal_parent(place):
    parent = os.getppid()
    if parent <= 1:
        raise OSError("no parent that is not init")
    os.kill(parent, 0)


@probe("signal the controller by a descriptor")
def signal_by_descriptor(place):
    descriptor = call(CALLS["pidfd_open"], place["pid"], 0)
    call(CALLS["pidfd_send_signal"], ctypes.c_int(descriptor), 0, None, 0)


@probe("take a file from the controller")
def take_file(place):
    descriptor = call(CALLS["pidfd_open"], place["pid"], 0)
    call(CALLS["pidfd_getfd"], ctypes.c_int(descriptor), 0, 0)


@probe("copy from the controller's memory")
def copy_memory(place):
    own = ctypes.create_string_buffer(8)
    place_of = (ctypes.c_void_p * 2)(ctypes.addressof(own), 8)
    # An address that is not mapped there: EFAULT would mean that the kernel had looked.
    if libc.syscall(CALLS["process_vm_readv"], place["pid"], place_of, 1, place_of, 1, 0) < 0:
        code = ctypes.get_errno()
        if code != 14:
            raise OSError(code, os.strerror(code))


@probe("bind the controller to one core")
def bind(place):
    os.sched_setaffinity(place["pid"], {min(os.sched_getaffinity(place["pid"]))})


@probe("be the root of this machine")
def become_root(place):
    if os.getuid() == 0:
        raise OSError("it was before, without its rights")
    os.setuid(0)
