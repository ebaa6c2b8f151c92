"""Who can supply what: every way to an item, what it takes, and which ways reach which place.

A *way* is a process of an enterprise at a place, or an offer abroad: alternatives (OR). A way takes all of its inputs
(AND). Which ways exist, what they take and where goods can go is read from the tasks and effects of the network; the
tables add what one line makes a day. A *market* is a set of places that the same ways to an item can reach.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np
import polars as pl
from numpy.typing import NDArray
from scipy.sparse import csr_array
from scipy.sparse.csgraph import shortest_path

from mainstay.network.lines import line_groups
from mainstay.network.network import Network
from mainstay.tables import Case

Array = NDArray[np.float64]
RUNS = ("make", "release")


@dataclass(frozen=True)
class Supply:
    """Ways, inputs and markets of a case.

    Attributes
    ----------
    ways : frame (W rows): way, kind (make, release, import), agent, enterprise, source, item, place, process,
        waits (for a licence), standing [good units a day of the lines that stand and may run, or offered],
        possible [the same with every conversion and licence]
    inputs : frame: way (row number), item, place, market (row number; -1: nobody), quantity [per good unit]
    markets : frame (M rows): market, item, places (list)
    members : frame: market, way (row numbers), share (0-1) of the market's capacity
    reached : market of each (item, place): frame item, place, market
    """

    ways: pl.DataFrame
    inputs: pl.DataFrame
    markets: pl.DataFrame
    members: pl.DataFrame
    reached: pl.DataFrame

    @cached_property
    def agents(self) -> list[str]:
        """Enterprises and offers, in the order of the ways."""
        return self.ways["agent"].unique(maintain_order=True).to_list()

    @cached_property
    def own(self) -> NDArray[np.bool_]:
        """Whose each way is (ways, agents)."""
        column = {agent: number for number, agent in enumerate(self.agents)}
        own = np.zeros((self.ways.height, len(column)), dtype=bool)
        own[np.arange(self.ways.height), [column[agent] for agent in self.ways["agent"]]] = True
        return own

    @cached_property
    def mix(self) -> csr_array:
        """Share of each way in each market (markets, ways)."""
        at = (self.members["market"].to_numpy(), self.members["way"].to_numpy())
        return csr_array((self.members["share"].to_numpy(), at), shape=(self.markets.height, self.ways.height))


def supply_of(case: Case, network: Network) -> Supply:
    """The ways of a network to its items, the standing capacity of each, and the markets they reach."""
    ways = pl.concat([_runs(case, network), _offers(network)]).with_row_index("row")
    ways = ways.with_columns(pl.col("row").cast(pl.Int64))
    reached, markets, members = _markets(network, ways, _wanted(network))
    inputs = (
        _inputs(case, network, ways)
        .join(reached, on=["item", "place"], how="left", maintain_order="left")
        .with_columns(pl.col("market").fill_null(-1))
    )
    return Supply(ways.drop("row"), inputs, markets, members, reached)


def tasks_of_runs(case: Case, network: Network) -> pl.DataFrame:
    """Every task that makes or releases: row, task, item, place, line, process, enterprise, quantity, most, waits."""
    is_licence = (network.resources["what"] == "licence").to_numpy()
    takes = network.effects.filter(
        pl.Series(is_licence[network.effects["resource"].to_numpy()]) & (pl.col("amount") < 0)
    )
    waiting = np.zeros(network.tasks.height, dtype=bool)
    waiting[takes["task"].to_numpy()] = True
    return (
        network.tasks.with_columns(row=pl.int_range(pl.len()), waits=pl.Series(waiting))
        .filter(pl.col("kind").is_in(RUNS))
        .rename({"subject": "line", "other": "process"})
        .join(
            line_groups(case).select("line", "enterprise", "quantity", "most", "is_new"),
            on="line",
            how="left",
            maintain_order="left",
        )
        .join(
            case["processes"].select("process", "rate_per_day", "yield_rate"),
            on="process",
            how="left",
            maintain_order="left",
        )
        .join(
            case["licences"].filter(pl.col("state") == "held").select("enterprise", "item", holds=pl.lit(True)),
            on=["enterprise", "item"],
            how="left",
            maintain_order="left",
        )
        .with_columns(waits=pl.col("waits") & pl.col("holds").is_null())
        .drop("holds")
    )


def _runs(case: Case, network: Network) -> pl.DataFrame:
    good = pl.col("rate_per_day") * pl.col("yield_rate")
    may_run = ~pl.col("waits") & ~pl.col("is_new")
    return (
        tasks_of_runs(case, network)
        .group_by("kind", "enterprise", "item", "place", "process", maintain_order=True)
        .agg(
            waits=pl.col("waits").all(),
            standing=pl.when(may_run).then(pl.col("quantity") * good).otherwise(0.0).sum(),
            possible=(pl.col("most") * good).sum(),
        )
        .select(
            "kind",
            pl.col("enterprise").alias("agent"),
            "enterprise",
            pl.lit(None, dtype=pl.String).alias("source"),
            "item",
            "place",
            "process",
            "waits",
            "standing",
            "possible",
        )
    )


def _offers(network: Network) -> pl.DataFrame:
    """Offers abroad that can be ordered; a day's mean over the horizon."""
    is_offer = (network.resources["what"] == "import offer").to_numpy()
    a_day = network.supply.sum(axis=1) / network.calendar.num_days
    offers = network.resources.with_columns(standing=pl.Series(a_day)).filter(pl.Series(is_offer))
    ordered = network.tasks.filter(pl.col("kind") == "import").select("subject").unique()
    return offers.join(ordered, on="subject", how="semi", maintain_order="left").select(
        pl.lit("import").alias("kind"),
        pl.format("abroad:{}", "subject").alias("agent"),
        pl.lit(None, dtype=pl.String).alias("enterprise"),
        pl.col("subject").alias("source"),
        "item",
        "place",
        pl.lit(None, dtype=pl.String).alias("process"),
        pl.lit(False).alias("waits"),
        "standing",
        pl.col("standing").alias("possible"),
    )


