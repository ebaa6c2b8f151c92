"""Options as tasks of the network: what is made ready once, and what is then called on.

Reads ``options``. Tasks ``prepare:<option>``, started on the first day or never, are the first stage. What stands ready
gives, from ``lead_days`` on, what its form says: goods at its place, days of a standby line, a larger offer abroad, a
trained conversion. Where using it costs, it gives ``ready:<option>``, and tasks ``use:<option>`` turn that into it.
"""

from __future__ import annotations

import numpy as np
import polars as pl

from mainstay.network.builder import Builder, goods_id
from mainstay.network.network import FOREVER
from mainstay.network.profiles import magnitude
from mainstay.tables import Case
from mainstay.tables.prepare_tables import GOODS_FORMS

PREPARE, USE = "prepare", "use"
"""Kinds of task: of the first stage, and of the second."""

TASK, READY = pl.format("prepare:{}", "option"), pl.format("ready:{}", "option")
LASTING = ("line", "contract")
"""Forms that give so much a day from their first day on; others give once."""


def add(case: Case, builder: Builder) -> None:
    """Write what may be made ready, and what it gives."""
    options = _with_targets(case).with_columns(task=TASK, ready=READY)
    if options.is_empty():
        return
    first = np.arange(len(builder.calendar)) == 0
    scale = pl.Series("scale", magnitude(np.maximum(options["most"].to_numpy(), 1.0)))
    builder.add_tasks(
        options.with_columns(scale).select(
            "task", "item", "place", "is_whole", "scale", kind=pl.lit(PREPARE), subject="option", other="form"
        ),
        upper=np.where(first, options["most"].to_numpy()[:, None], 0.0),
    )
    builder.add_goods(options.filter(pl.col("form").is_in(GOODS_FORMS)).select("item", "place"))
    _add_ready(options.filter(pl.col("is_called")), builder)
    builder.add_effects(
        options.filter(pl.col("target").is_not_null() | pl.col("is_called")).select(
            "task",
            resource=pl.when("is_called").then("ready").otherwise("target"),
            offset="lead_days",
            duration=pl.when(pl.col("form").is_in(LASTING)).then(FOREVER).otherwise(1),
            amount=1.0,
        )
    )
    _add_sites(options, builder)


def _with_targets(case: Case) -> pl.DataFrame:
    """The options, each with the resource it gives to and whether it has to be called on."""
    lines = case["lines"].select("line", line_place="place")
    pairs = case["conversions"].select("conversion", "to_kind")
    return (
        case["options"]
        .join(lines, on="line", how="left", maintain_order="left")
        .join(pairs, on="conversion", how="left", maintain_order="left")
        .join(case["items"].select("item", "volume_m3"), on="item", how="left", maintain_order="left")
        .with_columns(
            place=pl.coalesce("place", "line_place"),
            target=pl.when(pl.col("form").is_in(GOODS_FORMS))
            .then(goods_id())
            .when(pl.col("form") == "line")
            .then(pl.format("capacity:{}", "line"))
            .when(pl.col("form") == "contract")
            .then(pl.format("offer:{}", "offer"))
            .when(pl.col("form") == "pair")
            .then(pl.format("capacity:{}>{}", "line", "to_kind")),
            is_called=((pl.col("cost_to_use") > 0) & (pl.col("form") != "site")) | (pl.col("form") == "pair"),
        )
    )


def _add_ready(called: pl.DataFrame, builder: Builder) -> None:
    """What is called on: the resource that stands ready, and the task that uses it."""
    use = called.with_columns(task=pl.format("use:{}", "option"))
    lasting, pair = pl.col("form").is_in(LASTING), pl.col("form") == "pair"
    builder.add_resources(
        use.select(
            "place",
            resource="ready",
            kind=pl.when(lasting).then(pl.lit("flow")).otherwise(pl.lit("stock")),
            what=pl.lit("ready"),
            subject="option",
        )
    )
    builder.add_tasks(
        use.select("task", "item", "place", kind=pl.lit(USE), subject="option", other="form", cost="cost_to_use")
    )
    builder.add_effects(use.select("task", resource="ready", amount=-1.0))
    builder.add_effects(
        use.select("task", resource="target", amount=1.0, duration=pl.when(pair).then(FOREVER).otherwise(1))
    )
    builder.add_effects(use.filter(pair).select("task", resource=pl.format("lines:{}", "line"), amount=-1.0))


def _add_sites(options: pl.DataFrame, builder: Builder) -> None:
    """What stands at a site takes from what its opening allows: of each option, and of the room for goods."""
    at_site = options.filter(pl.col("site").is_not_null()).with_columns(
        allowed=pl.format("allowed:{}", "option"), opening=pl.format("prepare:{}", "site")
    )
    builder.add_resources(
        at_site.select("place", resource="allowed", kind=pl.lit("total"), what=pl.lit("site"), subject="site")
    )
    builder.add_effects(at_site.select(task="opening", resource="allowed", amount="most"))
    builder.add_effects(at_site.select("task", resource="allowed", amount=-1.0))
    roomy = options.filter((pl.col("form") == "site") & pl.col("room_m3").is_not_null())
    builder.add_resources(
        roomy.select(
            "place",
            resource=pl.format("store room:{}", "option"),
            kind=pl.lit("total"),
            what=pl.lit("site"),
            subject="option",
        )
    )
    builder.add_effects(roomy.select("task", resource=pl.format("store room:{}", "option"), amount="room_m3"))
    stored = at_site.join(roomy.select(site="option"), on="site", how="semi").filter(pl.col("volume_m3") > 0)
    builder.add_effects(stored.select("task", resource=pl.format("store room:{}", "site"), amount=-pl.col("volume_m3")))
