"""One stage's cage, from its policy to its end. The order within `enter` matters; see there."""
import os
import shutil
import signal
import stat

from cage import devices, identity, landlock, limits, litter, seccomp
from cage.folders import Loan
from cage.kernel import PR_SET_NO_NEW_PRIVS, PR_SET_PDEATHSIG, CageError, prctl
from cage.users import User

# What libraries read of the machine there; all else are processes.
OF_PROC = ["/proc/" + name for name in ("cpuinfo", "meminfo", "stat", "devices", "modules", "filesystems", "version", "sys", "driver")]
OF_HOME = ("tmp", "run")
MOST_COPIED = 1 << 16
WITH_LANDLOCK = ("landlock", "landlock-user", "namespaces")


class Cage:
    def __init__(self, policy, is_alone=False):
        """`is_alone` closes what cages of one machine share: another one of the same user could be spoken to by it."""
        self.is_alone = is_alone
        self.rung = policy["rung"]
        self.tier = self.rung["tier"]
        self.home = policy["home"]
        self.home_links = policy.get("homeLinks", {})
        self.network = policy["network"]
        self.paths = {
            "system": list(self.rung["system"]),
            "read": list(policy["read"]) + [path for path in policy.get("around", []) if os.path.exists(path)],
            "write": list(policy["write"]), "fixed": list(policy.get("fixed", [])),
        }
        for path in sum(self.paths.values(), []):
            if not os.path.exists(path):
                raise CageError("{} is not there".format(path))
        # As they are before anything covers them: a link below /tmp is not there any more when the rules are made.
        self.real = {kind: real(paths) for kind, paths in self.paths.items()}
        self.bubblewrap = self.rung.get("bubblewrap")
        self.has_mounts = bool(self.rung.get("mounts"))
        self.has_landlock = self.tier in WITH_LANDLOCK and not self.bubblewrap
        self.accelerators = devices.accelerators()
        self.code = seccomp.program(self.network or self.has_mounts or bool(self.bubblewrap))
        self.user = self.loan = self.shared_memory = self.status = None
        self.files = []

    def open(self):
        """Makes the home, and gives the stage what it may write."""
        if self.rung.get("uid") is not None:
            identity.require_right_to_change()
            self.user = User(self.rung["uid"])
        shutil.rmtree(self.home, ignore_errors=True)
        for folder in ("",) + OF_HOME:
            os.mkdir(os.path.join(self.home, folder), 0o700)
        lay_links(self.home, self.home_links)
        if self.user:
            self.loan = Loan([self.home] + self.paths["write"], self.paths["fixed"], self.user.uid)
            self.loan.give()
        elif not self.has_mounts and not self.bubblewrap:
            self.shared_memory = litter.SharedMemory()

    def command(self, argv, folder):
        """The argv to start; with bubblewrap, which is handed its files in `files`, one more program before it."""
        if not self.bubblewrap:
            return argv
        from cage import bubblewrap

        code = os.memfd_create("seccomp")
        os.write(code, self.code)
        os.lseek(code, 0, os.SEEK_SET)
        self.status = os.memfd_create("status")
        self.files = [code, self.status]
        paths = dict(self.paths, write=self.paths["write"] + [self.home])
        return bubblewrap.command(
            self.bubblewrap, paths, os.path.join(self.home, "tmp"), self.accelerators, self.network, code, self.status, folder
        ) + list(argv)

    def enter(self, supervisor=None):
        """Confines this process for ever. Namespaces come first, since Landlock forbids mounts; its rules are opened with the
        rights that the change of user takes away; that change clears the signal for a dead parent; seccomp comes last.
        """
        covered = []
        if self.has_mounts:
            from cage import namespaces

            covered = namespaces.separate(
                os.path.join(self.home, "tmp"), self.real["system"] + self.real["read"], self.real["write"] + real([self.home]),
                self.links(), self.network, bool(self.user),
            )
        ruleset = self.ruleset(covered) if self.has_landlock else None
        limits.limit()
        os.umask(0o022)
        if self.bubblewrap and not self.user:
            prctl("no new privileges", PR_SET_NO_NEW_PRIVS, 1)
        else:
            groups = identity.groups_of(self.accelerators) if self.user else []
            identity.become(self.user and self.user.uid, self.rung.get("keeps"), groups)
        if ruleset:
            ruleset.restrict()
        prctl("signal for a dead parent", PR_SET_PDEATHSIG, signal.SIGKILL)
        if supervisor is not None and os.getppid() != supervisor:
            raise CageError("its supervisor is gone")
        if not self.bubblewrap:
            seccomp.refuse_calls(self.code)

    def has_started(self):
        """Whether bubblewrap, which has ended, got as far as the stage's program."""
        return b'"exit-code"' in os.pread(self.status, 1 << 16, 0)

    def links(self):
        """What is named through a link, and where it is."""
        named = zip(sum(self.paths.values(), []), sum(self.real.values(), []))
        return {path: place for path, place in named if path != place}

    def ruleset(self, covered):
        rules = landlock.Ruleset(self.network or self.has_mounts)
        for path in self.real["system"] + self.real["read"]:
            rules.allow(path, landlock.READING)
        for path in self.real["write"] + [self.home, os.path.join(self.home, "tmp")]:
            rules.allow(path, landlock.EVERYTHING)
        for path in covered or self.shared_folders():
            rules.allow(path, landlock.EVERYTHING)
        usual = devices.usual() + self.accelerators + (devices.terminals() if self.user else [])
        for path in usual:
            rules.allow(path, landlock.USING)
        rights = landlock.USING if self.may_write_proc() else landlock.READING
        for path in OF_PROC + ["/proc/{}".format(os.getpid())] if self.is_alone else ["/proc"]:
            if os.path.exists(path):
                rules.allow(path, rights)
        return rules

    def may_write_proc(self):
        """CUDA names its threads there. Where nothing else closes the controller's own files in it, only with a GPU."""
        is_closed = self.user and self.rung.get("keeps") != "CAP_DAC_OVERRIDE"
        return bool(is_closed or self.accelerators)

    def shared_folders(self):
        """The one folder that stages share with other programs: workers that load data hand it on there. Closed to a stage
        whose study lies in it, since whoever may write a folder may write all below it.
        """
        needed = sum(self.real.values(), real([self.home]))
        lies_there = any(path.startswith(litter.SHARED_MEMORY + os.sep) for path in needed)
        return [] if lies_there or self.is_alone or not os.path.isdir(litter.SHARED_MEMORY) else [litter.SHARED_MEMORY]

    def close(self):
        """When no process of the stage is left: takes back what was lent, removes the home and what lies about."""
        if self.loan:
            self.loan.give_all_back()
        if self.user:
            folders = litter.SHARED_FOLDERS if not self.has_landlock else (litter.SHARED_MEMORY,)
            litter.remove_of_user(self.user.uid, () if self.has_mounts or self.bubblewrap else folders)
            self.user.close()
        if self.shared_memory:
            self.shared_memory.remove_new()
        shutil.rmtree(self.home, ignore_errors=True)
        for file in self.files:
            os.close(file)


def lay_links(home, links):
    """What the home begins with; a place that is taken stays as it is."""
    for path, target in links.items():
        place = os.path.join(home, path)
        os.makedirs(os.path.dirname(place), 0o700, exist_ok=True)
        if os.path.lexists(place):
            continue
        if is_small_file(target):
            shutil.copyfile(target, place)
        else:
            os.symlink(target, place)


def is_small_file(path):
    """One that programs write anew at each start, such as a lock or settings: the stage gets its own."""
    try:
        status = os.stat(path)
    except OSError:
        return False
    return stat.S_ISREG(status.st_mode) and status.st_size <= MOST_COPIED


def real(paths):
    return [os.path.realpath(path) for path in paths]
