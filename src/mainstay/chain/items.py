"""Items in the chain: how many steps from what is needed, how much is required, how long stocks last."""

from __future__ import annotations

import numpy as np
import polars as pl
from scipy.sparse import csr_array
from scipy.sparse.csgraph import shortest_path

from mainstay.chain.dependence import needs_of
from mainstay.chain.supply import Supply
from mainstay.network.kinds.stock import opening_lots
from mainstay.tables import Case


def tiers_of(ways: pl.DataFrame, inputs: pl.DataFrame) -> dict[str, dict[str, int]]:
    """Fewest steps from each item down to every item made of it: item -> made item -> steps."""
    links = _links(ways, inputs)
    names = pl.concat([ways["item"], inputs["item"]]).unique(maintain_order=True).to_list()
    row = {name: number for number, name in enumerate(names)}
    graph = np.zeros((len(names), len(names)))
    for source, made in links:
        graph[row[source], row[made]] = 1
    steps = shortest_path(csr_array(graph), unweighted=True)
    return {
        name: {names[j]: int(steps[i, j]) for j in np.flatnonzero(np.isfinite(steps[i]))}
        for i, name in enumerate(names)
    }


def _links(ways: pl.DataFrame, inputs: pl.DataFrame) -> list[tuple[str, str]]:
    made = ways["item"].gather(inputs["way"])
    return list(dict.fromkeys(zip(inputs["item"], made, strict=True)))


def depths(links: list[tuple[str, str]], ends: list[str]) -> dict[str, tuple[int, int]]:
    """Fewest and most steps of each item from what is needed; what leads to nothing needed is left out.

    A chain that runs in circles has no most steps: there the fewest stand in.
    """
    above: dict[str, list[str]] = {}
    for source, made in links:
        above.setdefault(made, []).append(source)
    fewest = dict.fromkeys(ends, 0)
    layer = list(fewest)
    while layer:
        reached = dict.fromkeys(s for made in layer for s in above.get(made, []) if s not in fewest)
        fewest |= dict.fromkeys(reached, fewest[layer[0]] + 1)
        layer = list(reached)
    most = dict(fewest)
    for _ in range(len(fewest) + 1):
        longer = dict(most)
        for made in fewest:
            for source in above.get(made, []):
                longer[source] = max(longer[source], most[made] + 1)
        if longer == most:
            return {item: (fewest[item], most[item]) for item in fewest}
        most = longer
    return {item: (steps, steps) for item, steps in fewest.items()}


def required(case: Case, supply: Supply) -> dict[str, float]:
    """What a day of the needs takes of each item, through the bill of materials [units a day, mean of the horizon].

    Alternative ways to an item count by their standing capacity, or where nothing stands by what is possible.
    """
    days = case.calendar.num_days
    needs = needs_of(case).group_by("item").agg(pl.col("quantity").sum() / days)
    direct = dict(needs.iter_rows())
    takes = _takes(supply)
    total = dict(direct)
    for _ in range(len(takes) + 1):  # a chain is no longer than it has items
        through: dict[str, float] = dict(direct)
        for made, inputs in takes.items():
            for item, quantity in inputs.items():
                through[item] = through.get(item, 0.0) + quantity * total.get(made, 0.0)
        if through == total:
            break
        total = through
    return total


def _takes(supply: Supply) -> dict[str, dict[str, float]]:
    """Mean quantity of each input for one good unit of each item made here: item -> input -> quantity."""
    standing = pl.col("standing").sum().over("item")
    weighed = supply.ways.with_row_index("way").with_columns(
        pl.col("way").cast(pl.Int64), weight=pl.when(standing > 0).then("standing").otherwise("possible")
    )
    weighed = weighed.with_columns(part=pl.col("weight") / pl.col("weight").sum().over("item"))
    rows = (
        supply.inputs.join(weighed.select("way", "part", made="item"), on="way", how="left", maintain_order="left")
        .group_by("made", "item", maintain_order=True)
        .agg((pl.col("quantity") * pl.col("part").fill_nan(0.0)).sum())
    )
    found: dict[str, dict[str, float]] = {}
    for made, item, quantity in rows.iter_rows():
        found.setdefault(made, {})[item] = quantity
    return found


def cover_days(case: Case, wanted: dict[str, float]) -> dict[str, float | None]:
    """How many days the opening stocks of all owners last; None where nothing is required."""
    held = dict(opening_lots(case).group_by("item").agg(pl.col("quantity").sum()).iter_rows())
    return {
        item: held.get(item, 0.0) / wanted[item] if wanted.get(item, 0.0) > 0 else None
        for item in case["items"]["item"]
    }


def spare(supply: Supply, wanted: dict[str, float]) -> dict[str, float]:
    """Standing capacity of each item / what is required of it; items that nothing is required of are left out."""
    standing = dict(supply.ways.group_by("item").agg(pl.col("standing").sum()).iter_rows())
    return {item: standing.get(item, 0.0) / need for item, need in wanted.items() if need > 0}


def tiers_table(
    case: Case,
    supply: Supply,
    steps: dict[str, tuple[int, int]],
    wanted: dict[str, float],
    made: dict[str, float] | None,
) -> pl.DataFrame:
    """Rows of ``tiers``: every item of the chain, finished goods first.

    wanted : what is required of each item [units a day]
    made : what a plan makes and imports of each item [units a day]; None: there is no plan
    """
    cover, ratio = cover_days(case, wanted), spare(supply, wanted)
    by_item = {key[0]: rows for key, rows in supply.ways.group_by("item")}
    facts = {i: (family, stage) for i, family, stage in case["items"].select("item", "family", "stage").iter_rows()}
    rows = []
    for item, (fewest, most) in sorted(steps.items(), key=lambda entry: (entry[1], entry[0])):
        ways = by_item.get(item, supply.ways.clear())
        makers = ways.filter(pl.col("enterprise").is_not_null())
        rows.append(
            (
                item,
                *facts[item],
                fewest,
                most,
                makers.filter(pl.col("standing") > 0)["enterprise"].n_unique(),
                makers["enterprise"].n_unique(),
                ways["source"].n_unique() if ways["source"].null_count() < ways.height else 0,
                float(ways["standing"].sum()),
                float(ways["possible"].sum()),
                wanted.get(item, 0.0),
                ratio.get(item),
                cover[item],
                None if made is None else made.get(item, 0.0),
            )
        )
    return pl.DataFrame(rows, schema=_SCHEMA, orient="row")


_SCHEMA = {
    "item": pl.String,
    "family": pl.String,
    "stage": pl.String,
    "tier": pl.Int64,
    "deepest": pl.Int64,
    "makers": pl.Int64,
    "possible_makers": pl.Int64,
    "sources": pl.Int64,
    "standing": pl.Float64,
    "possible": pl.Float64,
    "required": pl.Float64,
    "ratio": pl.Float64,
    "cover_days": pl.Float64,
    "planned": pl.Float64,
}
