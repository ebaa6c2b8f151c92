"""What should stand ready as one page, and its tables as one workbook."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

from mainstay.prepare.results import TABLES
from mainstay.report.data import bare_data, map_of
from mainstay.report.encode import encode_table
from mainstay.report.texts import Text, amount, currency_words, say, share
from mainstay.report.workbook import write_tables
from mainstay.tables.ready_tables import SCORES

if TYPE_CHECKING:
    import polars as pl

    from mainstay.prepare import Design
    from mainstay.tables.declaration import Table

SECTIONS = ("ready", "frontier", "futures", "rotation", "peacetime")
"""Sections of a page that show what should stand ready."""
WHY = "scores"
"""The section that says why each item is there, where scores are given."""
MOST_ROWS = 5_000
"""Most rows of one table that a page holds."""


def sections(scores: pl.DataFrame | None) -> tuple[str, ...]:
    """Sections of a page, with or without scores."""
    return SECTIONS if scores is None else (*SECTIONS, WHY)


def _told(design: Design, scores: pl.DataFrame | None) -> dict[str, tuple[Table, pl.DataFrame]]:
    """Tables by name, each as declared and as found."""
    told = {name: (table, design.tables[name]) for name, table in TABLES.items()}
    return told if scores is None else told | {SCORES.name: (SCORES, scores)}


def prepare_data(design: Design, scores: pl.DataFrame | None = None) -> dict[str, Any]:
    """Everything that a page of preparing shows, ready for JSON."""
    case, told = design.case, _told(design, scores)
    return bare_data(case) | {
        "tables": {n: encode_table(table, frame, case.start, MOST_ROWS) for n, (table, frame) in told.items()},
        "columns": {n: [[c.name, c.type, c.text, c.text_zh, c.unit] for c in t.columns] for n, (t, _) in told.items()},
        "map": map_of(case),
        "prepare": {"currency": case.currency},
    }


def ready_words(design: Design) -> list[Text]:
    """The design in a few sentences."""
    level, found = design.policy.level, design.found
    currency = currency_words(design.case.currency)
    lines = [
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
    ]
    if design.stochastic is not None and design.information is not None:
        values = {"stochastic": amount(design.stochastic), "information": amount(design.information)}
        lines.append(say("ready_values", **values, currency=currency))
    return lines


def _loss(value: float) -> str:
    return f"{value:.3g}"


def write_prepare_workbook(design: Design, path: str | Path, *, scores: pl.DataFrame | None = None) -> Path:
    """Write every table of preparing as a sheet of one workbook, and say where it is.

    scores : table ``scores`` of the same case, to be a sheet too
    """
    about = [[design.case.title, design.case.title_zh], ["inputs SHA-256", design.case.hash], []]
    told = _told(design, scores)
    return write_tables({n: t for n, (t, _) in told.items()}, {n: frame for n, (_, frame) in told.items()}, about, path)
