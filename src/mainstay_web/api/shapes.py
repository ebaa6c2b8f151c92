"""What goes in and out of the interface."""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated, Any, Generic, TypeVar

from django.db.models import QuerySet
from ninja import Path, Query, Schema
from pydantic import Field, StringConstraints, create_model

from mainstay.tables import CASE_TABLES
from mainstay_web.api.problems import Finding

T = TypeVar("T")
MOST = 1000
"""Rows of one page."""
ROWS = 5000
"""Rows of one submission."""

Word = Annotated[str, StringConstraints(pattern=r"^[^\x00]*$", max_length=300)]
"""A text without the character that databases refuse."""
Key = Annotated[int, Path(ge=1, le=2**31 - 1)]
Limit = Annotated[int, Query(ge=1, le=MOST, description="rows of the page")]
Offset = Annotated[int, Query(ge=0, le=10_000_000, description="rows before the page")]
Sought = Annotated[Word | None, Query()]
IdempotencyKey = Annotated[str, StringConstraints(pattern=r"^[\x21-\x7e]{1,200}$")]
Day = Annotated[date | None, Query()]


class Page(Schema, Generic[T]):
    """Some of many rows."""

    total: int
    limit: int
    offset: int
    rows: list[T]


def page(found: QuerySet[Any], limit: int, offset: int, shape: Any = lambda row: row) -> dict[str, Any]:
    """One page of a query."""
    rows = [shape(row) for row in found[offset : offset + limit]]
    return {"total": found.count(), "limit": limit, "offset": offset, "rows": rows}


class OrganisationOut(Schema):
    code: str
    name: str
    name_zh: str
    kind: str
    path: str
    place: str
    enterprise: str
    is_active: bool


class RowOut(Schema):
    """A row of the register: ``values`` by column of its table."""

    table: str
    label: str
    version: int
    at: datetime
    organisation: str
    values: dict[str, Any]


Cell = str | float | None
ReportRow = create_model(
    "ReportRow",
    __config__={"extra": "forbid"},
    **{
        column.name: (
            Annotated[Annotated[str, StringConstraints(max_length=300)] | float | None, Field(description=column.text)],
            None,
        )
        for column in CASE_TABLES["reports"].columns
    },
)
"""A row as it is sent: judged one by one, so that a wrong one does not stop the others."""


class ReportsIn(Schema):
    organisation: Word | None = Field(
        None, description="code of the organisation that reports; may be left out by who reports for one alone"
    )
    rows: list[ReportRow] = Field(max_length=ROWS)


class SubmissionOut(Schema):
    """What became of a submission: every row is accepted or refused."""

    id: int
    organisation: str
    key: str
    received_at: datetime
    rows: int
    accepted: int
    unchanged: int = Field(description="accepted rows that said what was known already")
    refused: int
    findings: list[Finding]


class ReportOut(Schema):
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


class FindingOut(Finding):
    id: int
    submission: int
    organisation: str


class CoverageOut(Schema):
    organisation: str
    due: datetime
    received_at: datetime | None
    status: str


class RunIn(Schema):
    organisation: Word = Field(description="code of the organisation that plans")
    title: Annotated[str, StringConstraints(pattern=r"^[^\x00]*$", min_length=1, max_length=200)]
    horizon: Annotated[str, StringConstraints(pattern=r"^[0-9x ]*$", max_length=100)] = Field(
        "", description="periods x days: 14x1 6x7; empty: as the case says"
    )
    needs: Annotated[str, StringConstraints(pattern=r"^[^\x00]*$", max_length=100)] = Field(
        "", description="scenario of the needs; empty: as the case says"
    )
    as_of: date | None = Field(None, description="plan on what was known on this day")
    gap: float = Field(0.01, ge=0, le=1)
    time_limit: int | None = Field(None, ge=1, le=86_400, description="seconds")


class RunOut(Schema):
    id: int
    organisation: str
    title: str
    at: datetime
    horizon: str
    needs: str
    as_of: date | None
    state: str
    stage: str
    share: float = Field(description="of the work done, 0 to 1")
    is_sound: bool | None = Field(description="whether the finished plan passes its check")
    verdict: str
    reason: str = Field(description="why it failed; in Chinese where Accept-Language asks for it")
    summary: dict[str, Any]


