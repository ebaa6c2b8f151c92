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
        self._total = dict(
            self._needs.group_by("item").agg(pl.col("need").sum()).filter(pl.col("need") > 0).iter_rows()
        )
        self._outputs = _outputs(results)
        self.made = cache(self._made)
        self.needed = cache(self._needed)

    def ready(self, on: date) -> Text:
        """When it takes effect."""
        return Text(f"So that it takes effect on {day(on).en}.", f"以便{day(on).zh}生效。")

    def _made(self, item: str) -> Text:
        """What all needs of an item are, and how far the plan meets them; of a part, those of what it goes into."""
        needed = self._goes_into(item)
        said = self._said(needed, self._needs.filter(item=needed), NOTHING, NOTHING)
        if needed == item or said == NOTHING:
            return said
        name = inside(self._names.item(needed))
        return Text(f"It goes into {name.en}. {said.en}", f"用于生产{name.zh}。{said.zh}")

    def _goes_into(self, item: str) -> str:
        """The nearest item along the recipes that is needed; of several the one that is needed most."""
        reached, waiting = {item}, [item]
        while waiting:
            if needed := [each for each in waiting if each in self._total]:
                return max(needed, key=lambda each: self._total[each])
            waiting = [output for each in waiting for output in self._outputs.get(each, []) if output not in reached]
            reached.update(waiting)
        return item

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


def _outputs(results: Results) -> dict[str, list[str]]:
    """What each item is made into, from the recipes."""
    made = results.case_table("processes").select("process", output="item")
    steps = results.case_table("recipes").join(made, on="process").select("item", "output").unique(maintain_order=True)
    return dict(steps.group_by("item", maintain_order=True).agg("output").collect().iter_rows())
