"""The device files that a stage opens: those of every program, and those of the GPUs and other accelerators that are there."""
import glob
import os

ALWAYS = ("/dev/null", "/dev/zero", "/dev/full", "/dev/random", "/dev/urandom")
TERMINALS = ("/dev/ptmx", "/dev/pts")
ACCELERATORS = (
    "/dev/nvidia*",  # CUDA
    "/dev/nvidia-caps*/*",  # slices of a GPU (MIG), and memory over several machines (IMEX)
    "/dev/kfd", "/dev/dri/*",  # ROCm; Intel
    "/dev/dxg",  # WSL
    "/dev/accel*", "/dev/accel/*", "/dev/vfio/*", "/dev/infiniband/*",  # TPU, Gaudi; NCCL between machines
)


def usual():
    return [path for path in ALWAYS if os.path.exists(path)]


def terminals():
    """For pseudo-terminals; those of other users are closed to a user of its own, and to no other."""
    return [path for path in TERMINALS if os.path.exists(path)]


def accelerators():
    found = [path for pattern in ACCELERATORS for path in glob.glob(pattern)]
    return [path for path in found if not os.path.isdir(path)]
