"""Results of a run, as files of one folder: written once by the worker, read by pages; pages never solve."""

from __future__ import annotations

import gzip
import json
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

import polars as pl
import structlog
from django.conf import settings

from mainstay import tables as case_tables
from mainstay.errors import MainstayError
from mainstay.plan import Plan
from mainstay.plan.why import Explainer, Why, told, with_reasons_tried
from mainstay.plan.write import BRIEFINGS
from mainstay.report.actions import actions_of_today
from mainstay.report.page import render, render_chain_part, render_part
from mainstay.report.situation import proof_line, situation
from mainstay.report.texts import Text, say
from mainstay.tables import RESULT_TABLES, WHY_TABLES, frames
from mainstay_web.planning.stressing import write_stress

if TYPE_CHECKING:
    from mainstay.plan import WrittenPlan
    from mainstay.tables import Case

MOST_STRESSED = 2_000
"""Most decisions of a plan whose run is stress-tested at once; of a larger one a job says it when it is asked for."""
TRIED_COLUMNS = 20_000
"""Columns up to which reasons are tried with the plan itself; larger plans are explained by ``mainstay explain``."""
MOST_EXPLAINED, MOST_REASONS = 10, 50
"""Shortages for which levers are tried, and reasons that are tried."""
PART = ("where", "when")
"""Sections of the report that the situation page holds."""


def publish(plan: Plan | WrittenPlan, folder: Path) -> None:
    """Write all that pages, exports and interfaces show of a finished plan."""
    folder.mkdir(parents=True, exist_ok=True)
    plan, levers = _tried(plan)
    plan.write(folder / "plan", briefing=True, fonts=settings.FONTS)
    case_tables.write(plan.case, folder / "case", format="parquet")
    (folder / "tables").mkdir(exist_ok=True)
    for name, frame in plan.tables.items():
        frame.write_parquet(folder / "tables" / f"{name}.parquet")
    levers.write_parquet(folder / "levers.parquet")
    (folder / "summary.json").write_text(json.dumps(plan.to_json(), ensure_ascii=False), "utf-8")
    (folder / "words.json").write_text(json.dumps(_words(plan), ensure_ascii=False), "utf-8")
    page = render(plan, assets=f"{settings.STATIC_URL}report/", chain=plan.chain)
    compress(page, folder / "report.html.gz")
    markup, data = render_part(plan, PART)
    (folder / "part.html").write_text(markup, "utf-8")
    compress(data, folder / "part.json.gz")
    markup, data = render_chain_part(plan.chain)
    (folder / "chain.html").write_text(markup, "utf-8")
    compress(data, folder / "chain.json.gz")
    if plan.tables["decisions"].height <= MOST_STRESSED:
        write_stress(plan.case, folder)


def _tried(plan: Plan | WrittenPlan) -> tuple[Plan | WrittenPlan, pl.DataFrame]:
    """The plan with its reasons tried, and what could be done about its heaviest shortages; of a large plan neither."""
    none = frames.empty(WHY_TABLES["levers"])
    if not (isinstance(plan, Plan) and plan.ok and plan.solution.columns <= TRIED_COLUMNS) or plan.together:
        return plan, none
    try:
        explainer = Explainer(plan)
        heaviest = explainer.shortages().head(MOST_EXPLAINED).select("item", "place", "tier").iter_rows()
        levers = [explainer.shortage(*need).levers for need in heaviest]
        return with_reasons_tried(plan, most=MOST_REASONS), pl.concat([none, *levers])
    except MainstayError as error:  # the plan stands without them
        structlog.get_logger("mainstay.plans").warning("reasons not tried", error=str(error))
        return plan, none


def compress(text: str, file: Path) -> None:
    """Write a text compressed, as browsers take it."""
    file.write_bytes(gzip.compress(text.encode(), mtime=0))


def _words(plan: Plan | WrittenPlan) -> dict[str, Any]:
    return {
        "situation": [pair(line) for line in situation(plan)],
        "proof": pair(proof_line(plan)),
        "today": [
            {
                "key": group.key,
                "title": pair(say(group.key)),
                "actions": [{"text": pair(a.text), "note": pair(a.note)} for a in group.actions],
            }
            for group in actions_of_today(plan)
        ],
    }


def pair(text: Text) -> dict[str, str]:
    """A text as it is kept in a file."""
    return {"en": text.en, "zh": text.zh}


