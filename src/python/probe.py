"""Says what this interpreter is and whether it meets a requirements file; prints one JSON object.

    python probe.py [requirements.txt]

`unmet` lists the requirement lines that are not met. Versions are compared with `packaging` (pip carries a copy); where
neither is there, an installed package of any version meets its line. Only plain `name`, `name==1`, `name>=1,<2` lines with
optional extras and markers are understood; option lines such as `-r` are reported as not met.

`maker` is what puts pip into an environment that this interpreter makes: its own `ensurepip`, else its own `pip`, else null:
Debian and Ubuntu ship neither with python3. `isDebian` is whether its missing parts are packages of apt.
"""
import json
import os
import platform
import re
import sys
import sysconfig

try:
    from importlib import metadata, util
except ImportError:
    metadata = None


def requirement_class():
    try:
        from packaging.requirements import Requirement
    except ImportError:
        try:
            from pip._vendor.packaging.requirements import Requirement
        except ImportError:
            return None
    return Requirement


def is_met(line, parse):
    if parse is None:
        name = re.match(r"[A-Za-z0-9._-]+", line)
        return bool(name) and installed(name.group(0)) is not None
    try:
        requirement = parse(line)
    except Exception:
        return False
    if requirement.marker is not None and not requirement.marker.evaluate():
        return True
    version = installed(requirement.name)
    return version is not None and requirement.specifier.contains(version, prereleases=True)


def installed(name):
    try:
        return metadata.version(name)
    except metadata.PackageNotFoundError:
        return None


def unmet(path):
    with open(path, encoding="utf-8") as file:
        lines = [re.sub(r"(^|\s)#.*", "", line).strip() for line in file]
    parse = requirement_class()
    return [line for line in lines if line and not is_met(line, parse)]


def has_module(name):
    try:
        return util.find_spec(name) is not None
    except ImportError:
        return False


def maker():
    makers = [name for name in ("ensurepip", "pip") if has_module("venv") and has_module(name)]
    return makers[0] if makers else None


def is_debian():
    is_system = sys.prefix == "/usr" and os.path.exists("/etc/debian_version")
    return is_system or "deb_system" in sysconfig.get_scheme_names()


def main():
    path = sys.argv[1] if len(sys.argv) > 1 else None
    print(
        json.dumps(
            {
                "executable": sys.executable,
                "version": platform.python_version(),
                "unmet": unmet(path) if path and os.path.exists(path) and metadata else [],
                "torch": installed("torch") if metadata else None,
                "numpy": installed("numpy") if metadata else None,
                "hasPip": bool(metadata) and has_module("pip"),
                "maker": maker() if metadata else None,
                "isDebian": is_debian(),
            }
        )
    )


if __name__ == "__main__":
    main()
