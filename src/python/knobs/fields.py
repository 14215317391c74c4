"""Form `field`: fields of dataclasses, pydantic models, NamedTuples and plain classes of settings.

A field that every constructor call sets, or that is set again later, has no effect.
"""
import ast
import re

from .command import SETS
from .functions import converter, defaults, literal_choices, method, passes, positions
from .overrides import attribute_overrides, set_in
from .source import FUNCTIONS, dotted, keyword_of, last, subscript_key, targets_of
from .values import plain_constant

DECORATORS = {"dataclass", "pydantic_dataclass", "define", "mutable", "frozen", "attrs", "attr.s", "s", "dataclasses", "config"}
FILLED_BASES = {"BaseSettings", "Tap", "TypedArgs", "ConfigBase", "BaseConfig", "TrainingArguments", "Seq2SeqTrainingArguments",
                "PretrainedConfig", "Coqpit", "Namespace"}
RECORD_BASES = {"BaseModel", "NamedTuple", "Serializable"}
WRAPPERS = {"field", "Field", "ib", "attrib", "arg", "choice", "flag"}
SETTINGS = re.compile(r"(?i)(config|cfg|conf|args|arguments|params|hparams|hyper_?parameters|hyper|settings|options|opts?|hps?|setup)(_?v?\d*|base|small|large)$")
RECORD = re.compile(r"(State|Result|Results|Stats|Record|Info|Metrics|Event|Output|Report|Status|Summary|Entry|Item|Sample|Row|Job|Message|Response"
                    r"|Request|Error|Context|Meta|Metadata|Batch|Tracker|Counter|Timer|Cache)$")
PARSING = {"tyro.cli", "transformers.HfArgumentParser", "HfArgumentParser", "simple_parsing.parse", "draccus.wrap", "pyrallis.wrap",
           "chz.entrypoint", "chz.nested_entrypoint", "pydantic_settings.CliApp.run", "CliApp.run", "jsonargparse.CLI"}


def find(source, project):
    """The fields of all classes of settings, with the class's name in front."""
    for node in source.classes:
        if not is_settings(source, node):
            continue
        owner = _qualified(source, node)
        effects = _Effects(project, node)
        for name, value, annotation, statement in _fields(source, node):
            for knob in _knobs_of(source, name, value, annotation):
                yield dict(
                    knob, name=owner + "." + name, of=owner, form="field",
                    still=(SETS if project.command.sets(name) else None) or effects.still(name),
                    annotation=source.annotation(statement) or knob["annotation"],
                )


def is_settings(source, node):
    """Whether a class is there to hold settings: by its name, since a command line fills it, or a dataclass of defaults.

    A dataclass with a required field, or whose fields count, is a record of the program's own state.
    """
    bases = {last(source.resolve(getattr(each, "value", each) if isinstance(each, ast.Subscript) else each)) for each in node.bases}
    if bases & {"Enum", "IntEnum", "StrEnum", "Module", "Model", "TestCase", "Dataset", "Exception"}:
        return False
    if bases & FILLED_BASES or SETTINGS.search(node.name):
        return not any(isinstance(each, FUNCTIONS) and each.name in ("forward", "__call__", "__getitem__", "fit") for each in node.body)
    decorators = {last(source.resolve(getattr(each, "func", each))) for each in node.decorator_list}
    return bool(decorators & DECORATORS or bases & RECORD_BASES) and (_is_parsed(source, node) or _is_part(source, node) or _is_plain(source, node))


def _is_parsed(source, node):
    """Whether a command line is parsed into the class."""
    return any(
        isinstance(each, ast.Name) and each.id == node.name
        for call in source.calls if source.resolve(call.func) in PARSING for each in ast.walk(call)
    )


def _is_part(source, node):
    """Whether a class of settings has a field of this class."""
    return any(
        isinstance(each, ast.Name) and each.id == node.name
        for other in source.classes if other is not node and SETTINGS.search(other.name)
        for statement in other.body if isinstance(statement, ast.AnnAssign)
        for each in ast.walk(statement.annotation)
    )


def _is_plain(source, node):
    """Whether all fields have defaults and none is counted up."""
    fields = [each for each in node.body if isinstance(each, ast.AnnAssign)]
    if not fields or RECORD.search(node.name) or any(each.value is None for each in fields):
        return False
    counted = {each.target.attr for each in source.augmented if isinstance(each.target, ast.Attribute)}
    return not counted & {each.target.id for each in fields if isinstance(each.target, ast.Name)}


def _qualified(source, node):
    outer = [each.name for each in source.ancestors(node) if isinstance(each, ast.ClassDef)]
    return ".".join(outer[::-1] + [node.name])


