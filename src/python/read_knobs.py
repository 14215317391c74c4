"""Reads the knobs of Python files, in every form that the package `knobs` knows, each with its exact span, and what the
script demands of them together."""
from knobs import knobs_of
from knobs.constraints import constraints_of
from knobs.source import Source


def read_knobs(files, argv=(), env=(), beside=None):
    """{"knobs": [...], "constraints": [...]} of {name: text}, or {"error": {"file", "line", "message"}} when a file does not parse.

    `argv` is the command that trains and `env` the variables that the brief lets through: what they set has no effect in the
    source. `beside` are fixed files, whose constants count in constraints. Nothing of the source is executed.
    """
    sources = []
    for file, text in files.items():
        if not file.endswith(".py"):
            continue
        try:
            sources.append(Source(file, text))
        except (SyntaxError, ValueError, RecursionError) as error:
            line = getattr(error, "lineno", None) or 0
            return {"error": {"file": file, "line": line, "message": getattr(error, "msg", str(error))}}
    knobs = knobs_of(sources, argv, env)
    return {"knobs": knobs, "constraints": constraints_of(sources, _parsed(beside or {}), knobs)}


def _parsed(beside):
    """The fixed files that parse."""
    found = []
    for file, text in beside.items():
        try:
            found.append(Source(file, text))
        except (SyntaxError, ValueError, RecursionError):
            continue
    return found
