"""Constant expressions: what a knob's value may be, its type, and where its text stands.

A constant expression is a literal, a signed number, arithmetic on numbers, or a tuple or list of numbers. Nothing is
executed.
"""
import ast
import operator
import re

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
NUMERAL = re.compile(r"[-+]?(?:\d+\.?\d*|\.\d+)(?:[eE][-+]?\d+)?")


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


def numeral(text, wanted):
    """(type, value) of a number that a converter reads out of a text; ValueError when it is none."""
    if not NUMERAL.fullmatch(text):
        raise ValueError("not a number")
    value = int(text) if wanted == "int" else float(text)
    if abs(value) > LARGEST:
        raise ValueError("not a finite number of ordinary size")
    return wanted, value


def plain_constant(node):
    """The value of a string, number or boolean literal, else None."""
    try:
        return constant(node)[1]
    except (ValueError, RecursionError):
        return None
