"""Takes the seeds out of a program: two programs that differ only in what they seed their random generators with become the same.

All seeds given to a function, a flag, a variable or an entry count as the same, and statements that only set one are gone. So is
what only feeds a seed: a helper that computes it, a constant that is added to it, a parameter that passes it on, a draw whose result
nobody uses. Whatever else uses such a name keeps it as it is, and so does an expression that may do more than compute a value.
"""
import ast
import re

SEEDING = {
    "seed", "manual_seed", "manual_seed_all", "default_rng", "RandomState", "PRNGKey", "set_seed", "seed_everything",
    "set_random_seed", "seed_all", "SeedSequence", "PCG64", "PCG64DXSM", "MT19937", "Philox", "SFC64", "set_rng_state",
    "set_rng_state_all",
}
SEED_KEYWORDS = {"seed", "random_state", "random_seed"}
FLAGS = {"add_argument", "option"}
LOOKUPS = {"get", "getenv", "DEFINE_integer"}
GENERATORS = {"default_rng", "RandomState"}
BIT_GENERATORS = {"PCG64", "PCG64DXSM", "MT19937", "Philox", "SFC64"}
STREAMS = {"spawn", "jumped"}
OF_RANDOM = re.compile(r"(?:^|_)(?:rng|prng|rand|random|gen|generator|torch)(?:$|[_\d])")
MOVES = {"advance", "set_state", "setstate"}
DRAWS = {
    "random", "rand", "randn", "normal", "standard_normal", "integers", "randint", "uniform", "random_sample", "choice",
    "permutation", "bytes", "getrandbits", "randrange", "gauss",
}
PURE_NAMES = {
    "int", "float", "str", "bool", "abs", "min", "max", "hash", "len", "round", "pow", "sum", "ord", "chr", "hex", "sorted", "list",
    "tuple", "dict", "set", "range", "divmod", "enumerate", "zip", "reversed", "bytes", "Random",
}
PURE_ATTRIBUTES = {
    "get", "getenv", "time", "time_ns", "perf_counter", "monotonic", "encode", "format", "strip", "split", "join", "hexdigest", "digest",
    "md5", "sha1", "sha256", "blake2b", "crc32", "adler32", "from_bytes", "to_bytes", "floor", "sqrt", "getpid", "Random", "lower", "upper", "urandom",
    "token_bytes", "randbits", "randbelow", "uuid4", "getnode", "prod", "int32", "int64", "uint32",
} | DRAWS
HARMLESS_MODULES = {"random", "hashlib", "zlib", "time", "math", "secrets", "uuid", "os", "functools", "itertools", "operator", "types"}
RECORDS = {"dict", "SimpleNamespace", "Namespace"}
PURE_NODES = (
    ast.Constant, ast.Name, ast.Attribute, ast.Subscript, ast.BinOp, ast.UnaryOp, ast.BoolOp, ast.Compare, ast.IfExp, ast.Tuple,
    ast.List, ast.Set, ast.Dict, ast.JoinedStr, ast.FormattedValue, ast.Lambda, ast.ListComp, ast.SetComp, ast.DictComp,
    ast.GeneratorExp, ast.comprehension, ast.Slice, ast.Starred, ast.Call, ast.keyword, ast.arguments, ast.arg, ast.operator,
    ast.unaryop, ast.boolop, ast.cmpop, ast.expr_context,
)
PURE_STATEMENTS = (ast.Return, ast.Assign, ast.AugAssign, ast.AnnAssign, ast.If, ast.For, ast.While, ast.Expr, ast.Pass, ast.Break, ast.Continue)
FUNCTIONS = (ast.FunctionDef, ast.AsyncFunctionDef)
SEED = ast.Constant("SEED")


def without_seeds(tree):
    remover = WithoutSeeds(tree)
    tree = remover.visit(tree)
    feeds = remover.feeds
    for _ in range(100):  # each round takes out at least one name
        remover = WithoutFeeders(tree, feeds)
        tree = remover.visit(tree)
        if not remover.is_changed:
            break
        feeds = feeds.joined(remover.feeds)
    return tree


