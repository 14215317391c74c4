"""What a script demands of its knobs together: `assert TOTAL_BATCH % (DEVICE_BATCH * LENGTH) == 0`, and `if A % B: raise ...`.

Names are followed to the knobs that they are made of: through assignments that happen once, parameters, attributes, and
constants of imported files that may not be edited. What cannot be followed is left out; nothing is executed. An expression is a
number, {"knob": name, "file": file}, or {"operator": sign, "of": [expression, ...]}.
"""
import ast

from .functions import defaults, positions
from .source import FUNCTIONS, dotted, keyword_of, last, subscript_key, targets_of

OPERATORS = {ast.Add: "+", ast.Sub: "-", ast.Mult: "*", ast.Div: "/", ast.FloorDiv: "//", ast.Mod: "%", ast.Pow: "**",
             ast.Eq: "==", ast.NotEq: "!=", ast.Lt: "<", ast.LtE: "<=", ast.Gt: ">", ast.GtE: ">="}
CALLS = {"int": "int", "float": "float", "bool": "bool", "abs": "abs", "min": "min", "max": "max", "math.gcd": "gcd", "gcd": "gcd"}
EXITS = {"exit", "quit", "sys.exit", "os._exit", "os.abort"}
READERS = {"os.environ.get", "os.getenv", "environ.get", "getenv"}
# Steps from a name to what it is made of.
DEEPEST = 40


class _Unknown(Exception):
    """An expression that is not made of knobs and numbers alone."""


def constraints_of(sources, beside, knobs):
    """The constraints of the sources that mention a knob, in order; `beside` are fixed files that they may import."""
    reader = _Reader(sources, beside, knobs)
    return [each for source in sources for each in sorted(reader.of(source), key=lambda each: each["line"])]


class _Reader:
    def __init__(self, sources, beside, knobs):
        self.sources = sources
        self.modules = {_module(each.file): each for each in list(beside) + list(sources)}
        self.knobs = [each for each in knobs if each["type"] in ("int", "float", "bool")]
        self.by_place = {(each["file"],) + tuple(each["span"]): each for each in self.knobs}
        self.is_guessed = False

    def of(self, source):
        for statement, parts, is_refusal in _checks(source):
            word = "if" if is_refusal else "assert"
            for part in parts:
                self.is_guessed = False
                try:
                    found = self.resolve(part, source, source.scope(statement), 0)
                except (_Unknown, RecursionError):
                    continue
                if _has_knob(found):
                    yield {"file": source.file, "line": statement.lineno, "text": "{} {}".format(word, source.text(source.span(statement.test))),
                           "holds": _operation("not", found) if is_refusal else found, "isSure": not self.is_guessed}

    def resolve(self, node, source, scope, depth):
        if depth > DEEPEST:
            raise _Unknown()
        follow = lambda each: self.resolve(each, source, scope, depth + 1)
        knob = self.by_place.get((source.file,) + source.span(node)) if hasattr(node, "lineno") else None
        if knob is not None:
            return _leaf(knob)
        if isinstance(node, ast.Constant) and type(node.value) in (int, float, bool):
            return _number(node.value)
        if isinstance(node, ast.UnaryOp):
            if isinstance(node.op, ast.Not):
                return _operation("not", follow(node.operand))
            if isinstance(node.op, (ast.USub, ast.UAdd)):
                return _operation("-", 0, follow(node.operand)) if isinstance(node.op, ast.USub) else follow(node.operand)
        if isinstance(node, ast.BinOp) and type(node.op) in OPERATORS:
            return _operation(OPERATORS[type(node.op)], follow(node.left), follow(node.right))
        if isinstance(node, ast.BoolOp):
            return _operation("and" if isinstance(node.op, ast.And) else "or", *[follow(each) for each in node.values])
        if isinstance(node, ast.Compare) and all(type(each) in OPERATORS for each in node.ops):
            sides = [follow(each) for each in [node.left] + node.comparators]
            pairs = [_operation(OPERATORS[type(op)], sides[index], sides[index + 1]) for index, op in enumerate(node.ops)]
            return pairs[0] if len(pairs) == 1 else _operation("and", *pairs)
        if isinstance(node, ast.Name):
            return self.name(node.id, source, scope, depth)
        if isinstance(node, ast.Attribute):
            return self.attribute(node, source, scope, depth)
        if isinstance(node, ast.Subscript) and subscript_key(node) is not None:
            return self.named(subscript_key(node))
        if isinstance(node, ast.Call):
            return self.call(node, source, scope, depth)
        raise _Unknown()

    def call(self, node, source, scope, depth):
        name = source.resolve(node.func)
        if name in READERS and len(node.args) > 1:
            return self.variable(node.args[1], source)
        if name not in CALLS or node.keywords or not node.args:
            raise _Unknown()
        return _operation(CALLS[name], *[self.resolve(each, source, scope, depth + 1) for each in node.args])

    def variable(self, default, source):
        start, end = source.span(default)
        for knob in self.knobs:
            if knob["file"] == source.file and start <= knob["span"][0] and knob["span"][1] <= end:
                return _leaf(knob)
        raise _Unknown()

    def name(self, name, source, scope, depth):
        """A name as its scope, and those around it, bind it: once, or it is not known which value counts."""
        while True:
            bound = [each for each in source.names
                     if each.id == name and isinstance(each.ctx, ast.Store) and source.scope(each) is scope]
            if scope is source.tree and any(name in each.names for each in source.globals):
                raise _Unknown()
            if len(bound) > 1:
                raise _Unknown()
            if bound:
                return self.resolve(_bound_value(source, bound[0]), source, scope, depth + 1)
            if isinstance(scope, FUNCTIONS) and name in _parameters(scope):
                return self.parameter(name, scope, source, depth)
            if scope is source.tree:
                return self.imported(name, source, depth)
            scope = source.scope(scope)
            while isinstance(scope, ast.ClassDef):
                scope = source.scope(scope)

    def imported(self, name, source, depth):
        module, dot, there = source.imports.get(name, "").rpartition(".")
        other = self.modules.get(module.lstrip(".")) if dot else None
        if other is None or other is source:
            raise _Unknown()
        return self.name(there, other, other.tree, depth + 1)

    def parameter(self, name, function, source, depth):
        """What all calls of the function give, where that is the same."""
        owner = source.scope(function)
        is_method = isinstance(owner, ast.ClassDef)
        callee = owner.name if is_method and function.name == "__init__" else function.name
        order = positions(function, is_method)
        default = next((node for each, node, _ in defaults(function) if each == name), None)
        found = []
        for other in self.sources:
            for call in other.calls:
                if last(other.resolve(call.func)) != callee:
                    continue
                if any(isinstance(each, ast.Starred) for each in call.args) or any(each.arg is None for each in call.keywords):
                    raise _Unknown()
                given = keyword_of(call, name)
                if given is None and name in order and order.index(name) < len(call.args):
                    given = call.args[order.index(name)]
                if given is not None:
                    found.append(self.resolve(given, other, other.scope(call), depth + 1))
                elif default is not None:
                    found.append(self.resolve(default, source, source.scope(function), depth + 1))
                else:
                    raise _Unknown()
        return _only(found)

    def attribute(self, node, source, scope, depth):
        """A constant of a module, or of an object what its attribute of this name is anywhere in the sources."""
        module = self.modules.get(source.resolve(node.value))
        if module is not None and module is not source:
            return self.name(node.attr, module, module.tree, depth + 1)
        stores = [(other, each) for other in self.sources for each in other.assigns for target in targets_of(each)
                  if isinstance(target, ast.Attribute) and target.attr == node.attr]
        stores = [(other, each) for other, each in stores
                  if each.value is not None and getattr(each.value, "attr", None) != node.attr]
        if any(getattr(each.target, "attr", None) == node.attr for other in self.sources for each in other.augmented):
            raise _Unknown()
        if not stores:
            return self.named(node.attr, depth)
        return _only([self.resolve(each.value, other, other.scope(each), depth + 1) for other, each in stores
                      if len(targets_of(each)) == 1])

    def named(self, name, depth=0):
        """The one knob of this name that may be set, else what the constructor of a class of the sources is given for it."""
        self.is_guessed = True
        live = [each for each in self.knobs if last(each["name"]) == name and "still" not in each]
        if live:
            return _only([_leaf(each) for each in live])
        classes = {each.name for source in self.sources for each in source.classes}
        given = [(source, call, keyword_of(call, name)) for source in self.sources for call in source.calls
                 if last(source.resolve(call.func)) in classes and keyword_of(call, name) is not None]
        return _only([self.resolve(value, source, source.scope(call), depth + 1) for source, call, value in given])


