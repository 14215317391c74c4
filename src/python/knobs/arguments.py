"""Form `argument`: literals in the calls that shape a training, and defaults of a model's constructor.

`XGBClassifier(max_depth=6)`, `optim.AdamW(model.parameters(), 3e-4)`, `nn.Dropout(0.1)`, `model.fit(x, y, epochs=10)`.
"""
import ast
import re

from .callees import is_searchable, kind_of, positions_of
from .fields import is_settings
from .functions import defaults, method, passes, positions
from .overrides import set_in
from .source import FUNCTIONS, dotted, keyword_of, last, string_of
from .values import plain_constant

PLAIN_TEXT = re.compile(r"[A-Za-z][A-Za-z0-9_+-]{0,30}")
EVALUATION = re.compile(r"(?i)(^|_|\.)(test|val|valid|validation|eval|evaluation|dev|holdout|infer|inference|predict)(_|$|\.|set|loader|data|ds)")
MODULES = {"Module", "Model", "LightningModule", "Layer", "BaseEstimator", "PreTrainedModel", "Block", "HybridBlock", "Sequential"}
# A class of the project's own that loads its data: of what it is given, a batch is the method's.
LOADERS = {"LightningDataModule"}
EXITS = ("softmax", "sigmoid")


def find(source, project):
    """The arguments, keyword or positional, of calls that shape the training."""
    for call in source.calls:
        kind, name = shape_of(source, call, project)
        if kind is None or _is_in_test(source, call):
            continue
        for keyword, node in _given(source, call, kind, name, project):
            if not is_searchable(kind, keyword):
                continue
            literal = argument_literal(source, node)
            if literal:
                still = _evaluates(source, call) if kind == "loader" else None
                if still is None and keyword in ("units", "filters") and _is_exit(source, call, name):
                    continue
                # What a class of settings is given is as much its author's interface as its fields are.
                form = "field" if last(name) in project.settings else "argument"
                yield dict(literal, name=last(name) + "." + keyword, of=name, form=form, still=still)
    for node in source.classes:
        yield from _constructor_defaults(source, project, node)


def argument_literal(source, node):
    """A literal that may be searched; texts only where they look like the name of a choice."""
    literal = source.literal(node)
    is_text = literal is not None and literal["type"] == "string"
    return None if is_text and not PLAIN_TEXT.fullmatch(literal["value"]) else literal


def shape_of(source, call, project):
    """(kind, dotted name) of a call that shapes the training; (None, name) for any other."""
    name = source.callee(call)
    if not name or dotted(call.func).startswith("self.") and last(name) in ("fit", "train"):
        return None, name
    is_method = isinstance(call.func, ast.Attribute) and dotted(call.func).split(".")[0] not in source.imports
    kind = kind_of(name, is_method, project.own)
    return "loader" if kind == "own" and last(name) in project.loaders else kind, name


def _given(source, call, kind, name, project):
    """(parameter, node) of what a call gives."""
    order = project.own.get(last(name), []) if kind == "own" or last(name) in project.loaders else positions_of(name, kind)
    for parameter, node in zip(order, call.args):
        if isinstance(node, ast.Starred):
            break
        if parameter:
            yield parameter, node
    for keyword in call.keywords:
        if keyword.arg:
            yield keyword.arg, keyword.value
    if kind == "optimiser" and call.args and isinstance(call.args[0], (ast.List, ast.Tuple)):
        for group in call.args[0].elts:
            for key, value in zip(group.keys, group.values) if isinstance(group, ast.Dict) else ():
                if string_of(key):
                    yield string_of(key), value


def _evaluates(source, call):
    """Why a loader's batch size has no effect on the training."""
    words = [dotted(each) for each in call.args[:1]]
    words += [string_of(each) or "" for argument in call.args[:1] for each in ast.walk(argument)]
    parent = source.parents.get(call)
    if isinstance(parent, ast.Assign):
        words += [dotted(target) for target in parent.targets]
    return "it loads data for evaluation" if any(EVALUATION.search(word) for word in words if word) else None


def _is_exit(source, call, name):
    """Whether a layer is the last of its model: its size is that of the target."""
    if string_of(keyword_of(call, "activation")) in EXITS or plain_constant(call.args[0] if call.args else keyword_of(call, "units")) == 1:
        return True
    scope = source.scope(call)
    same = [each for each in source.calls if source.scope(each) is scope and last(source.callee(each)) in ("Dense", "Conv2D", "Linear")]
    return same[-1:] == [call] or last(name) not in ("Dense",) and same[-1:] == [call]


def _is_in_test(source, node):
    return any(isinstance(each, FUNCTIONS) and each.name.startswith("test_") for each in source.ancestors(node))


def own_callees(sources):
    """Classes and functions of the files that build or train a model: name -> parameters that are given by position."""
    found = {}
    for source in sources:
        for node in source.classes:
            if is_model(source, node) or is_loader(source, node) or is_settings(source, node):
                init = method(node, "__init__")
                fields = [each.target.id for each in node.body if isinstance(each, ast.AnnAssign) and isinstance(each.target, ast.Name)]
                found[node.name] = positions(init, is_method=True) if init is not None else fields
        for function in source.functions:
            if isinstance(source.parents.get(function), ast.Module) and kind_of(function.name, False, {}) == "own":
                found[function.name] = positions(function)
    return found


def is_model(source, node):
    """Whether a class is a model by its base."""
    return any(last(source.resolve(base)) in MODULES for base in node.bases)


def is_loader(source, node):
    """Whether a class loads data by its base."""
    return any(last(source.resolve(base)) in LOADERS for base in node.bases)


def _constructor_defaults(source, project, node):
    """The defaults of a model's or a loader's `__init__`, where a call in the files leaves them as they are."""
    kind = "own" if is_model(source, node) else "loader" if is_loader(source, node) else None
    init = None if kind is None else method(node, "__init__")
    if init is None:
        return
    calls = [call for each in project.sources for call in each.calls if last(each.resolve(call.func)) == node.name]
    order = positions(init, is_method=True)
    for name, default, _ in defaults(init):
        literal = argument_literal(source, default) if is_searchable(kind, name) else None
        if literal is None or not calls:
            continue
        given = [passes(call, name, order) for call in calls]
        still = set_in(calls[0], node.name + "(...)") if all(each is True for each in given) else None
        yield dict(literal, name=node.name + "." + name, of=node.name, form="argument", still=still)
