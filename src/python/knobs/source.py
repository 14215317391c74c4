"""One Python file: its tree, exact positions, and what its names refer to.

Positions are UTF-8 byte offsets. Names are followed through imports and plain aliases, so that `optim.AdamW` is
`torch.optim.AdamW`.
"""
import ast
import re

from .values import constant, numeral

FUNCTIONS = (ast.FunctionDef, ast.AsyncFunctionDef)
LOOPS = (ast.For, ast.AsyncFor, ast.While, ast.ListComp, ast.SetComp, ast.DictComp, ast.GeneratorExp)
SCOPES = FUNCTIONS + (ast.ClassDef, ast.Lambda)
# Closing marks only, so that a comment belongs to the value right before it.
BEHIND = re.compile(r"[ \t\f,)\]};:]*#(?:.*;)?\s*space:\s*(.*\S)")
BEHIND_STATEMENT = re.compile(r"[ \t\f]*;?[ \t\f]*#(?:.*;)?\s*space:\s*(.*\S)")


class Source:
    """A parsed file and lists of its nodes; SyntaxError, ValueError or RecursionError when it does not parse."""

    def __init__(self, file, text):
        mark = 3 if text.startswith("\ufeff") else 0
        self.file = file
        self.data = text.encode("utf-8")
        self.tree = ast.parse(text.lstrip("\ufeff") if mark else text)
        self.starts = [mark]
        for line in re.split(rb"(?<=\n)|(?<=\r)(?!\n)", self.data[mark:]):
            self.starts.append(self.starts[-1] + len(line))
        self.parents = {}
        self.calls, self.assigns, self.classes, self.functions, self.names, self.augmented = [], [], [], [], [], []
        self.globals, self.imports = [], {}
        self._sort_nodes()
        self._follow_aliases()
        self._variables = None

    def _sort_nodes(self):
        for node in ast.walk(self.tree):
            for child in ast.iter_child_nodes(node):
                self.parents[child] = node
            if isinstance(node, ast.Call):
                self.calls.append(node)
            elif isinstance(node, (ast.Assign, ast.AnnAssign)):
                self.assigns.append(node)
            elif isinstance(node, ast.AugAssign):
                self.augmented.append(node)
            elif isinstance(node, ast.ClassDef):
                self.classes.append(node)
            elif isinstance(node, FUNCTIONS):
                self.functions.append(node)
            elif isinstance(node, ast.Name):
                self.names.append(node)
            elif isinstance(node, ast.Global):
                self.globals.append(node)
            elif isinstance(node, ast.Import):
                for alias in node.names:
                    self.imports[alias.asname or alias.name.split(".")[0]] = (
                        alias.name if alias.asname else alias.name.split(".")[0]
                    )
            elif isinstance(node, ast.ImportFrom):
                module = "." * node.level + (node.module or "")
                for alias in node.names:
                    joint = "" if module.endswith(".") else "."
                    self.imports[alias.asname or alias.name] = module + joint + alias.name
        for nodes in (self.calls, self.assigns, self.classes, self.functions):
            nodes.sort(key=lambda node: (node.lineno, node.col_offset))

    def _follow_aliases(self):
        """`layers = tf.keras.layers` is as good as an import."""
        for statement in self.tree.body:
            if isinstance(statement, ast.Assign) and len(statement.targets) == 1:
                target = statement.targets[0]
                if isinstance(target, ast.Name) and isinstance(statement.value, ast.Attribute):
                    root = dotted(statement.value).split(".")[0]
                    if root in self.imports:
                        self.imports.setdefault(target.id, self.resolve(statement.value))

    def resolve(self, node):
        """Dotted name of an expression with import aliases resolved; "" when it is none."""
        name = dotted(node)
        if not name:
            return ""
        root, dot, rest = name.partition(".")
        return self.imports.get(root, root) + dot + rest

    def variables(self):
        """Variable -> dotted name of what was called to make it, where the file makes it in one way only."""
        if self._variables is None:
            found = {}
            for assign in self.assigns:
                if isinstance(assign.value, ast.Call):
                    for target in targets_of(assign):
                        name = dotted(target)
                        if name:
                            found.setdefault(name, set()).add(self.resolve(assign.value.func))
            self._variables = {name: made.pop() for name, made in found.items() if len(made) == 1}
        return self._variables

    def bound_at_top(self):
        """Names that the module binds by plain assignments at its top."""
        statements = [each for each in self.tree.body if isinstance(each, (ast.Assign, ast.AnnAssign))]
        return {dotted(target) for each in statements for target in targets_of(each)} - {""}

    def callee(self, call):
        """Dotted name of what is called; a method of a variable is named by what made the variable."""
        name = self.resolve(call.func)
        owner, dot, method = name.rpartition(".")
        made = self.variables().get(owner)
        if made and made != name:
            return made + dot + method
        if not name and isinstance(call.func, ast.Attribute) and isinstance(call.func.value, ast.Call):
            inner = self.resolve(call.func.value.func)
            return inner + "." + call.func.attr if inner else call.func.attr
        return name

    def span(self, node):
        """Byte span of an expression, its parentheses included when it is a tuple written with them."""
        return (
            self.starts[node.lineno - 1] + node.col_offset,
            self.starts[node.end_lineno - 1] + node.end_col_offset,
        )

    def text(self, span):
        return self.data[span[0]:span[1]].decode("utf-8")

    def annotation(self, node, pattern=BEHIND):
        """What a comment right behind the node says after `space:`; prose such as "latent space: 64" is none."""
        end = self.span(node)[1]
        rest = re.split(rb"[\r\n]", self.data[end:end + 4000], maxsplit=1)[0].decode("utf-8", "replace")
        found = pattern.match(rest)
        return found and found.group(1)

    def ancestors(self, node):
        while node in self.parents:
            node = self.parents[node]
            yield node

    def scope(self, node):
        """The function, class or lambda around a node; the module's tree at top level."""
        return next((each for each in self.ancestors(node) if isinstance(each, SCOPES)), self.tree)

    def is_in_loop(self, node):
        """Whether the node is run several times in its own scope."""
        for each in self.ancestors(node):
            if isinstance(each, LOOPS):
                return True
            if isinstance(each, SCOPES):
                return False
        return False

    def is_conditional(self, node):
        """Whether something in its own scope decides if the node is run; `if __name__ == "__main__":` does not."""
        for each in self.ancestors(node):
            if isinstance(each, SCOPES):
                return False
            if isinstance(each, (ast.If, ast.IfExp, ast.Try) + LOOPS) and not is_main_guard(each):
                return True
        return False

    def literal(self, node, wanted=None):
        """{type, value, text, span, annotation} of a constant as the type that a converter makes of it, else None.

        A number that a converter reads out of a text has its span inside the quotes.
        """
        try:
            kind, value = constant(node)
            span = self.span(node)
            if kind == "string" and wanted in ("int", "float"):
                kind, value = numeral(value, wanted)
                span = self._inside_quotes(node, span)
        except (ValueError, RecursionError):
            return None
        if kind == "int" and wanted == "float":
            kind = "float"
        return {"type": kind, "value": value, "text": self.text(span), "span": list(span), "annotation": self.annotation(node)}

    def _inside_quotes(self, node, span):
        text = self.text(span)
        if len(text) < 3 or text[1:-1] != node.value or text[0] != text[-1]:
            raise ValueError("not a plain text")
        return span[0] + 1, span[1] - 1


