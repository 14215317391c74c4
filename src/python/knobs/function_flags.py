"""Form `flag`, functions as command lines: click, typer, and the defaults of what fire, tyro and the like run."""
import ast

from .argparse_flags import choices_of
from .command import SETS
from .functions import converter, defaults, literal_choices, method, top_level_functions
from .source import keyword_of, last, string_of
from .values import plain_constant

RUNNERS = {
    "fire.Fire", "Fire", "tyro.cli", "typer.run", "defopt.run", "clize.run", "jsonargparse.CLI", "jsonargparse.auto_cli",
    "argh.dispatch_command", "plac.call", "autocommand.autocommand", "cyclopts.run",
}
CLICKS = {"click", "rich_click", "asyncclick", "cloup", "trainer_click"}


def find(source, project):
    """The flags of click and typer, and the parameters of functions that are run as a command line."""
    commands = Commands(source, project.command)
    for function in source.functions:
        for decorator in function.decorator_list:
            if isinstance(decorator, ast.Call) and _is_click(source, decorator):
                knob = _click(source, decorator, project)
                if knob:
                    yield dict(knob, still=knob["still"] or commands.still(function))
    for function in _run_functions(source):
        for name, default, annotation in defaults(function):
            knob = _parameter(source, name, default, annotation, project)
            if knob:
                yield dict(knob, still=knob["still"] or commands.still(function))


def _is_click(source, call):
    root, _, kind = source.resolve(call.func).rpartition(".")
    return root.split(".")[0] in CLICKS and kind in ("option", "argument")


def _click(source, call, project):
    """A click option at its default, else None."""
    options = [string_of(each) for each in call.args]
    if not options or None in options:
        return None
    on = [option.split("/")[0].strip() for option in options]
    long = next((each for each in on if each.startswith("--")), on[0])
    kind = keyword_of(call, "type")
    literal = _click_default(source, call, kind)
    if literal is None:
        return None
    both = [each.strip() for option in options for each in option.split("/")]
    return dict(
        literal, name=long.lstrip("-").replace("-", "_"), form="flag", annotation=source.annotation(call) or literal["annotation"],
        still=(SETS if project.command.has_option(both) else None)
        or ("the command line must give it" if plain_constant(keyword_of(call, "required")) else None),
        choices=_click_choices(source, kind), bounds=_click_bounds(source, kind),
    )


def _click_default(source, call, kind):
    """The default's literal; of a flag without one the text `is_flag=True`, behind which the default is written."""
    default = keyword_of(call, "default")
    if default is not None:
        return source.literal(default, _click_converter(source, kind))
    switch = keyword_of(call, "is_flag")
    literal = source.literal(switch) if switch is not None and plain_constant(switch) is True else None
    if literal is None:
        return None
    start, end = literal["span"][0] - len("is_flag="), literal["span"][1]
    text = source.text((start, end))
    return dict(literal, value=False, text=text, span=[start, end]) if text == "is_flag=True" else None


def _click_converter(source, node):
    name = last(source.resolve(node.func if isinstance(node, ast.Call) else node)) if node is not None else ""
    return {"int": "int", "float": "float", "INT": "int", "FLOAT": "float", "IntRange": "int", "FloatRange": "float"}.get(name)


def _click_choices(source, node):
    is_choice = isinstance(node, ast.Call) and last(source.resolve(node.func)) == "Choice" and node.args
    return choices_of(source, node.args[0]) if is_choice else None


def _click_bounds(source, node):
    if not isinstance(node, ast.Call) or last(source.resolve(node.func)) not in ("IntRange", "FloatRange"):
        return None
    return _bounds(node, (node.args + [None, None])[:2])


def _bounds(call, positional=(None, None)):
    low, high = (_number(keyword_of(call, key) or given) for key, given in zip(("min", "max"), positional))
    return None if low is None and high is None else [low, high]


def _number(node):
    value = plain_constant(node) if node is not None else None
    return value if type(value) in (int, float) else None


