"""A plan as the data of one page: tables, names and words, compact."""

from __future__ import annotations

import json
from datetime import timedelta
from importlib import metadata
from importlib.resources import files
from typing import TYPE_CHECKING, Any

import polars as pl

from mainstay.report import decisions
from mainstay.report.coast import clip_land
from mainstay.report.demand import demand_facts, demand_tables
from mainstay.report.encode import encode_table
from mainstay.report.names import Names, plain
from mainstay.report.needs import fill_by_tier
from mainstay.report.texts import TEXTS, Text, currency_words
from mainstay.tables.chain_tables import CHAIN_TABLES
from mainstay.tables.columns import TIERS
from mainstay.tables.result_tables import RESULT_TABLES
from mainstay.tables.stress_tables import STRESS_TABLES

if TYPE_CHECKING:
    from collections.abc import Collection

    from mainstay.demand import Demand
    from mainstay.report.plan_like import CaseLike, PlanLike
    from mainstay.tables import Case

PACKAGES = ("mainstay", "highspy", "polars", "numpy", "scipy")
MOST_PRICES = 2000
SHOWN_TABLES = {name: table for name, table in RESULT_TABLES.items() if name != "decisions"}
"""Result tables that the page holds; ``decisions`` says again, task by task, what the others say."""


def page_data(
    plan: PlanLike, demand: Demand | None, *, tables: Collection[str] = tuple(SHOWN_TABLES)
) -> dict[str, Any]:
    """Everything that the page's script shows, ready for JSON; of the result tables those that are named.

    Tables of the plan keep their declared columns; ``decisions`` are the ranked ones of the page.
    """
    start = plan.calendar.start
    held = {n: encode_table(SHOWN_TABLES[n], _shown(n, plan.tables[n]), start) for n in tables}
    return {
        "meta": _meta(plan),
        "days": list(plan.calendar.days),
        "tiers": [t for t in TIERS if t in set(plan.tables["shortages"]["tier"].unique())],
        "fill": fill_by_tier(plan.tables["shortages"]),
        "items": _items(plan.case),
        "places": _places(plan.case),
        "inputs": _inputs(plan),
        "names": _names(plan),
        "columns": _columns(),
        "tables": held | (demand_tables(demand) if demand else {}),
        "demand": demand_facts(demand) if demand else None,
        "decisions": {
            "conversions": _rows(plan, decisions.conversions(plan)),
            "licences": _rows(plan, decisions.licences(plan)),
            "measures": _rows(plan, decisions.measures(plan)),
        },
        "proof": _proof(plan),
        "map": map_of(plan.case),
        "texts": TEXTS,
    }


def demand_data(demand: Demand) -> dict[str, Any]:
    """The same for a page that shows what people will need, and no plan."""
    case = demand.case
    return bare_data(case) | {"tables": demand_tables(demand), "demand": demand_facts(demand)}


def bare_data(case: Case) -> dict[str, Any]:
    """What every page without a plan holds of its case."""
    return {
        "meta": {"title": titled(case).en, "title_zh": titled(case).zh, "start": case.start.isoformat()},
        "days": list(case.calendar.days),
        "tiers": [],
        "items": _items(case),
        "places": _places(case),
        "names": Names(case.tables).encoded() | {"table": _table_words()},
        "columns": {},
        "tables": {},
        "texts": TEXTS,
    }


def _table_words() -> dict[str, tuple[str, str]]:
    """What the tables of a page are called: in Chinese by the first words of what they hold."""
    tables = RESULT_TABLES | {f"chain_{name}": table for name, table in CHAIN_TABLES.items()}
    tables |= {held_name(name): table for name, table in STRESS_TABLES.items()}
    return {code: (plain(table.name), table.text_zh.partition("：")[0]) for code, table in tables.items()}


def held_name(table: str) -> str:
    """The name under which a page holds a table of stress, apart from those of a plan."""
    return table if table.startswith("stress_") else f"stress_{table}"


def titled(case: CaseLike) -> Text:
    """The title of a case in both languages."""
    return Text(case.title, case.title_zh or case.title)


def heading(plan: PlanLike) -> Text:
    """The title of a plan: that of its case, with the scenario where several were planned on at once."""
    title, scenario = titled(plan.case), plan.case.scenario
    return Text(f"{title.en}: {scenario}", f"{title.zh}：{scenario}") if plan.together else title


def _meta(plan: PlanLike) -> dict[str, Any]:
    case = plan.case
    return {
        "title": heading(plan).en,
        "title_zh": heading(plan).zh,
        "start": plan.calendar.start.isoformat(),
        "end": (plan.calendar.end - timedelta(days=1)).isoformat(),
        "currency": [currency_words(case.currency).en, currency_words(case.currency).zh],
        "scenario": case.scenario,
        "horizon": plan.calendar.text,
        "hash": case.hash,
        "status": plan.status,
        "versions": versions(),
    }


