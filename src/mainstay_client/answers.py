"""What the platform says, as objects."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from datetime import date, datetime
from typing import Any, TypeVar

T = TypeVar("T")
ENDED = ("done", "failed", "cancelled")


@dataclass(frozen=True)
class Finding:
    """What is wrong, where, and what to do; ``row`` counts the rows that were sent from 1."""

    message: str
    row: int | None = None
    column: str = ""
    value: str = ""
    rule: str = ""
    remedy: str = ""
    severity: str = "error"

    def __str__(self) -> str:
        place = f"row {self.row}, " if self.row is not None else ""
        return f"{place}{self.column}: {self.message} {self.remedy}".strip()


@dataclass(frozen=True)
class Submission:
    """What became of reports that were sent; ``is_new`` False: they were received before under the same key."""

    id: int
    organisation: str
    key: str
    received_at: datetime
    rows: int
    accepted: int
    unchanged: int
    refused: int
    findings: list[Finding] = field(default_factory=list)
    is_new: bool = True


@dataclass(frozen=True)
class Report:
    """A figure as the platform holds it."""

    organisation: str
    item: str
    measure: str
    basis: str
    date: date
    quantity: float
    unit: str
    blocker: str
    version: int
    received_at: datetime
    submission: int


@dataclass(frozen=True)
class Plan:
    """A plan run: ``state`` is queued, running, done, failed or cancelled; ``share`` of its work is done, 0 to 1."""

    id: int
    organisation: str
    title: str
    at: datetime
    horizon: str
    needs: str
    state: str
    stage: str
    share: float
    is_sound: bool | None
    verdict: str
    reason: str
    summary: dict[str, Any]

    @property
    def has_ended(self) -> bool:
        """Whether nothing more will come of it."""
        return self.state in ENDED


@dataclass(frozen=True)
class Job:
    """Long work in the background: its states as a plan's; ``summary`` says what became of each row."""

    id: int
    kind: str
    organisation: str
    title: str
    at: datetime
    state: str
    stage: str
    share: float
    reason: str
    findings: list[Finding] = field(default_factory=list)
    summary: dict[str, Any] = field(default_factory=dict)

    @property
    def has_ended(self) -> bool:
        """Whether nothing more will come of it."""
        return self.state in ENDED


@dataclass(frozen=True)
class Matter:
    """What a desk deals with step by step; ``facts`` by name, ``possible`` the steps that the caller may take now."""

    id: int
    service: str
    organisation: str
    state: str
    at: datetime
    facts: dict[str, Any] = field(default_factory=dict)
    possible: list[str] = field(default_factory=list)
    changes: list[dict[str, Any]] = field(default_factory=list)
    documents: list[dict[str, Any]] = field(default_factory=list)


@dataclass(frozen=True)
class OwnPart:
    """What the approved plan says for one organisation; ``run`` None: no plan is approved."""

    organisation: str
    run: int | None
    is_shared: bool = False
    parts: dict[str, list[dict[str, Any]]] = field(default_factory=dict)


@dataclass(frozen=True)
class Step:
    """A step that was taken of a directive; ``person`` None: by the platform itself."""

    step: str
    old: str
    new: str
    at: datetime
    person: str | None
    note: str
    given: dict[str, Any]


@dataclass(frozen=True)
class Directive:
    """What one organisation is to do; ``days`` in the calendar of the plan; ``today`` and ``done`` count units.

    ``history`` and ``steps``, those possible now, are filled where one directive is asked for.
    """

    id: int
    addressee: str
    plan: int
    kind: str
    text: str
    text_zh: str
    why: str
    why_zh: str
    item: str
    unit: str
    quantity: float
    today: float
    days: list[dict[str, Any]]
    due_at: datetime
    state: str
    since: datetime
    done: float
    blocker: str
    is_vital: bool
    is_late: bool
    share: float | None = None
    until: date | None = None
    level: int = 0
    replaced_by: int | None = None
    steps: list[str] = field(default_factory=list)
    history: list[Step] = field(default_factory=list)


@dataclass(frozen=True)
class Issue:
    """What an issue of directives changed; ``unaddressed`` lines of the plan went to nobody."""

    plan: int
    first: date
    days: int
    issued: int
    unchanged: int
    kept: int
    superseded: int
    unaddressed: list[dict[str, str]]


def build(kind: type[T], said: Mapping[str, Any]) -> T:
    """An answer as an object; what this version of the client does not know is left out."""
    values: dict[str, Any] = {}
    for one in fields(kind):  # type: ignore[arg-type]
        if one.name in said:
            values[one.name] = _typed(str(one.type), said[one.name])
    return kind(**values)


def _typed(kind: str, value: Any) -> Any:
    if kind in ("datetime", "datetime | None") and value is not None:
        return datetime.fromisoformat(value)
    if kind in ("date", "date | None") and value is not None:
        return date.fromisoformat(value)
    if kind == "list[Step]":
        return [build(Step, one) for one in value]
    if kind == "list[Finding]":
        return [build(Finding, one) for one in value]
    return value
