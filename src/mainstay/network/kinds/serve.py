"""Serve: goods at a place meet a need of a tier there, or the need waits, or it is lost.

Reads ``needs``, ``substitutes``, ``stocks``, ``items``. A need (item, place, tier) is the resource
``need:<item>@<place>/<tier>``: a flow that balances exactly, or, where a need may wait, a stock that holds no more than
what may still wait. Tasks ``serve:<need>:<used item>/<owner>`` take a unit of need and the goods (a substitute at its
exchange rate; a reusable item comes back after its stay); ``lose:<need>`` takes a unit of need unmet. Rules
``need_balance``, ``substitutes_allowed``.

A lost unit weighs weight / total need of its item and tier, so a stage counts shares of need, whatever the unit. Deeper
shortages of a place weigh more (``DEPTH``), so do long spells: ``deprived:<need>`` grows by what is lost and shrinks by
what is served or eased.
"""

from __future__ import annotations

import numpy as np
import polars as pl
from numpy.typing import NDArray

from mainstay.calendar import Calendar
from mainstay.network.builder import Builder
from mainstay.network.kinds.stock import opening_lots
from mainstay.network.network import Network
from mainstay.network.profiles import per_period, rows_of, scatter
from mainstay.tables import Case
from mainstay.tables.columns import TIERS

DEPTH = ((0.25, 1.0), (0.25, 1.5), (0.25, 2.0), (0.25, 3.0))
"""Tranches of what a place loses over the horizon: share of its need, and the weight of a unit in that tranche."""
DEPRIVATION = 0.1
"""Weight of a unit that a place is behind, per day, against a lost unit of the first tranche."""

NEED = pl.format("need:{}@{}/{}", "item", "place", "tier")


def due(case: Case, calendar: Calendar) -> tuple[pl.DataFrame, NDArray[np.float64], NDArray[np.float64]]:
    """Needs of the planned scenario within the horizon.

    Returns the frame (need, item, place, tier, total, weight, patience), what falls due in each period
    (needs, periods) and the most that may wait at the end of each (needs, periods) [units of the item].
    """
    rows = (
        case["needs"]
        .filter((pl.col("scenario") == case.scenario) & (pl.col("quantity") > 0))
        .with_columns(need=NEED, day=(pl.col("date") - calendar.start).dt.total_days())
        .filter(pl.col("day").is_between(0, calendar.num_days - 1))
    )
    needs = (
        rows.group_by("need", "item", "place", "tier", maintain_order=True)
        .agg(total=pl.col("quantity").sum(), patience=pl.col("patience_days").max())
        .sort("need")
        .join(
            case["items"].select("item", pl.col("weight").alias("item_weight")),
            on="item",
            how="left",
            maintain_order="left",
        )
        .with_columns(weight=pl.col("item_weight") / pl.col("total").sum().over("item", "tier"))
    )
    row, day = rows_of(needs["need"], rows["need"]), rows["day"].to_numpy()
    quantity, patience = rows["quantity"].to_numpy(), rows["patience_days"].to_numpy()
    shape = (needs.height, calendar.num_days + 1)
    first_late = np.minimum(day + patience, calendar.num_days)
    waiting = np.cumsum(scatter(row, day, quantity, shape) - scatter(row, first_late, quantity, shape), axis=1)[
        :, calendar.first_days + calendar.lengths - 1
    ]
    daily = scatter(row, day, quantity, (needs.height, calendar.num_days))
    return needs, per_period(daily, calendar, "sum"), np.maximum(waiting, 0.0)


