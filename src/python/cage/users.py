"""A user for one stage: one of 64 numbers that no account has and that no other stage of this machine runs as now."""
import _socket  # `socket` makes classes of a hundred constants, at the start of each run
import pwd

from cage.kernel import CageError

COUNT = 64


class User:
    """Held until it is closed, by a name in the kernel that goes with its holder."""

    def __init__(self, first):
        for uid in range(first, first + COUNT):
            if not has_account(uid):
                holder = _socket.socket(_socket.AF_UNIX, _socket.SOCK_DGRAM)
                try:
                    holder.bind("\0nocturne-user-{}".format(uid))
                except OSError:
                    holder.close()
                    continue
                self.uid, self.holder = uid, holder
                return
        raise CageError("each of the users {} to {} is taken".format(first, first + COUNT - 1))

    def close(self):
        self.holder.close()


def has_account(uid):
    try:
        pwd.getpwuid(uid)
        return True
    except KeyError:
        return False
