"""Calls of what should stand ready: ``client.readiness.start(...)``."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from functools import partial
from typing import TYPE_CHECKING, Any

from mainstay_client.answers import ENDED, build

if TYPE_CHECKING:
    from mainstay_client.client import Client


@dataclass(frozen=True)
class Preparation:
    """What should stand ready, being worked out: its states as a plan's; ``others`` are budgets beside the first."""

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
    share: float
    reason: str
    summary: dict[str, Any]

    @property
    def has_ended(self) -> bool:
        """Whether nothing more will come of it."""
        return self.state in ENDED


@dataclass(frozen=True)
class Design:
    """The best design of a budget; ``mean`` and ``worst`` are weighted shares of need lost, ``cost`` a year."""

    id: int
    preparation: int
    organisation: str
    number: int
    budget: float
    cost: float
    mean: float
    worst: float
    gap: float
    is_asked: bool
    is_knee: bool
    verdict: str


@dataclass(frozen=True)
class RotationTask:
    """What the design in force asks to be bought, issued or scrapped, from ``date`` to ``due``."""

    id: int
    design: int
    organisation: str
    due: date
    expires: date | None
    date: date
    action: str
    item: str
    place: str
    lot: str
    quantity: float
    is_overdue: bool
    done_at: datetime | None
    done_by: str | None


class Readiness:
    """What a person may do with preparations, designs and the rotation calendar.

    Raises
    ------
    CallRefusedError : 403, 404, not allowed; 409, the key was used for something else; 422, not possible now
    UnreachableError : no answer; call again, with the same key where there is one
    """

    def __init__(self, client: Client) -> None:
        self._client = client

    def start(self, *, organisation: str, title: str, key: str, **options: Any) -> Preparation:
        """Prepare for the register as it stands now, once for each key; ``options`` as in docs/api.md."""
        body = {"organisation": organisation, "title": title, **options}
        answer = self._client.call("POST", "/preparations", json=body, headers={"Idempotency-Key": key})
        return build(Preparation, answer.json())

    def preparations(self, **sought: str) -> Iterator[Preparation]:
        """Preparations that the person may see, the newest first; by ``state``."""
        return self._client.pages(partial(build, Preparation), "/preparations", sought)

    def preparation(self, number: int) -> Preparation:
        """One as it stands now."""
        return build(Preparation, self._client.call("GET", f"/preparations/{number}").json())

    def cancel(self, number: int) -> bool:
        """Stop one; False when it had ended."""
        return bool(self._client.call("POST", f"/preparations/{number}/cancel").json()["is_stopping"])

    def wait(self, number: int, *, timeout: float = 3600.0, every: float = 2.0) -> Preparation:
        """One when it has ended."""
        return self._client.ended(lambda: self.preparation(number), f"Preparation {number}", timeout, every)

    def designs(self, number: int) -> list[Design]:
        """The designs of a preparation, the least budget first."""
        said = self._client.call("GET", f"/preparations/{number}/designs").json()
        return [build(Design, one) for one in said]

    def table(self, design: int, table: str) -> Iterator[dict[str, Any]]:
        """Rows of a result table of a design, as ``designs`` (what it holds) or ``scores``."""
        return self._client.pages(dict, f"/designs/{design}/tables/{table}", {})

    def decide(self, design: int, verdict: str, *, reason: str) -> Design:
        """Decide ``approved``, ``rejected`` or ``withdrawn``; sent once alone, look at the design after a failure."""
        said = {"verdict": verdict, "reason": reason}
        answer = self._client.call("POST", f"/designs/{design}/decision", json=said)
        return build(Design, answer.json())

    def calendar(self, **sought: str) -> Iterator[RotationTask]:
        """The rotation calendar of the designs in force; by ``state``: open, overdue or done."""
        return self._client.pages(partial(build, RotationTask), "/rotation", sought)

    def mark(self, task: int, *, is_done: bool = True) -> RotationTask:
        """Say that a task was done, or that it was not after all; sent once alone."""
        answer = self._client.call("POST", f"/rotation/{task}/done", json={"is_done": is_done})
        return build(RotationTask, answer.json())
