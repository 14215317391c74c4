"""Assignments to attributes and items that come after a default and replace it: `args.lr = 0.1`, `params["lr"] = 0.1`."""
import ast

from .source import dotted, last, string_of, subscript_key, targets_of

PARSERS = {"parse_args", "parse_known_args", "parse_args_into_dataclasses", "parse_intermixed_args"}
NAMESPACES = {"args", "opt", "opts", "flags", "FLAGS", "hparams"}


def namespaces(source):
    """Names of the variables that hold what the command line gave."""
    found = set(NAMESPACES)
    for assign in source.assigns:
        if isinstance(assign.value, ast.Call) and last(source.resolve(assign.value.func)) in PARSERS:
            for target in targets_of(assign):
                each = target.elts[0] if isinstance(target, ast.Tuple) and target.elts else target
                if dotted(each):
                    found.add(dotted(each))
    return found


def attribute_overrides(source, owners):
    """(attribute name -> line) of assignments to `owner.name` that always happen and do not build on the old value."""
    found = {}
    for assign in source.assigns:
        for target in targets_of(assign):
            if not isinstance(target, ast.Attribute) or dotted(target.value) not in owners:
                continue
            if assign.value is not None and not source.is_conditional(assign) and not _reads(assign.value, target.attr):
                found.setdefault(target.attr, assign.lineno)
    for call in source.calls:
        if dotted(call.func) == "setattr" and len(call.args) == 3 and dotted(call.args[0]) in owners:
            key = string_of(call.args[1])
            if key and not source.is_conditional(call):
                found.setdefault(key, call.lineno)
    return found


def item_overrides(source, name, after):
    """(key -> line) of assignments to `name["key"]` after a node of the same scope, `name.update(...)` included."""
    found = {}
    scope = source.scope(after)

    def is_later(node):
        return node.lineno > after.lineno and source.scope(node) is scope and not source.is_conditional(node)

    for assign in source.assigns:
        for target in targets_of(assign):
            if isinstance(target, ast.Subscript) and dotted(target.value) == name and is_later(assign):
                key = subscript_key(target)
                if key and not _reads(assign.value, key):
                    found.setdefault(key, assign.lineno)
    for call in source.calls:
        if dotted(call.func) == name + ".update" and is_later(call):
            pairs = list(call.args[0].keys) if call.args and isinstance(call.args[0], ast.Dict) else []
            for key in [string_of(each) for each in pairs if each is not None] + [each.arg for each in call.keywords]:
                if key:
                    found.setdefault(key, call.lineno)
    return found


def _reads(node, name):
    for each in ast.walk(node):
        if isinstance(each, ast.Attribute) and each.attr == name:
            return True
        if isinstance(each, ast.Constant) and each.value == name:
            return True
    return False


def set_in(call_or_line, what):
    """The reason why a value has no effect: `GPTConfig(...) sets it in line 40`."""
    line = call_or_line if isinstance(call_or_line, int) else call_or_line.lineno
    return "{} sets it in line {}".format(what, line)


