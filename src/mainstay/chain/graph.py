"""The chain as a graph: nodes and edges, each edge from effects of the network.

Nodes: ``item:<item>`` (any of its sources will do: OR), ``make:<enterprise>:<item>@<place>`` (takes all its inputs:
AND), ``abroad:<source>``, ``reserve:<item>@<place>``, ``need:<item>@<place>``, ``licence:<enterprise>:<item>`` where a
review must come first. Edges: gives, takes, serves, equips (a machine becomes a line), permits.
"""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import polars as pl

from mainstay.chain.concentration import regions
from mainstay.chain.dependence import needs_of
from mainstay.chain.supply import RUNS, Supply, goods_effects, tasks_of_runs
from mainstay.network.kinds.stock import opening_lots
from mainstay.network.network import Network
from mainstay.tables import Case

Tables = Mapping[str, pl.DataFrame]

MAKER = pl.format("make:{}:{}@{}", "enterprise", "item", "place")


def edges_of(case: Case, network: Network) -> pl.DataFrame:
    """Every edge: from, to, kind, amount, effects.

    amount : units of the item for one unit at the other end, the mean where several processes or lines differ
    effects : how many effects of the network say so
    """
    runs = tasks_of_runs(case, network).with_columns(maker=MAKER).select("row", "maker", "line")
    found = goods_effects(network, (*RUNS, "import", "reserve", "serve"))
    goods = pl.format("item:{}", "item")
    of_runs = found.join(runs, left_on="task", right_on="row", how="inner", maintain_order="left")
    tasks = network.tasks
    others = found.filter(~pl.col("kind").is_in(RUNS)).with_columns(
        subject=tasks["subject"].gather(found.filter(~pl.col("kind").is_in(RUNS))["task"]),
        needed=tasks["item"].gather(found.filter(~pl.col("kind").is_in(RUNS))["task"]),
    )
    gives, takes = pl.col("amount") > 0, pl.col("amount") < 0
    parts = [
        _edge(of_runs.filter(gives), pl.col("maker"), goods, "gives"),
        _edge(of_runs.filter(takes), goods, pl.col("maker"), "takes"),
        _edge(others.filter(gives, kind="import"), pl.format("abroad:{}", "subject"), goods, "gives"),
        _edge(others.filter(gives, kind="reserve"), pl.format("reserve:{}@{}", "item", "place"), goods, "gives"),
        _edge(
            others.filter(takes, kind="serve", owner="enterprise"),
            goods,
            pl.format("need:{}@{}", "needed", "place"),
            "serves",
        ),
        _equips(network, runs),
        _permits(network, runs),
    ]
    return (
        pl.concat(parts)
        .group_by("from", "to", "kind", maintain_order=True)
        .agg(pl.col("amount").mean(), effects=pl.len().cast(pl.Int64))
    )


def _edge(rows: pl.DataFrame, start: pl.Expr, end: pl.Expr, kind: str) -> pl.DataFrame:
    return rows.select(
        start.alias("from"), end.alias("to"), pl.lit(kind).alias("kind"), pl.col("amount").abs().cast(pl.Float64)
    )


def _equips(network: Network, runs: pl.DataFrame) -> pl.DataFrame:
    """Machines that become lines on which a maker runs."""
    machines = goods_effects(network, ("convert",)).select("task", "item", "amount")
    becomes = network.effects.filter(
        (network.resources["what"] == "line capacity").gather(network.effects["resource"]), pl.col("amount") > 0
    )
    lines = becomes.select("task", line=network.resources["subject"].gather(becomes["resource"])).unique()
    rows = machines.join(lines, on="task").join(runs.select("maker", "line").unique(), on="line")
    return _edge(rows, pl.format("item:{}", "item"), pl.col("maker"), "equips")


def _permits(network: Network, runs: pl.DataFrame) -> pl.DataFrame:
    """Licences that a maker waits for."""
    takes = network.effects.filter((network.resources["what"] == "licence").gather(network.effects["resource"]))
    held = network.resources[takes["resource"].to_numpy()]
    rows = takes.with_columns(held["subject"].alias("enterprise"), held["item"]).join(
        runs, left_on="task", right_on="row", how="inner"
    )
    return _edge(
        rows.with_columns(amount=1.0), pl.format("licence:{}:{}", "enterprise", "item"), pl.col("maker"), "permits"
    )