def _parameter(source, name, default, annotation, project):
    """A parameter at its default; `typer.Option(1e-3, min=0)` and `Annotated[float, typer.Option(min=0)]` are read."""
    bounds, options = None, ["--" + name]
    for call in [default] + (list(ast.walk(annotation)) if annotation is not None else []):
        if isinstance(call, ast.Call) and last(source.resolve(call.func)) in ("Option", "Argument", "Parameter", "arg"):
            bounds = bounds or _bounds(call)
            options += [string_of(each) for each in call.args if (string_of(each) or "").startswith("-")]
    if isinstance(default, ast.Call):
        if last(source.resolve(default.func)) not in ("Option", "Argument", "Parameter"):
            return None
        default = keyword_of(default, "default") or (default.args[0] if default.args else None)
    literal = source.literal(default, converter(annotation)) if default is not None else None
    if literal is None:
        return None
    is_set = project.command.has_option(options) or project.command.sets(name)
    return dict(literal, name=name, form="flag", still=SETS if is_set else None, bounds=bounds,
                choices=literal_choices(annotation))


def _run_functions(source):
    """The functions that a command line runs, in order of the file."""
    functions = top_level_functions(source)
    classes = {each.name: each for each in source.classes}
    found = [each for each in source.functions if any(_is_command(source, decorator) for decorator in each.decorator_list)]
    for call in source.calls:
        if source.resolve(call.func) not in RUNNERS:
            continue
        if not call.args:
            found += [each for each in functions.values() if not each.name.startswith("_")] if _is_fire(source, call) else []
        for node in _named(call.args[:1]):
            if node.id in functions:
                found.append(functions[node.id])
            elif node.id in classes and _is_fire(source, call):
                found += [each for each in (method(classes[node.id], "__init__"), method(classes[node.id], "train")) if each]
    return sorted(set(found), key=lambda each: each.lineno)


def _named(nodes):
    """The names among them, those in a dict or list included: `Fire({"train": train})`."""
    return [each for node in nodes for each in ast.walk(node) if isinstance(each, ast.Name)]


def _is_fire(source, call):
    return last(source.resolve(call.func)) == "Fire"


def _is_command(source, decorator):
    """`@app.command()` of typer, `@app.default` of cyclopts."""
    func = decorator.func if isinstance(decorator, ast.Call) else decorator
    if not isinstance(func, ast.Attribute) or func.attr not in ("command", "callback", "default", "automain", "main"):
        return False
    owner = getattr(func.value, "id", "")
    return source.variables().get(owner) in ("typer.Typer", "cyclopts.App", "sacred.Experiment")


def _shown_by_fire(source):
    """Function -> what the command line calls it, of the functions that fire shows as commands: a dict of them, or all."""
    functions = top_level_functions(source)
    for call in source.calls:
        if not _is_fire(source, call) or source.resolve(call.func) not in RUNNERS:
            continue
        if not call.args:
            return {name: name for name in functions if not name.startswith("_")}
        if isinstance(call.args[0], ast.Dict):
            pairs = zip(call.args[0].keys, call.args[0].values)
            return {value.id: string_of(key) for key, value in pairs if isinstance(value, ast.Name) and value.id in functions}
    return {}


class Commands:
    """Whether `train:` runs another command than a function's."""

    def __init__(self, source, command):
        names = {each.name: each.name.replace("_", "-") for each in source.functions if self._is_command(each)}
        shown = _shown_by_fire(source)
        self.running = {name for name, said in names.items() if said in command.words or name in command.words}
        self.running |= {name for name, said in shown.items() if said in command.words}
        names.update(shown)
        self.places = [(each, source.span(each)) for each in source.functions if each.name in names]
        self.source = source
        self.names = names

    @staticmethod
    def _is_command(function):
        funcs = [getattr(each, "func", each) for each in function.decorator_list]
        return any(isinstance(func, ast.Attribute) and func.attr == "command" for func in funcs)

    def still_use(self, name):
        """Why a global that only other commands' functions use has no effect, else None."""
        uses = [node for node in self.source.names if node.id == name and isinstance(node.ctx, ast.Load)]
        reasons = [self.still_at(self.source.span(node)) for node in uses]
        return reasons[0] if reasons and all(reasons) else None

    def still_at(self, span):
        """Why a value within a command's function has no effect, else None."""
        inside = (each for each, (start, end) in self.places if start <= span[0] < end)
        return next((why for why in map(self.still, inside) if why), None)

    def still(self, function):
        if function.name not in self.names or not self.running or function.name in self.running:
            return None
        return "`train:` runs the sub-command {}".format(" and ".join(sorted(self.running)))
