"""Form `flag`, absl: `flags.DEFINE_float("lr", 1e-3, "step size", lower_bound=0)`; also those of TensorFlow 1."""
from .argparse_flags import choices_of
from .command import SETS
from .overrides import attribute_overrides, namespaces, set_in
from .source import keyword_of, last, string_of
from .values import plain_constant

KINDS = {"DEFINE_float": "float", "DEFINE_integer": "int", "DEFINE_bool": None, "DEFINE_boolean": None,
         "DEFINE_string": None, "DEFINE_enum": None}


def find(source, project):
    """The flags, each at its default."""
    overrides = attribute_overrides(source, namespaces(source))
    for call in source.calls:
        kind = last(source.resolve(call.func))
        if kind not in KINDS or not call.args or not string_of(call.args[0]):
            continue
        name = string_of(call.args[0])
        default = keyword_of(call, "default") or (call.args[1] if len(call.args) > 1 else None)
        literal = source.literal(default, KINDS[kind]) if default is not None else None
        if literal is None:
            continue
        still = (SETS if project.command.sets(name) or project.command.has_option(["-" + name]) else None) or (
            set_in(overrides[name], "FLAGS." + name + " = ...") if name in overrides else None
        )
        bounds = [_number(keyword_of(call, key)) for key in ("lower_bound", "upper_bound")]
        values = keyword_of(call, "enum_values") or (call.args[2] if kind == "DEFINE_enum" and len(call.args) > 2 else None)
        yield dict(literal, name=name.replace("-", "_"), form="flag", still=still, annotation=source.annotation(call) or literal["annotation"],
                   bounds=None if bounds == [None, None] else bounds, choices=choices_of(source, values))


def _number(node):
    value = plain_constant(node) if node is not None else None
    return value if type(value) in (int, float) else None
