"""Parameters of functions, and which calls pass them."""
import ast

from .source import FUNCTIONS, last


def defaults(function):
    """(parameter, default node, annotation node) of all parameters that have a default, in order."""
    arguments = function.args
    positional = getattr(arguments, "posonlyargs", []) + arguments.args
    pairs = list(zip(positional[len(positional) - len(arguments.defaults):], arguments.defaults))
    pairs += [pair for pair in zip(arguments.kwonlyargs, arguments.kw_defaults) if pair[1] is not None]
    return [(parameter.arg, default, parameter.annotation) for parameter, default in pairs]


def positions(function, is_method=False):
    """The names of the parameters that may be given by position."""
    names = [each.arg for each in getattr(function.args, "posonlyargs", []) + function.args.args]
    return names[1:] if is_method else names


def converter(annotation):
    """`int` or `float` where the annotation says so, as in `float`, `Optional[float]` or `Annotated[float, ...]`."""
    if annotation is None:
        return None
    for node in ast.walk(annotation):
        if isinstance(node, ast.Name) and node.id in ("int", "float", "bool", "str"):
            return node.id if node.id in ("int", "float") else None
    return None


def literal_choices(annotation):
    """The values of `Literal["a", "b"]` in an annotation, else None."""
    if annotation is None:
        return None
    for node in ast.walk(annotation):
        if isinstance(node, ast.Subscript) and last(_name(node.value)) == "Literal":
            values = [each.value for each in ast.walk(node.slice) if isinstance(each, ast.Constant)]
            return values if values and all(isinstance(each, (int, float, str)) for each in values) else None
    return None


def _name(node):
    return getattr(node, "attr", None) or getattr(node, "id", None) or ""


def passes(call, name, order):
    """Whether a call gives this parameter: True, False, or None where `*` or `**` hides it."""
    if any(keyword.arg == name for keyword in call.keywords):
        return True
    given = len(call.args)
    if any(isinstance(each, ast.Starred) for each in call.args):
        return None
    if name in order and order.index(name) < given:
        return True
    return None if any(keyword.arg is None for keyword in call.keywords) else False


def top_level_functions(source):
    """Name -> function of the module, those within `if` included."""
    return {each.name: each for each in source.functions if not isinstance(source.scope(each), FUNCTIONS + (ast.ClassDef,))}


def method(class_node, name):
    """A method of a class, else None."""
    return next((each for each in class_node.body if isinstance(each, FUNCTIONS) and each.name == name), None)
