"""Why a plan asks for something, in words that one addressee may read: no name of another maker or house."""

from __future__ import annotations

from datetime import date
from functools import cache
from typing import TYPE_CHECKING

import polars as pl

from mainstay.report.texts import Text, amount, day, inside, share
from mainstay_web.planning.whys import without_names
from mainstay_web.planning.words import names_of

if TYPE_CHECKING:
    from mainstay_web.planning.results import Results

NOTHING = Text("", "")


class Why:
    """The reasons of one plan."""

    def __init__(self, results: Results) -> None:
        self._results, self._names = results, names_of(results)
        needs = (
            results.table("shortages")
            .group_by("item", "place")
            .agg(pl.col("need", "served", "eased", "lost").sum(), pl.col("date").max())
        )
        self._needs = needs.collect()
        self._reasons = results.table("reasons").collect()
        self.made = cache(self._made)
        self.needed = cache(self._needed)

    def ready(self, on: date) -> Text:
        """When it takes effect."""
        return Text(f"So that it takes effect on {day(on).en}.", f"以便{day(on).zh}生效。")

    def _made(self, item: str) -> Text:
        """What all needs of an item are, and how far the plan meets them; what a part goes into has needs of others."""
        return self._said(item, self._needs.filter(item=item), NOTHING, NOTHING)

    def _needed(self, item: str, place: str) -> Text:
        """What the need of an item in a place is, how far it is met, and what binds."""
        name = self._names.place(place)
        where = Text(f" in {name.en}", name.zh)
        told = without_names(self._reasons.filter(item=item, place=place), self._results, self._names, own=place)
        heaviest = told.sort("lost", descending=True).head(1).to_dicts()
        binds = Text(f" {heaviest[0]['text']}", heaviest[0]["text_zh"]) if heaviest else NOTHING
        return self._said(item, self._needs.filter(item=item, place=place), where, binds)

    def _said(self, item: str, needs: pl.DataFrame, where: Text, binds: Text) -> Text:
        need = needs["need"].sum()
        if not need:
            return NOTHING
        met = share((needs["served"].sum() + needs["eased"].sum()) / need)
        name, unit, until = inside(self._names.item(item)), self._names.unit(item), day(needs["date"].max())
        said = amount(need)
        return Text(
            f"Until {until.en}, {said.en} {unit.en} of {name.en} are needed{where.en}; the plan meets {met}.{binds.en}",
            f"至{until.zh}，{where.zh}需要{name.zh}{said.zh}{unit.zh}，本方案满足{met}。{binds.zh}",
        )
