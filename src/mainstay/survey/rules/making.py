"""Makers: what they say against their lines, against their own capacity, against their materials."""

from __future__ import annotations

from collections.abc import Iterator

import polars as pl

from mainstay.survey.evidence import Evidence, Rule, ask
from mainstay.tables.findings import Both, Finding
from mainstay.tables.raw import ROW

PAIR = ["reporter", "item"]
_EXACT = 1 + 1e-9
"""What a sum of products may be off by without meaning anything."""


def output_above_nominal(on: Evidence) -> Iterator[Finding]:
    """Output of a day above what the lines could make: a mistake above 120 %, to be asked about above 100 %."""
    over = (
        on.of("output")
        .join(on.nominal, on=PAIR, how="inner")
        .with_columns(ratio=pl.col("quantity") / pl.col("nominal"))
        .filter(pl.col("ratio") > on.limits.output_warning * _EXACT)
    )
    message = Both(
        "{reporter} made {quantity:,.10g} of {item} on {date}, {ratio:.0%} of what its lines could make "
        "({nominal:,.10g}).",
        "{reporter} 在 {date} 生产 {item} {quantity:,.10g}，为其产线名义产能（{nominal:,.10g}）的 {ratio:.0%}。",
    )
    mistaken = pl.col("ratio") > on.limits.output_error * _EXACT
    yield from ask(
        over.filter(mistaken),
        "output_above_nominal",
        message,
        Both(
            "Ask for the figure of that day alone, in the item's unit; or add the lines that are not in the "
            "table lines.",
            "请核实当日单日数值及计量单位；或在 lines 表补上未登记的产线。",
        ),
        "error",
    )
    yield from ask(
        over.filter(~mistaken),
        "output_above_nominal",
        message,
        Both(
            "That happens with longer shifts; ask whether the lines in the table are all.",
            "延长班次时可能如此；请核实 lines 表中的产线是否齐全。",
        ),
    )


def output_above_capacity(on: Evidence) -> Iterator[Finding]:
    """Output of a day above the capacity that the maker reports for that day."""
    capacity = on.of("capacity").select(*PAIR, "date", capacity="quantity").sort("date")
    over = (
        on.of("output")
        .sort("date")
        .join_asof(capacity, on="date", by=PAIR, check_sortedness=False)
        .filter(pl.col("quantity") > pl.col("capacity") * _EXACT)
    )
    yield from ask(
        over,
        "output_above_capacity",
        Both(
            "{reporter} made {quantity:,.10g} of {item} on {date}, more than the capacity of {capacity:,.10g} "
            "it reports.",
            "{reporter} 在 {date} 生产 {item} {quantity:,.10g}，超过其上报的产能 {capacity:,.10g}。",
        ),
        Both(
            "Ask for a new report of capacity; the plan counts on the capacity reported.",
            "请对方重新上报产能；计划以上报产能为准。",
        ),
    )


def capacity_above_nominal(on: Evidence) -> Iterator[Finding]:
    """A usable capacity above what the lines could make."""
    over = (
        on.of("capacity").join(on.nominal, on=PAIR, how="inner").filter(pl.col("quantity") > pl.col("nominal") * _EXACT)
    )
    yield from ask(
        over,
        "capacity_above_nominal",
        Both(
            "{reporter} reports a capacity of {quantity:,.10g} of {item} on {date}; its lines could make "
            "{nominal:,.10g}, "
            "and the plan counts on no more.",
            "{reporter} 上报 {date} {item} 产能 {quantity:,.10g}；其产线名义产能为 {nominal:,.10g}，计划不超过此数。",
        ),
        Both(
            "Bring the table lines up to date if there are more lines or faster ones; else ask for the usable "
            "capacity.",
            "若产线增加或提速，请更新 lines 表；否则请核实可用产能。",
        ),
    )


def no_such_line(on: Evidence) -> Iterator[Finding]:
    """Capacity or output of an item that no line of the enterprise makes; one for each item."""
    makers = on.case["enterprises"].select(reporter="enterprise")
    stray = (
        on.figures.filter(pl.col("measure").is_in(["capacity", "output"]) & (pl.col("quantity") > 0))
        .join(makers, on="reporter", how="semi")
        .join(on.nominal, on=PAIR, how="anti")
        .unique(PAIR, keep="first", maintain_order=True)
    )
    yield from ask(
        stray,
        "no_such_line",
        Both(
            "{reporter} reports {measure} of {item}, but none of its lines makes it; the plan does not count on it.",
            "{reporter} 上报了 {item} 的{measure_zh}，但其产线都不生产该物资；计划不计入。",
        ),
        Both("Add the line to the table lines, or correct the item.", "请在 lines 表添加产线，或更正物资。"),
        column="item",
    )


def shares_differ(on: Evidence) -> Iterator[Finding]:
    """Capacities reported for one day that give one group of lines different usable shares."""
    newest = on.of("capacity").unique(PAIR, keep="last", maintain_order=True)
    shares = (
        on.lines.join(on.nominal.select(*PAIR, total="nominal"), on=PAIR)
        .join(newest, on=PAIR)
        .with_columns(share=(pl.col("quantity") / pl.col("total")).clip(upper_bound=1.0))
        .filter(pl.col("date") == pl.col("date").max().over("line"))
        .with_columns(most=pl.col("share").max().over("line"))
        .filter(pl.col("most") - pl.col("share") > on.limits.share_difference)
        .sort("line", "share", "item")
        .unique("line", keep="first", maintain_order=True)
    )
    yield from ask(
        shares,
        "shares_differ",
        Both(
            "the capacity of {item} on {date} leaves {share:.0%} of the lines {line} usable, that of another item they "
            "make {most:.0%}; the plan counts on {most:.0%}.",
            "按 {date} {item} 的产能，产线 {line} 可用 {share:.0%}；按其生产的另一物资则可用 {most:.0%}，计划按 "
            "{most:.0%} 计。",
        ),
        Both(
            "Ask what each item could be made at if the lines made nothing else, and what holds this one back.",
            "请核实各物资在产线单独生产时的产能，以及该物资受何限制。",
        ),
    )