def _goods(network: Network) -> NDArray[np.bool_]:
    return (network.resources["what"] == "goods").to_numpy()


def goods_effects(network: Network, kinds: tuple[str, ...]) -> pl.DataFrame:
    """Effects of some kinds of task on goods: columns of effects, kind of task, and item, place, owner of the goods."""
    effects = network.effects.filter(pl.Series(_goods(network)[network.effects["resource"].to_numpy()]))
    goods = network.resources[effects["resource"].to_numpy()]
    tasks = network.tasks[effects["task"].to_numpy()]
    return effects.with_columns(goods["item"], goods["place"], goods["subject"].alias("owner"), tasks["kind"]).filter(
        pl.col("kind").is_in(kinds)
    )


def _inputs(case: Case, network: Network, ways: pl.DataFrame) -> pl.DataFrame:
    """What one good unit of each way takes."""
    runs = tasks_of_runs(case, network).select("row", "kind", "enterprise", "process", "yield_rate", made="item")
    takes = goods_effects(network, RUNS).filter(pl.col("amount") < 0).drop("kind")
    keys = ["kind", "enterprise", "process", "made", "place"]
    numbered = ways.select("kind", "enterprise", "process", "place", made="item", way="row")
    return (
        takes.join(runs, left_on="task", right_on="row", how="inner", maintain_order="left")
        .join(numbered, on=keys, how="inner", maintain_order="left")
        .group_by("way", "item", "place", maintain_order=True)
        .agg(quantity=(-pl.col("amount") / pl.col("yield_rate")).mean())
    )


def _wanted(network: Network) -> pl.DataFrame:
    """Items and places at which something takes goods in distribution."""
    resources = network.resources.filter((pl.col("what") == "goods") & (pl.col("subject") == "enterprise"))
    return resources.select("item", "place").unique(maintain_order=True)


def _markets(
    network: Network, ways: pl.DataFrame, wanted: pl.DataFrame
) -> tuple[pl.DataFrame, pl.DataFrame, pl.DataFrame]:
    """Which ways reach which places: places of an item that the same ways reach are one market."""
    ships = network.tasks.filter(pl.col("kind") == "ship").select("item", "place", to="other").unique()
    reached: list[tuple[str, str, int]] = []
    markets: list[tuple[int, str, list[str]]] = []
    members: list[pl.DataFrame] = []
    by_item = {key[0]: rows for key, rows in ways.group_by("item")}
    lanes = {key[0]: rows for key, rows in ships.group_by("item")}
    for (item,), places in wanted.group_by("item", maintain_order=True):
        own = by_item.get(item)
        if own is None:
            continue
        reach = _reach(places["place"].to_list(), lanes.get(item), own["place"].to_list())
        found: dict[bytes, list[str]] = {}
        for place, column in zip(places["place"], reach.T, strict=True):
            if column.any():
                found.setdefault(column.tobytes(), []).append(place)
        for key, together in found.items():
            chosen = own.filter(pl.Series(np.frombuffer(key, dtype=bool)))
            markets.append((len(markets), item, sorted(together)))
            reached += [(item, place, markets[-1][0]) for place in together]
            members.append(_shares(chosen, markets[-1][0]))
    none = pl.DataFrame(schema={"market": pl.Int64, "way": pl.Int64, "share": pl.Float64})
    return (
        pl.DataFrame(reached, schema={"item": pl.String, "place": pl.String, "market": pl.Int64}, orient="row"),
        pl.DataFrame(
            markets, schema={"market": pl.Int64, "item": pl.String, "places": pl.List(pl.String)}, orient="row"
        ),
        pl.concat([none, *members]),
    )


def _reach(places: list[str], lanes: pl.DataFrame | None, homes: list[str]) -> NDArray[np.bool_]:
    """Whether goods from each home can come to each place (homes, places)."""
    row = {place: number for number, place in enumerate(dict.fromkeys([*places, *homes]))}
    graph = np.zeros((len(row), len(row)))
    if lanes is not None:
        for start, end in lanes.select("place", "to").iter_rows():
            if start in row and end in row:
                graph[row[start], row[end]] = 1
    steps = shortest_path(csr_array(graph), unweighted=True)
    reach: NDArray[np.bool_] = np.isfinite(steps[np.ix_([row[h] for h in homes], [row[p] for p in places])])
    return reach


def _shares(ways: pl.DataFrame, market: int) -> pl.DataFrame:
    """Shares by standing capacity; where nothing stands, by what is possible."""
    weight = ways["standing"].to_numpy()
    if not weight.sum():
        weight = ways["possible"].to_numpy()
    share = weight / weight.sum() if weight.sum() else np.full(len(weight), 1 / len(weight))
    return pl.DataFrame(
        {"market": np.full(len(share), market), "way": ways["row"], "share": share},
        schema={"market": pl.Int64, "way": pl.Int64, "share": pl.Float64},
    )
