"""What may stand ready, and the futures it is for: what must be said for them to mean something."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

import polars as pl

from mainstay.tables.declaration import Rule
from mainstay.tables.findings import Both, Finding
from mainstay.tables.prepare_tables import FORMS, GOODS_FORMS
from mainstay.tables.raw import ROW, nearest

Tables = Mapping[str, pl.DataFrame]

NEEDED = dict.fromkeys(GOODS_FORMS, ("item", "place")) | {
    "line": ("line",),
    "pair": ("line", "conversion"),
    "contract": ("offer",),
    "site": ("place",),
}
"""Columns that each form must fill in."""
WEIGHT_TOLERANCE = 1e-6
LOST = {
    "enterprise": ("enterprises", "enterprise"),
    "owner": ("enterprises", "owner"),
    "region": ("places", "place"),
    "lane": ("lanes", "lane"),
    "source": ("imports", "source"),
    "item": ("items", "item"),
    "pool": ("pools", "pool"),
    "line": ("lines", "line"),
}
"""Table and column that know the names of what can be lost, by kind."""


def option_terms(tables: Tables) -> Iterator[Finding]:
    """Options that do not say what their form needs, or stand at a site that is none."""
    options = tables["options"]
    for form in FORMS:
        for column in NEEDED[form]:
            lacking = options.filter((pl.col("form") == form) & pl.col(column).is_null())
            for row, option in lacking.select(ROW, "option").rows():
                yield Finding(
                    "options",
                    row,
                    column,
                    "",
                    "option_terms",
                    Both(f"{option} is of the form {form}, but does not name its {column}.",
                         f"{option} 的形式为 {form}，但未填写 {column}。"),
                    Both(f"Fill in {column}.", f"请填写 {column}。"),
                )  # fmt: skip
    sites = options.filter(pl.col("form") == "site")["option"]
    wrong = options.filter(pl.col("site").is_in(options["option"].implode()) & ~pl.col("site").is_in(sites.implode()))
    for row, option, site in wrong.select(ROW, "option", "site").rows():
        yield Finding(
            "options",
            row,
            "site",
            site,
            "option_terms",
            Both(
                f"{option} stands at {site}, which is not of the form site.",
                f"{option} 所填库址 {site} 的形式不是 site。",
            ),
            Both("Name an option of the form site, or leave it empty.", "请填写形式为 site 的备选，或留空。"),
        )
    yield from _pairs(tables)


def _pairs(tables: Tables) -> Iterator[Finding]:
    """Pairs whose conversion does not give up a line of the group's kind."""
    pairs = (
        tables["options"]
        .filter(pl.col("form") == "pair")
        .join(tables["lines"].select("line", "kind"), on="line", how="inner")
        .join(tables["conversions"].select("conversion", "from_kind"), on="conversion", how="inner")
        .filter(pl.col("from_kind").is_null() | (pl.col("from_kind") != pl.col("kind")))
    )
    for row, option, conversion, kind in pairs.select(ROW, "option", "conversion", "kind").rows():
        yield Finding(
            "options",
            row,
            "conversion",
            conversion,
            "option_terms",
            Both(f"{option}: {conversion} does not start from lines of the kind {kind}.",
                 f"{option}：{conversion} 不以 {kind} 类产线为原产线。"),
            Both("Name a conversion whose from_kind is the kind of the line.",
                 "请填写 from_kind 与该产线类型一致的转产。"),
        )  # fmt: skip


def rotation_beyond_shelf_life(tables: Tables) -> Iterator[Finding]:
    """Rotated stocks that expire before they are used up."""
    rotated = (
        tables["options"]
        .filter(pl.col("rotation_days").is_not_null())
        .join(tables["items"].select("item", item_life="shelf_life_days"), on="item", how="left")
        .with_columns(life=pl.coalesce("shelf_life_days", "item_life"))
        .filter(pl.col("life") < pl.col("rotation_days"))
    )
    for row, option, life, days in rotated.select(ROW, "option", "life", "rotation_days").rows():
        yield Finding(
            "options",
            row,
            "rotation_days",
            str(days),
            "rotation_beyond_shelf_life",
            Both(f"{option} is used up in {days} days, but expires after {life}.",
                 f"{option} 轮换周期为 {days} 天，但保质期只有 {life} 天。"),
            Both("Hold less of it, use more of it a day, or give it a longer shelf life.",
                 "请减少储量、提高日用量，或更正保质期。"),
        )  # fmt: skip


def future_weights(tables: Tables) -> Iterator[Finding]:
    """Weights of the futures that do not sum to 1."""
    total = float(tables["futures"]["weight"].sum() or 0.0)
    if tables["futures"].height and abs(total - 1) > WEIGHT_TOLERANCE:
        yield Finding(
            "futures",
            None,
            "weight",
            f"{total:g}",
            "future_weights",
            Both(f"the weights sum to {total:g}, not to 1.", f"权重之和为 {total:g}，应为 1。"),
            Both("Divide each weight by their sum.", "请将各权重除以其总和。"),
        )


def future_without_needs(tables: Tables) -> Iterator[Finding]:
    """Futures of whose name no need is."""
    known = tables["needs"].filter(pl.col("quantity") > 0)["scenario"].drop_nulls().unique()
    for row, future in tables["futures"].filter(~pl.col("future").is_in(known.implode())).select(ROW, "future").rows():
        yield Finding(
            "futures",
            row,
            "future",
            future,
            "future_without_needs",
            Both(f"no need belongs to the future {future}.", f"情景 {future} 没有任何需求。"),
            nearest(future, known.sort().to_list())
            or Both(
                "Add its needs to the table needs, with its name as scenario.",
                "请在表 needs 中以其名称为 scenario 添加需求。",
            ),
        )


def loss_of_nothing(tables: Tables) -> Iterator[Finding]:
    """Losses of futures that name what the case does not know."""
    for kind, (table, column) in LOST.items():
        known = tables[table][column].drop_nulls().unique()
        wrong = tables["future_losses"].filter((pl.col("kind") == kind) & ~pl.col("name").is_in(known.implode()))
        for row, name in wrong.select(ROW, "name").rows():
            yield Finding(
                "future_losses",
                row,
                "name",
                name,
                "loss_of_nothing",
                Both(
                    f'"{name}" is not in the table {table} (column {column}).',
                    f"“{name}”不在表 {table}（列 {column}）中。",
                ),
                nearest(name, known.sort().to_list())
                or Both("Add it there, or correct the name.", "请在该表添加，或更正名称。"),
            )


RULES = (
    Rule(
        "option_terms",
        "An option says what its form needs; its site is one; a pair starts from lines of the kind of its group.",
        option_terms,
        ("options", "lines", "conversions"),
    ),
    Rule(
        "rotation_beyond_shelf_life",
        "What is rotated is used up before it expires.",
        rotation_beyond_shelf_life,
        ("options", "items"),
    ),
    Rule("future_weights", "The weights of the futures sum to 1.", future_weights, ("futures",)),
    Rule("future_without_needs", "Every future has needs.", future_without_needs, ("futures", "needs")),
    Rule(
        "loss_of_nothing",
        "What is lost in a future is in the table of its kind.",
        loss_of_nothing,
        ("future_losses", *sorted({table for table, _ in LOST.values()})),
    ),
)
