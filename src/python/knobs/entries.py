"""Form `entry`: `params = {"lr": 0.1}`, `dict(lr=0.1)`, nested ones, `config.lr = 0.1`, and dicts given to a callee."""
import ast
import re

from .arguments import argument_literal, shape_of
from .callees import is_searchable
from .command import SETS
from .overrides import attribute_overrides, item_overrides, namespaces, set_in
from .source import dotted, last, string_of, subscript_key, targets_of

NAMES = re.compile(
    r"(?i)(^|_)(params?|parameters|hparams?|hyper_?params?|hyper_?parameters?|hps?|config|configs|cfg|conf|c|args|arguments|settings|options|opts?"
    r"|hyperparameter_defaults|defaults|kwargs|train_args|model_args)(_?\d*)$|(?i)(^|_)(params|config|cfg|hparams|args|kwargs|defaults)_"
    .replace("|(?i)", "|")
)
NEVER = re.compile(r"(?i)grid|space|dist|search|sweep|bounds|map|label|colou?r|palette|plot|log|font|header|url|path|schema|loader_kwargs|cuda|checkpoint|generat|quantiz")
MAKERS = {"dict", "ConfigDict", "SimpleNamespace", "Namespace", "EasyDict", "edict", "Munch", "Box", "AttrDict", "OrderedDict", "CN",
          "CfgNode", "create", "FrozenConfigDict", "Bunch", "DotDict", "DotMap", "HParams"}
CONFIG_KEYWORDS = {"params", "config", "hyperparameters", "hparams", "model_params", "param", "hyperparams"}


def find(source, project):
    """The entries of dicts that hold settings."""
    given = _given_to(source, project)
    for assign in source.assigns:
        for target in targets_of(assign):
            name = dotted(target)
            if name and not isinstance(target, ast.Subscript):
                yield from _assigned(source, project, assign, name, given)
            else:
                yield from _item(source, assign, target)
    for call in source.calls:
        yield from _inline(source, project, call)
    yield from _attributes(source, project)


def _assigned(source, project, assign, name, given):
    """The entries of `name = {...}`."""
    short = last(name)
    of = given.get(name)
    if NEVER.search(short) or not (of or NAMES.search(short)) or is_plain_call(assign.value):
        return
    overrides = item_overrides(source, name, assign)
    attributes = {} if assign.value is None else _later_attributes(source, name, assign)
    for path, node, line in pairs(assign.value):
        if not is_searchable("own", path[-1]):
            continue
        literal = argument_literal(source, node)
        if literal is None:
            continue
        key = path[0] if len(path) == 1 else None
        still = (SETS if project.command.sets(path[-1]) else None) or (
            set_in(overrides[key], "{}[{!r}]".format(name, key)) if key in overrides else None
        ) or (set_in(attributes[key], "an assignment to ." + key) if key in attributes else None)
        yield dict(literal, name=".".join((short,) + path), of=of, form="entry", still=still)


def _later_attributes(source, name, assign):
    found = attribute_overrides(source, {name})
    return {key: line for key, line in found.items() if line > assign.lineno}


def is_plain_call(node):
    """Whether it is a call that makes no dict."""
    return isinstance(node, ast.Call) and last(dotted(node.func)) not in MAKERS


def pairs(node, path=()):
    """(path of keys, value node, line) of a dict literal or a call that makes one, nested ones included."""
    if isinstance(node, ast.Dict):
        items = [(string_of(key), value) for key, value in zip(node.keys, node.values) if key is not None]
    elif isinstance(node, ast.Call) and last(dotted(node.func)) in MAKERS:
        items = [(keyword.arg, keyword.value) for keyword in node.keywords]
        for argument in node.args[:1]:
            yield from pairs(argument, path)
    else:
        return
    for key, value in items:
        if key is None or not re.fullmatch(r"[A-Za-z_][\w.\-]*", key):
            continue
        if isinstance(value, ast.Dict) or isinstance(value, ast.Call) and last(dotted(value.func)) in MAKERS:
            yield from pairs(value, path + (key,))
        else:
            yield path + (key,), value, value.lineno


def _given_to(source, project):
    """Variable -> dotted name of the callee that gets it as `**variable`, as first argument or as its params."""
    found = {}
    for call in source.calls:
        nodes = [keyword.value for keyword in call.keywords if keyword.arg is None or keyword.arg in CONFIG_KEYWORDS]
        names = [dotted(node) for node in nodes + call.args[:1] if dotted(node)]
        if not names:
            continue
        kind, name = shape_of(source, call, project)
        if kind not in (None, "loader", "layer"):
            for each in names:
                found.setdefault(each, name)
    return found


def _inline(source, project, call):
    """`xgb.train({"max_depth": 6}, ...)`, `XGBClassifier(**{...})`, `wandb.init(config={...})`."""
    name = source.callee(call)
    is_tracker = name in ("wandb.init", "clearml.Task.connect") or last(name) == "connect"
    kind = None if is_tracker else shape_of(source, call, project)[0]
    if not is_tracker and kind is None:
        return
    places = [keyword.value for keyword in call.keywords if keyword.arg is None or keyword.arg in CONFIG_KEYWORDS]
    for place in places + ([] if is_tracker else call.args[:1]):
        if not isinstance(place, ast.Dict) and not (isinstance(place, ast.Call) and last(dotted(place.func)) == "dict"):
            continue
        root = "config" if is_tracker else last(name)
        for path, node, _ in pairs(place):
            literal = argument_literal(source, node) if is_searchable("own", path[-1]) else None
            if literal:
                still = SETS if project.command.sets(path[-1]) else None
                yield dict(literal, name=".".join((root,) + path), of=None if is_tracker else name, form="entry", still=still)


def _item(source, assign, target):
    """`params["lr"] = 0.1`."""
    if not isinstance(target, ast.Subscript) or assign.value is None:
        return
    name, key = dotted(target.value), subscript_key(target)
    if not name or not key or not NAMES.search(last(name)) or NEVER.search(last(name)) or source.is_in_loop(assign):
        return
    if not re.fullmatch(r"[A-Za-z_][\w.\-]*", key) or not is_searchable("own", key):
        return
    literal = argument_literal(source, assign.value)
    if literal:
        again = item_overrides(source, name, assign).get(key)
        yield dict(literal, name=last(name) + "." + key, form="entry",
                   still=set_in(again, "{}[{!r}]".format(name, key)) if again else None)


def _attributes(source, project):
    """`config.lr = 0.1` of a variable that holds settings; of `args` too, where the flag is then overridden."""
    spaces = namespaces(source)
    lines = {}
    found = []
    for assign in source.assigns:
        for target in targets_of(assign):
            name = dotted(target) if isinstance(target, ast.Attribute) else ""
            root = name.split(".")[0]
            if not name or root in ("self", "cls") or assign.value is None or source.is_in_loop(assign):
                continue
            path = name.split(".")[1:]
            if not (NAMES.search(root) or root in spaces) or NEVER.search(root) or not is_searchable("own", path[-1]):
                continue
            scope = source.scope(assign)
            if not source.is_conditional(assign):
                lines[(scope, name)] = assign.lineno
            literal = argument_literal(source, assign.value)
            if literal:
                found.append((literal, name, assign, scope))
    for literal, name, assign, scope in found:
        again = lines.get((scope, name), 0)
        still = SETS if project.command.sets(last(name)) and name.split(".")[0] not in spaces else None
        if again > assign.lineno:
            still = still or set_in(again, "an assignment to ." + last(name))
        yield dict(literal, name=name, form="entry", still=still)


