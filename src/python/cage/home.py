"""The variables by which a stage finds its home: the same as src/adapters/isolation/home-variables.ts."""
import os


def home_variables(home, rung):
    cache = os.path.join(home, ".cache")
    temporary = os.path.join(home, "tmp")
    variables = {name: temporary for name in ("TMPDIR", "TEMP", "TMP")}
    variables.update({
        "HOME": home,
        "USER": "nocturne",
        "LOGNAME": "nocturne",
        "XDG_CACHE_HOME": cache,
        "XDG_CONFIG_HOME": os.path.join(home, ".config"),
        "XDG_DATA_HOME": os.path.join(home, ".local", "share"),
        "XDG_STATE_HOME": os.path.join(home, ".local", "state"),
        "XDG_RUNTIME_DIR": os.path.join(home, "run"),
        "MPLCONFIGDIR": os.path.join(cache, "matplotlib"),
        "NUMBA_CACHE_DIR": os.path.join(cache, "numba"),
        "TORCHINDUCTOR_CACHE_DIR": os.path.join(cache, "torchinductor"),
        "TORCH_EXTENSIONS_DIR": os.path.join(cache, "torch_extensions"),
        "TRITON_CACHE_DIR": os.path.join(cache, "triton"),
        "CUDA_CACHE_PATH": os.path.join(cache, "cuda"),
    })
    if rung.get("userBase"):
        variables["PYTHONUSERBASE"] = rung["userBase"]
    return variables
