"""One file per kind of task: the tables it reads, the tasks and effects it writes, its rule, its results.

A module here has ``add(case, builder)``, may have ``finish(case, builder, network)`` (called once the network is
pruned) and ``results(case, runs)`` (the result tables of its tasks). A new file is a new kind; nothing else changes.
"""

from __future__ import annotations

from importlib import import_module
from pkgutil import iter_modules
from types import ModuleType


def kinds() -> list[ModuleType]:
    """All kinds of task, in the order of their names."""
    names = sorted(info.name for info in iter_modules(__path__))
    return [import_module(f"{__name__}.{name}") for name in names]
