"""A server that is killed while reports come in loses none that it acknowledged, and doubles none."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from benchmarks.kill_intake import kill_intake, own_database

KILLS = 10


def test_no_acknowledged_report_is_lost_or_doubled_on_sqlite(tmp_path: Path) -> None:
    holds(kill_intake(KILLS, tmp_path))


@pytest.mark.skipif(
    not os.environ.get("DATABASE_URL", "").startswith("postgres"), reason="DATABASE_URL names no PostgreSQL server"
)
def test_no_acknowledged_report_is_lost_or_doubled_on_postgresql(tmp_path: Path) -> None:
    with own_database(os.environ["DATABASE_URL"]) as own:
        holds(kill_intake(KILLS, tmp_path, own))


def holds(outcome) -> None:
    assert outcome.kills >= KILLS
    assert len(outcome.acknowledged) > 0
    assert (outcome.missing, outcome.doubled, outcome.broken_chain) == (0, 0, "")
