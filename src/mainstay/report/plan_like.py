"""What the report reads of a plan, so that it can be written and tested apart from the planner."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import TYPE_CHECKING, Protocol

import polars as pl

from mainstay.calendar import Calendar
from mainstay.solve.solution import StageProof

if TYPE_CHECKING:
    from mainstay.demand import Demand


class CaseLike(Protocol):
    """The case that was planned; ``tables`` holds every declared table."""

    @property
    def tables(self) -> Mapping[str, pl.DataFrame]: ...  # noqa: D102
    @property
    def title(self) -> str: ...  # noqa: D102
    @property
    def title_zh(self) -> str: ...  # noqa: D102
    @property
    def start(self) -> date: ...  # noqa: D102
    @property
    def scenario(self) -> str: ...  # noqa: D102
    @property
    def currency(self) -> str: ...  # noqa: D102
    @property
    def hash(self) -> str: ...  # noqa: D102
    @property
    def extras(self) -> Mapping[str, bytes]: ...  # noqa: D102
    @property
    def stocks_on(self) -> date | None: ...  # noqa: D102


class RuleLike(Protocol):
    """One rule of the check in words."""

    @property
    def name(self) -> str: ...  # noqa: D102
    @property
    def text(self) -> str: ...  # noqa: D102
    @property
    def text_zh(self) -> str: ...  # noqa: D102


class ViolationLike(Protocol):
    """One breach of a rule; its text says where and how much."""

    @property
    def rule(self) -> str: ...  # noqa: D102


class CheckLike(Protocol):
    """The outcome of the independent check."""

    @property
    def ok(self) -> bool: ...  # noqa: D102
    @property
    def rules(self) -> Sequence[RuleLike]: ...  # noqa: D102
    @property
    def violations(self) -> Sequence[ViolationLike]: ...  # noqa: D102


class PlanLike(Protocol):
    """A plan with its case, tables, proof and check."""

    @property
    def case(self) -> CaseLike: ...  # noqa: D102
    @property
    def calendar(self) -> Calendar: ...  # noqa: D102
    @property
    def tables(self) -> Mapping[str, pl.DataFrame]: ...  # noqa: D102
    @property
    def demand(self) -> Demand | None: ...  # noqa: D102
    @property
    def stages(self) -> Sequence[StageProof]: ...  # noqa: D102
    @property
    def check(self) -> CheckLike: ...  # noqa: D102
    @property
    def status(self) -> str: ...  # noqa: D102
    @property
    def seconds(self) -> Mapping[str, float]: ...  # noqa: D102
    @property
    def together(self) -> Sequence[str]: ...  # noqa: D102
    @property
    def common_days(self) -> int: ...  # noqa: D102