class SearchIn(Schema):
    organisation: Word = Field(description="code of the organisation on whose behalf enterprises are compared")


class JobOut(Schema):
    """Long work in the background: ``state`` is queued, running, done, failed or cancelled."""

    id: int
    kind: str = Field(
        description="import: of a whole case; duplicates: search for enterprises registered twice; stress: of a plan; "
        "morning: plan of a morning of an exercise"
    )
    organisation: str
    title: str
    at: datetime
    state: str
    stage: str
    share: float = Field(description="of the work done, 0 to 1")
    reason: str = Field(description="why it failed; in Chinese where Accept-Language asks for it")
    findings: list[Finding] = Field(description="at most 500")
    summary: dict[str, Any] = Field(description="what came of it; of an import, what became of the rows of each table")


class CancelledOut(Schema):
    is_stopping: bool = Field(description="false: it had ended")


class VerdictIn(Schema):
    verdict: Annotated[str, StringConstraints(pattern="^(approved|rejected)$")]
    reason: Annotated[str, StringConstraints(pattern=r"^[^\x00]*$", min_length=1, max_length=2000)]


class TableOut(Schema):
    table: str
    columns: list[str]
    total: int
    limit: int
    offset: int
    rows: list[dict[str, Any]]


class OwnOut(Schema):
    """What the approved plan says for one organisation; ``run`` empty: no plan is approved."""

    organisation: str
    run: int | None
    is_shared: bool = Field(False, description="its place is shared, so goods there are told as the place's")
    parts: dict[str, list[dict[str, Any]]] = {}


class DayOut(Schema):
    date: date
    quantity: float


class DirectiveOut(Schema):
    """What one organisation is to do; days are in the calendar of the plan, moments in ours."""

    id: int
    addressee: str
    plan: int = Field(description="run that it comes from")
    kind: str
    text: str
    text_zh: str
    why: str
    why_zh: str
    item: str
    unit: str
    quantity: float = Field(description="in all")
    today: float = Field(description="of it, today")
    days: list[DayOut]
    due_at: datetime
    state: str
    since: datetime
    done: float = Field(description="in all so far")
    blocker: str
    share: float | None = Field(description="what can still be done while it is blocked, 0 to 1")
    until: date | None = Field(description="day on which it can go on")
    is_vital: bool
    is_late: bool
    level: int = Field(description="levels above the addressee that were told")
    replaced_by: int | None


class ChangeOut(Schema):
    step: str
    old: str
    new: str
    at: datetime
    person: str | None = Field(description="empty: the system")
    note: str
    given: dict[str, Any]


class DirectiveWithHistoryOut(DirectiveOut):
    steps: list[str] = Field(description="that the person may take now")
    history: list[ChangeOut]


class TodayOut(Schema):
    organisation: str
    directives: list[DirectiveOut]


class StepIn(Schema):
    """What is said with a step; each step asks for some of it."""

    note: Annotated[str, StringConstraints(pattern=r"^[^\x00]*$", max_length=1000)] = ""
    done: Annotated[float, Field(ge=0, le=1e15, allow_inf_nan=False)] | None = None
    blocker: Word | None = None
    share: Annotated[float, Field(ge=0, le=1, allow_inf_nan=False)] | None = None
    until: date | None = None


class DirectivesIn(Schema):
    days: Annotated[int, Field(ge=1, le=14)] = 3


class IssueOut(Schema):
    """What an issue changed; ``unaddressed`` are lines of the plan for whom no organisation stands."""

    plan: int
    first: date
    days: int
    issued: int
    unchanged: int
    kept: int = Field(description="under way or done")
    superseded: int
    unaddressed: list[dict[str, str]]


class AuditOut(Schema):
    row: int
    at: datetime
    person: str | None
    action: str
    organisation: str | None
    subject: str
    detail: dict[str, Any]
    previous: str
    hash: str
