"""Where a job runs: the name of the machine, and what it trains on, in words that are the same on every machine that has the same."""
import os
import platform
import re
import subprocess

ANSWER_SECONDS = 10.0  # for a program that lists GPUs
GPU = re.compile(r"^GPU (\d+): (.+?) \(UUID: ([^)]+)\)")
SLICE = re.compile(r"^\s+MIG (\S+)\s+Device\s+\d+: \(UUID: ([^)]+)\)")


def where(env, device=None):
    """`device` where that is known; else what the variables of the first stage let it see."""
    return {"node": platform.node()[:255], "device": (device or gpus_of(env) or cpu_model())[:200]}


def gpus_of(env):
    """Such as `2 x NVIDIA L4`; None where it sees none."""
    visible = env.get("CUDA_VISIBLE_DEVICES")
    if visible in ("", "-1"):
        return None
    names = [name for _, name in seen_gpus(said_by(["nvidia-smi", "-L"], env), visible)]
    return counted(names or amd_names(said_by(["rocm-smi", "--showproductname", "--csv"], env), env))


def seen_gpus(lines, visible):
    listed, gpu = [], ""
    for line in lines:
        found = GPU.match(line)
        if found:
            gpu = found.group(2)
            listed.append(({found.group(1), found.group(3)}, gpu))
        found = SLICE.match(line)
        if found:
            listed.append(({found.group(2)}, "{} MIG {}".format(gpu, found.group(1))))
    if visible is None:
        return listed
    chosen = [entry.strip() for entry in visible.split(",")]
    return [each for entry in chosen for each in listed if any(is_named(entry, name) for name in each[0])]


def is_named(entry, name):
    """A UUID may be cut short."""
    return entry == name or (entry[:4] in ("GPU-", "MIG-") and name.startswith(entry))


def amd_names(lines, env):
    rows = [line.split(",") for line in lines if re.match(r"^card\d+,", line)]
    names = [next((cell for cell in row[1:3] if cell and not cell.startswith("0x")), "AMD GPU") for row in rows]
    visible = env.get("HIP_VISIBLE_DEVICES", env.get("ROCR_VISIBLE_DEVICES"))
    if visible is None:
        return names
    return [names[int(entry)] for entry in visible.split(",") if entry.isdigit() and int(entry) < len(names)]


def counted(names):
    if not names:
        return None
    kinds = sorted(set(names))
    return " and ".join(name if names.count(name) == 1 else "{} x {}".format(names.count(name), name) for name in kinds)


def said_by(command, env):
    path = {name: env[name] for name in ("PATH", "LD_LIBRARY_PATH") if name in env}
    process = None
    try:
        process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, env=path)
        said = process.communicate(timeout=ANSWER_SECONDS)[0]
    except (OSError, subprocess.SubprocessError):
        if process:
            process.kill()
            process.returncode = 0  # a driver that hangs cannot be waited for
        return []
    return said.decode("utf-8", "replace").splitlines() if process.returncode == 0 else []


def cpu_model():
    try:
        with open("/proc/cpuinfo", encoding="utf-8", errors="replace") as file:
            found = re.search(r"^model name\s*:\s*(.+)$", file.read(1 << 16), re.MULTILINE)
    except OSError:
        found = None
    name = found.group(1) if found else platform.processor()
    return " ".join(name.split()) or "{} CPU".format(platform.machine())