def nodes_of(case: Case, supply: Supply, edges: pl.DataFrame, plan: Tables | None) -> pl.DataFrame:
    """Every node that an edge touches, with its facts; ``plan`` : result tables, for flow and utilisation."""
    touched = pl.concat([edges["from"], edges["to"]]).unique(maintain_order=True)
    flows = node_flows(case, plan)
    region = regions(case)
    parts = [_makers(supply), _offers(supply), _reserves(case), _needs(case), _items(case), _licences(edges)]
    return (
        touched.to_frame("node")
        .join(pl.concat(parts, how="diagonal"), on="node", how="left", maintain_order="left")
        .join(case["items"].select("item", "family", "stage", "unit"), on="item", how="left", maintain_order="left")
        .join(case["places"].select("place", "lat", "lon"), on="place", how="left", maintain_order="left")
        .join(flows, on="node", how="left", maintain_order="left")
        .with_columns(
            region=pl.col("place").replace_strict(region, default=None, return_dtype=pl.String),
            share=pl.when(pl.col("kind").is_in(["make", "abroad"])).then(_part("standing")).otherwise(None),
        )
    )


def _part(column: str) -> pl.Expr:
    whole = pl.col(column).filter(pl.col("kind").is_in(["make", "abroad"])).sum().over("item")
    return pl.when(whole > 0).then(pl.col(column) / whole).otherwise(0.0)


def _makers(supply: Supply) -> pl.DataFrame:
    return (
        supply.ways.filter(pl.col("enterprise").is_not_null())
        .with_columns(node=MAKER)
        .group_by("node", "enterprise", "item", "place", maintain_order=True)
        .agg(pl.col("standing", "possible").sum(), waits=pl.col("waits").all())
        .with_columns(kind=pl.lit("make"))
    )


def _offers(supply: Supply) -> pl.DataFrame:
    offers = supply.ways.filter(pl.col("source").is_not_null())
    return offers.select("item", "place", "source", "standing", "possible", node="agent", kind=pl.lit("abroad"))


def _reserves(case: Case) -> pl.DataFrame:
    held = opening_lots(case).filter(owner="reserve").group_by("item", "place").agg(stock=pl.col("quantity").sum())
    return held.with_columns(node=pl.format("reserve:{}@{}", "item", "place"), kind=pl.lit("reserve"))


def _needs(case: Case) -> pl.DataFrame:
    own = opening_lots(case).filter(owner="facility").group_by("item", "place").agg(stock=pl.col("quantity").sum())
    needs = needs_of(case).group_by("item", "place", maintain_order=True).agg(pl.col("quantity").sum())
    return needs.join(own, on=["item", "place"], how="left").select(
        "item",
        "place",
        "stock",
        node=pl.format("need:{}@{}", "item", "place"),
        kind=pl.lit("need"),
        required=pl.col("quantity") / case.calendar.num_days,
    )


def _items(case: Case) -> pl.DataFrame:
    held = opening_lots(case).filter(owner="enterprise").group_by("item").agg(stock=pl.col("quantity").sum())
    rows = case["items"].select("item").join(held, on="item", how="left", maintain_order="left")
    return rows.with_columns(node=pl.format("item:{}", "item"), kind=pl.lit("item"))


def _licences(edges: pl.DataFrame) -> pl.DataFrame:
    nodes = edges.filter(kind="permits")["from"].unique(maintain_order=True)
    parts = nodes.str.split_exact(":", 2).struct.rename_fields(["kind", "enterprise", "item"]).struct.unnest()
    return parts.with_columns(node=nodes)


