"""Compiles files without running them, and says what is left of them without comments, layout and names.

    python normalise_source.py < {"train.py": "LEARNING_RATE = 0.1\n"}

Prints {"forms": {file: {"exact", "seedless"}}}, each a hash, or {"error": {"file", "line", "message"}} for the first file
that does not compile. Two files with the same `exact` do the same: they differ at most in comments, layout, docstrings,
the spelling of numbers and the names of what they define themselves. In `seedless`, statements that set a seed are gone,
and all seeds given to a function, a flag, a variable or an entry count as the same. A file that is not Python is hashed as text.
"""
import ast
import hashlib
import json
import re
import sys
import warnings

SEEDING = {"seed", "manual_seed", "manual_seed_all", "default_rng", "RandomState", "PRNGKey", "set_seed", "seed_everything"}
SEED_KEYWORDS = {"seed", "random_state", "random_seed"}
FLAGS = {"add_argument", "option"}
LOOKUPS = {"get", "getenv", "DEFINE_integer"}
SCOPES = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef, ast.Module)
SEED = ast.Constant("SEED")


def is_seed_name(node):
    name = getattr(node, "id", None) or getattr(node, "attr", None) or ""
    return "seed" in name.lower()


def names_seed(node):
    """Whether a text, such as a flag, a variable or a key, is a seed's name."""
    words = re.split(r"[^a-z]+", node.value.lower()) if isinstance(node, ast.Constant) and isinstance(node.value, str) else []
    return "seed" in words or "_".join(words) == "random_state"


def is_seeding(call):
    called = getattr(call.func, "id", None) or getattr(call.func, "attr", None)
    return called in SEEDING


class WithoutSeeds(ast.NodeTransformer):
    """Removes statements that only set a seed; a seed inside another expression becomes the same constant."""

    def visit_Assign(self, node):
        self.generic_visit(node)
        return None if all(is_seed_name(target) for target in node.targets) else node

    def visit_AnnAssign(self, node):
        self.generic_visit(node)
        return None if is_seed_name(node.target) else node

    def visit_AugAssign(self, node):
        self.generic_visit(node)
        return None if is_seed_name(node.target) else node

    def visit_Expr(self, node):
        self.generic_visit(node)
        return None if isinstance(node.value, ast.Call) and is_seeding(node.value) else node

    def visit_Call(self, node):
        self.generic_visit(node)
        if is_seeding(node):
            node.args, node.keywords = [SEED], []
        for keyword in node.keywords:
            if keyword.arg in SEED_KEYWORDS:
                keyword.value = SEED
        called = getattr(node.func, "id", None) or getattr(node.func, "attr", None)
        if called in FLAGS | LOOKUPS and any(names_seed(each) for each in node.args):
            if called in LOOKUPS:
                node.args[1:] = [SEED for _ in node.args[1:]]
            for keyword in node.keywords:
                if keyword.arg == "default":
                    keyword.value = SEED
        return node

    def visit_arguments(self, node):
        self.generic_visit(node)
        positional = getattr(node, "posonlyargs", []) + node.args
        names = [each.arg for each in positional[len(positional) - len(node.defaults):]]
        node.defaults = [SEED if name in SEED_KEYWORDS else each for name, each in zip(names, node.defaults)]
        pairs = zip(node.kwonlyargs, node.kw_defaults)
        node.kw_defaults = [SEED if each.arg in SEED_KEYWORDS and default else default for each, default in pairs]
        return node

    def visit_Dict(self, node):
        self.generic_visit(node)
        node.values = [SEED if names_seed(key) else value for key, value in zip(node.keys, node.values)]
        return node


class WithoutDocstrings(ast.NodeTransformer):
    def generic_visit(self, node):
        super().generic_visit(node)
        if isinstance(node, SCOPES) and ast.get_docstring(node, clean=False) is not None:
            node.body = node.body[1:] or [ast.Pass()]
        return node


def own_names(tree):
    """The names that the file itself binds, but for imported ones: what they mean is defined elsewhere."""
    names, imported = set(), set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store):
            names.add(node.id)
        elif isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)):
            names.add(node.name)
        elif isinstance(node, ast.arg):
            names.add(node.arg)
        elif isinstance(node, ast.alias):
            imported.add((node.asname or node.name).split(".")[0])
    return names - imported


def number_names(tree):
    """Renames the file's own names to $0, $1, ... by first appearance; no name that is kept begins with `$`."""
    own, numbers = own_names(tree), {}

    def renamed(name):
        return f"${numbers.setdefault(name, len(numbers))}" if name in own else name

    for node in ast.walk(tree):
        if isinstance(node, ast.Name):
            node.id = renamed(node.id)
        elif isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)):
            node.name = renamed(node.name)
        elif isinstance(node, (ast.arg, ast.keyword)) and node.arg is not None:
            node.arg = renamed(node.arg)
        elif isinstance(node, (ast.Global, ast.Nonlocal)):
            node.names = [renamed(name) for name in node.names]
    return tree


def form_of(source, is_seedless):
    tree = WithoutDocstrings().visit(ast.parse(source))
    if is_seedless:
        tree = WithoutSeeds().visit(tree)
    return digest(ast.dump(number_names(tree)))


def digest(text):
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()


def forms_of(file, source):
    if not file.endswith(".py"):
        text = "\n".join(line.rstrip() for line in source.splitlines())
        return {"exact": digest(text), "seedless": digest(text)}
    source = source[1:] if source.startswith("\ufeff") else source    # compile() refuses a byte order mark
    compile(source, file, "exec", dont_inherit=True)
    return {"exact": form_of(source, False), "seedless": form_of(source, True)}


def main():
    warnings.simplefilter("ignore")
    forms = {}
    for file, source in json.load(sys.stdin).items():
        try:
            forms[file] = forms_of(file, source)
        except (SyntaxError, ValueError, RecursionError, MemoryError) as error:
            line = getattr(error, "lineno", None) or 0
            message = getattr(error, "msg", None) or str(error) or type(error).__name__
            print(json.dumps({"error": {"file": file, "line": line, "message": message}}))
            return
    print(json.dumps({"forms": forms}))


if __name__ == "__main__":
    main()
