"""Form `flag`, argparse: `parser.add_argument("--lr", type=float, default=1e-3)`, and what shares its interface.

A flag without a default whose action is `store_true` is off; the action's text is then the literal, behind which
`default=True` is written. Overridden defaults stay still: by `train:`, by `set_defaults` or by a later `args.lr = ...`.
"""
import ast

from .command import SETS, Command
from .overrides import PARSERS, attribute_overrides, namespaces, set_in
from .source import dotted, keyword_of, last, string_of, targets_of
from .values import plain_constant

MOST_CHOICES = 64
CONVERTERS = ("int", "float")
STORES = {"store_true": False, "store_false": True}
NOT_SEARCHED = {"append", "append_const", "count", "store_const", "help", "version", "extend"}


def find(source, project):
    """The flags, each at the literal of its default."""
    overrides = attribute_overrides(source, namespaces(source))
    defaults, later = _set_defaults(source)
    commands = _Commands(source, project.command)
    parsed = _parsed_literals(source)
    names = {}
    aliases = {dotted(target) for each in source.assigns if getattr(each.value, "attr", None) == "add_argument"
               for target in targets_of(each)}
    for call in source.calls:
        flag = _flag(source, call, aliases)
        if flag is None:
            continue
        options, name, dest, literal = flag
        names[dest] = (name, options)
        if literal is None:
            continue
        still = (
            (SETS if project.command.has_option(options) else None)
            or commands.still(call)
            or next((set_in(line, "parse_args(...)") for line, command in parsed if command.has_option(options)), None)
            or (set_in(later[dest], "set_defaults(...)") if dest in later else None)
            or (set_in(overrides[dest], "args." + dest + " = ...") if dest in overrides else None)
            or _required(call, options)
        )
        yield dict(literal, name=name, form="flag", still=still, choices=choices_of(source, keyword_of(call, "choices")),
                   annotation=source.annotation(call) or literal["annotation"])
    for dest, keyword in defaults:
        name, options = names.get(dest, (dest, ["--" + dest]))
        literal = source.literal(keyword.value)
        if literal and dest in names:
            still = SETS if project.command.has_option(options) else None
            yield dict(literal, name=name, form="flag", still=still or commands.still(source.parents[keyword]))


def _parsed_literals(source):
    """(line, command) of each `parse_args(["--lr", "0.1"])`."""
    found = []
    for call in source.calls:
        if last(dotted(call.func)) in PARSERS and call.args and isinstance(call.args[0], (ast.List, ast.Tuple)):
            words = [string_of(each) for each in call.args[0].elts]
            found.append((call.lineno, Command([word for word in words if word])))
    return found


def _flag(source, call, aliases):
    """(options, name, dest, literal or None) of a call of add_argument or of an alias of it, else None."""
    if getattr(call.func, "attr", None) != "add_argument" and getattr(call.func, "id", None) not in aliases:
        return None
    options = [string_of(each) for each in call.args]
    if not options or None in options:
        return None
    long = next((each for each in options if each.startswith("--")), options[0])
    name = long.lstrip("-").replace("-", "_")
    dest = string_of(keyword_of(call, "dest")) or name
    if not name:
        return None
    return options, name, dest, _default(source, call)


def _default(source, call):
    action = string_of(keyword_of(call, "action"))
    default = keyword_of(call, "default")
    if action in NOT_SEARCHED:
        return None
    if default is None:
        if action not in STORES:
            return None
        return dict(source.literal(keyword_of(call, "action")), type="bool", value=STORES[action])
    converter = last(source.resolve(keyword_of(call, "type"))) if keyword_of(call, "type") is not None else None
    return source.literal(default, converter if converter in CONVERTERS else None)


def _required(call, options):
    is_positional = not options[0].startswith("-") and string_of(keyword_of(call, "nargs")) not in ("?", "*")
    return "the command line must give it" if is_positional or plain_constant(keyword_of(call, "required")) else None


def choices_of(source, node):
    """The values of a list, tuple or set of literals, of `range(...)`, or of the constant that a name stands for; else None."""
    if isinstance(node, ast.Name):
        node = next(
            (each.value for each in source.assigns if any(dotted(target) == node.id for target in targets_of(each))), None
        )
    if isinstance(node, ast.Call) and dotted(node.func) == "range":
        bounds = [plain_constant(each) for each in node.args]
        if not bounds or any(type(each) is not int for each in bounds) or bounds[2:] == [0]:
            return None
        values = list(range(*bounds)[:MOST_CHOICES + 1])
        return values if 0 < len(values) <= MOST_CHOICES else None
    if not isinstance(node, (ast.List, ast.Tuple, ast.Set)) or not node.elts:
        return None
    values = [plain_constant(each) for each in node.elts]
    return None if None in values else values


def _set_defaults(source):
    """([(dest, keyword)], dest -> call) of all calls of set_defaults."""
    defaults, calls = [], {}
    for call in source.calls:
        if isinstance(call.func, ast.Attribute) and call.func.attr == "set_defaults":
            for keyword in call.keywords:
                if keyword.arg:
                    defaults.append((keyword.arg, keyword))
                    calls[keyword.arg] = call
    return defaults, calls


class _Commands:
    """Which sub-command a parser's flags belong to, and whether `train:` runs another one."""

    def __init__(self, source, command):
        self.source = source
        self.parsers = []
        for assign in source.assigns:
            if isinstance(assign.value, ast.Call) and isinstance(assign.value.func, ast.Attribute):
                kind = assign.value.func.attr
                for target in targets_of(assign):
                    if kind == "add_parser" and assign.value.args:
                        self._remember(target, assign, string_of(assign.value.args[0]))
                    elif kind in ("add_argument_group", "add_mutually_exclusive_group"):
                        self._remember(target, assign, self.command_of(assign.value))
        self.running = {name for _, _, name in self.parsers if name} & command.words

    def _remember(self, target, assign, name):
        self.parsers.append((dotted(target), assign.lineno, name))

    def command_of(self, call):
        if not isinstance(call.func, ast.Attribute):
            return None
        owner = dotted(call.func.value)
        before = [name for parser, line, name in self.parsers if parser == owner and line <= call.lineno]
        return before[-1] if before else None

    def still(self, call):
        command = self.command_of(call)
        if command is None or not self.running or command in self.running:
            return None
        return "`train:` runs the sub-command {}".format(" and ".join(sorted(self.running)))