def _checks(source):
    """(statement, its parts, whether they must not hold) of what always ends the script where it is not so."""
    for node in ast.walk(source.tree):
        if isinstance(node, ast.Assert):
            parts, is_refusal = _split(node.test, ast.And), False
        elif isinstance(node, ast.If) and not node.orelse and _ends(source, node.body):
            parts, is_refusal = _split(node.test, ast.Or), True
        else:
            continue
        if not source.is_conditional(node):
            yield node, parts, is_refusal


def _split(test, operator):
    return test.values if isinstance(test, ast.BoolOp) and isinstance(test.op, operator) else [test]


def _ends(source, body):
    end = body[-1]
    return isinstance(end, ast.Raise) or (
        isinstance(end, ast.Expr) and isinstance(end.value, ast.Call) and source.resolve(end.value.func) in EXITS
    )


def _bound_value(source, name):
    """The expression that an assignment gives to a name."""
    parent = source.parents.get(name)
    if isinstance(parent, (ast.Assign, ast.AnnAssign)) and parent.value is not None:
        return parent.value
    if isinstance(parent, ast.Tuple):
        assign = source.parents.get(parent)
        if isinstance(assign, ast.Assign) and isinstance(assign.value, ast.Tuple) and len(assign.value.elts) == len(parent.elts):
            return assign.value.elts[parent.elts.index(name)]
    raise _Unknown()


def _parameters(function):
    arguments = function.args
    return {each.arg for each in getattr(arguments, "posonlyargs", []) + arguments.args + arguments.kwonlyargs}


def _only(found):
    if not found or any(each != found[0] for each in found):
        raise _Unknown()
    return found[0]


def _leaf(knob):
    # What is set from outside of the source has another value than it has there.
    if "still" in knob:
        raise _Unknown()
    return {"knob": knob["name"], "file": knob["file"]}


def _operation(operator, *operands):
    return {"operator": operator, "of": list(operands)}


def _number(value):
    if value != value or abs(value) > 2**53:
        raise _Unknown()
    return int(value) if isinstance(value, bool) else value


def _has_knob(expression):
    if not isinstance(expression, dict):
        return False
    return "knob" in expression or any(_has_knob(each) for each in expression["of"])


def _module(file):
    """`a/b.py` is the module a.b."""
    name = file[:-len(".py")] if file.endswith(".py") else file
    return (name[:-len("/__init__")] if name.endswith("/__init__") else name).replace("/", ".")