def node_flows(case: Case, plan: Tables | None) -> pl.DataFrame:
    """What a plan has pass through each node [units a day, mean of the horizon], and how far makers' lines are used.

    Of a need it is what is met, from whatever stock, or eased.

    Returns node, flow, utilisation (0-1 of the usable line-days of the maker's lines); without plan none.
    """
    bare = pl.DataFrame(schema={"node": pl.String, "flow": pl.Float64, "utilisation": pl.Float64})
    if plan is None:
        return bare
    runs = pl.concat([plan["production"], plan["releases"]]).with_columns(node=MAKER)
    makers = runs.group_by("node").agg(flow=pl.col("quantity").sum())
    used = (
        plan["capacity"]
        .group_by("line")
        .agg(*(((pl.col(column) * pl.col("days")).sum()).alias(column) for column in ("usable", "used")))
    )
    lines = (
        runs.select("node", "line")
        .unique()
        .join(used, on="line", how="left")
        .group_by("node")
        .agg(pl.col("used").sum(), pl.col("usable").sum())
        .with_columns(utilisation=pl.when(pl.col("usable") > 0).then(pl.col("used") / pl.col("usable")).clip(0, 1))
    )
    met = plan["shortages"].with_columns(quantity=pl.col("served") + pl.col("eased"))
    arrived = pl.concat(
        [
            runs.select("item", "quantity"),
            plan["imports"].select("item", "quantity"),
            plan["reserve_releases"].select("item", "quantity"),
        ]
    )
    parts = [
        makers,
        plan["imports"].group_by(node=pl.format("abroad:{}", "source")).agg(flow=pl.col("quantity").sum()),
        plan["reserve_releases"]
        .group_by(node=pl.format("reserve:{}@{}", "item", "place"))
        .agg(flow=pl.col("quantity").sum()),
        met.group_by(node=pl.format("need:{}@{}", "item", "place")).agg(flow=pl.col("quantity").sum()),
        arrived.group_by(node=pl.format("item:{}", "item")).agg(flow=pl.col("quantity").sum()),
    ]
    return (
        pl.concat(parts)
        .with_columns(pl.col("flow") / case.calendar.num_days)
        .join(lines.select("node", "utilisation"), on="node", how="left", maintain_order="left")
    )


def edge_flows(case: Case, edges: pl.DataFrame, nodes: pl.DataFrame, plan: Tables | None) -> pl.Series:
    """What goes along each edge [units of its item a day]: in the plan, or where there is none by standing capacity.

    A machine's and a licence's edges carry none.
    """
    size = dict(nodes.select("node", "flow" if plan is not None else pl.coalesce("standing", "required")).iter_rows())
    days = case.calendar.num_days
    if plan is not None:
        takes = dict(_taken(case, plan).iter_rows())
        serves = (
            plan["service"]
            .filter(owner="enterprise")
            .group_by(key=pl.format("item:{}>need:{}@{}", "used_item", "item", "place"))
        )
        takes |= dict(serves.agg(pl.col("used_quantity").sum()).iter_rows())
    flows = []
    for start, end, kind, amount in edges.select("from", "to", "kind", "amount").iter_rows():
        if kind == "gives":
            flows.append(size.get(start) or 0.0)
        elif kind in ("equips", "permits"):
            flows.append(0.0)
        elif plan is not None:
            flows.append(takes.get(f"{start}>{end}", 0.0) / days)
        else:
            flows.append((size.get(end) or 0.0) * (amount if kind == "takes" else 1.0))
    return pl.Series("flow", flows, dtype=pl.Float64)


def _taken(case: Case, plan: Tables) -> pl.DataFrame:
    """What each maker takes of each input over the horizon: key, quantity."""
    runs = (
        pl.concat([plan["production"], plan["releases"]])
        .with_columns(maker=MAKER)
        .select("maker", "process", "started")
    )
    recipes = case["recipes"].select("process", "quantity", source="item")
    return (
        runs.join(recipes, on="process", how="inner")
        .group_by(key=pl.format("item:{}>{}", "source", "maker"))
        .agg((pl.col("started") * pl.col("quantity")).sum())
    )


def select(
    nodes: pl.DataFrame, edges: pl.DataFrame, *, items: list[str], enterprises: list[str]
) -> tuple[pl.DataFrame, pl.DataFrame]:
    """What leads to the items, or from and to the enterprises, with the needs at the end."""
    names = nodes["node"].to_list()
    row = {name: number for number, name in enumerate(names)}
    start = np.array([row[name] for name in edges["from"]], dtype=np.int64)
    end = np.array([row[name] for name in edges["to"]], dtype=np.int64)
    wanted = nodes["item"].is_in(items).to_numpy() & (nodes["kind"] != "licence").to_numpy()
    own = nodes["enterprise"].is_in(enterprises).fill_null(False).to_numpy()
    kept = _reached(wanted | own, end, start) | _reached(own, start, end)
    chosen = nodes.filter(pl.Series(kept))
    left = edges.filter(pl.Series(kept[start] & kept[end]))
    return chosen, left


def _reached(seeds: np.ndarray, start: np.ndarray, end: np.ndarray) -> np.ndarray:
    found = seeds.copy()
    while True:
        more = found.copy()
        more[end[found[start]]] = True
        if np.array_equal(more, found):
            return found
        found = more
