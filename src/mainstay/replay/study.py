"""A replay: one history lived through by several policies, compared, and without each measure."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from pathlib import Path
from typing import Any

import polars as pl

from mainstay.errors import UsageError
from mainstay.replay.live import Life, Tell, live
from mainstay.replay.policies import Policy, find_policy
from mainstay.replay.results import declared, fill_rates, tables
from mainstay.replay.rules import Rules
from mainstay.replay.share_out import ShareOut
from mainstay.replay.truth import History, history
from mainstay.replay.worth import without
from mainstay.solve import Options, Probe
from mainstay.stress.model import LOSS, make_model
from mainstay.tables import Case
from mainstay.tables.replay_tables import REPLAY_TABLES

MARK = "replay.json"


@dataclass(frozen=True)
class Replay:
    """What came of living through a history.

    least : least loss that anybody could have who knew all, whole numbers let go; None: not looked for
    worth : lives of the first policy without each measure, by its name
    """

    history: History
    lives: tuple[Life, ...]
    every: int
    least: float | None
    worth: dict[str, Life]

    @property
    def case(self) -> Case:
        """The case, with the needs that really came."""
        return self.history.true

    @property
    def names(self) -> list[str]:
        """Names of the policies, in the order in which they were asked for."""
        return [life.name for life in self.lives]

    @cached_property
    def tables(self) -> dict[str, pl.DataFrame]:
        """The tables of a replay, as declared."""
        first = self.lives[0]
        rows = [
            {
                "measure": name,
                "policy": life.name,
                "loss": first.loss,
                "without": life.loss,
                "worth": life.loss - first.loss,
                "vital": fill_rates(life)["vital"],
                "cost": float(life.costs.sum()),
            }
            for name, life in self.worth.items()
        ]
        worth = declared("replay_worth", [pl.DataFrame(rows).sort("worth", descending=True)] if rows else [])
        return tables(self.lives, self.least) | {"replay_worth": worth}

    def to_json(self) -> dict[str, Any]:
        """What was asked and found, ready for JSON."""
        return {
            "case": self.history.case.title,
            "inputs_hash": self.history.case.hash,
            "truth": self.history.truth,
            "from": self.history.first.isoformat(),
            "to": self.lives[0].dates[-1].isoformat(),
            "every": self.every,
            "least": self.least,
            "policies": self.tables["policies"].to_dicts(),
            "worth": self.tables["replay_worth"].to_dicts(),
            "not_planned": {
                life.name: {str(each.made_on): each.failed for each in life.moments if each.failed}
                for life in self.lives
            },
            "seconds": {life.name: round(life.seconds, 3) for life in self.lives},
        }

    def write(self, folder: str | Path) -> Path:
        """Write the tables as CSV, and last what was found as ``replay.json``; say where."""
        home = Path(folder)
        home.mkdir(parents=True, exist_ok=True)
        (home / MARK).unlink(missing_ok=True)
        for name in REPLAY_TABLES:
            self.tables[name].write_csv(home / f"{name}.csv")
        text = json.dumps(self.to_json(), ensure_ascii=False, indent=2, allow_nan=False)
        (home / MARK).write_text(text + "\n", encoding="utf-8")
        return home


def live_through(
    case: Case,
    policies: Sequence[str | Policy | ShareOut] = ("rolling", "proportional", "foresight"),
    *,
    first: date | None = None,
    last: date | None = None,
    every: int = 1,
    truth: str | None = None,
    horizon: str | None = None,
    leave_out: Sequence[str] = (),
    bound: bool = True,
    options: Options | None = None,
    progress: Tell | None = None,
) -> Replay:
    """Live through a history day by day, by each policy, on what was known each day.

    Parameters
    ----------
    case : as ``read`` gives it; its tables say what really happens, and when each row became known
    policies : by name, ``file.py:name``, or objects of one's own
    first, last : first and last day; None: those of the case
    every : days from one morning of decisions to the next; rules of thumb act on every day
    truth : scenario of the needs that really come; None: the scenario that is planned on
    horizon : periods of the plans; None: the case's
    leave_out : measures without which the first policy lives through it again
    bound : whether to find the least loss that anybody could have
    options : of the solver, for the least loss

    Raises
    ------
    UsageError : a policy, measure or scenario is not known, days are outside the case, two policies have one name
    DataError : the case has errors
    """
    chosen = [find_policy(each) if isinstance(each, str) else each for each in policies]
    names = [each.name for each in chosen]
    if not chosen or len(set(names)) < len(names):
        raise UsageError("Name policies to compare, each once.")
    if every < 1:
        raise UsageError(f"Decisions are made every {every} days. Give 1 or more.")
    lived = history(case, truth, first, last)
    others = {measure: history(without(case, measure), truth, first, last) for measure in leave_out}
    rules = Rules.of(lived.true)
    lives = [live(lived, policy, rules=rules, every=every, horizon=horizon, progress=progress) for policy in chosen]
    least = least_loss(lived, options) if bound else None
    again = {
        measure: live(other, chosen[0], every=every, horizon=horizon, progress=progress)
        for measure, other in others.items()
    }
    return Replay(lived, tuple(lives), every, least, again)


def least_loss(lived: History, options: Options | None = None) -> float:
    """Least loss that anybody could have on the path who knew all of it, whole numbers let go.

    Nothing that a policy does in the world can lose less: all that the world allows, this programme allows.
    """
    model = make_model(lived.true)
    return max(Probe(model.network, {LOSS: 1.0}, options).undisturbed.value, 0.0)