class Feeds:
    """The names, attributes and keys that expressions use."""

    def __init__(self, names=(), keys=()):
        self.names = set(names)
        self.keys = set(keys)

    def note(self, *nodes):
        for node in nodes:
            for each in ast.walk(node):
                if isinstance(each, ast.Name):
                    self.names.add(each.id)
                elif isinstance(each, ast.Attribute):
                    self.keys.add(each.attr)
                elif isinstance(each, ast.Constant) and isinstance(each.value, str):
                    self.keys.add(each.value)

    def joined(self, other):
        return Feeds(self.names | other.names, self.keys | other.keys)


def is_seed_name(node):
    return "seed" in (name_of(node) or "").lower() or (isinstance(node, ast.Subscript) and names_seed(index_of(node)))


def index_of(node):
    """What a subscript is by; Python 3.8 wraps it."""
    return getattr(node.slice, "value", node.slice) if type(node.slice).__name__ == "Index" else node.slice


def names_seed(node):
    """Whether a text, such as a flag, a variable or a key, is a seed's name."""
    words = re.split(r"[^a-z]+", node.value.lower()) if isinstance(node, ast.Constant) and isinstance(node.value, str) else []
    return "seed" in words or "pythonhashseed" in words or "_".join(words) == "random_state"


def name_of(node):
    """`b` for `b` and for `a.b`; None for what has no name."""
    return getattr(node, "id", None) or getattr(node, "attr", None)


def called(call):
    return name_of(call.func)


def is_draw(node):
    """A call that draws from a generator, or moves it on, and does nothing else."""
    if not isinstance(node, ast.Call) or not isinstance(node.func, ast.Attribute) or node.func.attr not in DRAWS | MOVES:
        return False
    receiver = node.func.value
    name = called(receiver) if isinstance(receiver, ast.Call) else name_of(receiver)
    return bool(OF_RANDOM.search((name or "").lower())) and all(is_pure(each, set()) for each in node.args)


def sets_seed(call):
    """A call that puts a seed somewhere by its name, such as into the environment."""
    if called(call) == "update":
        mappings = all(isinstance(each, ast.Dict) and all(names_seed(key) for key in each.keys) for each in call.args)
        return mappings and all(names_seed(ast.Constant(each.arg)) for each in call.keywords)
    return called(call) in {"setattr", "setdefault", "putenv", "__setitem__"} and any(names_seed(each) for each in call.args)


class WithoutSeeds(ast.NodeTransformer):
    """Removes statements that only set a seed; a seed inside another expression becomes the same constant."""

    def __init__(self, tree):
        self.feeds = Feeds()
        own = {each.name for each in ast.walk(tree) if isinstance(each, FUNCTIONS)}
        self.active = own - pure_functions(tree)

    def only_computes(self, *nodes):
        """Whether no function of the file that does more than compute a value is called; of other functions that is taken for granted."""
        calls = [each for node in nodes for each in ast.walk(node) if isinstance(each, ast.Call)]
        return not any(getattr(each.func, "id", None) in self.active for each in calls)

    def visit_Assign(self, node):
        return self.assignment(node, node.targets)

    def visit_AnnAssign(self, node):
        return self.assignment(node, [node.target])

    def visit_AugAssign(self, node):
        return self.assignment(node, [node.target])

    def assignment(self, node, targets):
        values = [each for each in [node.value] if each is not None]
        if all(is_seed_name(target) for target in targets) and self.only_computes(*values):
            self.feeds.note(*values)
            return None
        self.generic_visit(node)
        return node

    def visit_Expr(self, node):
        call = node.value
        if isinstance(call, ast.Call):
            given = call.args + call.keywords
            if (called(call) in SEEDING or sets_seed(call) or is_draw(call)) and self.only_computes(*given):
                self.feeds.note(*given)
                return None
        self.generic_visit(node)
        return node

    def visit_Call(self, node):
        given = node.args + node.keywords
        if called(node) in SEEDING and self.only_computes(*given):
            self.feeds.note(*given)
            node.args, node.keywords = [SEED], []
        self.generic_visit(node)
        for keyword in node.keywords:
            if keyword.arg and names_seed(ast.Constant(keyword.arg)) and self.only_computes(keyword.value):
                self.feeds.note(keyword.value)
                keyword.value = SEED
        if called(node) in FLAGS | LOOKUPS and any(names_seed(each) for each in node.args):
            if called(node) in LOOKUPS:
                node.args[1:] = [SEED for _ in node.args[1:]]
            for keyword in node.keywords:
                if keyword.arg == "default":
                    keyword.value = SEED
        return self.generator(node)

    def generator(self, node):
        """One form for all ways to make a generator of random numbers, and to take another stream of it."""
        if called(node) in GENERATORS and node.args == [SEED]:
            return ast.Call(ast.Name("GENERATOR", ast.Load()), [SEED], [])
        of_bits = called(node) == "Generator" and len(node.args) == 1 and isinstance(node.args[0], ast.Call)
        if of_bits and called(node.args[0]) in BIT_GENERATORS:
            return ast.Call(ast.Name("GENERATOR", ast.Load()), [SEED], [])
        if called(node) in STREAMS and isinstance(node.func, ast.Attribute) and is_generator(node.func.value):
            return node.func.value
        return node

    def visit_Subscript(self, node):
        is_stream = isinstance(node.value, ast.Call) and called(node.value) in STREAMS
        self.generic_visit(node)
        return node.value if is_stream and is_generator(node.value) else node

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


