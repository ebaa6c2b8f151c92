"""A writer that is killed in the midst of movements loses none that it acknowledged, and writes none twice."""

from __future__ import annotations

import os

import pytest
from benchmarks.kill_intake import own_database
from benchmarks.kill_ledger import on

KILLS = 10


def test_no_acknowledged_movement_is_lost_or_doubled_on_sqlite() -> None:
    holds(on("", KILLS))


@pytest.mark.skipif(
    not os.environ.get("DATABASE_URL", "").startswith("postgres"), reason="DATABASE_URL names no PostgreSQL server"
)
def test_no_acknowledged_movement_is_lost_or_doubled_on_postgresql() -> None:
    with own_database(os.environ["DATABASE_URL"]) as own:
        holds(on(own, KILLS))


def holds(figures) -> None:
    assert figures["kills"] >= KILLS
    assert figures["acknowledged"] > 0
    assert (figures["missing"], figures["doubled"], figures["faults"]) == (0, 0, 0)