def dotted(node):
    """`a.b.c` of a chain of attributes; "" when the expression is anything else."""
    parts = []
    while isinstance(node, ast.Attribute):
        parts.append(node.attr)
        node = node.value
    if not isinstance(node, ast.Name):
        return ""
    return ".".join([node.id] + parts[::-1])


def last(name):
    """The last part of a dotted name."""
    return name.rsplit(".", 1)[-1]


def targets_of(statement):
    return statement.targets if isinstance(statement, ast.Assign) else [statement.target]


def is_main_guard(node):
    """Whether it is `if __name__ == "__main__":`."""
    if not isinstance(node, ast.If) or not isinstance(node.test, ast.Compare):
        return False
    return any(isinstance(part, ast.Name) and part.id == "__name__" for part in [node.test.left] + node.test.comparators)


def subscript_key(node):
    """The text in `name["text"]`, else None; Python 3.8 wraps it in an Index."""
    index = getattr(node.slice, "value", None) if type(node.slice).__name__ == "Index" else node.slice
    return index.value if isinstance(index, ast.Constant) and isinstance(index.value, str) else None


def keyword_of(call, name):
    """The value of a call's keyword, else None."""
    return next((each.value for each in call.keywords if each.arg == name), None)


def string_of(node):
    """The text of a string literal, else None."""
    return node.value if isinstance(node, ast.Constant) and isinstance(node.value, str) else None
