"""The kinds of work that workers do; each app adds its own when the platform starts."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Protocol

if TYPE_CHECKING:
    from mainstay_web.jobs.models import Queued


class Say(Protocol):
    """Told how far the work is: ``stage`` as a code, ``share`` from 0 to 1."""

    def __call__(self, *, stage: str, share: float) -> None: ...


def say_nothing(**_progress: Any) -> None:
    """For work that nobody follows."""


@dataclass(frozen=True)
class Kind:
    """One kind of work.

    model : table whose rows are such work
    action : right to start, see and cancel it
    work : does it, and leaves the queue by ``finish`` or ``fail``; False when it was stopped or taken away
    say_stage : the code of a stage in the reader's language
    name : what it is called in the reader's language
    """

    model: type[Queued]
    action: str
    work: Callable[[Any, Say], bool]
    say_stage: Callable[[str], str]
    name: Callable[[], str]


KINDS: dict[str, Kind] = {}
"""All kinds by their code."""

CHORES: list[Callable[[], object]] = []
"""What every worker does between two pieces of work: each app adds its own; quick, and safe to do again."""