def _fields(source, node):
    """(name, value node, annotation node, statement) of the fields, those that `__init__` sets included."""
    for statement in node.body:
        if isinstance(statement, ast.AnnAssign) and statement.value is not None and isinstance(statement.target, ast.Name):
            if "ClassVar" not in {dotted(each) for each in ast.walk(statement.annotation)}:
                yield statement.target.id, statement.value, statement.annotation, statement
        elif isinstance(statement, ast.Assign) and len(statement.targets) == 1 and isinstance(statement.targets[0], ast.Name):
            if not statement.targets[0].id.startswith("_"):
                yield statement.targets[0].id, statement.value, None, statement
    init = method(node, "__init__")
    if init is None:
        return
    seen = {}
    for statement in ast.walk(init):
        if isinstance(statement, (ast.Assign, ast.AnnAssign)) and statement.value is not None:
            for target in targets_of(statement):
                if isinstance(target, ast.Attribute) and dotted(target.value) == "self":
                    seen.setdefault(target.attr, []).append(statement)
    for name, statements in seen.items():
        if len(statements) == 1 and not source.is_conditional(statements[0]):
            yield name, statements[0].value, getattr(statements[0], "annotation", None), statements[0]
    for name, default, annotation in defaults(init):
        yield name, default, annotation, default


def _knobs_of(source, name, value, annotation):
    wanted, choices = converter(annotation), literal_choices(annotation)
    step = 1 if wanted == "int" else 0
    bounds = _bounds_in(annotation, step)
    if isinstance(value, ast.Call):
        if last(source.resolve(value.func)) not in WRAPPERS:
            return
        bounds = _bounds(value, step) or bounds
        value = _wrapped(value)
    literal = source.literal(value, wanted) if value is not None else None
    if literal:
        yield dict(literal, bounds=bounds, choices=choices)


def _wrapped(call):
    """The default in `field(default=...)`, `Field(...)` or `field(default_factory=lambda: ...)`."""
    factory = keyword_of(call, "default_factory")
    if isinstance(factory, ast.Lambda):
        return factory.body
    return keyword_of(call, "default") or (call.args[0] if call.args else None)


def _bounds(call, step):
    """pydantic's ge, gt, le and lt; the step is what gt and lt leave out, 1 for whole numbers."""
    low, high, over, under = (_number(keyword_of(call, key)) for key in ("ge", "le", "gt", "lt"))
    low = over + step if low is None and over is not None else low
    high = under - step if high is None and under is not None else high
    return None if low is None and high is None else [low, high]


def _bounds_in(annotation, step):
    calls = [each for each in ast.walk(annotation) if isinstance(each, ast.Call)] if annotation is not None else []
    return next((bounds for bounds in (_bounds(each, step) for each in calls) if bounds), None)


def _number(node):
    value = plain_constant(node) if node is not None else None
    return value if type(value) in (int, float) else None


class _Effects:
    """Why a field of a class has no effect: what sets it again in any of the files."""

    def __init__(self, project, node):
        self.name = node.name
        self.order = _order(node)
        self.calls = [(source, call) for source in project.sources for call in source.calls
                      if last(source.resolve(call.func)) == node.name]
        self.overrides = {}
        for source in project.sources:
            owners = {name for name, made in source.variables().items() if last(made) == node.name} | {node.name}
            owners |= _parsed_into(source, node.name)
            for key, line in attribute_overrides(source, owners).items():
                self.overrides.setdefault(key, line)

    def still(self, name):
        if name in self.overrides:
            return set_in(self.overrides[name], "an assignment to ." + name)
        if not self.calls:
            return None
        given = [self._passes(source, call, name) for source, call in self.calls]
        return set_in(self.calls[0][1], self.name + "(...)") if all(given) else None

    def _passes(self, source, call, name):
        given = passes(call, name, self.order)
        return given if given is not None else any(name in keys for keys in unpacked_keys(source, call))


def _parsed_into(source, name):
    """Variables that hold what a parser made of the class: `args = tyro.cli(Args)`."""
    found = set()
    for assign in source.assigns:
        if isinstance(assign.value, ast.Call) and source.resolve(assign.value.func) in PARSING:
            if any(isinstance(each, ast.Name) and each.id == name for each in ast.walk(assign.value)):
                found.update(dotted(target) for target in targets_of(assign))
    return found - {""}


def _order(node):
    """Names that the constructor takes by position."""
    init = method(node, "__init__")
    if init is not None:
        return positions(init, is_method=True)
    return [each.target.id for each in node.body if isinstance(each, ast.AnnAssign) and isinstance(each.target, ast.Name)]


def unpacked_keys(source, call):
    """The keys of each dict literal that a call unpacks: `GPTConfig(**model_args)`."""
    for keyword in call.keywords:
        if keyword.arg is not None:
            continue
        value = keyword.value
        if isinstance(value, ast.Name):
            for assign in source.assigns:
                for target in targets_of(assign):
                    if dotted(target) == value.id:
                        yield _keys(assign.value)
                    elif isinstance(target, ast.Subscript) and dotted(target.value) == value.id:
                        yield {subscript_key(target)}
        else:
            yield _keys(value)


def _keys(node):
    if isinstance(node, ast.Dict):
        return {plain_constant(key) for key in node.keys if key is not None}
    if isinstance(node, ast.Call) and dotted(node.func) == "dict":
        return {keyword.arg for keyword in node.keywords}
    return set()