def is_generator(node):
    return isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "GENERATOR"


class WithoutFeeders(ast.NodeTransformer):
    """Removes what only seeds used: definitions, assignments, imports and parameters of the names that fed them."""

    def __init__(self, tree, feeds):
        self.feeds = Feeds()
        self.is_changed = False
        uses = [each for each in ast.walk(tree) if isinstance(getattr(each, "ctx", None), (ast.Load, ast.Del))]
        self.used = [each.id for each in uses if isinstance(each, ast.Name)]
        shared = [name for each in ast.walk(tree) if isinstance(each, (ast.Global, ast.Nonlocal)) for name in each.names]
        keys = {each.attr for each in uses if isinstance(each, ast.Attribute)}
        keys |= {index_of(each).value for each in uses if isinstance(each, ast.Subscript) and isinstance(index_of(each), ast.Constant)}
        keys |= {text.value for each in ast.walk(tree) if isinstance(each, ast.Call) for text in each.args if isinstance(text, ast.Constant)}
        self.names = {name for name in feeds.names if name not in self.used and name not in shared}
        self.maybe = feeds.names - set(shared)
        self.keys = feeds.keys - keys
        self.classes = {each.name for each in ast.walk(tree) if isinstance(each, ast.ClassDef)}
        self.pure = pure_functions(tree)
        self.passed = passed_seeds(tree, feeds)
        self.makers = {
            each.name for each in ast.walk(tree)
            if isinstance(each, ast.FunctionDef) and not each.decorator_list
            and len(each.body) == 1 and isinstance(each.body[0], ast.Return) and is_generator(each.body[0].value)
        }
        self.maybe |= self.makers

    def is_pure(self, *nodes):
        return all(is_pure(node, self.pure) for node in nodes if node is not None)

    def drop(self, *nodes):
        self.feeds.note(*[node for node in nodes if node is not None])
        self.is_changed = True

    def is_unused(self, target):
        if isinstance(target, ast.Tuple):
            return all(self.is_unused(each) for each in target.elts)
        if isinstance(target, ast.Name):
            return target.id in self.names
        if isinstance(target, ast.Attribute):
            return target.attr in self.keys
        return isinstance(target, ast.Subscript) and getattr(index_of(target), "value", None) in self.keys

    def visit_Assign(self, node):
        is_burnt = is_draw(node.value) and all(isinstance(each, ast.Name) and each.id not in self.used for each in node.targets)
        return self.assignment(node, node.targets, is_burnt)

    def visit_AnnAssign(self, node):
        return self.assignment(node, [node.target])

    def visit_AugAssign(self, node):
        return self.assignment(node, [node.target])

    def assignment(self, node, targets, is_burnt=False):
        if (is_burnt or all(self.is_unused(each) for each in targets)) and self.is_pure(node.value):
            self.drop(node.value)
            return None
        self.generic_visit(node)
        return node

    def visit_FunctionDef(self, node):
        own = [each.id for each in ast.walk(node) if isinstance(each, ast.Name) and isinstance(each.ctx, ast.Load)]
        is_used = self.used.count(node.name) > own.count(node.name)
        if node.name in self.maybe and not is_used and not node.decorator_list and self.is_pure(*node.args.defaults):
            self.drop(*node.body)
            return None
        self.generic_visit(node)
        for name in self.passed.get(node.name, {}):
            without_parameter(node.args, name)
        node.body = node.body or [ast.Pass()]
        return node

    def visit_ClassDef(self, node):
        if node.name in self.names and not node.decorator_list and not node.keywords and all(self.is_member(each) for each in node.body):
            self.drop(*node.body)
            return None
        kept = []
        for each in node.body:
            targets = each.targets if isinstance(each, ast.Assign) else [getattr(each, "target", None)]
            is_field = isinstance(each, (ast.Assign, ast.AnnAssign)) and all(
                isinstance(target, ast.Name) and target.id in self.keys and target.id not in self.used for target in targets
            )
            if is_field and self.is_pure(each.value):
                self.drop(each.value)
            else:
                kept.append(each)
        node.body = kept
        self.generic_visit(node)
        return node

    def is_member(self, node):
        if isinstance(node, (ast.Assign, ast.AnnAssign)):
            return self.is_pure(node.value)
        return isinstance(node, FUNCTIONS + (ast.Pass,)) or (isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant))

    def visit_Import(self, node):
        return self.imports(node, lambda alias: alias.name)

    def visit_ImportFrom(self, node):
        return self.imports(node, lambda alias: node.module or "")

    def imports(self, node, module_of):
        """Of these modules an import that nothing uses does nothing."""
        unused = [
            alias for alias in node.names
            if (alias.asname or alias.name.split(".")[0]) not in self.used and module_of(alias).split(".")[0] in HARMLESS_MODULES
        ]
        node.names = [alias for alias in node.names if alias not in unused]
        return node if node.names else None

    def visit_For(self, node):
        self.generic_visit(node)
        return node if node.body or node.orelse or not self.is_pure(node.iter) else None

    def visit_If(self, node):
        self.generic_visit(node)
        return node if node.body or node.orelse or not self.is_pure(node.test) else None

    def visit_Dict(self, node):
        pairs = list(zip(node.keys, node.values))
        fed = [value for key, value in pairs if getattr(key, "value", None) in self.keys and self.is_pure(value)]
        if fed:
            self.drop(*fed)
            node.keys = [key for key, value in pairs if value not in fed]
            node.values = [value for _, value in pairs if value not in fed]
        self.generic_visit(node)
        return node

    def visit_Call(self, node):
        if called(node) in RECORDS | self.classes:
            fed = [each for each in node.keywords if each.arg in self.keys and self.is_pure(each.value)]
            if fed:
                self.drop(*fed)
                node.keywords = [each for each in node.keywords if each not in fed]
        name = getattr(node.func, "id", None)
        passed = self.passed.get(name, {})
        if passed:
            self.drop(*[each for index, each in enumerate(node.args) if index in passed.values()])
            self.drop(*[each.value for each in node.keywords if each.arg in passed])
            node.args = [each for index, each in enumerate(node.args) if index not in passed.values()]
            node.keywords = [each for each in node.keywords if each.arg not in passed]
        self.generic_visit(node)
        if name in self.makers and self.is_pure(*node.args, *[each.value for each in node.keywords]):
            self.drop(*node.args)
            return ast.Call(ast.Name("GENERATOR", ast.Load()), [SEED], [])
        return node