def output_above_materials(on: Evidence) -> Iterator[Finding]:
    """Output beyond what the materials received allow by the bill of materials; one for each material."""
    supply = _material_supply(on)
    used = pl.col("quantity") * pl.col("per_unit")
    window = supply.group_by("reporter", "material").agg(pl.first("begins", "opening"))
    need = (
        on.of("output")
        .join(_material_use(on), on=PAIR, how="inner")
        .join(window, on=["reporter", "material"], how="inner")
        .filter(pl.col("date") >= pl.col("begins"))
        .select(*PAIR, "material", "date", "opening", "quantity", ROW, came=pl.lit(0.0), used=used)
    )
    came = supply.filter(pl.col("came") > 0).select("reporter", "material", "date", "opening", "came", used=pl.lit(0.0))
    both = (
        pl.concat([came, need], how="diagonal")
        .sort("reporter", "material", "date", ROW, nulls_last=False)
        .with_columns(pl.col("used", "came").cum_sum().over("reporter", "material"))
        .with_columns(had=pl.col("opening") + pl.col("came"))
        .filter(pl.col(ROW).is_not_null() & (pl.col("used") > pl.col("had") * (1 + on.limits.material_slack)))
        .unique(["reporter", "material"], keep="first", maintain_order=True)
    )
    yield from ask(
        both,
        "output_above_materials",
        Both(
            "up to {date} the output of {reporter} took {used:,.6g} of {material} by the bill of materials, but only "
            "{had:,.6g} was there or came in ({opening:,.6g} before).",
            "截至 {date}，{reporter} 的产量按物料清单耗用 {material} {used:,.6g}，而库存与到货仅 "
            "{had:,.6g}（期初 {opening:,.6g}）。",
        ),
        Both(
            "Ask for the stock and receipts of {material}, or for the output of {item}; check the recipe.",
            "请核实 {material} 的库存与到货，或 {item} 的产量；并核对物料清单。",
        ),
    )


def _material_use(on: Evidence) -> pl.DataFrame:
    """Least of each bought material that a maker needs for a unit of an item (all its processes take it)."""
    runs = (
        on.case["lines"]
        .filter(pl.col("quantity") > 0)
        .join(on.case["processes"].drop("kind"), left_on="kind", right_on="line_kind")
        .select("process", "item", "yield_rate", reporter="enterprise")
        .unique()
    )
    ways = runs.group_by(PAIR).agg(ways=pl.len())
    return (
        runs.join(on.case["recipes"].select("process", material="item", taken="quantity"), on="process")
        .join(on.nominal.select("reporter", material="item"), on=["reporter", "material"], how="anti")
        .group_by(*PAIR, "material")
        .agg(per_unit=(pl.col("taken") / pl.col("yield_rate")).min(), taking=pl.len())
        .join(ways, on=PAIR)
        .filter(pl.col("taking") == pl.col("ways"))
        .select(*PAIR, "material", "per_unit")
    )


def _material_supply(on: Evidence) -> pl.DataFrame:
    """What came in of each material from the first day that is known, and what was there before.

    The stock reported on the first day counts from the next day on; where none is, the stock of the case at the
    maker's lines.
    """
    key = ["reporter", "material"]
    known = on.daily.filter(pl.col("measure").is_in(["received", "stock"])).rename({"item": "material"})
    first = known.group_by(key).agg(first=pl.col("date").min())
    stock = known.filter(pl.col("measure") == "stock").select(*key, "date", reported="quantity")
    at_lines = (
        on.case["lines"].select("place", reporter="enterprise").unique()
        .join(on.case["stocks"].filter(pl.col("owner") == "enterprise"), on="place")
        .group_by("reporter", pl.col("item").alias("material")).agg(stored=pl.sum("quantity"))
    )  # fmt: skip
    opening = (
        first.join(stock, left_on=[*key, "first"], right_on=[*key, "date"], how="left")
        .join(at_lines, on=key, how="left")
        .select(
            *key,
            opening=pl.coalesce("reported", "stored", 0.0),
            begins=pl.when(pl.col("reported").is_null()).then("first").otherwise(pl.col("first").dt.offset_by("1d")),
        )
    )
    came = known.filter(pl.col("measure") == "received").select(*key, "date", came="quantity")
    counts = pl.col("date") >= pl.col("begins")
    return opening.join(came, on=key, how="left").with_columns(came=pl.when(counts).then("came").otherwise(0.0))


RULES = (
    Rule(
        "output_above_nominal",
        "A day's output is no more than the lines could make.",
        "日产量不超过名义产能。",
        output_above_nominal,
    ),
    Rule(
        "output_above_capacity",
        "A day's output is no more than the capacity reported for it.",
        "日产量不超过所报产能。",
        output_above_capacity,
    ),
    Rule(
        "capacity_above_nominal",
        "A usable capacity is no more than the lines could make.",
        "可用产能不超过名义产能。",
        capacity_above_nominal,
    ),
    Rule("no_such_line", "A maker reports on what its lines make.", "所报物资有产线可生产。", no_such_line),
    Rule(
        "shares_differ",
        "The capacities of one group of lines agree with one another.",
        "同组产线各物资的产能互相一致。",
        shares_differ,
    ),
    Rule(
        "output_above_materials",
        "Output is no more than the materials received allow.",
        "产量不超过到货物料可供数量。",
        output_above_materials,
    ),
)
