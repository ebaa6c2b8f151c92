"""Calls of replays and exercises: ``client.replays.decide(...)``."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from functools import partial
from typing import TYPE_CHECKING, Any

from mainstay_client.answers import ENDED, Job, build

if TYPE_CHECKING:
    from mainstay_client.client import Client


@dataclass(frozen=True)
class Replay:
    """A replay: its states as a plan's; ``asked`` is how, ``summary`` as ``replay.json`` of the command line."""

    id: int
    organisation: str
    title: str
    at: datetime
    asked: dict[str, Any]
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
class Exercise:
    """Where an exercise stands; ``number`` is of the next turn, ``day`` the one to be decided on.

    In a list the figures of where it stands are left out; ``choices`` and ``places`` are filled where one exercise is
    asked for that has days left.
    """

    id: int
    organisation: str
    title: str
    at: datetime
    ended_at: datetime | None
    replay: int
    number: int | None = None
    day: date | None = None
    is_over: bool = False
    starts: list[str] = field(default_factory=list)
    met: dict[str, float | None] = field(default_factory=dict)
    cuts: list[dict[str, Any]] = field(default_factory=list)
    start: str = ""
    places: list[dict[str, Any]] = field(default_factory=list)
    choices: list[dict[str, Any]] = field(default_factory=list)


@dataclass(frozen=True)
class Turn:
    """A day that was decided in an exercise, or taken back; ``changes`` are units by task."""

    number: int
    kind: str
    day: date
    start: str
    changes: dict[str, float]
    at: datetime
    person: str


class Replays:
    """Replays and exercises of a platform."""

    def __init__(self, client: Client) -> None:
        self._client = client

    def replays(self, *, state: str | None = None) -> Iterator[Replay]:
        """Replays, the newest first."""
        return self._client.pages(partial(build, Replay), "/replays", {"state": state} if state else {})

    def replay(self, replay: int) -> Replay:
        """One replay as it stands now."""
        return build(Replay, self._client.call("GET", f"/replays/{replay}").json())

    def start(self, *, organisation: str, title: str, policies: Sequence[str], key: str, **options: Any) -> Replay:
        """Live through a history in the background, once under the key; ``options`` as in docs/api.md.

        Raises
        ------
        CallRefusedError : 409, the key was used to ask for another; 403, 404, 422, not allowed or not understood
        UnreachableError : no answer; call again with the same key
        """
        return build(Replay, self._begin("/replays", organisation, title, policies, key, options))

    def cancel(self, replay: int) -> bool:
        """Stop a replay; False when it had ended."""
        return bool(self._client.call("POST", f"/replays/{replay}/cancel").json()["is_stopping"])

    def wait(self, replay: int, *, timeout: float = 3600.0, every: float = 2.0) -> Replay:
        """The replay when it has ended.

        Raises
        ------
        UnreachableError : it had not ended after ``timeout`` seconds
        """
        return self._client.ended(lambda: self.replay(replay), f"Replay {replay}", timeout, every)

    def table(self, replay: int, table: str) -> Iterator[dict[str, Any]]:
        """All rows of a table of a replay."""
        return self._client.pages(dict, f"/replays/{replay}/tables/{table}", {})

    def exercises(self) -> Iterator[Exercise]:
        """Exercises, the newest first, without where they stand."""
        return self._client.pages(partial(build, Exercise), "/exercises", {})

    def exercise(self, exercise: int, *, start: str = "cover") -> Exercise:
        """Where an exercise stands, with this morning's choices as the proposal ``start`` makes them."""
        return build(Exercise, self._client.call("GET", f"/exercises/{exercise}", params={"start": start}).json())

    def start_exercise(
        self, *, organisation: str, title: str, policies: Sequence[str], key: str, **options: Any
    ) -> Exercise:
        """Set up an exercise, once under the key; ``policies`` live through the same history.

        Raises
        ------
        CallRefusedError : as of ``start``; UnreachableError : no answer; call again with the same key
        """
        return build(Exercise, self._begin("/exercises", organisation, title, policies, key, options))

    def decide(self, exercise: int, number: int, *, start: str, changes: Mapping[str, float] | None = None) -> Turn:
        """Decide on a day; the same decision under the same number counts once, so it is safe to call again.

        number : of the turn; start : the proposal that is begun with; changes : units by task, where not as proposed

        Raises
        ------
        CallRefusedError : 409, this turn was decided otherwise; 422, it cannot be decided so; 403, 404, not allowed
        UnreachableError : no answer; call again
        """
        body = {"number": number, "start": start, "changes": dict(changes or {})}
        return build(Turn, self._client.call("POST", f"/exercises/{exercise}/decide", json=body).json())

    def plan(self, exercise: int) -> Job:
        """Have the solver plan this morning, in the background; the plan at work already, if one is."""
        return build(Job, self._client.call("POST", f"/exercises/{exercise}/plan").json())

    def turns(self, exercise: int) -> Iterator[Turn]:
        """What was decided in an exercise, and taken back."""
        return self._client.pages(partial(build, Turn), f"/exercises/{exercise}/turns", {})

    def undo(self, exercise: int, number: int) -> Turn:
        """Take the last day back, as the turn of this number; sent once alone.

        Raises
        ------
        CallRefusedError : 422, there is no such day; 403, 404, not allowed; UnreachableError : no answer
        """
        answer = self._client.call("POST", f"/exercises/{exercise}/undo", json={"number": number})
        return build(Turn, answer.json())

    def end(self, exercise: int) -> Exercise:
        """End an exercise; safe to call again."""
        return build(Exercise, self._client.call("POST", f"/exercises/{exercise}/end").json())

    def exercise_table(self, exercise: int, table: str) -> Iterator[dict[str, Any]]:
        """All rows of a table of an exercise that has ended, the team beside rules and plans."""
        return self._client.pages(dict, f"/exercises/{exercise}/tables/{table}", {})

    def _begin(
        self, path: str, organisation: str, title: str, policies: Sequence[str], key: str, options: Mapping[str, Any]
    ) -> dict[str, Any]:
        plain = {name: value.isoformat() if isinstance(value, date) else value for name, value in options.items()}
        body = {"organisation": organisation, "title": title, "policies": list(policies), **plain}
        found: dict[str, Any] = self._client.call("POST", path, json=body, headers={"Idempotency-Key": key}).json()
        return found
