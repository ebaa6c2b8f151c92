"""The analysis of a chain: one call gives the graph and all tables."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
import polars as pl

from mainstay.chain import graph
from mainstay.chain.concentration import concentration_table, single_licences, single_sources
from mainstay.chain.dependence import dependence, dependence_table, reliance
from mainstay.chain.items import cover_days, depths, required, spare, tiers_table
from mainstay.chain.key import Findings, key_enterprises
from mainstay.chain.path import critical_path
from mainstay.chain.supply import Supply, supply_of
from mainstay.errors import UsageError
from mainstay.network import Network
from mainstay.tables import CHAIN_TABLES, Case
from mainstay.tables.frames import conform
from mainstay.tables.raw import nearest


@dataclass(frozen=True)
class Chain:
    """The chain of a case.

    Attributes
    ----------
    case : as it was compiled
    tables : by name, as declared in ``CHAIN_TABLES``; ``nodes`` and ``edges`` are the graph
    is_planned : whether flows and utilisation are those of a plan
    """

    case: Case
    tables: Mapping[str, pl.DataFrame]
    is_planned: bool

    @property
    def nodes(self) -> pl.DataFrame:
        """The nodes of the graph."""
        return self.tables["nodes"]

    @property
    def edges(self) -> pl.DataFrame:
        """The edges of the graph."""
        return self.tables["edges"]

    def select(self, *, items: Sequence[str] = (), enterprises: Sequence[str] = ()) -> Chain:
        """The part that leads to some items, or from and to some enterprises.

        Raises
        ------
        UsageError : a name is not known, or nothing of the chain is left
        """
        _refuse_unknown(items, self.case["items"]["item"].to_list(), "item")
        _refuse_unknown(enterprises, self.case["enterprises"]["enterprise"].to_list(), "enterprise")
        if not items and not enterprises:
            raise UsageError("Nothing is selected. Name an item or an enterprise, or leave the selection out.")
        nodes, edges = graph.select(self.nodes, self.edges, items=list(items), enterprises=list(enterprises))
        if nodes.is_empty():
            named = ", ".join([*items, *enterprises])
            raise UsageError(f"Nothing in the chain of this case leads to or from {named} within the horizon.")
        kept = nodes["item"].unique().implode()
        tables = {
            name: table.filter(pl.col("item").is_in(kept)) if "item" in table.columns else table
            for name, table in self.tables.items()
        }
        present = nodes["enterprise"].drop_nulls().unique().implode()
        key = tables["key_enterprises"].filter(pl.col("enterprise").is_in(present))
        return replace(self, tables=tables | {"nodes": nodes, "edges": edges, "key_enterprises": key})

    def write(self, folder: str | Path) -> Path:
        """Write every table as CSV, and the graph as GraphML, JSON and GeoJSON; say where."""
        from mainstay.chain.export import write_chain

        return write_chain(self, Path(folder))


def _refuse_unknown(names: Sequence[str], known: Sequence[str], kind: str) -> None:
    for name in names:
        if name not in known:
            hint = nearest(name, known) or f"Known: {', '.join(known[:12])}{' ...' if len(known) > 12 else ''}."
            raise UsageError(f'There is no {kind} "{name}" in this case. {hint}')


def analyse(case: Case, network: Network, plan: Mapping[str, pl.DataFrame] | None = None) -> Chain:
    """The chain of a compiled case.

    Parameters
    ----------
    case : with its needs (derived where they are)
    network : the same case, compiled; what cannot help within the horizon is not in it
    plan : result tables of a plan of the case, for flows, utilisation and planned concentration; None: by capacity

    >>> from mainstay import compile, examples, read
    >>> case = read(examples.path("tiny"))
    >>> analyse(case, compile(case)).tables["key_enterprises"]["enterprise"].to_list()
    ['maskworks', 'suitworks', 'nappyworks']
    """
    supply = supply_of(case, network)
    edges = graph.edges_of(case, network)
    nodes = graph.nodes_of(case, supply, edges, plan)
    edges = edges.with_columns(graph.edge_flows(case, edges, nodes, plan))
    steps = depths(_links(nodes, edges), nodes.filter(kind="need")["item"].unique(maintain_order=True).to_list())
    wanted = required(case, supply)
    cover = cover_days(case, wanted)
    found = dependence(supply)
    lost = dependence(supply, spare(supply, wanted))
    made = None if plan is None else _made(supply, plan)
    by_item = None if plan is None else _by_item(nodes)
    tables = {
        "tiers": tiers_table(case, supply, steps, wanted, by_item),
        "dependence": dependence_table(supply, found),
        "reliance": reliance(case, supply, found, lost),
        "concentration": concentration_table(case, supply, made),
        "single_sources": single_sources(case, supply, cover),
        "single_licences": single_licences(case),
        "critical_path": critical_path(case, network, cover),
    }
    used = nodes.filter(kind="make").drop_nulls("utilisation").group_by("enterprise").agg(pl.col("utilisation").max())
    findings = Findings(
        tables["reliance"],
        tables["single_sources"],
        tables["single_licences"],
        tables["critical_path"],
        dict(used.iter_rows()),
    )
    tables["key_enterprises"] = key_enterprises(case, supply, findings)
    depth = {item: most for item, (_, most) in steps.items()}
    tables["nodes"] = nodes.with_columns(tier=pl.col("item").replace_strict(depth, default=None, return_dtype=pl.Int64))
    tables["edges"] = edges
    return Chain(case, {name: _declared(name, tables[name]) for name in CHAIN_TABLES}, plan is not None)


def _declared(name: str, frame: pl.DataFrame) -> pl.DataFrame:
    table = CHAIN_TABLES[name]
    return conform(table, frame.select(c.name for c in table.columns)).with_columns(
        pl.col(pl.Float64).round_sig_figs(10)
    )


def _links(nodes: pl.DataFrame, edges: pl.DataFrame) -> list[tuple[str, str]]:
    """Item to item: what is taken, or becomes a line, for what is made."""
    item = dict(nodes.select("node", "item").iter_rows())
    rows = edges.filter(pl.col("kind").is_in(["takes", "equips"])).select("from", "to").iter_rows()
    return list(dict.fromkeys((item[start], item[end]) for start, end in rows))


def _made(supply: Supply, plan: Mapping[str, pl.DataFrame]) -> np.ndarray:
    """What a plan has of each way (ways,) [units over the horizon]."""
    runs = pl.concat([plan["production"], plan["releases"]])
    keys = ["enterprise", "item", "place", "process"]
    made = {row[:4]: row[4] for row in runs.group_by(keys).agg(pl.col("quantity").sum()).iter_rows()}
    ordered = dict(plan["imports"].group_by("source").agg(pl.col("quantity").sum()).iter_rows())
    rows = supply.ways.select("source", *keys).iter_rows()
    return np.array([ordered.get(source, 0.0) if source else made.get(tuple(key), 0.0) for source, *key in rows])


def _by_item(nodes: pl.DataFrame) -> dict[str, float]:
    flows = nodes.filter(pl.col("kind").is_in(["make", "abroad"])).group_by("item").agg(pl.col("flow").sum())
    return dict(flows.iter_rows())