def pure_functions(tree):
    """The functions of a file that only compute a value, by name."""
    found = {}
    for node in ast.walk(tree):
        if isinstance(node, FUNCTIONS):
            found.setdefault(node.name, []).append(node)
    pure = {name for name, nodes in found.items() if len(nodes) == 1 and isinstance(nodes[0], ast.FunctionDef)}
    while True:
        impure = {name for name in pure if not all(is_pure_statement(each, pure) for each in found[name][0].body)}
        if not impure:
            return pure
        pure -= impure


def is_pure_statement(node, pure):
    if not isinstance(node, PURE_STATEMENTS):
        return isinstance(node, ast.Import) and all(alias.name in HARMLESS_MODULES for alias in node.names)
    targets = node.targets if isinstance(node, ast.Assign) else [getattr(node, "target", ast.Name("", ast.Store()))]
    if not all(isinstance(each, (ast.Name, ast.Tuple)) for each in targets):
        return False
    for child in ast.iter_child_nodes(node):
        if not (is_pure_statement(child, pure) if isinstance(child, ast.stmt) else is_pure(child, pure)):
            return False
    return True


def is_pure(node, pure):
    """Whether an expression only computes a value, as far as can be told."""
    for each in ast.walk(node):
        if not isinstance(each, PURE_NODES):
            return False
        if isinstance(each, ast.Call):
            name = getattr(each.func, "id", None)
            known = name in PURE_NAMES | pure | {"GENERATOR"} if name else getattr(each.func, "attr", None) in PURE_ATTRIBUTES
            if not known and not isinstance(each.func, ast.Lambda):
                return False
    return True


