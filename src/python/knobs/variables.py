"""Form `variable`: `int(os.environ.get("WIDTH", 64))` and `float(os.getenv("LR", "0.1"))`, at the default."""
import ast

from .source import last, string_of

READERS = {"os.environ.get", "os.getenv", "environ.get", "getenv"}
# Set by what starts a training, not by who writes it.
LAUNCHED = ("NOCTURNE_", "SLURM_", "OMPI_", "MASTER_", "PMI_", "CUDA_")
RANKS = {"RANK", "LOCAL_RANK", "WORLD_SIZE", "LOCAL_WORLD_SIZE", "GROUP_RANK", "NODE_RANK"}


def find(source, project):
    """The variables, each at its default; what a converter makes of it decides its type."""
    for call in source.calls:
        if source.resolve(call.func) not in READERS or len(call.args) < 2:
            continue
        name = string_of(call.args[0])
        literal = source.literal(call.args[1], _converter(source, call)) if name else None
        if literal is None or name.startswith(LAUNCHED) or name in RANKS:
            continue
        still = None
        if project.command.sets(name) or name in project.command.assigned:
            still = "`train:` sets it"
        elif name in project.variables:
            still = "`env:` lets the shell set it"
        yield dict(literal, name=name, form="variable", still=still,
                   annotation=source.annotation(source.parents[call]) or source.annotation(call))


def _converter(source, call):
    parent = source.parents.get(call)
    if isinstance(parent, ast.Call) and parent.args[:1] == [call]:
        name = last(source.resolve(parent.func))
        return name if name in ("int", "float") else None
    return None
