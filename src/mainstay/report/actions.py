"""What to do on the first day, grouped by who has to act, the weightiest first."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import polars as pl

from mainstay.report import decisions
from mainstay.report.names import Names, plain
from mainstay.report.needs import first_tier
from mainstay.report.texts import TEXTS, Text, amount, currency_words, day, inside, join, say, share

if TYPE_CHECKING:
    from mainstay.report.plan_like import PlanLike

Row = dict[str, Any]


@dataclass(frozen=True)
class Action:
    """One thing to do, and what comes of it."""

    text: Text
    note: Text


@dataclass(frozen=True)
class Group:
    """The actions of one kind, the weightiest first."""

    key: str
    actions: tuple[Action, ...]


def actions_of_today(plan: PlanLike) -> list[Group]:
    """All actions of the plan's first period; groups without any are kept, so that nobody looks for them."""
    names = Names(plan.case.tables)
    makers: list[tuple[str, Callable[[PlanLike, Names], list[Action]]]] = [
        ("do_convert", _convert),
        ("do_license", _license),
        ("do_unlock", _unlock),
        ("do_import", _import),
        ("do_reserve", _reserve),
        ("do_ease", _ease),
        ("do_ship", _ship),
        ("do_make", lambda p, n: _run(p, n, "production")),
        ("do_release", lambda p, n: _run(p, n, "releases")),
    ]
    return [Group(key, tuple(make(plan, names))) for key, make in makers]


def today(plan: PlanLike, frame: pl.DataFrame) -> pl.DataFrame:
    """The rows of the first period."""
    return frame.filter(pl.col("date") == plan.calendar.start)


def goods(names: Names, item: str, quantity: float) -> dict[str, Text]:
    """The parts that name a quantity of an item."""
    return {"amount": amount(quantity), "unit": names.unit(item), "item": inside(names.item(item))}


def daily_needs(plan: PlanLike) -> pl.DataFrame:
    """Need of the first day by item and place: ``item``, ``place``, ``day_need``; and by item, ``item_need``."""
    first = today(plan, plan.tables["shortages"])
    by_place = first.group_by("item", "place").agg((pl.col("need") / pl.col("days")).sum().alias("day_need"))
    return by_place.with_columns(pl.col("day_need").sum().over("item").alias("item_need"))


def _cost(plan: PlanLike, cost: float) -> Text:
    return (
        say("note_cost", cost=amount(cost), currency=currency_words(plan.case.currency)) if cost > 0 else Text("", "")
    )


def _plus(*parts: Text) -> Text:
    return Text("".join(p.en for p in parts), "".join(p.zh for p in parts))


def _effect(names: Names, row: Row) -> Text:
    """From when, and how much a day it adds where that is known."""
    if row["adds"] and row["item"]:
        return say("note_adds", date=day(row["ready_date"]), **goods(names, row["item"], row["adds"]))
    return say("note_from", date=day(row["ready_date"]))


def _convert(plan: PlanLike, names: Names) -> list[Action]:
    actions = []
    for row in today(plan, decisions.conversions(plan)).iter_rows(named=True):
        key = "act_convert" if row["from_kind"] else "act_new"
        parts = {"who": names.enterprise(row["enterprise"]), "lines": amount(row["lines"])}
        text = say(key, **parts, from_kind=names.kind(row["from_kind"]), to_kind=names.kind(row["to_kind"]))
        actions.append(Action(text, _plus(_effect(names, row), _cost(plan, row["cost"]))))
    return actions


def _license(plan: PlanLike, names: Names) -> list[Action]:
    return [
        Action(
            say(
                f"act_license_{row['track']}",
                who=names.enterprise(row["enterprise"]),
                item=inside(names.item(row["item"])),
            ),
            _plus(_effect(names, row), _cost(plan, row["cost"])),
        )
        for row in today(plan, decisions.licences(plan)).iter_rows(named=True)
    ]


def _unlock(plan: PlanLike, names: Names) -> list[Action]:
    return [
        Action(
            say("act_measure", name=names.measure(row["measure"])),
            _plus(_effect(names, row), _cost(plan, row["cost"])),
        )
        for row in today(plan, decisions.measures(plan)).iter_rows(named=True)
    ]


def _import(plan: PlanLike, names: Names) -> list[Action]:
    rows = _against_need(plan, today(plan, plan.tables["imports"]), ["source", "customs", "item", "port"])
    return [
        Action(
            say(
                "act_import_express" if row["customs"] == "express" else "act_import",
                **goods(names, row["item"], row["quantity"]),
                port=names.place(row["port"]),
            ),
            _plus(say("note_arrives", date=day(row["ready_date"])), _cost(plan, row["cost"])),
        )
        for row in rows.iter_rows(named=True)
    ]


def _reserve(plan: PlanLike, names: Names) -> list[Action]:
    rows = _against_need(plan, today(plan, plan.tables["reserve_releases"]), ["place", "item"])
    return [
        Action(
            say("act_reserve", **goods(names, r["item"], r["quantity"]), place=names.place(r["place"])), Text("", "")
        )
        for r in rows.iter_rows(named=True)
    ]


