"""What should stand ready as one page, and its tables as one workbook."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

from mainstay.prepare.results import TABLES
from mainstay.report.data import bare_data, map_of
from mainstay.report.encode import encode_table
from mainstay.report.texts import Text, amount, currency_words, say, share
from mainstay.report.workbook import write_tables

if TYPE_CHECKING:
    from mainstay.prepare import Design

SECTIONS = ("ready", "frontier", "futures", "rotation")
"""Sections of a page that show what should stand ready."""
MOST_ROWS = 5_000
"""Most rows of one table that a page holds."""


def prepare_data(design: Design) -> dict[str, Any]:
    """Everything that a page of preparing shows, ready for JSON."""
    case = design.case
    return bare_data(case) | {
        "tables": {n: encode_table(t, design.tables[n], case.start, MOST_ROWS) for n, t in TABLES.items()},
        "columns": {n: [[c.name, c.type, c.text, c.text_zh, c.unit] for c in t.columns] for n, t in TABLES.items()},
        "map": map_of(case),
        "prepare": {"currency": case.currency},
    }


def ready_words(design: Design) -> list[Text]:
    """The design in a few sentences."""
    level, found = design.policy.level, design.found
    currency = currency_words(design.case.currency)
    return [
        say(
            "ready_sum",
            cost=amount(design.cost),
            currency=currency,
            number=len(design.preparation.names),
            status=say("ready_optimal" if found.status in ("optimal", "within gap") else "ready_open"),
            gap=share(found.gap),
        ),
        say(
            "ready_effect",
            before=_loss(design.without.mean),
            after=_loss(design.here.mean),
            worst_before=_loss(design.without.worst(level)),
            worst_after=_loss(design.here.worst(level)),
            tail=share(1 - level),
        ),
        say(
            "ready_values",
            stochastic=amount(design.stochastic),
            information=amount(design.information),
            currency=currency,
        ),
    ]


def _loss(value: float) -> str:
    return f"{value:.3g}"


def write_prepare_workbook(design: Design, path: str | Path) -> Path:
    """Write every table of preparing as a sheet of one workbook, and say where it is."""
    about = [[design.case.title, design.case.title_zh], ["inputs SHA-256", design.case.hash], []]
    return write_tables(TABLES, design.tables, about, path)
