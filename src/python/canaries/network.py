"""Other machines, and programs of this one that listen."""
import socket

from canaries import probe


def try_socket(family, kind=socket.SOCK_STREAM, protocol=0):
    socket.socket(family, kind, protocol).close()


@probe("connect to a program on this machine")
def connect(place):
    with socket.socket() as one:
        one.settimeout(2)
        one.connect(("127.0.0.1", place["port"]))


@probe("connect to another machine")
def connect_out(place):
    """192.0.2.0/24 is kept for examples: nobody is there. What counts is whether the kernel would send."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as one:
        one.connect(("192.0.2.1", 9))


@probe("connect to another machine by IPv6")
def connect_out_6(place):
    with socket.socket(socket.AF_INET6, socket.SOCK_DGRAM) as one:
        one.connect(("2001:db8::1", 9))


@probe("connect to a socket of another program")
def connect_unix(place):
    with socket.socket(socket.AF_UNIX) as one:
        one.connect(place["socket"])


@probe("connect to an abstract socket")
def connect_abstract(place):
    with socket.socket(socket.AF_UNIX) as one:
        one.connect("\0" + place["abstract"])


probe("hear the kernel's events")(lambda place: try_socket(socket.AF_NETLINK, socket.SOCK_RAW, 15))
probe("talk to the host of a virtual machine")(lambda place: try_socket(getattr(socket, "AF_VSOCK", 40)))
probe("read raw packets")(lambda place: try_socket(socket.AF_PACKET, socket.SOCK_RAW))
probe("use the kernel's ciphers")(lambda place: try_socket(getattr(socket, "AF_ALG", 38), socket.SOCK_SEQPACKET))
probe("talk to Bluetooth devices")(lambda place: try_socket(31, socket.SOCK_RAW, 1))
