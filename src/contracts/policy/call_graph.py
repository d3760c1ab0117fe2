"""Who calls whom in the product's source, as far as names tell: from a marked function back to its doors."""

import ast
from collections import deque
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field

PAGE = "page"
API = "api"
COMMAND = "command"
AGENDA = "agenda"
OWN = {"self", "cls"}
MAX_DEPTH = 5
DOORS = {
    "views": PAGE,
    "urls": PAGE,
    "middleware": PAGE,
    "templatetags": PAGE,
    "forms": PAGE,
    "api": API,
    "serializers": API,
    "management": COMMAND,
    "keepers": AGENDA,
    "tasks": AGENDA,
    "apps": AGENDA,
}
SAYS = ("announce", "ask")  # what a registry carries upward, by a word both ends know
HEARS = ("listens", "answers")
Definition = ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef


@dataclass(frozen=True, slots=True)
class Caller:
    """A door of the product that leads to a function: its dotted name, its kind, and what it says it does."""

    name: str
    door: str
    says: str
    steps: int


@dataclass(slots=True)
class _Module:
    """A file: what its names mean, and what it defines."""

    name: str
    imports: dict[str, str] = field(default_factory=dict)
    defined: dict[str, Definition] = field(default_factory=dict)


@dataclass(slots=True)
class CallGraph:
    """The names that use each name, and what is said of each."""

    users: dict[str, set[str]] = field(default_factory=dict)
    says: dict[str, str] = field(default_factory=dict)

    def callers_of(self, name: str, *, most: int = 12) -> list[Caller]:
        """Return the doors that lead to a function, the nearest first; none where only tests call it."""
        found: list[Caller] = []
        seen = {name}
        queue = deque([(name, 0)])
        while queue and len(found) < most:
            at, steps = queue.popleft()
            if steps and (door := door_of(at)):
                found.append(Caller(at, door, self.says.get(at, ""), steps))
                continue
            for user in sorted(self.users.get(at, ())):
                if user not in seen:
                    seen.add(user)
                    queue.append((user, steps + 1))
        return found


def door_of(name: str) -> str:
    """Return through which door a definition is entered, or nothing when it lies further inside."""
    if name.rpartition(".")[2].startswith("_"):
        return ""
    return next((DOORS[part] for part in name.split(".")[1:-1] if part in DOORS), "")


def call_graph(sources: Mapping[str, str]) -> CallGraph:
    """Return who uses whom, from the text of each module by its dotted name.

    Names are followed through imports and re-exports. A method called on an object of unknown class counts as
    a use of every method of that name: what is never reached is never called, what is reached may be. Who
    announces or asks a word uses those who listen to it or answer it.
    """
    modules = {name: _read(name, text) for name, text in sources.items()}
    graph = CallGraph()
    methods = _methods(modules)
    heard = _heard(modules)
    for module in modules.values():
        for name, node in module.defined.items():
            user = f"{module.name}.{name}"
            graph.says[user] = (ast.get_docstring(node) or "").split("\n")[0]
            for used in _used_by(name, node, module, modules, methods) | _told_by(node, heard):
                graph.users.setdefault(used, set()).add(user)
            if "." in name:  # a class that is used brings its methods
                graph.users.setdefault(user, set()).add(user.rpartition(".")[0])
    return graph


def _read(name: str, text: str) -> _Module:
    module = _Module(name)
    tree = ast.parse(text)
    for node in ast.walk(tree):
        if isinstance(node, ast.ImportFrom) and node.module:
            for each in node.names:
                module.imports[each.asname or each.name] = f"{node.module}.{each.name}"
        elif isinstance(node, ast.Import):
            for each in node.names:
                module.imports[each.asname or each.name.split(".")[0]] = each.name
    for path, definition in _definitions(tree, ""):
        module.defined[path] = definition
    return module


def _definitions(tree: ast.AST, prefix: str) -> Iterator[tuple[str, Definition]]:
    for node in ast.iter_child_nodes(tree):
        if isinstance(node, ast.ClassDef):
            yield f"{prefix}{node.name}", node
            yield from _definitions(node, f"{prefix}{node.name}.")
        elif isinstance(node, Definition):
            yield f"{prefix}{node.name}", node


def _methods(modules: Mapping[str, _Module]) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for module in modules.values():
        for path in module.defined:
            if "." in path:
                found.setdefault(path.rpartition(".")[2], []).append(f"{module.name}.{path}")
    return found


