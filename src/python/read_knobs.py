"""Reads the knobs of Python files: every top-level `ALL_CAPS = <constant expression>`, with its exact span.

    python read_knobs.py < {"train.py": "LEARNING_RATE = 0.1\n"}

Prints {"knobs": [...]}, or {"error": {"file", "line", "message"}} when a file does not parse. A constant expression is
a literal, a signed number, arithmetic on numbers, or a tuple or list of numbers. Nothing of the source is executed.
Spans are UTF-8 byte offsets. A comment `# space: ...` behind the value, alone or after `;`, is the knob's annotation. A
name that is bound twice is no knob: it is not clear which value counts.
"""
import ast
import json
import operator
import re
import sys

ARITHMETIC = {
    ast.Add: operator.add,
    ast.Sub: operator.sub,
    ast.Mult: operator.mul,
    ast.Div: operator.truediv,
    ast.FloorDiv: operator.floordiv,
    ast.Mod: operator.mod,
    ast.Pow: operator.pow,
    ast.LShift: operator.lshift,
}
LARGEST = 2**53


def number(node):
    """The value of a numeric expression; ValueError when it is anything else."""
    if isinstance(node, ast.Constant) and type(node.value) in (int, float):
        value = node.value
    elif isinstance(node, ast.UnaryOp) and isinstance(node.op, (ast.USub, ast.UAdd)):
        value = -number(node.operand) if isinstance(node.op, ast.USub) else number(node.operand)
    elif isinstance(node, ast.BinOp) and type(node.op) in ARITHMETIC:
        left, right = number(node.left), number(node.right)
        if isinstance(node.op, (ast.Pow, ast.LShift)) and (abs(left) > 1e6 or abs(right) > 64):
            raise ValueError("a power this large is no knob")
        try:
            value = ARITHMETIC[type(node.op)](left, right)
        except (ArithmeticError, TypeError) as error:
            raise ValueError(str(error))
    else:
        raise ValueError("not a number")
    if type(value) not in (int, float) or value != value or abs(value) > LARGEST:
        raise ValueError("not a finite number of ordinary size")
    return value


def constant(node):
    """(type, value) of a knob's right-hand side; ValueError when it is no constant expression."""
    if isinstance(node, ast.Constant) and isinstance(node.value, bool):
        return "bool", node.value
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        return "string", node.value
    if isinstance(node, (ast.Tuple, ast.List)) and node.elts:
        return "tuple", [number(item) for item in node.elts]
    value = number(node)
    return ("int" if isinstance(value, int) else "float"), value


def span(node, starts, source):
    """Byte span of an expression, its parentheses included when it is a tuple written with them."""
    return (
        starts[node.lineno - 1] + node.col_offset,
        starts[node.end_lineno - 1] + node.end_col_offset,
    )


def assignment(statement):
    """(name, value node) of `NAME = value` or `NAME: type = value`, else None."""
    if isinstance(statement, ast.Assign) and len(statement.targets) == 1:
        target = statement.targets[0]
    elif isinstance(statement, ast.AnnAssign) and statement.value is not None:
        target = statement.target
    else:
        return None
    if isinstance(target, ast.Name) and re.fullmatch(r"[A-Z][A-Z0-9_]*", target.id):
        return target.id, statement.value
    return None


def annotation(statement, starts, data):
    """What a comment right behind the statement says after `space:`; prose such as "latent space: 64" is none."""
    end = starts[statement.end_lineno - 1] + statement.end_col_offset
    rest = re.split(rb"[\r\n]", data[end:], maxsplit=1)[0].decode("utf-8")
    found = re.match(r"[ \t\f]*;?[ \t\f]*#(?:.*;)?\s*space:\s*(.*\S)", rest)
    return found and found.group(1)


def bound_names(tree):
    """How often each name is stored anywhere in the file."""
    counts = {}
    for node in ast.walk(tree):
        if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store):
            counts[node.id] = counts.get(node.id, 0) + 1
    return counts


def knobs_of(file, source):
    data = source.encode("utf-8")
    mark = 3 if source.startswith("\ufeff") else 0
    tree = ast.parse(source.lstrip("\ufeff") if mark else source)
    counts = bound_names(tree)
    starts = [mark]
    for line in re.split(rb"(?<=\n)|(?<=\r)(?!\n)", data[mark:]):
        starts.append(starts[-1] + len(line))
    knobs = []
    for statement in tree.body:
        found = assignment(statement)
        if found is None or counts[found[0]] > 1:
            continue
        name, node = found
        try:
            kind, value = constant(node)
        except (ValueError, RecursionError):
            continue
        start, end = span(node, starts, data)
        text = data[start:end].decode("utf-8")
        knob = {"name": name, "file": file, "type": kind, "value": value, "text": text, "span": [start, end]}
        note = annotation(statement, starts, data)
        knobs.append(dict(knob, annotation=note) if note else knob)
    return knobs


def main():
    found = []
    for file, source in json.load(sys.stdin).items():
        if not file.endswith(".py"):
            continue
        try:
            found += knobs_of(file, source)
        except (SyntaxError, ValueError, RecursionError) as error:
            line = getattr(error, "lineno", None) or 0
            print(json.dumps({"error": {"file": file, "line": line, "message": getattr(error, "msg", str(error))}}))
            return
    print(json.dumps({"knobs": found}))


if __name__ == "__main__":
    main()