def add(case: Case, builder: Builder) -> None:
    """Write the needs and what serves them."""
    needs, quantity, waiting = due(case, builder.calendar)
    stage = pl.format("{} shortage", "tier")
    may_wait = needs["patience"].to_numpy() > 0
    longest = int(builder.calendar.lengths.max())  # what waits at the end of a period counts on all its days
    builder.add_resources(
        needs.select(
            "item",
            "place",
            resource="need",
            kind=pl.when(pl.col("patience") > 0).then(pl.lit("stock")).otherwise(pl.lit("flow")),
            what=pl.lit("need"),
            subject="tier",
            holding_penalty=pl.when(pl.col("patience") > 0)
            .then(pl.col("weight") / (pl.col("patience") + longest))
            .otherwise(0.0),
            holding_stage=stage,
        ),
        supply=quantity,
        store=np.where(may_wait[:, None], waiting, 0.0),
    )
    builder.add_tasks(
        needs.select("item", "place", task=pl.format("lose:{}", "need"), kind=pl.lit("lose"), subject="tier"),
        upper=np.where((quantity > 0) | may_wait[:, None], np.inf, 0.0),
    )
    builder.add_effects(needs.select(task=pl.format("lose:{}", "need"), resource="need", amount=-1.0))
    due_at = pl.Series("due", may_wait[:, None] | (quantity > 0))
    _add_service(case, needs.with_columns(row=pl.int_range(pl.len())), due_at.to_numpy(), builder)


def _ways(case: Case, needs: pl.DataFrame) -> pl.DataFrame:
    """Every way to serve every need: need columns, used_item, per_unit [units of the used item], owner."""
    own = needs.with_columns(used_item="item", per_unit=1.0)
    swaps = (
        needs.join(
            case["substitutes"].select("item", "tiers", used_item="substitute", per_unit="quantity"),
            on="item",
            how="inner",
            maintain_order="left_right",
        )
        .filter(
            pl.col("tiers").is_null()
            | pl.col("tiers").str.split(";").list.eval(pl.element().str.strip_chars()).list.contains(pl.col("tier"))
        )
        .drop("tiers")
    )
    ways = pl.concat([own, swaps.select(own.columns)]).with_columns(owner=pl.lit("enterprise"))
    kept = opening_lots(case).filter(pl.col("owner") == "facility").select("place", used_item="item").unique()
    facility = ways.join(kept, on=["place", "used_item"], how="semi").with_columns(owner=pl.lit("facility"))
    return pl.concat([ways, facility]).join(
        case["items"].select("stay_days", used_item="item"), on="used_item", how="left", maintain_order="left"
    )


def _add_service(case: Case, needs: pl.DataFrame, due_at: NDArray[np.bool_], builder: Builder) -> None:
    ways = _ways(case, needs).with_columns(
        task=pl.format("serve:{}:{}/{}", "need", "used_item", "owner"),
        goods=pl.format("goods:{}@{}/{}", "used_item", "place", "owner"),
    )
    builder.add_goods(
        ways.filter(pl.col("owner") == "enterprise").select("place", item="used_item").unique(maintain_order=True)
    )
    builder.add_tasks(
        ways.select(
            "task",
            "item",
            "place",
            kind=pl.lit("serve"),
            subject="used_item",
            other=pl.format("{}/{}", "tier", "owner"),
        ),
        upper=np.where(due_at[ways["row"].to_numpy()], np.inf, 0.0),
    )
    builder.add_effects(ways.select("task", resource="need", amount=-1.0))
    builder.add_effects(ways.select("task", resource="goods", amount=-pl.col("per_unit")))
    builder.add_effects(
        ways.filter(pl.col("stay_days").is_not_null()).select(
            "task", resource="goods", offset="stay_days", amount="per_unit"
        )
    )


def finish(case: Case, builder: Builder, network: Network) -> None:
    """Write the weights of shortages, and the fairness of each tier over the places that can be reached at all."""
    needs, _, _ = due(case, builder.calendar)
    live = network.tasks.filter(pl.Series(network.upper.any(axis=1)) & pl.col("kind").is_in(["serve", "ease"]))
    meet = live.select(
        "task", "kind", need=pl.format("need:{}@{}/{}", "item", "place", pl.col("other").str.split("/").list.first())
    )
    reached = meet.filter(pl.col("kind") == "serve")
    _add_depth(needs, builder)
    _add_deprivation(needs.filter(pl.col("patience") == 0), meet, builder)
    _add_fairness(needs.join(reached, on="need", how="semi", maintain_order="left"), meet, builder)


