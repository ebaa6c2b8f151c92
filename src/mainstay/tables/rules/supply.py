"""Needs, step-downs, imports, measures and substitutes: what must be said for them to mean something."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

import polars as pl

from mainstay.tables.case_tables import CASE_TABLES
from mainstay.tables.cells import show
from mainstay.tables.columns import TIERS
from mainstay.tables.declaration import Rule
from mainstay.tables.findings import Both, Finding
from mainstay.tables.raw import ROW, nearest

SAVED_TOLERANCE = 1e-5
"""Share by which step-downs may exceed their need: derived figures have seven digits."""


def empty_table(tables: Mapping[str, pl.DataFrame], name: str) -> Iterator[Finding]:
    """A table that a case must have, without rows."""
    if tables[name].height == 0:
        yield Finding(
            name,
            None,
            "",
            "",
            "empty_table",
            Both("the table has no rows.", "该表没有数据行。"),
            Both(
                f"Give at least one row: {CASE_TABLES[name].text[0].lower()}{CASE_TABLES[name].text[1:]}",
                f"请至少填写一行：{CASE_TABLES[name].text_zh}。",
            ),
        )


def empty_items(tables: Mapping[str, pl.DataFrame]) -> Iterator[Finding]:
    """No items."""
    return empty_table(tables, "items")


def empty_places(tables: Mapping[str, pl.DataFrame]) -> Iterator[Finding]:
    """No places."""
    return empty_table(tables, "places")


def empty_needs(tables: Mapping[str, pl.DataFrame]) -> Iterator[Finding]:
    """No needs, though the case says that it brings them."""
    if tables["case"]["course"][0] in (None, "needs"):
        yield from empty_table(tables, "needs")


def unknown_scenario(tables: Mapping[str, pl.DataFrame]) -> Iterator[Finding]:
    """The case plans on a scenario that no need belongs to, and derives none."""
    known = tables["needs"]["scenario"].drop_nulls().unique().sort().to_list()
    if known and tables["case"]["course"][0] in (None, "needs"):
        yield from scenario_not_among(
            tables, known, Both("no need belongs to the scenario", "没有需求属于情景"), "the table needs has"
        )


def scenario_not_among(
    tables: Mapping[str, pl.DataFrame], known: Sequence[str], fault: Both, they_have: str
) -> Iterator[Finding]:
    """The case plans on a scenario that is not known."""
    row, scenario = tables["case"].select(ROW, "scenario").row(0)
    if scenario is not None and scenario not in known:
        yield Finding(
            "case",
            row,
            "scenario",
            scenario,
            "unknown_scenario",
            Both(
                f'{fault} "{scenario}"; {they_have} {", ".join(known[:20])}.',
                f"{fault.zh}“{scenario}”；已有：{'、'.join(known[:20])}。",
            ),
            nearest(scenario, known) or Both("Name one of them.", "请填写其中之一。"),
        )


def mixed_patience(tables: Mapping[str, pl.DataFrame]) -> Iterator[Finding]:
    """Needs of one scenario, item, place and tier that may wait for different numbers of days; those that wait may."""
    yield from differing_patience(
        "needs",
        tables["needs"].filter(pl.col("since").is_null()),
        ["scenario", "item", "place", "tier"],
        Both("at {place}", "{place} "),
    )


def differing_patience(table: str, rows: pl.DataFrame, key: list[str], where: Both) -> Iterator[Finding]:
    """Rows of one key, among it item and tier, that may wait for different numbers of days."""
    mixed = (
        rows.drop_nulls([*key, "patience_days"])
        .group_by(key, maintain_order=True)
        .agg(
            pl.col("patience_days").min().alias("_least"),
            pl.col("patience_days").max().alias("_most"),
            pl.col(ROW).get(pl.col("patience_days").arg_max()).alias(ROW),
        )
        .filter(pl.col("_least") != pl.col("_most"))
    )
    for row in mixed.iter_rows(named=True):
        yield Finding(
            table,
            row[ROW],
            "patience_days",
            show(row["_most"]),
            "mixed_patience",
            Both(
                f"{row['tier']} needs of {row['item']} {where.format(**row)} may wait {row['_least']} days in "
                "some rows "
                f"and {row['_most']} in others.",
                f"{where.zh.format(**row)} 对 {row['item']} 的 {row['tier']} 层级需求，有的行可延迟 "
                f"{row['_least']} 天，有的行可延迟 {row['_most']} 天。",
            ),
            Both("Give all of them the same patience_days.", "请统一填写 patience_days。"),
        )


def import_terms(tables: Mapping[str, pl.DataFrame]) -> Iterator[Finding]:
    """Imports whose express customs say too little."""
    frame = tables["imports"]
    uses = pl.col("express_use").fill_null(0) > 0
    pool = pl.col("express_pool").is_not_null()
    faults = (
        (
            pool & ~uses,
            "express_use",
            Both("a pool is named, but not how much of it one unit takes.", "已指定资源池，但未填写单位用量。"),
            Both("Give express_use, or clear the pool.", "请填写 express_use，或清空资源池。"),
        ),
        (
            ~pool & uses,
            "express_pool",
            Both("a use is given, but not of which pool.", "已填写用量，但未指定资源池。"),
            Both("Give the pool, or clear express_use.", "请填写资源池，或清空 express_use。"),
        ),
        (
            (pool | uses) & pl.col("express_days").is_null(),
            "express_days",
            Both("express customs draw on a pool, but their days are empty.", "绿色通道占用资源池，但其天数为空。"),
            Both(
                "Give the days of express customs, or clear the pool and its use.",
                "请填写绿色通道天数，或清空资源池及其用量。",
            ),
        ),
    )
    for fault, column, message, remedy in faults:
        for row in frame.filter(fault)[ROW]:
            yield Finding("imports", row, column, "", "import_terms", message, remedy)


def measure_terms(tables: Mapping[str, pl.DataFrame]) -> Iterator[Finding]:
    """Measures whose effect does not fit what they help."""
    frame = tables["measures"]
    share = pl.col("effect") == "share"
    line = pl.col("target_kind") == "line"
    for row, kind, effect in frame.filter(share != line).select(ROW, "target_kind", "effect").rows():
        right = "share" if kind == "line" else "capacity"
        yield Finding(
            "measures",
            row,
            "effect",
            effect,
            "measure_terms",
            Both(f"the effect {effect} cannot be had on a {kind}.", f"作用 {effect} 不适用于 {kind}。"),
            Both(
                f"Write {right}: it is what a measure adds to a {kind}.",
                f"请写作 {right}：措施为 {kind} 增加的正是它。",
            ),
        )
    for row, amount in frame.filter(share & line & (pl.col("amount") > 1)).select(ROW, "amount").rows():
        yield Finding(
            "measures",
            row,
            "amount",
            show(amount),
            "measure_terms",
            Both(f"a share of {show(amount)} is more than all lines.", f"比例 {show(amount)} 超过全部产线。"),
            Both("Give a share from 0 to 1.", "请填写 0 至 1 的比例。"),
        )


def substitute_terms(tables: Mapping[str, pl.DataFrame]) -> Iterator[Finding]:
    """Substitutes that are the item itself, or serve tiers that do not exist."""
    for row, item, other, tiers in tables["substitutes"].select(ROW, "item", "substitute", "tiers").rows():
        if item is not None and item == other:
            yield Finding(
                "substitutes",
                row,
                "substitute",
                other,
                "substitute_terms",
                Both(f"{item} is given as its own substitute.", f"{item} 被列为自身的替代物资。"),
                Both("Give another item, or take the row away.", "请填写其他物资，或删除该行。"),
            )
        for tier in (tiers or "").split(";"):
            if tier.strip() and tier.strip() not in TIERS:
                yield Finding(
                    "substitutes",
                    row,
                    "tiers",
                    tiers,
                    "substitute_terms",
                    Both(f'"{tier.strip()}" is not a tier.', f"“{tier.strip()}”不是层级。"),
                    Both(
                        f"Give {', '.join(TIERS)}, or several of them with semicolons between.",
                        f"请填写 {'、'.join(TIERS)}，多个之间用英文分号。",
                    ),
                )


def step_downs_exceed_need(tables: Mapping[str, pl.DataFrame]) -> Iterator[Finding]:
    """Step-downs that together save more than is needed that day."""
    key = ["scenario", "item", "place", "tier", "date"]
    needed = tables["needs"].select(*key, "quantity")
    saved = (
        tables["step_downs"]
        .filter(pl.col("saved") > 0)
        .group_by(key, maintain_order=True)
        .agg(pl.col("saved").sum(), pl.col(ROW).first())
        .join(needed, on=key, how="left", maintain_order="left")
    )
    too_much = saved.filter(pl.col("saved") > pl.col("quantity").fill_null(0.0) * (1 + SAVED_TOLERANCE))
    for row, quantity, day, *where, needs in too_much.select(
        ROW, "saved", "date", "item", "place", "tier", pl.col("quantity").fill_null(0.0)
    ).rows():
        yield Finding(
            "step_downs",
            row,
            "saved",
            show(quantity),
            "step_downs_exceed_need",
            Both(
                f"all modes save {show(quantity)} of {' '.join(where)} on {day}, of which {show(needs)} is needed.",
                f"{day} {' '.join(where)} 各模式共节约 {show(quantity)}，而需求只有 {show(needs)}。",
            ),
            Both(
                "Give for each mode only what it saves against the mode before.", "每种模式只填写相对前一模式的节约量。"
            ),
        )


RULES = (
    Rule("empty_table", "A case has items.", empty_items, ("items",)),
    Rule("empty_table", "A case has places.", empty_places, ("places",)),
    Rule("empty_table", "A case has needs, unless they are derived.", empty_needs, ("case", "needs")),
    Rule(
        "unknown_scenario",
        "The scenario of the case is one that needs belong to.",
        unknown_scenario,
        ("case", "needs"),
    ),
    Rule(
        "mixed_patience",
        "All needs of one scenario, item, place and tier may wait equally long.",
        mixed_patience,
        ("needs",),
    ),
    Rule("import_terms", "Express customs have their days, their pool and its use.", import_terms, ("imports",)),
    Rule(
        "measure_terms",
        "A measure adds a share to lines, or capacity to lanes and sources.",
        measure_terms,
        ("measures",),
    ),
    Rule("substitute_terms", "A substitute is another item, for known tiers.", substitute_terms, ("substitutes",)),
    Rule(
        "step_downs_exceed_need",
        "More sparing modes of use save no more than is needed.",
        step_downs_exceed_need,
        ("needs", "step_downs"),
    ),
)
