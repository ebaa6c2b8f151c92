"""Goods on the way in the ledger as the plan reads them: rows of ``stocks`` that say when they should arrive."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta

import polars as pl

from mainstay.tables import CASE_TABLES, frames
from mainstay_web import clock
from mainstay_web.directives.lots import coming_entries
from mainstay_web.directives.models import Issue
from mainstay_web.ledger.models import Entry, Movement
from mainstay_web.ledger.quantities import amount
from mainstay_web.ledger.queries import not_there_yet

STOCKS = CASE_TABLES["stocks"]


@dataclass(frozen=True)
class Coming:
    """One lot of a shipment; ``arrives`` in the calendar of the plan, None: no lane says how long its way takes."""

    shipment: Movement
    entry: Entry
    arrives: date | None


def with_goods_on_the_way(tables: Mapping[str, pl.DataFrame]) -> dict[str, pl.DataFrame]:
    """The table ``stocks`` of a case with a row for each lot on the way, from the day on which it should be there.

    Goods arrive the transit days of their lane after they left: of the lanes that their directive names, else of those
    between the two places, the slowest. What should be there already is counted from today; what goes where no lane
    leads is counted nowhere until it arrives.
    """
    rows = [
        {
            "place": each.entry.account.place,
            "item": each.entry.account.item,
            "owner": each.entry.account.owner,
            "lot": f"{each.entry.account.lot.code or 'goods'}-on-the-way-{each.shipment.pk}",
            "quantity": float(amount(each.entry.quantity)),
            "expires": each.entry.account.lot.expires,
            "arrives": each.arrives,
            "source": f"ledger: movement {each.shipment.pk}",
        }
        for each in coming(tables["lanes"])
        if each.arrives is not None
    ]
    if not rows:
        return {}
    ours = frames.conform(STOCKS, pl.DataFrame(rows, infer_schema_length=None))
    return {"stocks": pl.concat([tables["stocks"], ours.select(tables["stocks"].columns)])}


def coming(lanes: pl.DataFrame) -> Iterator[Coming]:
    """Every lot on the way in the ledger, with the day on which it should arrive."""
    shift = Issue.objects.values_list("shift", flat=True).first() or 0
    today = clock.today() - timedelta(shift)
    for shipment in not_there_yet(Movement.objects.all()).order_by("pk"):
        for entry in coming_entries(shipment):
            days = _days_of(shipment, entry, lanes)
            left = shipment.day - timedelta(shift)
            yield Coming(shipment, entry, None if days is None else max(left + timedelta(days), today))


def _days_of(shipment: Movement, entry: Entry, lanes: pl.DataFrame) -> int | None:
    """Days of the way of a lot, in whole ones; 0 within a place."""
    source = shipment.entries.filter(account__lot=entry.account.lot, quantity__lt=0).select_related("account").first()
    if source is None:
        return None
    origin, destination = source.account.place, entry.account.place
    if origin == destination:
        return 0
    found = lanes.filter(pl.col("origin") == origin, pl.col("destination") == destination)
    confirms = getattr(shipment, "confirms", None)
    if confirms is not None:
        ordered = found.filter(pl.col("lane").is_in(confirms.directive.subjects))
        found = ordered if ordered.height else found
    slowest = found["transit_days"].max()
    return None if slowest is None else int(-(-float(str(slowest)) // 1))
