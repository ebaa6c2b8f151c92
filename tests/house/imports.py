"""Reads who imports whom, from the source alone, and names the path that breaks the house plan."""

from __future__ import annotations

import ast
from collections.abc import Iterable, Iterator, Mapping
from graphlib import CycleError, TopologicalSorter
from pathlib import Path

ORDER = (
    *("errors", "units", "calendar", "examples"),
    *("tables", "survey", "demand", "network", "chain", "solve"),
    *("plan", "stress", "prepare", "replay", "dispatch", "monitor", "report"),
)
"""The packages of the core, as data flows: each may import those before it, none after it."""

BLOCKS = {
    "mainstay": set(),
    "mainstay_store": {"mainstay"},
    "mainstay_client": {"mainstay"},
    "mainstay_cli": {"mainstay", "mainstay_store", "mainstay_client"},
    "mainstay_web": {"mainstay", "mainstay_store"},
}
"""Each block, and the other blocks it may import."""

WEB_ORDER = (
    "middleware",
    "audit",
    "accounts",
    "machines",
    "jobs",
    "registry",
    "ledger",
    "reporting",
    "planning",
    "preparing",
    "replaying",
    "directives",
    "supervision",
    "dashboards",
    "api",
    "operations",
    "stories",
)
"""The apps of the platform, as a plan lives: each may import those before it, none after it."""

SOLVES = ("mainstay.plan", "mainstay.solve", "mainstay.network")
WORKS_OUT = ("planning", "preparing")
"""In the platform only ``planning`` and ``preparing`` use these."""

ONLY_IN = {"highspy": "mainstay.solve"}
"""Libraries that one package alone may import."""

CORE_WITHOUT = ("click", "django", "duckdb", "flask", "ninja", "psycopg", "sqlalchemy", "sqlite3")
"""The core knows no web, no database and no command line."""

CHECK_WITHOUT = ("mainstay.network", "mainstay.solve")
"""The independent check of a plan knows nothing of the matrix."""

HANDS_OVER = {("mainstay.plan.write", "mainstay.report")}
"""The one door back: a finished plan hands itself to the report to be written. Cycles are found all the same."""

Graph = Mapping[str, set[str]]


def read_imports(source: Path) -> dict[str, set[str]]:
    """Module -> modules and libraries that it imports; what only type checkers read is left out."""
    modules = {_module_name(path, source): path for path in sorted(source.rglob("*.py"))}
    return {name: {_nearest_module(found, modules) for found in _imports(path, name)} for name, path in modules.items()}


def _module_name(path: Path, source: Path) -> str:
    parts = path.relative_to(source).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


def _nearest_module(name: str, modules: Mapping[str, Path]) -> str:
    if name.split(".")[0] not in {module.split(".")[0] for module in modules}:
        return name
    while name not in modules and "." in name:
        name = name.rpartition(".")[0]
    return name


def _imports(path: Path, module: str) -> Iterator[str]:
    package = module if path.name == "__init__.py" else module.rpartition(".")[0]
    for node in _run_time_nodes(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            home = node.module or ""
            if node.level:
                above = package.split(".")[: len(package.split(".")) - node.level + 1]
                home = ".".join([*above, *filter(None, [node.module])])
            yield from (f"{home}.{alias.name}" for alias in node.names)


def _run_time_nodes(node: ast.AST) -> Iterator[ast.AST]:
    yield node
    if isinstance(node, ast.If) and ast.unparse(node.test).endswith("TYPE_CHECKING"):
        children: Iterable[ast.AST] = node.orelse
    else:
        children = ast.iter_child_nodes(node)
    for child in children:
        yield from _run_time_nodes(child)


def broken_rules(graph: Graph) -> list[str]:
    """Every import that breaks the house plan, with the rule it breaks; empty when all is well."""
    found = [problem for name in graph for target in sorted(graph[name]) for problem in _judge(name, target)]
    cycle = find_cycle(graph)
    return found + ([f"import cycle: {' -> '.join(cycle)}"] if cycle else [])


def _judge(name: str, target: str) -> Iterator[str]:
    arrow = f"{name} -> {target}"
    block, target_block = name.split(".")[0], target.split(".")[0]
    if target_block in BLOCKS and target_block != block and target_block not in BLOCKS[block]:
        yield f"{arrow}: {block} may not import {target_block}"
    if block == "mainstay" and target_block in CORE_WITHOUT:
        yield f"{arrow}: the core knows no web, no database and no command line"
    for library, home in ONLY_IN.items():
        if target_block == library and not _inside(name, home):
            yield f"{arrow}: only {home} may import {library}"
    if _inside(name, "mainstay.plan.check") and any(_inside(target, other) for other in CHECK_WITHOUT):
        yield f"{arrow}: the check of a plan knows nothing of the matrix"
    if block == target_block == "mainstay" and "." in name:
        yield from _judge_order(name, target, arrow)
    if block == "mainstay_web":
        yield from _judge_web(name, target, arrow)


def _judge_web(name: str, target: str, arrow: str) -> Iterator[str]:
    app = _app(name)
    if app not in WORKS_OUT and any(_inside(target, package) for package in SOLVES):
        yield f"{arrow}: in the platform only planning and preparing solve"
    if app in WEB_ORDER and _app(target) in WEB_ORDER and WEB_ORDER.index(_app(target)) > WEB_ORDER.index(app):
        yield f"{arrow}: {app} stands above {_app(target)} and may not import it"


def _app(module: str) -> str:
    return module.split(".")[1] if module.startswith("mainstay_web.") else ""


def _judge_order(name: str, target: str, arrow: str) -> Iterator[str]:
    if target == "mainstay":
        yield f"{arrow}: a part imports the parts it needs, not the whole"
        return
    package, target_package = name.split(".")[1], target.split(".")[1]
    if package not in ORDER:
        yield f"{name}: {package} has no place in the order of packages; give it one in docs and test"
    elif (name, f"mainstay.{target_package}") in HANDS_OVER:
        return
    elif target_package in ORDER and ORDER.index(target_package) > ORDER.index(package):
        yield f"{arrow}: {package} stands above {target_package} and may not import it"


def _inside(name: str, package: str) -> bool:
    return name == package or name.startswith(package + ".")


def find_cycle(graph: Graph) -> list[str] | None:
    """The modules of one import cycle in order, the first again at the end; None when there is none."""
    try:
        TopologicalSorter(graph).prepare()
    except CycleError as error:
        return list(error.args[1])[::-1]
    return None
