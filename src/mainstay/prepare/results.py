"""Result tables of preparing: names and texts in English and in Chinese, and what is written where."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

import polars as pl

from mainstay.chain.words import Words
from mainstay.stress.results import Labels, both, number
from mainstay.tables.frames import conform
from mainstay.tables.prepare_tables import PREPARE_TABLES
from mainstay.tables.ready_tables import PEACETIME, ROTATION_CALENDAR, ROTATION_PLAN

if TYPE_CHECKING:
    from mainstay.prepare.design import Design, Point, Tried

MARK = "prepare.json"
"""The file by which a folder is known to hold what was found of preparing."""
TABLES = PREPARE_TABLES | {table.name: table for table in (ROTATION_PLAN, ROTATION_CALENDAR, PEACETIME)}
"""Tables that are written, by name: those of preparing, how what is rotated is kept fresh, and use in peacetime."""
NEGLIGIBLE = 1e-6
"""Share of the most of an option below which nothing of it is had."""

TEXTS: dict[str, Words] = {
    "store": ("Hold {quantity} {unit} of {item} in {place}.", "在{place}储备{item}{quantity}{unit}。"),
    "rotated": (
        "Hold {quantity} {unit} of {item} in {place}, used up and replaced by daily users.",
        "在{place}轮换储备{item}{quantity}{unit}，由日常使用单位滚动消耗补充。",
    ),
    "supplier": (
        "Have suppliers hold {quantity} {unit} of {item} for {place}.",
        "由供方为{place}代储{item}{quantity}{unit}。",
    ),
    "raw": (
        "Hold {quantity} {unit} of {item} in {place}, to make goods from.",
        "在{place}储备原料{item}{quantity}{unit}。",
    ),
    "line": ("Keep {quantity} standby lines at {name} ready.", "在{name}保留{quantity}条备用产线。"),
    "pair": ("Train the conversion of {quantity} lines at {name}.", "在{name}落实{quantity}条产线的转产预案。"),
    "contract": ("Contract {quantity} a day more from {name}.", "与{name}签订每日增供{quantity}的合约。"),
    "site": ("Open {place} ({quantity}).", "启用{place}库址（{quantity}处）。"),
}


def told(key: str, **parts: Words) -> Words:
    """A text in both languages, its parts filled in."""
    en, zh = TEXTS[key]
    return en.format(**{k: v[0] for k, v in parts.items()}), zh.format(**{k: v[1] for k, v in parts.items()})


def tables_of(design: Design) -> dict[str, pl.DataFrame]:
    """All tables, as declared."""
    rows = {
        "designs": _designs(design),
        "design_futures": _futures(design),
        "design_losses": _losses(design),
        "frontier": [_point(design, n, point) for n, point in enumerate(design.frontier)],
        "trials": [_trial(design, name, cost, tried) for name, (cost, tried) in design.trials.items()],
    }
    rotation = {ROTATION_PLAN.name: design.rotation.plan, ROTATION_CALENDAR.name: design.rotation.calendar}
    return {name: _frame(name, each) for name, each in rows.items()} | rotation | {PEACETIME.name: design.peacetime}


def _frame(name: str, rows: list[dict[str, Any]]) -> pl.DataFrame:
    return conform(PREPARE_TABLES[name], pl.DataFrame(rows, infer_schema_length=None) if rows else pl.DataFrame())


def _designs(design: Design) -> list[dict[str, Any]]:
    labels = Labels(design.case)
    known = dict(design.case["options"].select("option", pl.coalesce("line", "offer")).iter_rows())
    rows = []
    for option, quantity in zip(design.preparation.options.iter_rows(named=True), design.quantities, strict=True):
        if quantity <= NEGLIGIBLE * max(option["most"], 1e-12):
            continue
        unit = labels.unit(option["item"]) if option["item"] else both("")
        en, zh = told(
            option["form"],
            quantity=both(number(quantity)),
            unit=unit,
            item=labels.item(option["item"]) if option["item"] else both(""),
            place=labels.place(option["place"]),
            name=both((known[option["option"]] or "").replace("_", " ")),
        )
        told_row = {name: option[name] for name in ("option", "form", "item", "place", "most")}
        cost = quantity * option["cost_a_year"]
        rows.append({**told_row, "quantity": quantity, "cost": cost, "text": en, "text_zh": zh})
    return sorted(rows, key=lambda row: (-row["cost"], row["option"]))


def _futures(design: Design) -> list[dict[str, Any]]:
    here, without = design.here, design.without
    columns = (design.preparation.names, here.weights, here.losses, without.losses, here.fill_rates, here.money)
    names = ("future", "weight", "loss", "loss_without", "fill_rate", "cost")
    return [dict(zip(names, row, strict=True)) for row in zip(*columns, strict=True)]


def _losses(design: Design) -> list[dict[str, Any]]:
    here, without = design.here, design.without
    lost, lost_without = here.weights @ here.lost, without.weights @ without.lost
    needs = design.preparation.needs.with_columns(
        need="mean", lost=pl.Series(lost), lost_without=pl.Series(lost_without)
    ).filter(pl.col("need") > 0)
    return needs.select("item", "place", "tier", "need", "lost", "lost_without").to_dicts()


def _point(design: Design, place: int, point: Point) -> dict[str, Any]:
    return {
        "point": str(place + 1),
        "budget": point.budget,
        "cost": point.cost,
        "mean": point.tried.mean,
        "worst": point.tried.worst(design.policy.level),
        "gap": point.found.gap,
        "is_knee": place == design.knee,
    }


def _trial(design: Design, name: str, cost: float, tried: Tried) -> dict[str, Any]:
    low, high = tried.interval
    return {
        "rule": name,
        "cost": cost,
        "mean": tried.mean,
        "mean_low": low,
        "mean_high": high,
        "worst": tried.worst(design.policy.level),
        "fill_rate": float(tried.weights @ tried.fill_rates),
        "futures": len(tried.weights),
    }


def summary(design: Design) -> dict[str, Any]:
    """What was asked, what was found, how well it is proven, ready for JSON."""
    policy, found = design.policy, design.found
    return {
        "case": design.case.title,
        "inputs_hash": design.case.hash,
        "horizon": design.case.calendar.text,
        "currency": design.case.currency,
        "futures": len(design.preparation.names),
        "budget": policy.budget,
        "caution": policy.caution,
        "level": policy.level,
        "worth": design.preparation.worth,
        "cost": design.cost,
        "value": found.value,
        "bound": found.bound,
        "gap": found.gap,
        "status": found.status,
        "steps": found.steps,
        "solves": found.solves,
        "mean": design.here.mean,
        "worst": design.here.worst(policy.level),
        "mean_without": design.without.mean,
        "worst_without": design.without.worst(policy.level),
        "value_of_stochastic": design.stochastic,
        "value_of_information_at_most": design.information,
        "rules": {
            name: {"cost": cost, "mean": tried.mean, "worst": tried.worst(policy.level)}
            for name, (cost, tried) in design.rules.items()
        },
        "seconds": {name: round(value, 3) for name, value in design.seconds.items()},
    }


def write(tables: Mapping[str, pl.DataFrame], told_of: Mapping[str, Any], folder: Path) -> Path:
    """Write each table as CSV, and last what was found as ``prepare.json``; say where."""
    folder.mkdir(parents=True, exist_ok=True)
    (folder / MARK).unlink(missing_ok=True)
    for name in TABLES:
        tables[name].write_csv(folder / f"{name}.csv")
    text = json.dumps(told_of, ensure_ascii=False, indent=2, allow_nan=False)
    (folder / MARK).write_text(text + "\n", encoding="utf-8")
    return folder
