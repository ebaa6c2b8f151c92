"""What goes in and out of the interface of replays and exercises."""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated, Any, Literal

from ninja import Schema
from pydantic import Field, StringConstraints

from mainstay.replay import MEASURES, POLICIES
from mainstay_web.api.shapes import Word

Short = Annotated[str, StringConstraints(pattern=r"^[^\x00]*$", max_length=100)]
Turn = Annotated[int, Field(ge=1, le=2**31 - 1, description="number of the turn, one more than there are")]
Quantity = Annotated[float, Field(ge=0, le=1e15, allow_inf_nan=False)]
Task = Annotated[str, StringConstraints(pattern=r"^[^\x00]*$", max_length=300)]


class HistoryIn(Schema):
    organisation: Word = Field(description="code of the organisation for which it is lived through")
    title: Annotated[str, StringConstraints(pattern=r"^[^\x00]*$", min_length=1, max_length=200)]
    plan: int | None = Field(
        None, ge=1, le=2**31 - 1, description="plan run whose case it is; empty: the register as it stands now"
    )
    policies: list[Literal[tuple(POLICIES)]] = Field(min_length=1, max_length=len(POLICIES))
    truth: Short = Field("", description="scenario of the needs that really come; empty: what is planned on")
    first: date | None = None
    last: date | None = None
    every: int = Field(1, ge=1, le=365, description="days from plan to plan")
    horizon: Annotated[str, StringConstraints(pattern=r"^[0-9x ]*$", max_length=100)] = Field(
        "", description="periods x days of each plan: 7x1 3x7; empty: as the case says"
    )


class ReplayIn(HistoryIn):
    leave_out: list[Literal[tuple(MEASURES)]] = Field(
        [], max_length=len(MEASURES), description="the first policy lives through it again without each of these"
    )
    bound: bool = Field(True, description="find the least that anybody could lose")


class ReplayOut(Schema):
    """A replay: ``state`` is queued, running, done, failed or cancelled."""

    id: int
    organisation: str
    title: str
    at: datetime
    asked: dict[str, Any]
    state: str
    stage: str
    share: float = Field(description="of the work done, 0 to 1")
    reason: str = Field(description="why it failed; in Chinese where Accept-Language asks for it")
    summary: dict[str, Any] = Field(description="as replay.json of the command line")


class ChoiceOut(Schema):
    """One thing that can be ordered this morning."""

    task: str
    kind: str
    words: str
    note: str
    most: float | None = Field(description="known limit; empty: none")
    proposed: float
    is_whole: bool


class PlaceOut(Schema):
    """What is known of an item at a place, in units of the item."""

    item: str
    place: str
    enterprise: float = Field(description="in distribution")
    facility: float = Field(description="in wards")
    reserve: float
    coming: float = Field(description="under way")
    asked: float = Field(description="asked for today, what waits included")
    projected: float = Field(description="a day, on average of the next seven")
    cover: float | None = Field(description="days of cover")


class CutOut(Schema):
    """An order of yesterday that could not be carried out in full."""

    kind: str
    words: str
    asked: float
    done: float
    short: str = Field(description="what was short")


class ExerciseRow(Schema):
    """An exercise as a list shows it."""

    id: int
    organisation: str
    title: str
    at: datetime
    ended_at: datetime | None
    replay: int = Field(description="replay of the same history by rules and plans; to be read after the end")


class ExerciseOut(ExerciseRow):
    """Where an exercise stands; ``choices`` and ``places`` of this morning are empty when nothing is left to decide."""

    number: int = Field(description="of the next turn")
    day: date
    is_over: bool = Field(description="whether every day is lived through")
    starts: list[str] = Field(description="proposals to begin with")
    start: str = Field("", description="the proposal that is told here")
    met: dict[str, float | None] = Field(description="share of needs met so far by the team, by tier")
    cuts: list[CutOut]
    places: list[PlaceOut] = []
    choices: list[ChoiceOut] = []


class DecisionIn(Schema):
    number: Turn
    start: Short = Field(description="proposal to begin with: one of starts")
    changes: dict[Task, Quantity] = Field({}, max_length=5000, description="units by task, where not as proposed")


class TurnIn(Schema):
    number: Turn


class TurnOut(Schema):
    number: int
    kind: str = Field(description="decided or undone")
    day: date
    start: str
    changes: dict[str, float]
    at: datetime
    person: str