def versions() -> dict[str, str]:
    """Versions of what made the plan, as far as installed."""
    found = {}
    for name in PACKAGES:
        try:
            found[name] = metadata.version(name)
        except metadata.PackageNotFoundError:
            continue
    return found


def _names(plan: PlanLike) -> dict[str, Any]:
    """Names of all codes, and those of the resources that reasons and prices speak of."""
    names, reasons = Names(plan.case.tables), plan.tables["reasons"]
    codes = set(reasons["resource"].drop_nulls()) | {""} | set(_shown("prices", plan.tables["prices"])["resource"])
    codes |= {part for chain in reasons["chain"].drop_nulls().unique() for part in chain.split(";")}
    resources = {code: names.resource(code) for code in sorted(codes)}
    groups = {code: names.resource_group(code) for code in sorted(codes)}
    return names.encoded() | {
        "table": _table_words(),
        "resource": {code: (text.en, text.zh) for code, text in resources.items()},
        "group": {code: (text.en, text.zh) for code, text in groups.items()},
    }


def _items(case: CaseLike) -> list[list[Any]]:
    """Code, unit, stage of every item."""
    return [list(row) for row in case.tables["items"].select("item", "unit", "stage").iter_rows()]


def _inputs(plan: PlanLike) -> dict[str, list[str]]:
    """What each item is made of: item -> items that any of its processes takes."""
    made = plan.case.tables["processes"].select("process", pl.col("item").alias("made"))
    pairs = plan.case.tables["recipes"].join(made, on="process").select("made", "item").unique(maintain_order=True)
    inputs: dict[str, list[str]] = {}
    for item, taken in pairs.iter_rows():
        inputs.setdefault(item, []).append(taken)
    return inputs


def _places(case: CaseLike) -> list[list[Any]]:
    """Code, kind, latitude, longitude, risk of every place."""
    frame = case.tables["places"].select("place", "kind", "lat", "lon", "risk")
    return [list(row) for row in frame.iter_rows()]


def _columns() -> dict[str, list[list[Any]]]:
    """Per result table: name, type, text, Chinese text and unit of each column."""
    return {n: [[c.name, c.type, c.text, c.text_zh, c.unit] for c in t.columns] for n, t in SHOWN_TABLES.items()}


def _shown(name: str, frame: pl.DataFrame) -> pl.DataFrame:
    """The rows worth holding in the page: of prices the highest of each stage, of stocks those that are not empty."""
    if name == "prices":
        return frame.sort(pl.col("price").rank("ordinal", descending=True).over("stage")).head(MOST_PRICES)
    if name == "stocks":
        return frame.filter((pl.col("quantity") > 1e-6) | (pl.col("below_floor") > 1e-6))
    return frame


def _rows(plan: PlanLike, frame: pl.DataFrame) -> list[dict[str, Any]]:
    """Rows as records, days counted from the start, numbers short."""
    start = plan.calendar.start
    shown = frame.with_columns(
        pl.col("date", "ready_date").map_batches(lambda s: (s - start).dt.total_days(), return_dtype=pl.Int64),
        pl.selectors.float().round_sig_figs(5),
    )
    return shown.drop("days", "busiest", strict=False).to_dicts()


def _proof(plan: PlanLike) -> dict[str, Any]:
    broken = [v.rule for v in plan.check.violations]
    return {
        "ok": plan.check.ok,
        "stages": [
            [
                s.stage,
                s.value,
                s.bound if s.reached else None,
                s.gap if s.reached else None,
                round(s.seconds, 1),
                s.reached,
            ]
            for s in plan.stages
        ],
        "rules": [[r.name, r.text, r.text_zh or r.text, broken.count(r.name)] for r in plan.check.rules],
        "violations": [[v.rule, str(v)] for v in plan.check.violations[:200]],
        "seconds": {k: round(v, 2) for k, v in plan.seconds.items()},
    }


def map_of(case: CaseLike) -> dict[str, Any]:
    """Backdrop of the map: the case's own areas when it brings them, and the land around its places."""
    frame = case.tables["places"].drop_nulls(["lat", "lon"])
    areas = case.extras.get("areas.geojson")
    out: dict[str, Any] = {"box": None, "land": [], "areas": json.loads(areas) if areas else None}
    if frame.height:
        box = _box(frame)
        coast = json.loads((files("mainstay.report") / "assets" / "coast.json").read_text("utf-8"))
        out |= {"box": box, "land": clip_land(coast, box)}
    return out


def _box(frame: pl.DataFrame) -> list[float]:
    """West, south, east, north around all places with a margin, the wider one for the names to the east [degrees]."""
    lons: list[float] = frame["lon"].to_list()
    lats: list[float] = frame["lat"].to_list()
    west, east, south, north = min(lons), max(lons), min(lats), max(lats)
    pad = max(1.5, 0.08 * max(east - west, north - south))
    return [west - pad, max(-90.0, south - pad), east + 2 * pad, min(90.0, north + pad)]
