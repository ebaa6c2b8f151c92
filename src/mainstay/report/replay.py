"""A replay as one page, and its tables as one workbook."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol

import polars as pl

from mainstay.report.data import bare_data, map_of
from mainstay.report.encode import encode_frame, encode_table
from mainstay.report.texts import TEXTS, Text, amount, say, share
from mainstay.report.workbook import write_tables
from mainstay.tables.replay_tables import REPLAY_TABLES

if TYPE_CHECKING:
    from collections.abc import Mapping

    from mainstay.replay import Replay
    from mainstay.tables import Case

SECTIONS = ("lived", "lived_map", "foreseen", "calmness", "worth", "replay_tables")
"""Sections of a page that show a replay."""
MOST_ROWS = 3_000
"""Most rows of one table of a replay that a page holds; the files hold all."""


class ReplayLike(Protocol):
    """What came of a replay, lived through now or told by its tables."""

    @property
    def case(self) -> Case: ...  # noqa: D102
    @property
    def tables(self) -> Mapping[str, pl.DataFrame]: ...  # noqa: D102
    @property
    def names(self) -> list[str]: ...  # noqa: D102
    @property
    def least(self) -> float | None: ...  # noqa: D102


def held_name(table: str) -> str:
    """The name under which a page holds a table of a replay, apart from those of a plan."""
    return table if table.startswith("replay_") else f"replay_{table}"


def replay_data(replay: ReplayLike) -> dict[str, Any]:
    """Everything that the page of a replay shows, ready for JSON."""
    start, tables = replay.case.start, replay.tables
    held = {held_name(n): encode_table(t, tables[n], start, MOST_ROWS) for n, t in REPLAY_TABLES.items()}
    served = tables["replay_service"].with_columns(met=pl.col("served") + pl.col("eased"))
    sums = (pl.col("need", "met").sum(),)
    shown = {
        "lived_places": served.group_by("policy", "tier", "item", "place", "date", maintain_order=True).agg(*sums),
        "lived_days": served.group_by("policy", "tier", "item", "date", maintain_order=True).agg(*sums),
        "lived_forecasts": tables["replay_forecasts"],
    }
    tiers = [tier for tier in ("vital", "essential", "desirable") if tier in set(served["tier"].unique())]
    first = shown["lived_places"].filter(pl.col("tier") == tiers[0]) if tiers else shown["lived_places"]
    return bare_data(replay.case) | {
        "tables": held
        | {
            "lived_places": encode_frame(first, start),
            "lived_days": encode_frame(shown["lived_days"], start),
            "lived_forecasts": encode_frame(shown["lived_forecasts"], start),
        },
        "columns": {
            held_name(n): [[c.name, c.type, c.text, c.text_zh, c.unit] for c in t.columns]
            for n, t in REPLAY_TABLES.items()
        },
        "tiers": tiers,
        "map": map_of(replay.case),
        "replay": {"first_tier": tiers[0] if tiers else "", "policies": replay.names},
    }


def policy_words(name: str) -> Text:
    """What a policy is called; one of a user's own keeps its name."""
    key = f"rp_{name.replace('-', '_')}"
    return say(key) if key in TEXTS else Text(name, name)


def lived_words(replay: ReplayLike) -> list[Text]:
    """How it went, in two or three sentences."""
    rows = replay.tables["policies"].to_dicts()
    best, worst = rows[0], rows[-1]
    lines = [
        say(
            "lived_best",
            policy=policy_words(best["policy"]),
            fill=share(best["vital"] or 0.0),
            loss=amount(best["loss"]),
            number=len(rows),
        )
    ]
    if len(rows) > 1:
        lines.append(say("lived_worst", policy=policy_words(worst["policy"]), loss=amount(worst["loss"])))
    if replay.least is not None:
        lines.append(say("lived_least", least=amount(replay.least)))
    return lines


def write_replay_workbook(replay: Replay, path: str | Path) -> Path:
    """Write every table of a replay as a sheet of one workbook, and say where it is."""
    case = replay.history.case
    about = [[case.title, case.title_zh], ["inputs SHA-256", case.hash], []]
    return write_tables(REPLAY_TABLES, replay.tables, about, path)
