"""Form `constant`: `LEARNING_RATE = 0.1` in capitals at top level.

A name that is bound twice is no knob: it is not clear which value counts.
"""
import ast
import re

from .source import BEHIND_STATEMENT


def assignment(statement):
    """(name, value node) of `name = value` or `name: type = value`, else None."""
    if isinstance(statement, ast.Assign) and len(statement.targets) == 1:
        target = statement.targets[0]
    elif isinstance(statement, ast.AnnAssign) and statement.value is not None:
        target = statement.target
    else:
        return None
    return (target.id, statement.value) if isinstance(target, ast.Name) else None


def find(source, _project):
    """The constants, in order."""
    counts = {}
    for name in source.names:
        if isinstance(name.ctx, ast.Store):
            counts[name.id] = counts.get(name.id, 0) + 1
    for statement in source.tree.body:
        found = assignment(statement)
        if found is None or not re.fullmatch(r"[A-Z][A-Z0-9_]*", found[0]) or counts[found[0]] > 1:
            continue
        literal = source.literal(found[1])
        if literal:
            yield dict(literal, name=found[0], annotation=source.annotation(statement, BEHIND_STATEMENT))
