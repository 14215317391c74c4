"""Form `global`: `learning_rate = 6e-4` at top level, under `if __name__ == "__main__":` and in `main()`, and the
defaults of the function that trains.

A name that is bound twice is still; one that counts or is bound in a loop is the program's own and no knob.
"""
import ast
import re

from .command import SETS
from .functions import converter, defaults, literal_choices, passes, positions, top_level_functions
from .overrides import set_in
from .source import FUNCTIONS, dotted, is_main_guard, last, targets_of

CONSTANT = re.compile(r"[A-Z][A-Z0-9_]*")
TRAINS = re.compile(r"(?i)^(main|run|train|fit|training|train_model|run_training|run_experiment|cfg|config)(_.*)?$")
PLAIN_TEXT = re.compile(r"[A-Za-z][A-Za-z0-9_+.-]{0,40}")


def find(source, project):
    """The lower-case globals and the locals of main functions, then the defaults of functions that train."""
    functions = top_level_functions(source)
    called = _called_at_top(source)
    for scope in [source.tree] + [each for name, each in functions.items() if _is_main(name, each, called)]:
        yield from _bound_in(source, project, scope)
    for name, function in functions.items():
        if TRAINS.match(name):
            yield from _defaults(source, project, function)


def _is_main(name, function, called):
    return bool(TRAINS.match(name)) or name in called or any(
        getattr(each, "attr", "") == "config" for each in function.decorator_list
    )


def _called_at_top(source):
    """Names of functions that the module calls without an argument, `asyncio.run(main())` apart."""
    return {call.func.id for call in source.calls
            if isinstance(call.func, ast.Name) and not call.args and not call.keywords and source.scope(call) is source.tree}


def _bound_in(source, project, scope):
    is_module = scope is source.tree
    bound = {}
    outer = {(source.scope(each), name) for each in source.globals for name in each.names} if is_module else set()
    for node in source.names:
        if isinstance(node.ctx, ast.Store) and (source.scope(node) is scope or (source.scope(node), node.id) in outer):
            bound.setdefault(node.id, []).append(node)
    changing = {dotted(each.target) for each in source.augmented}
    for name, literal_of, statement in _assignments(source, scope):
        places = bound.get(name, [])
        if is_module and CONSTANT.fullmatch(name) and _is_top(source, statement) or name.startswith("_") or name in changing:
            continue
        if any(source.is_in_loop(each) or source.scope(each) is not scope for each in places):
            continue
        literal = literal_of()
        if literal is None or literal["type"] == "string" and not PLAIN_TEXT.fullmatch(literal["value"]):
            continue
        still = SETS if project.command.sets(name) else None
        if len(places) > 1:
            other = next((each for each in places if source.span(each) != source.span(places[0])), places[-1])
            line = other.lineno if other.lineno != statement.lineno else places[0].lineno
            still = still or "it is bound again in line {}".format(line)
        yield dict(literal, name=name, form="global", still=still)


def _is_top(source, statement):
    return isinstance(source.parents.get(statement), ast.Module)


def _assignments(source, scope):
    """(name, how to read its literal, statement) of plain assignments of a scope that always happen."""
    for assign in source.assigns:
        if assign.value is None or source.scope(assign) is not scope or not _always_happens(source, assign):
            continue
        targets = targets_of(assign)
        if len(targets) != 1:
            continue
        target, value = targets[0], assign.value
        if isinstance(target, ast.Name):
            wanted = converter(getattr(assign, "annotation", None))
            yield target.id, _reader(source, value, wanted), assign
        elif isinstance(target, ast.Tuple) and isinstance(value, ast.Tuple) and len(target.elts) == len(value.elts):
            for name, node in zip(target.elts, value.elts):
                if isinstance(name, ast.Name):
                    yield name.id, _reader(source, node, None), assign


def _reader(source, node, wanted):
    return lambda: source.literal(node, wanted)


def _always_happens(source, statement):
    """Whether nothing but a main guard, a `with` or a `try` is around it."""
    for each in source.ancestors(statement):
        if isinstance(each, (ast.Module,) + FUNCTIONS):
            return True
        if not (is_main_guard(each) or isinstance(each, (ast.With, ast.AsyncWith, ast.Try))):
            return False
    return True


def _defaults(source, project, function):
    calls = [call for each in project.sources for call in each.calls if last(each.resolve(call.func)) == function.name]
    order = positions(function)
    for name, default, annotation in defaults(function):
        literal = source.literal(default, converter(annotation))
        if literal is None or not calls:
            continue
        still = SETS if project.command.sets(name) else None
        if all(passes(call, name, order) is True for call in calls):
            still = still or set_in(calls[0], function.name + "(...)")
        yield dict(literal, name=name, form="global", of=function.name, still=still, choices=literal_choices(annotation))
