"""Results of a preparation, as files of one folder: written once by the worker, read by pages; pages never solve."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

import polars as pl

from mainstay import tables as case_tables
from mainstay.report.page import render_prepare_part, write_prepare_page
from mainstay.report.prepare import ready_words, write_prepare_workbook
from mainstay.tables.declaration import Table
from mainstay.tables.prepare_tables import PREPARE_TABLES
from mainstay.tables.ready_tables import READY_TABLES
from mainstay_web.planning import results as planning
from mainstay_web.planning.results import compress, pair

if TYPE_CHECKING:
    from mainstay.prepare import Design

TABLES: Mapping[str, Table] = PREPARE_TABLES | READY_TABLES
"""Result tables of a design by name."""
OVERVIEW = ("frontier",)
"""Sections of the report that the page of a preparation holds; the others are on the pages of its designs."""
FILES = ("prepare.html", "prepare.xlsx", "prepare.json")


class Results(planning.Results):
    """What a preparation, or one of its designs, left behind."""

    @property
    def case_folder(self) -> Path:
        """Where the tables of the case lie: once for all designs."""
        return (self.folder.parent.parent if self.folder.parent.name == "designs" else self.folder) / "case"

    def design(self, number: int) -> Results:
        """Those of one design."""
        return Results(self.folder / "designs" / str(number))

    @property
    def files(self) -> list[str]:
        """Files of the design to keep: report, workbook, proof."""
        return [name for name in FILES if (self.plan / name).is_file()]


def publish(designs: list[Design], scores: pl.DataFrame, folder: Path) -> None:
    """Write all that pages, exports and interfaces show of a preparation whose designs these are.

    scores : table ``scores`` of the case
    """
    folder.mkdir(parents=True, exist_ok=True)
    case_tables.write(designs[0].case, folder / "case", format="parquet")
    _write_part(folder, render_prepare_part(designs[0], sections=OVERVIEW))
    results = Results(folder)
    for number, design in enumerate(designs, 1):
        _publish(design, scores, results.design(number))


def _publish(design: Design, scores: pl.DataFrame, results: Results) -> None:
    (results.folder / "tables").mkdir(parents=True)
    for name, frame in (design.tables | {"scores": scores}).items():
        frame.write_parquet(results.folder / "tables" / f"{name}.parquet")
    design.write(results.plan)
    write_prepare_page(design, results.plan / "prepare.html", scores=scores)
    write_prepare_workbook(design, results.plan / "prepare.xlsx", scores=scores)
    (results.folder / "summary.json").write_text(json.dumps(design.to_json(), ensure_ascii=False), "utf-8")
    words: dict[str, Any] = {"ready": [pair(line) for line in ready_words(design)]}
    (results.folder / "words.json").write_text(json.dumps(words, ensure_ascii=False), "utf-8")
    _write_part(results.folder, render_prepare_part(design, scores))


def _write_part(folder: Path, part: tuple[str, str]) -> None:
    markup, data = part
    (folder / "part.html").write_text(markup, "utf-8")
    compress(data, folder / "part.json.gz")