def _ease(plan: PlanLike, names: Names) -> list[Action]:
    rows = _against_need(
        plan, today(plan, plan.tables["modes"]).with_columns(quantity="saved"), ["place", "item", "mode"]
    ).join(daily_needs(plan).drop("item_need"), on=["place", "item"], how="left", maintain_order="left")
    actions = []
    for row in rows.iter_rows(named=True):
        parts = goods(names, row["item"], row["quantity"])
        text = say("act_ease", **parts, place=names.place(row["place"]), mode=Text(*TEXTS[row["mode"]]))
        actions.append(Action(text, _plus(say("note_saves", **parts), _against_day(row["quantity"] / row["day_need"]))))
    return actions


def _run(plan: PlanLike, names: Names, table: str) -> list[Action]:
    rows = _against_need(plan, today(plan, plan.tables[table]), ["enterprise", "item"])
    return [
        Action(
            say("act_make", who=names.enterprise(row["enterprise"]), **goods(names, row["item"], row["quantity"])),
            say("note_ready", date=day(row["ready_date"])),
        )
        for row in rows.iter_rows(named=True)
    ]


def _against_need(plan: PlanLike, rows: pl.DataFrame, keys: list[str]) -> pl.DataFrame:
    """Rows added up by ``keys``, ranked by their share of the item's need of the day; items without need come last."""
    sums = [pl.col("quantity").sum()]
    sums += [pl.col("cost").sum()] if "cost" in rows.columns else []
    sums += [pl.col("ready_date").min()] if "ready_date" in rows.columns else []
    item_need = daily_needs(plan).select("item", "item_need").unique()
    total = rows.group_by("item").agg(pl.col("quantity").sum().alias("item_total"))
    return (
        rows.filter(pl.col("quantity") > 1e-6)
        .group_by(keys, maintain_order=True)
        .agg(sums)
        .join(item_need, on="item", how="left")
        .join(total, on="item", how="left")
        .with_columns(
            (pl.col("item_need").fill_null(0) <= 0).alias("_upstream"),
            (pl.col("quantity") / pl.max_horizontal("item_need", "item_total")).alias("_weight"),
        )
        .sort("_upstream", "_weight", descending=[False, True], maintain_order=True)
    )


def shipments_of_today(plan: PlanLike) -> pl.DataFrame:
    """Consignments of the first day, those first that are the largest share of what their place needs that day.

    The share counts places whose first-tier needs are short more: they come before the others.
    """
    rows = (
        today(plan, plan.tables["shipments"])
        .filter(pl.col("quantity") > 1e-6)
        .group_by("item", "origin", "destination", "mode", maintain_order=True)
        .agg(pl.col("quantity").sum(), pl.col("ready_date").min(), pl.col("cost").sum())
    )
    short = (
        plan.tables["shortages"]
        .filter(pl.col("tier") == first_tier(plan))
        .group_by("item", pl.col("place").alias("destination"))
        .agg((pl.col("lost").sum() / pl.col("need").sum()).fill_nan(0).alias("short"))
    )
    needs = daily_needs(plan).rename({"place": "destination"})
    ranked = rows.join(needs, on=["item", "destination"], how="left").join(
        short, on=["item", "destination"], how="left"
    )
    weight = (pl.col("quantity") / pl.col("item_need")) * (0.1 + pl.col("short").fill_null(0.0))
    return ranked.with_columns(weight.alias("weight")).sort(
        "weight", descending=True, nulls_last=True, maintain_order=True
    )


def _ship(plan: PlanLike, names: Names) -> list[Action]:
    onward = set(plan.tables["shipments"].select("origin", "item").unique().iter_rows())
    actions = []
    for row in shipments_of_today(plan).iter_rows(named=True):
        mode = Text(*TEXTS[row["mode"]]) if row["mode"] in TEXTS else Text(plain(row["mode"]), plain(row["mode"]))
        text = say(
            "act_ship",
            **goods(names, row["item"], row["quantity"]),
            origin=names.place(row["origin"]),
            destination=names.place(row["destination"]),
            mode=mode,
        )
        note = say("note_arrives", date=day(row["ready_date"]))
        if (row["destination"], row["item"]) in onward:
            note = _plus(note, say("note_onward"))
        elif row["day_need"]:
            note = _plus(note, _against_day(row["quantity"] / row["day_need"]))
        actions.append(Action(text, note))
    return actions


def _against_day(days: float) -> Text:
    """A quantity against the need of the first day at its place."""
    return say("note_days", days=amount(days)) if days > 1 else say("note_share", share=share(days))


def first_goods(plan: PlanLike, table: str, most: int = 3) -> Text:
    """The weightiest quantities of the first day in one phrase."""
    names = Names(plan.case.tables)
    rows = _against_need(plan, today(plan, plan.tables[table]), ["item"])
    if rows.is_empty():
        return say("nothing")
    parts = [say("part_goods", **goods(names, r["item"], r["quantity"])) for r in rows.head(most).iter_rows(named=True)]
    if rows.height <= most:
        return join(parts)
    return say("and_more", items=join(parts), number=rows.height - most, total=rows.height)
