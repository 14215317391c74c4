"""The knobs of Python files, one module for each form in which a value of the training code is written."""
from . import absl_flags, argparse_flags, arguments, constants, entries, fields, function_flags, plain_names, variables
from .command import SETS, Command
from .source import Source, dotted, last

LOADERS = {"from_pretrained", "load_pretrained", "from_checkpoint", "load_checkpoint", "load_weights", "from_hf"}
PRETRAINED = "pretrained weights need it as it is"
# A literal that fits two forms is of the first.
FORMS = (constants, argparse_flags, function_flags, absl_flags, variables, fields, entries, arguments, plain_names)


class Project:
    """All files that may be edited, and what the brief sets from outside of them."""

    def __init__(self, sources, command, variables_):
        self.sources = sources
        self.command = command
        self.variables = variables_
        self.own = arguments.own_callees(sources)
        self.settings = {node.name for source in sources for node in source.classes if fields.is_settings(source, node)}
        self.loaders = {node.name for source in sources for node in source.classes if arguments.is_loader(source, node)}


def knobs_of(sources, argv=(), environment=()):
    """The knobs of all sources, in order of files and lines."""
    project = Project(sources, Command(argv), set(environment))
    found = [_found(source, project) for source in sources]
    _give_to_executed(found, project)
    _give_to_flags([knob for knobs in found for knob in knobs])
    return [knob for knobs in found for knob in _named(knobs)]


def _give_to_executed(found, project):
    """A configuration in Python that the command names, and the script executes, sets the globals that it binds."""
    executed = [source for source in project.sources if project.command.names_after_script(source.file)]
    if not any(dotted(call.func) == "exec" for source in project.sources for call in source.calls):
        return
    bound = {name: source.file for source in executed for name in source.bound_at_top()}
    files = {source.file for source in executed}
    for knob in (knob for knobs in found for knob in knobs):
        if knob.get("form", "global") == "global" and knob["file"] not in files and knob["name"] in bound:
            knob.setdefault("still", bound[knob["name"]] + " sets it")


def _give_to_flags(knobs):
    """What `train:` gives to a flag it gives to no field, entry or global of the same name."""
    given = {knob["name"] for knob in knobs if knob.get("form") == "flag" and knob.get("still") == SETS}
    for knob in knobs:
        if knob.get("form") not in ("flag", "variable") and knob.get("still") == SETS and last(knob["name"]) in given:
            del knob["still"]


def _found(source, project):
    """One knob for each literal, in the order of the file."""
    by_place = {}
    for form in FORMS:
        for knob in form.find(source, project):
            knob["file"] = source.file
            by_place.setdefault(tuple(knob["span"]), knob)
    commands = function_flags.Commands(source, project.command)
    loaders = [source.span(each) for each in source.functions if each.name in LOADERS]
    for knob in by_place.values():
        is_loaded = any(start <= knob["span"][0] < end for start, end in loaders)
        root = knob["name"].split(".")[0] if knob.get("form", "entry") == "entry" else None
        knob["still"] = (
            knob.get("still") or commands.still_at(knob["span"]) or (commands.still_use(root) if root else None)
            or (PRETRAINED if is_loaded else None)
        )
    return [_without_nothing(by_place[place]) for place in sorted(by_place)]


def _without_nothing(knob):
    return {key: value for key, value in knob.items() if value is not None}


def _named(knobs):
    """Gives a second knob of one name a number behind it; constants keep their name, and what has an effect is first."""
    counts = {}
    first = [knob for knob in knobs if "form" not in knob]
    rest = [knob for knob in knobs if "form" in knob]
    for knob in first + [each for each in rest if "still" not in each] + [each for each in rest if "still" in each]:
        count = counts[knob["name"]] = counts.get(knob["name"], 0) + 1
        if count > 1:
            knob["name"] += "[{}]".format(count)
    return knobs
