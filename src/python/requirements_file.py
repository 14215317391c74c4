"""Which lines of a requirements file an interpreter does not meet, read as pip reads them.

Understood: `-r` files, comments, continued lines, versions, extras, markers, hashes, `name @ URL`, `-e` and paths, URLs with
`#egg=`, wheels. Constraints and options for the index ask for nothing. A line whose name cannot be told counts as met: the
script's own import decides. Versions are compared with `packaging` (pip carries a copy); where neither is there, an installed
package of any version meets its line.
"""
import os
import re

try:
    from importlib import metadata
except ImportError:
    metadata = None

NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]*")


def unmet(path):
    parse = requirement_class()
    found = [line for line, folder in lines_of(path, set()) if not is_met(line, folder, parse)]
    return sorted(set(found), key=found.index)


def lines_of(path, seen):
    """The requirements of a file and of those that it includes, each with the folder that it is relative to."""
    seen.add(os.path.realpath(path))
    folder = os.path.dirname(os.path.abspath(path))
    with open(path, encoding="utf-8", errors="replace") as file:
        text = re.sub(r"\\\r?\n", " ", file.read().lstrip("\ufeff"))
    found = []
    for raw in text.splitlines():
        line = re.sub(r"(^|\s)#.*", "", raw).strip()
        included = re.match(r"(?:-r|--requirement)(?:\s+|=|(?=\S))(.+)", line)
        if included:
            other = os.path.join(folder, included.group(1).strip())
            if os.path.isfile(other):
                found += [] if os.path.realpath(other) in seen else lines_of(other, seen)
            elif "://" not in included.group(1):
                found.append((line, folder))
        elif re.match(r"(-e|--editable)\b", line):
            found.append((line, folder))
        elif line and not line.startswith("-"):
            found.append((re.sub(r"\s+--(hash|config-settings|global-option|install-option)[=\s].*", "", line), folder))
    return found


def is_met(line, folder, parse):
    if line.startswith(("-r", "--requirement")):
        return False  # the file that it names is not there
    place = re.sub(r"^(-e|--editable)[\s=]*", "", line)
    if place != line or is_place(place, folder):
        name = name_of_place(place, folder)
        return name is None or version_of(name) is not None
    if parse is None:
        name = NAME.match(line)
        return bool(name) and version_of(name.group(0)) is not None
    try:
        requirement = parse(line)
    except Exception:
        return False
    if requirement.marker is not None and not requirement.marker.evaluate({"extra": ""}):
        return True
    version = version_of(requirement.name)
    return version is not None and requirement.specifier.contains(version, prereleases=True)


def is_place(text, folder):
    """Whether a line is a URL or a path, not a name."""
    if re.match(r"[A-Za-z0-9._-]+(\[[^]]*\])?\s*@", text):
        return False
    return "://" in text or text.startswith((".", "/", "~")) or text.endswith((".whl", ".tar.gz", ".zip"))


def name_of_place(place, folder):
    """The distribution that a URL or a path stands for; None when it cannot be told."""
    egg = re.search(r"[#&]egg=([A-Za-z0-9._-]+)", place)
    if egg:
        return egg.group(1)
    place = place.split("#")[0].split(";")[0].strip()
    file = re.search(r"([^/]+?)-\d[^/]*\.(whl|tar\.gz|zip)$", place)
    if file:
        return file.group(1)
    if "://" in place:
        return None
    return name_of_project(os.path.join(folder, os.path.expanduser(re.sub(r"\[[^]]*\]$", "", place))))


def name_of_project(folder):
    patterns = [
        ("pyproject.toml", r"\[(?:project|tool\.poetry)\][^\[]*?^\s*name\s*=\s*[\"']([^\"']+)"),
        ("setup.cfg", r"\[metadata\][^\[]*?^\s*name\s*=\s*(\S+)"),
        ("setup.py", r"\bname\s*=\s*[\"']([^\"']+)[\"']"),
    ]
    for file, pattern in patterns:
        try:
            with open(os.path.join(folder, file), encoding="utf-8", errors="replace") as opened:
                name = re.search(pattern, opened.read(), re.M | re.S)
        except OSError:
            continue
        if name:
            return name.group(1)
    return None


def requirement_class():
    try:
        from packaging.requirements import Requirement
    except ImportError:
        try:
            from pip._vendor.packaging.requirements import Requirement
        except ImportError:
            return None
    return Requirement


def version_of(name):
    """The installed version; an old setuptools names a package by its own spelling of the name."""
    for spelling in (name, name.replace("-", "_"), name.replace("_", "-"), re.sub(r"[-_.]+", "-", name).lower()):
        try:
            return metadata.version(spelling)
        except Exception:
            continue
    return None