@dataclass(frozen=True)
class Results:
    """What a run left behind."""

    folder: Path

    @property
    def case_folder(self) -> Path:
        """Where the tables of the case lie."""
        return self.folder / "case"

    def table(self, name: str) -> pl.LazyFrame:
        """A result table, to be filtered before it is read."""
        return pl.scan_parquet(self.folder / "tables" / f"{name}.parquet")

    def rows(self, name: str) -> int:
        """How many rows a result table has."""
        return int(self.table(name).select(pl.len()).collect().item())

    @property
    def files(self) -> list[str]:
        """Files of the plan that can be kept: report, workbook, proof, briefings."""
        wanted = ("report.html", "results.xlsx", "plan.json", *BRIEFINGS.values())
        return [name for name in wanted if (self.plan / name).is_file()]

    def case_table(self, name: str) -> pl.LazyFrame:
        """A table of the case as it was planned; without rows where the case has none."""
        file = self.case_folder / f"{name}.parquet"
        declared = case_tables.CASE_TABLES[name]
        found = pl.scan_parquet(file) if file.is_file() else frames.empty(declared).lazy()
        missing = frames.schema(declared).keys() - found.collect_schema().names()
        return found.with_columns(pl.lit(None, dtype=frames.schema(declared)[c]).alias(c) for c in sorted(missing))

    @cached_property
    def summary(self) -> dict[str, Any]:
        """As ``mainstay plan --json`` says it."""
        return json.loads((self.folder / "summary.json").read_text("utf-8"))

    @cached_property
    def words(self) -> dict[str, Any]:
        """Situation, proof and what to do today, each text as a pair of English and Chinese."""
        return json.loads((self.folder / "words.json").read_text("utf-8"))

    def why(self, item: str, place: str, tier: str) -> Why | None:
        """Why a need is not met, from the tables alone; None: all of it is met."""
        declared = RESULT_TABLES["reasons"]
        tables = {name: self.table(name).filter(item=item).collect() for name in ("shortages", "service", "reasons")}
        case = {name: self.case_table(name).collect() for name in ("items", "places", "floors")}
        file = self.folder / "levers.parquet"
        levers = pl.read_parquet(file) if file.is_file() else None
        tables["reasons"] = frames.conform(declared, tables["reasons"])
        return told(tables, case, (item, place, tier), levers)

    @property
    def report(self) -> bytes:
        """The report as a page of the platform, whose styles and scripts are files: HTML, compressed."""
        return (self.folder / "report.html.gz").read_bytes()

    @cached_property
    def items(self) -> pl.DataFrame:
        """Code, name and Chinese name of the items."""
        return pl.scan_parquet(self.case_folder / "items.parquet").select("item", "name", "name_zh").collect()

    @cached_property
    def case(self) -> Case:
        """The case as it was planned."""
        return case_tables.read(self.case_folder)

    @property
    def part(self) -> str:
        """Map and course of the shortages as HTML, to stand in a page of the platform."""
        return (self.folder / "part.html").read_text("utf-8")

    @property
    def part_data(self) -> bytes:
        """What the charts of ``part`` show: JSON, compressed."""
        return (self.folder / "part.json.gz").read_bytes()

    @property
    def has_chain(self) -> bool:
        """Whether the run was published with its chain; older ones were not."""
        return (self.folder / "chain.json.gz").is_file()

    @property
    def chain(self) -> str:
        """The industrial chain with the flows of the plan as HTML, to stand in a page of the platform."""
        return (self.folder / "chain.html").read_text("utf-8")

    @property
    def chain_data(self) -> bytes:
        """What the map and the tables of ``chain`` show: JSON, compressed."""
        return (self.folder / "chain.json.gz").read_bytes()

    @property
    def has_stress(self) -> bool:
        """Whether the run was published with its stress test; large ones and older ones were not."""
        return (self.folder / "stress.json.gz").is_file()

    @property
    def stress(self) -> str:
        """What each single loss would cost as HTML, to stand in a page of the platform."""
        return (self.folder / "stress.html").read_text("utf-8")

    @property
    def stress_data(self) -> bytes:
        """What the charts and tables of ``stress`` show: JSON, compressed."""
        return (self.folder / "stress.json.gz").read_bytes()

    @property
    def plan(self) -> Path:
        """Folder as ``mainstay plan`` writes it: tables, report.html, results.xlsx."""
        return self.folder / "plan"