def _heard(modules: Mapping[str, _Module]) -> dict[str, set[str]]:
    """Return the functions that listen to each word or answer it, by their marks."""
    found: dict[str, set[str]] = {}
    for module in modules.values():
        for path, node in module.defined.items():
            for word in _words(node.decorator_list, HEARS):
                found.setdefault(word, set()).add(f"{module.name}.{path}")
    return found


def _told_by(node: Definition, heard: Mapping[str, set[str]]) -> set[str]:
    return {each for word in _words(_inside(node), SAYS) for each in heard.get(word, ())}


def _words(nodes: Iterable[ast.AST], names: tuple[str, ...]) -> Iterator[str]:
    for each in nodes:
        if isinstance(each, ast.Call) and isinstance(each.func, ast.Name) and each.func.id in names:
            word = each.args[0] if each.args else None
            if isinstance(word, ast.Constant) and isinstance(word.value, str):
                yield word.value


def _own(name: str, owner: str, modules: Mapping[str, _Module], depth: int = 0) -> set[str]:
    """Return the method of this name in a class or its bases: what `self.name` means."""
    module_name, _dot, path = owner.rpartition(".")
    module = modules.get(module_name)
    definition = module.defined.get(path) if module else None
    if module is None or not isinstance(definition, ast.ClassDef) or depth > MAX_DEPTH:
        return set()
    if f"{path}.{name}" in module.defined:
        return {f"{owner}.{name}"}
    for base in definition.bases:
        for meant in _resolve(_dotted(base), module, modules) if _dotted(base) else ():
            if found := _own(name, meant, modules, depth + 1):
                return found
    return set()


def _used_by(
    path: str,
    node: Definition,
    module: _Module,
    modules: Mapping[str, _Module],
    methods: Mapping[str, list[str]],
) -> set[str]:
    used: set[str] = set()
    for each in _inside(node):
        if isinstance(each, ast.Name):
            used |= _meant(each.id, module, modules)
        elif isinstance(each, ast.Attribute) and _dotted(each.value) in OWN and "." in path:
            used |= _own(each.attr, f"{module.name}.{path.rpartition('.')[0]}", modules)
        elif isinstance(each, ast.Attribute):
            dotted = _dotted(each)
            found = _resolve(dotted, module, modules) if dotted else set()
            used |= found or set(methods.get(each.attr, ()))
    return used


def _inside(node: Definition) -> Iterator[ast.AST]:
    """Yield what a definition holds; the methods of a class are definitions of their own."""
    queue: deque[ast.AST] = deque(ast.iter_child_nodes(node))
    while queue:
        each = queue.popleft()
        if isinstance(node, ast.ClassDef) and isinstance(each, Definition):
            continue
        yield each
        queue.extend(ast.iter_child_nodes(each))


def _dotted(node: ast.expr) -> str:
    if isinstance(node, ast.Attribute):
        front = _dotted(node.value)
        return f"{front}.{node.attr}" if front else ""
    return node.id if isinstance(node, ast.Name) else ""


def _meant(name: str, module: _Module, modules: Mapping[str, _Module]) -> set[str]:
    if name in module.defined:
        return {f"{module.name}.{name}"}
    return _follow(module.imports[name], modules) if name in module.imports else set()


def _resolve(dotted: str, module: _Module, modules: Mapping[str, _Module]) -> set[str]:
    first, _dot, rest = dotted.partition(".")
    if first in module.defined:
        return {f"{module.name}.{dotted}"} if dotted in module.defined else {f"{module.name}.{first}"}
    if first not in module.imports:
        return set()
    return _follow(f"{module.imports[first]}.{rest}", modules)


def _follow(target: str, modules: Mapping[str, _Module], depth: int = 0) -> set[str]:
    """Return the definition an imported name leads to, through modules that only hand it on."""
    for name, rest in _cuts(target):
        module = modules.get(name)
        if module is None or not rest:
            continue
        for path in (rest, rest.partition(".")[0]):
            if path in module.defined:
                return {f"{name}.{path}"}
        first, _dot, more = rest.partition(".")
        if first in module.imports and depth < 5:
            return _follow(f"{module.imports[first]}.{more}".rstrip("."), modules, depth + 1)
    return set()


def _cuts(target: str) -> Iterable[tuple[str, str]]:
    parts = target.split(".")
    for cut in range(len(parts), 0, -1):
        yield ".".join(parts[:cut]), ".".join(parts[cut:])
