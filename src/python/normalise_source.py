"""Compiles files without running them, and says what is left of them without comments, layout and names."""
import ast
import hashlib
import warnings

from seedless import without_seeds

SCOPES = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef, ast.Module)


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
        tree = without_seeds(tree)
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


def normal_forms(files):
    """{"forms": {file: {"exact", "seedless"}}}, each a hash, or {"error": {"file", "line", "message"}} for the first that does
    not compile. Two files with the same `exact` do the same: they differ at most in comments, layout, docstrings, the spelling
    of numbers and the names of what they define themselves. `seedless` is the same of what seedless.py leaves of a file. A file
    that is not Python is hashed as text.
    """
    forms = {}
    for file, source in files.items():
        try:
            with warnings.catch_warnings():
                warnings.simplefilter("ignore")
                forms[file] = forms_of(file, source)
        except (SyntaxError, ValueError, RecursionError, MemoryError) as error:
            line = getattr(error, "lineno", None) or 0
            message = getattr(error, "msg", None) or str(error) or type(error).__name__
            return {"error": {"file": file, "line": line, "message": message}}
    return {"forms": forms}
