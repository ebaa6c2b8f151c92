"""Why needs are not met, told to one who may not know of others: the kind of resource, for what, in which area.

The reasons of a plan name the maker whose lines bind, the lane, the source abroad and the stock of another house. Who
sees their own part alone is told none of these names: the goods are named that the resource gives, and the area.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

import polars as pl

from mainstay.report.names import Names
from mainstay.report.texts import Text
from mainstay_web.planning.results import Results

GOODS = re.compile(r"goods:(?P<item>.+)@(?P<place>.+)/(?P<owner>[^/]+)")

KINDS = {
    "goods": Text("the stock", "库存"),
    "reserve": Text("the reserve", "储备"),
    "line capacity": Text("line capacity", "产能"),
    "lines": Text("the number of lines", "产线数量"),
    "licence": Text("a licence", "注册证"),
    "lane room": Text("room for transport", "运力"),
    "import offer": Text("what can be ordered from abroad", "境外可订量"),
    "import window": Text("what can be ordered from abroad", "境外可订量"),
    "pool": Text("a shared pool", "共用资源池"),
}
OTHER = Text("another resource", "其他资源")
TOO_LATE = Text("Nothing that is started on the first day can be there in time.", "即使首日开始也来不及到货。")
NO_WAY = Text("Nothing can bring it there within the plan.", "计划期内没有途径可送达。")


def without_names(reasons: pl.DataFrame, results: Results, names: Names, *, own: str) -> pl.DataFrame:
    """Rows of ``reasons`` with ``text`` and ``text_zh`` that name no place but ``own`` and areas, and no one else."""
    areas = _areas(results)
    said = [_say(row, names, areas, own) for row in reasons.iter_rows(named=True)]
    return reasons.with_columns(
        text=pl.Series([each.en for each in said], dtype=pl.String),
        text_zh=pl.Series([each.zh for each in said], dtype=pl.String),
    )


def _say(row: Mapping[str, Any], names: Names, areas: Mapping[str, str], own: str) -> Text:
    goods = [found for code in (row["chain"] or "").split(";") if (found := GOODS.fullmatch(code))]
    if not goods:
        return NO_WAY
    if row["what"] == "time":
        return TOO_LATE
    last = goods[-1]
    kind = KINDS.get("reserve" if row["what"] == "goods" and last["owner"] == "reserve" else row["what"], OTHER)
    item = names.item(last["item"])
    where = last["place"] if last["place"] == own else areas.get(last["place"])
    place = names.place(where) if where else Text("another place", "其他地点")
    until = row["binds_until"]
    return Text(
        f"What binds is {kind.en} of {item.en} in {place.en}, until {until}."
        if row["what"] == "goods"
        else f"What binds is {kind.en} for {item.en} in {place.en}, until {until}.",
        f"瓶颈是{place.zh}的{item.zh}{kind.zh}，至 {until}。",
    )


def _areas(results: Results) -> dict[str, str]:
    """The area that each place is or lies in; places that lie in none are left out."""
    places = {
        row["place"]: row for row in results.case_table("places").select("place", "kind", "parent").collect().to_dicts()
    }
    areas: dict[str, str] = {}
    for code in places:
        at, seen = code, set[str]()
        while at in places and at not in seen and places[at]["kind"] != "area":
            seen.add(at)
            at = places[at]["parent"]
        if at in places and places[at]["kind"] == "area":
            areas[code] = at
    return areas
