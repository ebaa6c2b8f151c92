"""Write a chain: CSV for each table, GraphML and JSON for other graph programs, GeoJSON for maps."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any
from xml.sax.saxutils import escape, quoteattr

import polars as pl

from mainstay.chain.words import Names

if TYPE_CHECKING:
    from mainstay.chain.analysis import Chain

MARK = "chain.json"
"""The file by which a folder is known to hold a chain."""
_TYPES = {pl.String: "string", pl.Float64: "double", pl.Int64: "long", pl.Boolean: "boolean"}


def write_chain(chain: Chain, folder: Path) -> Path:
    """Write tables, ``chain.graphml``, ``chain.geojson`` and last ``chain.json``; say where."""
    folder.mkdir(parents=True, exist_ok=True)
    for name, table in chain.tables.items():
        table.write_csv(folder / f"{name}.csv")
    (folder / "chain.graphml").write_text(graphml(chain), encoding="utf-8")
    (folder / "chain.geojson").write_text(_json(geojson(chain)), encoding="utf-8")
    (folder / MARK).write_text(_json(graph_json(chain)), encoding="utf-8")
    return folder


def _json(content: dict[str, Any]) -> str:
    return json.dumps(content, ensure_ascii=False, separators=(",", ":"), allow_nan=False) + "\n"


def labelled(chain: Chain) -> pl.DataFrame:
    """The nodes with a label in both languages."""
    names = Names(chain.case)
    labels = [
        _label(names, *row) for row in chain.nodes.select("kind", "item", "enterprise", "place", "node").iter_rows()
    ]
    en, zh = zip(*labels, strict=True) if labels else ((), ())
    return chain.nodes.with_columns(pl.Series("label", en, dtype=pl.String), pl.Series("label_zh", zh, dtype=pl.String))


def _label(names: Names, kind: str, item: str, enterprise: str | None, place: str | None, node: str) -> tuple[str, str]:
    if kind == "item":
        return names.item(item)
    if kind == "make" and enterprise:
        return names.enterprise(enterprise)
    if kind == "licence" and enterprise:
        return names.enterprise(enterprise)
    if kind == "abroad":
        code = node.partition(":")[2].replace("_", " ")
        return code, code
    return names.place(place)


def graphml(chain: Chain) -> str:
    """The graph as GraphML (graphml.graphdrawing.org), every column of nodes and edges as an attribute."""
    nodes, edges = labelled(chain), chain.edges
    keys = [
        f'<key id="{where[0]}_{name}" for="{where}" attr.name="{name}" attr.type="{_TYPES[type(kind)]}"/>'
        for where, frame in (("node", nodes.drop("node")), ("edge", edges.drop("from", "to")))
        for name, kind in zip(frame.columns, frame.dtypes, strict=True)
    ]
    body = [
        *(f"<node id={quoteattr(row.pop('node'))}>{_data('n', row)}</node>" for row in nodes.iter_rows(named=True)),
        *(
            f"<edge source={quoteattr(row.pop('from'))} target={quoteattr(row.pop('to'))}>{_data('e', row)}</edge>"
            for row in edges.iter_rows(named=True)
        ),
    ]
    return "\n".join(
        [
            '<?xml version="1.0" encoding="UTF-8"?>',
            '<graphml xmlns="http://graphml.graphdrawing.org/xmlns">',
            *keys,
            '<graph id="chain" edgedefault="directed">',
            *body,
            "</graph>",
            "</graphml>",
            "",
        ]
    )


def _data(prefix: str, row: dict[str, Any]) -> str:
    return "".join(
        f'<data key="{prefix}_{name}">{escape(str(value).lower() if isinstance(value, bool) else str(value))}</data>'
        for name, value in row.items()
        if value is not None
    )


def graph_json(chain: Chain) -> dict[str, Any]:
    """The graph as nodes and links, the form that graph libraries read (node-link data)."""
    case = chain.case
    return {
        "title": case.title,
        "inputs_hash": case.hash,
        "planned": chain.is_planned,
        "directed": True,
        "multigraph": True,
        "nodes": [{"id": row.pop("node"), **_given(row)} for row in labelled(chain).iter_rows(named=True)],
        "links": [
            {"source": row.pop("from"), "target": row.pop("to"), **_given(row)}
            for row in chain.edges.iter_rows(named=True)
        ],
    }


def _given(row: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in row.items() if value is not None}


def geojson(chain: Chain) -> dict[str, Any]:
    """Nodes that have a place as points (RFC 7946). Items have none, nor have the licences."""
    points = labelled(chain).filter(pl.col("lat").is_not_null() & pl.col("lon").is_not_null())
    features = [
        {
            "type": "Feature",
            "id": row["node"],
            "geometry": {"type": "Point", "coordinates": [row["lon"], row["lat"]]},
            "properties": _given({name: value for name, value in row.items() if name not in ("lat", "lon")}),
        }
        for row in points.iter_rows(named=True)
    ]
    return {"type": "FeatureCollection", "features": features}