def passed_seeds(tree, feeds):
    """By function, its parameters that only pass a seed on, each with its place among the positional ones."""
    calls = {}
    used = [each.id for each in ast.walk(tree) if isinstance(each, ast.Name) and isinstance(each.ctx, ast.Load)]
    for each in ast.walk(tree):
        if isinstance(each, ast.Call) and isinstance(each.func, ast.Name):
            calls.setdefault(each.func.id, []).append(each)
    found = {}
    for node in ast.walk(tree):
        if not isinstance(node, FUNCTIONS):
            continue
        own = calls.get(node.name, [])
        given = [value for call in own for value in call.args]
        is_plain = not any(each.arg is None for call in own for each in call.keywords)
        # It is only ever called, and the places of what it is given are known.
        is_plain = is_plain and node.name not in found and used.count(node.name) == len(own) and not node.decorator_list
        is_plain = is_plain and not any(isinstance(each, ast.Starred) for each in given)
        loaded = {each.id for each in ast.walk(node) if isinstance(each, ast.Name) and isinstance(each.ctx, ast.Load)}
        positional = getattr(node.args, "posonlyargs", []) + node.args.args
        places = [(each.arg, index) for index, each in enumerate(positional)] + [(each.arg, None) for each in node.args.kwonlyargs]
        found[node.name] = {
            name: index for name, index in places
            if is_plain and name in feeds.names and name not in loaded and all(is_pure(each, set()) for each in values_of(own, name, index))
        }
    return found


def values_of(calls, name, index):
    """What calls give a parameter."""
    named = [each.value for call in calls for each in call.keywords if each.arg == name]
    return named + [call.args[index] for call in calls if index is not None and index < len(call.args)]


def without_parameter(arguments, name):
    only_positional = getattr(arguments, "posonlyargs", [])
    positional = only_positional + arguments.args
    defaults = dict(zip([each.arg for each in positional[len(positional) - len(arguments.defaults):]], arguments.defaults))
    arguments.defaults = [defaults[each.arg] for each in positional if each.arg in defaults and each.arg != name]
    arguments.args = [each for each in arguments.args if each.arg != name]
    if only_positional:
        arguments.posonlyargs = [each for each in only_positional if each.arg != name]
    pairs = [pair for pair in zip(arguments.kwonlyargs, arguments.kw_defaults) if pair[0].arg != name]
    arguments.kwonlyargs, arguments.kw_defaults = [each for each, _ in pairs], [each for _, each in pairs]
