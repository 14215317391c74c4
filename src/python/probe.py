"""Says what this interpreter is and whether it meets a requirements file; prints one JSON object.

    python probe.py [requirements.txt]

`unmet` lists the requirement lines that are not met, as `requirements_file.py` reads them.

`maker` is what puts pip into an environment that this interpreter makes: its own `ensurepip`, else its own `pip`, else null:
Debian and Ubuntu ship neither with python3. `isDebian` is whether its missing parts are packages of apt.
"""
import json
import os
import platform
import sys
import sysconfig

sys.dont_write_bytecode = True
try:
    from importlib import metadata, util
except ImportError:
    metadata = None


def installed(name):
    try:
        return metadata.version(name)
    except metadata.PackageNotFoundError:
        return None


def unmet(path):
    """The lines that are not met; a file that cannot be read asks for nothing."""
    from requirements_file import unmet as unmet_in

    try:
        return unmet_in(path)
    except (OSError, ValueError):
        return []


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
