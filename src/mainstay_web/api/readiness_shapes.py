"""What goes in and out of the interface of preparing."""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated, Any, Literal

from ninja import Schema
from pydantic import Field, StringConstraints

from mainstay_web.api.shapes import Word

Money = Annotated[float, Field(ge=0, le=1e15, allow_inf_nan=False)]


class PreparationIn(Schema):
    """Prepared for the register as it stands now."""

    organisation: Word = Field(description="code of the organisation that prepares")
    title: Annotated[str, StringConstraints(pattern=r"^[^\x00]*$", min_length=1, max_length=200)]
    budget: Money | None = Field(None, description="most that all that stands ready may cost a year; empty: no limit")
    others: list[Money] = Field([], max_length=20, description="further budgets; empty: multiples of the first")
    caution: float = Field(0.5, ge=0, le=1, description="0: the mean of all futures counts; 1: the worst alone")
    level: float = Field(0.9, gt=0, lt=1, description="the worst 1 - level of the futures count as such")
    futures: int | None = Field(None, ge=1, le=5000, description="drawn from the events; empty: those of the case")
    hold_out: float = Field(0.0, ge=0, le=0.9, description="share of the futures that designs are tried on")
    seed: int = Field(0, ge=0, le=2**31 - 1)
    gap: float = Field(0.01, ge=0.0001, le=1, description="to be proven")
    time_limit: int | None = Field(None, ge=1, le=86_400, description="seconds, of each budget")


class PreparationOut(Schema):
    id: int
    organisation: str
    title: str
    at: datetime
    budget: float | None
    others: list[float]
    caution: float
    level: float
    state: str
    stage: str
    share: float = Field(description="of the work done, 0 to 1")
    reason: str = Field(description="why it failed; in Chinese where Accept-Language asks for it")
    summary: dict[str, Any]


class DesignOut(Schema):
    """The best design of a budget; ``mean`` and ``worst`` are weighted shares of need lost."""

    id: int
    preparation: int
    organisation: str
    number: int
    budget: float
    cost: float = Field(description="a year")
    mean: float
    worst: float
    gap: float
    is_asked: bool = Field(description="whether it is for the budget that was asked for first")
    is_knee: bool = Field(description="whether more money brings clearly less from here")
    verdict: str = Field(description="approved: in force; replaced, withdrawn, rejected, or empty")


class DesignVerdictIn(Schema):
    verdict: Literal["approved", "rejected", "withdrawn"]
    reason: Annotated[str, StringConstraints(pattern=r"^[^\x00]*$", min_length=1, max_length=2000)]


class TaskOut(Schema):
    """What the design in force asks to be bought, issued or scrapped, from ``date`` to ``due``."""

    id: int
    design: int
    organisation: str
    date: date
    due: date
    action: str = Field(description="buy, issue or scrap")
    item: str
    place: str
    lot: str
    quantity: float
    expires: date | None
    is_overdue: bool
    done_at: datetime | None
    done_by: str | None


class DoneIn(Schema):
    is_done: bool = True
