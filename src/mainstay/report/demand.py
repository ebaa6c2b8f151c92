"""What people will need, for the page: bands by place and day, what drives them, and in a line of words."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

import polars as pl

from mainstay.report.encode import MOST_ROWS, encode_frame
from mainstay.report.names import Names
from mainstay.report.texts import Text, amount, day, inside, say
from mainstay.tables import as_known
from mainstay.tables.demand_tables import MEASURES_OF_COURSE

if TYPE_CHECKING:
    from mainstay.demand import Demand

AHEAD = 14
"""Days after the first for which the line of words says how many people there will be."""
PRESENT = tuple(measure for measure in MEASURES_OF_COURSE if measure != "new_cases")
"""Measures that count people who are there, not those who come."""


@dataclass(frozen=True)
class Outlook:
    """Patients of the setting and place that will have most after two weeks: q05, q50, q95 then; ``now`` : at first."""

    setting: str
    place: str
    day: date
    now: float
    low: float
    median: float
    high: float


def demand_tables(demand: Demand, most: int = MOST_ROWS) -> dict[str, Any]:
    """The tables of the demand that the page holds, encoded, by the names of their files.

    Single places are held on the first day of each period and on the last day. Where they would take more than
    ``most`` rows, those that need least are left out, whole: half a place would read as if some days had no need.
    """
    items, people = _at_days(demand, demand.items), _at_days(demand, demand.people)
    places = _neediest(items, people, most)
    shown = {
        "items_quantiles": items.join(places, on="place", how="semi"),
        "people_quantiles": people.join(places, on="place", how="semi"),
        "totals": demand.totals,
        "people_totals": demand.people_totals,
        "summary": demand.summary,
        "breakdown": demand.breakdown.group_by("item", "place", "setting", "driver", maintain_order=True).agg(
            pl.col("quantity").sum()
        ),
    }
    return {name: encode_frame(frame, demand.case.start) for name, frame in shown.items()}


def demand_facts(demand: Demand) -> dict[str, Any]:
    """What the page's script must know beside the tables: days held of single places, and what to show first."""
    start, settings = demand.case.start, demand.people_totals["setting"].to_list()
    seen = outlook(demand)
    return {
        "days": [(held - start).days for held in _days(demand)],
        "setting": seen.setting if seen else next(iter(settings), ""),
        "item": leading_item(demand) or "",
        "places": _at_days(demand, demand.items)["place"].n_unique(),
    }


def demand_line(demand: Demand) -> list[Text]:
    """The epidemic and what is needed of the item of the greatest weight in one line; none without an outlook."""
    seen = outlook(demand)
    if seen is None:
        return []
    names = Names(demand.case.tables)
    course = say(
        "line_course",
        place=names.place(seen.place),
        setting=names.setting(seen.setting),
        now=amount(round(seen.now)),
        start=day(demand.case.start),
        then=amount(round(seen.median)),
        date=day(seen.day),
        low=amount(round(seen.low)),
        high=amount(round(seen.high)),
    )
    parts = [*_reported(demand, seen.place, names), course, *_needed(demand, names)]
    return [Text(" ".join(part.en for part in parts), "".join(part.zh for part in parts))]


def outlook(demand: Demand) -> Outlook | None:
    """Where most patients are expected; None when no setting is the people of the course themselves, one for one."""
    dates = demand.course.dates
    then = dates[min(AHEAD, len(dates) - 1)]
    are_they = pl.col("driver").is_in(PRESENT) & (pl.col("people_per_unit") == 1)
    patients = demand.case["settings"].group_by("setting").agg(are_they.all()).filter("driver")
    people = demand.people.join(patients, on="setting", how="semi")
    most = people.filter(pl.col("date") == then).sort("q50", "setting", "place", descending=[True, False, False])
    if most.is_empty():
        return None
    row = most.row(0, named=True)
    setting, place = row["setting"], row["place"]
    first = people.filter(pl.col("date") == dates[0], pl.col("setting") == setting, pl.col("place") == place)
    return Outlook(setting, place, then, float(first["q50"].sum()), row["q05"], row["q50"], row["q95"])


def leading_item(demand: Demand) -> str | None:
    """The item of the greatest weight; of equals the first in the table of items."""
    needed = demand.case["items"].join(demand.summary, on="item", how="semi", maintain_order="left")
    ranked = needed.sort("weight", descending=True, nulls_last=True, maintain_order=True)["item"]
    return next(iter(ranked), None)


def _days(demand: Demand) -> list[date]:
    """Days on which single places are held."""
    return sorted({*demand.case.calendar.dates, demand.course.dates[-1]})


def _at_days(demand: Demand, frame: pl.DataFrame) -> pl.DataFrame:
    return frame.filter(pl.col("date").is_in(_days(demand)))


def _reported(demand: Demand, place: str, names: Names) -> list[Text]:
    """The latest count of confirmed cases that was known on the first day."""
    start = demand.case.start
    known = as_known(demand.case, start)["epidemic"].filter(pl.col("place") == place, pl.col("date") < start)
    latest = known.drop_nulls("confirmed").sort("date", "known_on", nulls_last=False).tail(1)
    return [
        say("line_reported", place=names.place(place), date=day(when), cases=amount(cases))
        for when, cases in latest.select("date", "confirmed").iter_rows()
    ]


def _needed(demand: Demand, names: Names) -> list[Text]:
    return [
        say(
            "line_needed",
            item=inside(names.item(row["item"])),
            unit=names.unit(row["item"]),
            **{level: amount(row[f"next_{level}"]) for level in ("q05", "q50", "q95")},
            until=day(demand.case.start + timedelta(days=min(7, len(demand.course.dates)) - 1)),
        )
        for row in demand.summary.filter(pl.col("item") == leading_item(demand)).iter_rows(named=True)
    ]


def _neediest(items: pl.DataFrame, people: pl.DataFrame, most: int) -> pl.DataFrame:
    """Places by their share of what is needed of each item, as many as have ``most`` rows in both tables."""
    share = (pl.col("q50") / pl.col("q50").sum().over("item")).fill_nan(0)
    rows = pl.concat([items.select("place"), people.select("place")]).group_by("place").len()
    ranked = items.select("place", share=share).group_by("place").agg(pl.col("share").sum())
    ranked = rows.join(ranked, on="place", how="left").sort("share", "place", descending=[True, False], nulls_last=True)
    return ranked.filter(pl.col("len").cum_sum() <= most).select("place")
