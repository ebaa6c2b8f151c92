"""What an approved plan asks of each enterprise and place in its first days, read from its result tables.

Quantities of a period are spread evenly over its days, as the plan means them.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import TYPE_CHECKING

import polars as pl

from mainstay.report.texts import Text, inside, say
from mainstay_web.directives.models import Kind
from mainstay_web.directives.why import Why
from mainstay_web.planning.words import names_of

if TYPE_CHECKING:
    from mainstay_web.planning.results import Results

LEAST = 1e-6
"""Less than this is nothing: dust of the solver."""


@dataclass(frozen=True)
class Order:
    """One line of a plan for one addressee: an enterprise, or else a place; or the carrier of a lane or its mode.

    key : names the line within its addressee
    other : the place at the other end of a shipment
    days : date -> quantity [units of the item; lines of a conversion; 1 for a licence]
    subjects : codes of the lines or lanes that it uses
    """

    kind: Kind
    key: str
    enterprise: str
    place: str
    item: str
    unit: str
    text: Text
    why: Text
    days: dict[date, float]
    subjects: list[str] = field(default_factory=list)
    is_vital: bool = False
    other: str = ""
    mode: str = ""

    @property
    def quantity(self) -> float:
        """What it asks for in all."""
        return sum(self.days.values())


def orders(results: Results, start: date, days: int) -> list[Order]:
    """All orders of some days of a plan, addressees in the order of their codes."""
    read = _Reader(results, start, start + timedelta(days))
    found = [
        *read.make(),
        *read.convert(),
        *read.license(),
        *read.release(),
        *read.ship(),
        *read.arrive(),
        *read.carry(),
    ]
    return sorted(found, key=lambda order: (order.enterprise, order.place, order.kind, order.key))


def span(results: Results) -> tuple[date, date]:
    """The first and the last day of a plan."""
    last = pl.col("date").dt.offset_by(pl.format("{}d", pl.col("days") - 1))
    first, last = results.table("stocks").select(first=pl.col("date").min(), last=last.max()).collect().row(0)
    return first, last


class _Reader:
    """Reads orders of the days from ``start`` to before ``end``."""

    def __init__(self, results: Results, start: date, end: date) -> None:
        self.results, self.names, self.why = results, names_of(results), Why(results)
        self.start, self.end = start, end
        items = results.case_table("items").select("item", "unit", "importance").collect()
        self.units = dict(items.select("item", "unit").iter_rows())
        self.vital = set(items.filter(importance="vital")["item"])
        self.located = dict(
            results.case_table("enterprises").select("enterprise", pl.col("place").fill_null("")).collect().iter_rows()
        )

    def make(self) -> Iterator[Order]:
        """Production and release orders of makers."""
        made = pl.concat([self.results.table(name) for name in ("production", "releases")], how="diagonal_relaxed")
        for (enterprise, item), days, rows in self._daily(made, "quantity", "enterprise", "item"):
            name = self._item(item)
            yield self._order(
                Kind.MAKE,
                f"make:{item}",
                Text(f"Make {name.en}", f"生产{name.zh}"),
                self.why.made(item),
                days,
                enterprise=enterprise,
                place=self.located.get(enterprise, ""),
                item=item,
                subjects=rows["line"].unique().sort().to_list(),
            )

    def convert(self) -> Iterator[Order]:
        """Lines to convert or set up."""
        rows, keys = self.results.table("conversions"), ("enterprise", "conversion", "line", "to_line")
        is_new = self.results.case_table("conversions").filter(pl.col("from_kind").is_null()).select("conversion")
        set_up = set(is_new.collect()["conversion"])
        for (enterprise, conversion, line, to_line), days, found in self._daily(rows, "lines", *keys):
            old, new = self.names.line(line), self.names.kind(to_line.split(">")[-1])
            text = Text(f"Convert lines: {old.en} to {new.en}", f"产线转产：{old.zh}转为{new.zh}")
            if conversion in set_up:
                text = Text(f"Set up new lines: {new.en}", f"新建产线：{new.zh}")
            yield self._order(
                Kind.CONVERT,
                f"convert:{conversion}@{line}",
                text,
                self.why.ready(found["ready_date"].min()),
                days,
                enterprise=enterprise,
                subjects=[line],
            )

    def license(self) -> Iterator[Order]:
        """Licences to apply for; the whole of one on its first day, where the plan spreads it."""
        rows = self.results.table("licences")
        for (enterprise, item, track), days, found in self._daily(rows, "number", "enterprise", "item", "track"):
            name = self._item(item)
            way = Text("on the fast track", "应急审批") if track == "fast" else Text("by normal review", "常规审批")
            yield self._order(
                Kind.LICENSE,
                f"license:{item}",
                Text(f"Apply for a licence for {name.en} {way.en}", f"申请{name.zh}注册（{way.zh}）"),
                self.why.ready(found["ready_date"].min()),
                {min(days): 1.0},
                enterprise=enterprise,
                item=item,
            )

    def release(self) -> Iterator[Order]:
        """What warehouses release from the reserve."""
        for (place, item), days, _rows in self._daily(
            self.results.table("reserve_releases"), "quantity", "place", "item"
        ):
            name = self._item(item)
            yield self._order(
                Kind.RELEASE,
                f"release:{item}",
                Text(f"Release {name.en} from the reserve", f"动用储备：{name.zh}"),
                self.why.made(item),
                days,
                place=place,
                item=item,
            )

    def ship(self) -> Iterator[Order]:
        """What leaves a place."""
        keys = ("origin", "item", "destination", "mode")
        for (origin, item, destination, mode), days, rows in self._daily(
            self.results.table("shipments"), "quantity", *keys
        ):
            name, to, by = self._item(item), self.names.place(destination), say(mode)
            yield self._order(
                Kind.SHIP,
                f"ship:{item}@{destination}/{mode}",
                Text(f"Ship {name.en} to {to.en} by {by.en}", f"{by.zh}调运{name.zh}至{to.zh}"),
                self.why.needed(item, destination),
                days,
                place=origin,
                other=destination,
                item=item,
                subjects=rows["lane"].unique().sort().to_list(),
            )

    def arrive(self) -> Iterator[Order]:
        """What comes to a place, on the days of its arrival."""
        keys = ("destination", "item", "origin", "mode")
        arrivals = self.results.table("shipments").with_columns(date="ready_date")
        for (destination, item, origin, mode), days, rows in self._daily(arrivals, "quantity", *keys):
            name, source, by = self._item(item), self.names.place(origin), say(mode)
            yield self._order(
                Kind.ARRIVE,
                f"arrive:{item}@{origin}/{mode}",
                Text(f"Take in {name.en} from {source.en} by {by.en}", f"接收{source.zh}{by.zh}运来的{name.zh}"),
                self.why.needed(item, destination),
                days,
                place=destination,
                other=origin,
                item=item,
                subjects=rows["lane"].unique().sort().to_list(),
            )

    def carry(self) -> Iterator[Order]:
        """What a carrier takes along each lane."""
        keys = ("lane", "item", "origin", "destination", "mode")
        for (lane, item, origin, destination, mode), days, _rows in self._daily(
            self.results.table("shipments"), "quantity", *keys
        ):
            name, by = self._item(item), say(mode)
            source, to = self.names.place(origin), self.names.place(destination)
            yield self._order(
                Kind.CARRY,
                f"carry:{item}@{lane}",
                Text(
                    f"Carry {name.en} from {source.en} to {to.en} by {by.en}",
                    f"{by.zh}承运{name.zh}：{source.zh}至{to.zh}",
                ),
                self.why.needed(item, destination),
                days,
                item=item,
                subjects=[lane],
                mode=mode,
            )

    def _daily(
        self, rows: pl.LazyFrame, quantity: str, *keys: str
    ) -> Iterator[tuple[tuple[str, ...], dict[date, float], pl.DataFrame]]:
        """Rows of the days by key: date -> quantity, and the rows themselves."""
        kept = (
            rows.filter(pl.col("date") < self.end, pl.col(quantity) > LEAST)
            .with_columns(day=pl.date_ranges("date", pl.col("date").dt.offset_by(pl.format("{}d", pl.col("days") - 1))))
            .explode("day")
            .filter(pl.col("day").is_between(self.start, self.end, closed="left"))
            .with_columns(pl.col(quantity) / pl.col("days"))
            .collect()
        )
        for key, part in kept.group_by(*keys, maintain_order=True):
            daily = part.group_by("day").agg(pl.col(quantity).sum()).sort("day")
            yield key, dict(daily.iter_rows()), part

    def _item(self, item: str) -> Text:
        return inside(self.names.item(item))

    def _order(
        self, kind: Kind, key: str, text: Text, why: Text, days: dict[date, float], *, item: str = "", **more: object
    ) -> Order:
        said = {"enterprise": "", "place": "", "subjects": [], **more}
        return Order(
            kind=kind,
            key=key,
            text=text,
            why=why,
            days=days,
            item=item,
            unit=self.units.get(item, "") if kind != Kind.LICENSE else "",
            is_vital=item in self.vital,
            **said,
        )
