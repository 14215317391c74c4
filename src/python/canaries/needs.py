"""What training code does and must go on doing in a cage."""
import concurrent.futures
import fcntl
import getpass
import mmap
import multiprocessing
import os
import shutil
import socket
import ssl
import subprocess
import sys
import tempfile
import threading

from canaries import works


@works("save into the run's folder")
def save(place):
    path = os.path.join(place["output"], "weights")
    with open(path + ".part", "wb") as file:
        file.write(b"x" * 4096)
        os.fsync(file.fileno())
    os.replace(path + ".part", path)


@works("write beside the code")
def write_beside(place):
    os.makedirs(os.path.join(place["work"], "logs", "one"))
    with open(os.path.join(place["work"], "train.py"), "a") as file:
        file.write("\n")


@works("read the data")
def read_data(place):
    with open(os.path.join(place["data"], "train.bin"), "rb") as file:
        mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ).close()
    if not os.listdir(place["data"]):
        raise OSError("empty")


@works("keep caches at home")
def caches(place):
    for folder in (os.path.expanduser("~/.cache/huggingface/datasets"), os.path.join(os.environ["XDG_CACHE_HOME"], "matplotlib")):
        os.makedirs(folder)
    with open(os.path.expanduser("~/.cache/lock"), "w") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
    getpass.getuser()


@works("make temporary files")
def temporary(place):
    with tempfile.TemporaryFile() as file, tempfile.TemporaryDirectory() as folder:
        file.write(b"x")
        shutil.copyfile(os.path.join(place["data"], "train.bin"), os.path.join(folder, "copy"))


@works("start programs and threads")
def programs(place):
    subprocess.run(["true"], check=True)
    subprocess.run([sys.executable, "-S", "-c", "import ctypes"], check=True)
    with concurrent.futures.ThreadPoolExecutor(2) as pool:
        list(pool.map(abs, range(4)))


@works("share out work to processes")
def pool(place):
    with multiprocessing.get_context("fork").Pool(2) as workers:
        workers.map(abs, [-1, -2])


@works("share memory between processes")
def shared_memory(place):
    from multiprocessing import shared_memory as module

    block = module.SharedMemory(create=True, size=4096)
    block.close()
    block.unlink()


@works("hand files on between processes")
def hand_on(place):
    one, other = socket.socketpair()
    with tempfile.TemporaryFile() as file:
        one.sendmsg([b"x"], [(socket.SOL_SOCKET, socket.SCM_RIGHTS, file.fileno().to_bytes(4, sys.byteorder))])
        other.recvmsg(1, 64)
    with socket.socket(socket.AF_UNIX) as listener, socket.socket(socket.AF_UNIX) as client:
        os.chdir(place["output"])  # a socket's path may have 107 bytes
        listener.bind("s")
        listener.listen(1)
        client.connect("s")
        os.chdir(place["work"])


@works("ask for the machine's network interfaces")
def interfaces(place):
    """ZeroMQ ends its process where it may not ask, and with it every notebook."""
    socket.if_nameindex()


@works("name its threads")
def name_threads(place):
    """CUDA writes there, and does not start where it cannot."""
    if not place["namesThreads"] and not os.path.exists("/dev/nvidiactl"):
        return
    with open("/proc/self/task/{}/comm".format(threading.get_native_id()), "w") as file:
        file.write("canary")


@works("check certificates")
def certificates(place):
    ssl.create_default_context()


@works("import the packages")
def packages(place):
    for name in place["modules"]:
        __import__(name)