def _at_first(values: NDArray[np.float64], builder: Builder) -> NDArray[np.float64]:
    return np.where(np.arange(len(builder.calendar)) == 0, values[:, None], 0.0)


def _add_depth(needs: pl.DataFrame, builder: Builder) -> None:
    depth = pl.format("depth:{}", "need")
    builder.add_resources(
        needs.select("item", "place", resource=depth, kind=pl.lit("total"), what=pl.lit("depth"), subject="tier")
    )
    builder.add_effects(needs.select(task=pl.format("lose:{}", "need"), resource=depth, amount=-1.0))
    for number, (share, weight) in enumerate(DEPTH, 1):
        task = pl.format("depth:{}:" + str(number), "need")
        builder.add_tasks(
            needs.select(
                "item",
                "place",
                task=task,
                kind=pl.lit("depth"),
                subject="tier",
                penalty=pl.col("weight") * weight,
                stage=pl.format("{} shortage", "tier"),
            ),
            upper=_at_first(needs["total"].to_numpy() * share, builder),
        )
        builder.add_effects(needs.select(task=task, resource=depth, amount=1.0))


def _add_deprivation(needs: pl.DataFrame, meet: pl.DataFrame, builder: Builder) -> None:
    deprived = pl.format("deprived:{}", "need")
    builder.add_resources(
        needs.select(
            "item",
            "place",
            resource=deprived,
            kind=pl.lit("stock"),
            what=pl.lit("deprivation"),
            subject="tier",
            surplus=pl.lit(True),
            holding_penalty=pl.col("weight") * DEPRIVATION,
            holding_stage=pl.format("{} shortage", "tier"),
        )
    )
    builder.add_effects(needs.select(task=pl.format("lose:{}", "need"), resource=deprived, amount=1.0))
    builder.add_effects(
        meet.join(needs.select("need"), on="need", how="semi", maintain_order="left").select(
            "task", resource=deprived, amount=-1.0
        )
    )


def _add_fairness(needs: pl.DataFrame, meet: pl.DataFrame, builder: Builder) -> None:
    named = needs.with_columns(filled=pl.format("filled:{}", "need"))
    shared = named.filter(pl.len().over("item", "tier") > 1)
    builder.add_resources(
        shared.select("item", "place", resource="filled", kind=pl.lit("total"), what=pl.lit("fill"), subject="tier")
    )
    builder.add_effects(
        meet.join(shared.select("need", "filled"), on="need", how="inner", maintain_order="left").select(
            "task", resource="filled", amount=1.0
        )
    )
    raised = shared.with_columns(task=pl.format("raise:{}/{}", "item", "tier"))
    groups = raised.group_by("task", "item", "tier", maintain_order=True).agg(pl.first("item_weight"))
    builder.add_tasks(
        groups.select(
            "task",
            "item",
            kind=pl.lit("raise"),
            subject="tier",
            scale=1.0,
            penalty=-pl.col("item_weight"),
            stage=pl.format("{} fairness", "tier"),
        ),
        upper=_at_first(np.ones(groups.height), builder),
    )
    builder.add_effects(raised.select("task", resource="filled", amount=-pl.col("total")))


def stages() -> tuple[str, ...]:
    """Stages of the objective that needs call for, vital first."""
    return tuple(f"{tier} {part}" for tier in TIERS for part in ("fairness", "shortage"))


def results(case: Case, runs: pl.DataFrame) -> dict[str, pl.DataFrame]:
    """Rows of ``service``."""
    rates = pl.concat(
        [
            case["items"].select("item", used_item="item", rate=pl.lit(1.0)),
            case["substitutes"].select("item", used_item="substitute", rate="quantity"),
        ]
    )
    served = (
        runs.filter(pl.col("kind") == "serve")
        .rename({"subject": "used_item", "extent": "quantity"})
        .join(rates, on=["item", "used_item"], how="left", maintain_order="left")
        .with_columns(
            tier=pl.col("other").str.split("/").list.get(0),
            owner=pl.col("other").str.split("/").list.get(1),
            used_quantity=pl.col("quantity") * pl.col("rate"),
        )
    )
    return {"service": served}
