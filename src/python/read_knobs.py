"""Reads the knobs of Python files, in every form that the package `knobs` knows, each with its exact span."""
from knobs import knobs_of
from knobs.source import Source


def read_knobs(files, argv=(), env=()):
    """{"knobs": [...]} of {name: text}, or {"error": {"file", "line", "message"}} when a file does not parse.

    `argv` is the command that trains and `env` the variables that the brief lets through: what they set has no effect in the
    source. Nothing of the source is executed.
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
    return {"knobs": knobs_of(sources, argv, env)}
