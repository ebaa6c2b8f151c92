"""The situation in ten lines: what runs short, where, until when, why, and what to do today."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

import polars as pl

from mainstay.report import decisions
from mainstay.report.actions import first_goods, goods, shipments_of_today, today
from mainstay.report.demand import demand_line
from mainstay.report.names import Names
from mainstay.report.needs import fill_by_tier, first_tier, short_periods, totals
from mainstay.report.texts import TEXTS, Text, amount, currency_words, day, full_day, inside, join, say, share
from mainstay.tables.columns import TIERS

if TYPE_CHECKING:
    from datetime import date

    from mainstay.report.plan_like import PlanLike

MOST_SHORT = 3
"""Items that get a line of their own, one less where a line says what people will need; the others share one."""


def situation(plan: PlanLike) -> list[Text]:
    """At most ten lines that say what a decision maker must know."""
    short = short_items(plan)
    lines = demand_line(plan.demand) if plan.demand else []
    alone = MOST_SHORT - len(lines)
    lines += [tiers_line(plan)]
    lines += [_short_line(plan, row) for row in short[:alone]] or [say("line_no_short")]
    lines += _others(plan, short[alone:])
    lines += places_line(plan)
    lines += [*_decide(plan), *_source(plan), *_ship(plan)]
    return lines


def remarks(plan: PlanLike) -> list[Text]:
    """What a reader must know before acting: of which day the stocks are, and what was planned on at once."""
    found = stocks_line(plan)
    if plan.together:
        found.append(
            say(
                "remark_together" if plan.common_days else "remark_side_by_side",
                number=len(plan.together),
                names=", ".join(plan.together),
                scenario=plan.case.scenario,
                days=plan.common_days,
            )
        )
    return found


def stocks_line(plan: PlanLike) -> list[Text]:
    """Of which day the opening stocks are, where it is not the first day of the plan."""
    given = plan.case.stocks_on
    return [say("remark_stocks", date=full_day(given))] if given else []


def tier(name: str) -> Text:
    """A tier in words."""
    return Text(*TEXTS[name])


def tiers_line(plan: PlanLike) -> Text:
    """What share of the needs of each tier is met, and what more sparing use saves in it."""
    fills = fill_by_tier(plan.tables["shortages"])
    parts = [say("part_tier", share=share(fills[t]), tier=tier(t)) for t in TIERS if t in fills]
    end = plan.calendar.end - timedelta(days=1)
    met = say("line_tiers", start=full_day(plan.calendar.start), end=full_day(end), tiers=join(parts))
    eased = _ease(plan)
    return Text(f"{met.en} {eased.en}".strip(), met.zh + eased.zh)


def _ease(plan: PlanLike) -> Text:
    """Where use steps down first, and what share of the need of each item that saves."""
    modes = plan.tables["modes"]
    if modes.is_empty():
        return Text("", "")
    names = Names(plan.case.tables)
    first = modes.sort("date", "saved", descending=[False, True]).row(0, named=True)
    share_eased = (pl.col("eased") / pl.col("need")).alias("share")
    eased = totals(plan.tables["shortages"], "item").with_columns(share_eased).filter(pl.col("eased") > 0)
    items = [
        say("part_fill", place=inside(names.item(item)), share=share(part))
        for item, part in eased.sort("share", descending=True).select("item", "share").head(5).iter_rows()
    ]
    return say("line_ease", date=day(first["date"]), place=names.place(first["place"]), items=join(items))


def short_items(plan: PlanLike) -> list[dict[str, Any]]:
    """Item and tier pairs that run short: the first tier's first, by share of need unmet, one row per item."""
    rows = (
        totals(plan.tables["shortages"], "tier", "item")
        .filter((pl.col("fill") < 1 - 1e-4) & (pl.col("unmet") > 1e-6))
        .with_columns(
            pl.col("tier").replace_strict({t: n for n, t in enumerate(TIERS)}, return_dtype=pl.Int64).alias("_order")
        )
        .sort("_order", "fill", "item")
    )
    return list(rows.unique("item", keep="first", maintain_order=True).iter_rows(named=True))


def _short_line(plan: PlanLike, row: dict[str, Any]) -> Text:
    causes = causes_of(plan, row["item"], row["tier"])
    why = say("why_binds", causes=causes) if causes else Text("", "")
    return say("line_short", **short_words(plan, row), why=why)


def short_words(plan: PlanLike, row: dict[str, Any]) -> dict[str, Text | str]:
    """The parts that say of an item and tier how much is short, from when until when, and where most."""
    names = Names(plan.case.tables)
    mine = plan.tables["shortages"].filter((pl.col("item") == row["item"]) & (pl.col("tier") == row["tier"]))
    periods = short_periods(mine)
    worst = totals(mine, "place").filter(pl.col("unmet") > 0).sort("fill", "place").row(0, named=True)
    return {
        **goods(names, row["item"], row["unmet"]),
        "item": names.item(row["item"]),
        "tier": tier(row["tier"]),
        "share": share(1 - row["fill"]),
        "since": day(periods["date"][0]) if periods.height else day(plan.calendar.start),
        "until": _until(plan, periods),
        "place": names.place(worst["place"]),
        "place_share": share(worst["fill"]),
    }


def _until(plan: PlanLike, periods: pl.DataFrame) -> Text:
    last: date = (
        periods["date"][-1] + timedelta(days=periods["days"][-1] - 1) if periods.height else plan.calendar.start
    )
    if last >= plan.calendar.end - timedelta(days=1):
        return say("until_end")
    return say("until_day", date=day(last))


def _others(plan: PlanLike, rows: list[dict[str, Any]]) -> list[Text]:
    if not rows:
        return []
    names = Names(plan.case.tables)
    ranked = sorted(rows, key=lambda r: r["fill"])
    parts = [
        say("part_short", item=inside(names.item(r["item"])), tier=tier(r["tier"]), share=share(1 - r["fill"]))
        for r in ranked[:5]
    ]
    items = join(parts)
    if len(ranked) > 5:
        items = say("and_more", items=items, number=len(ranked) - 5, total=len(ranked))
    return [say("line_others", items=items)]


def places_line(plan: PlanLike) -> list[Text]:
    """Which places are hardest hit in the first tier, and from when on nothing of it is short."""
    names, first = Names(plan.case.tables), first_tier(plan)
    mine = plan.tables["shortages"].filter(pl.col("tier") == first)
    by_place = (
        totals(mine, "place", "item").filter(pl.col("fill").is_not_null()).group_by("place").agg(pl.col("fill").mean())
    ).sort("fill", "place")
    hit = by_place.filter(pl.col("fill") < 1 - 1e-4)
    if hit.is_empty():
        return []
    place, fill = hit.row(0)
    others = [say("part_fill", place=names.place(p), share=share(f)) for p, f in hit[1:4].iter_rows()]
    parts: dict[str, Text | str] = {"place": names.place(place), "share": share(fill), "tier": tier(first)}
    line = say("line_place", **parts, others=join(others)) if others else say("line_place_alone", **parts)
    recovery = _recovery(plan, mine, first)
    return [Text(f"{line.en} {recovery.en}", line.zh + recovery.zh)]


def _recovery(plan: PlanLike, mine: pl.DataFrame, first: str) -> Text:
    periods = short_periods(mine, "item")
    short: list[date] = periods["date"].to_list()
    lengths = dict(zip(plan.calendar.dates, plan.calendar.days, strict=True))
    last = max(short, default=None)
    if last is None or last != plan.calendar.dates[-1]:
        free = last + timedelta(days=lengths[last]) if last else plan.calendar.start
        return say("line_recover", date=day(free), tier=tier(first))
    names = Names(plan.case.tables)
    still = periods.filter(pl.col("date") == last).sort(pl.col("short") / pl.col("need"), descending=True)
    return say("line_never", tier=tier(first), items=join([inside(names.item(i)) for i in still["item"][:6]]))


def causes_of(plan: PlanLike, item: str, of_tier: str) -> Text | None:
    """The kinds of resource behind most of an item's shortage, at most two, with their share of it; None if unknown."""
    names = Names(plan.case.tables)
    mine = plan.tables["reasons"].filter((pl.col("item") == item) & (pl.col("tier") == of_tier))
    total = float(mine["lost"].sum())
    if total <= 0:
        return None
    found: dict[Text, tuple[float, date]] = {}
    for resource, lost, until in mine.select("resource", "lost", "binds_until").iter_rows():
        group = names.resource_group(resource)
        so_far = found.get(group, (0.0, until))
        found[group] = (so_far[0] + lost, max(so_far[1], until))
    ranked = sorted(found.items(), key=lambda pair: -pair[1][0])
    parts = [_cause(names, group, lost / total, until) for group, (lost, until) in ranked[:2] if lost > 0.1 * total]
    return join(parts)


def _cause(names: Names, group: Text, part: float, until: date) -> Text:
    if group == names.resource_group(""):
        return say("cause_time", share=share(part))
    return say("cause", resource=group, date=day(until), share=share(part))


def _decide(plan: PlanLike) -> list[Text]:
    """Conversions, reviews and measures of the first day."""
    names = Names(plan.case.tables)
    conversions = today(plan, decisions.conversions(plan))
    licences, measures = today(plan, decisions.licences(plan)), today(plan, decisions.measures(plan))
    unlock = say(
        "line_unlock",
        licences=licences.height,
        measures=measures.height,
        cost=amount(float(licences["cost"].sum()) + float(measures["cost"].sum())),
        currency=currency_words(plan.case.currency),
    )
    unlocks = [unlock] if licences.height + measures.height else []
    if conversions.is_empty():
        return unlocks
    first = conversions.row(0, named=True)
    who = names.enterprise(first["enterprise"])
    kind = names.kind(first["to_kind"])
    convert = say(
        "line_convert",
        lines=amount(float(conversions["lines"].sum())),
        first=Text(f"{who.en} (to {kind.en})", f"{who.zh}（转为{kind.zh}）"),
        cost=amount(float(conversions["cost"].sum())),
        currency=currency_words(plan.case.currency),
    )
    return [convert, *unlocks]


def _source(plan: PlanLike) -> list[Text]:
    """What is ordered abroad and taken from reserves on the first day."""
    if today(plan, plan.tables["imports"]).is_empty() and today(plan, plan.tables["reserve_releases"]).is_empty():
        return []
    imports, reserves = first_goods(plan, "imports"), first_goods(plan, "reserve_releases")
    return [say("line_source", imports=imports, reserves=reserves)]


def _ship(plan: PlanLike) -> list[Text]:
    """What is shipped on the first day."""
    names, rows = Names(plan.case.tables), shipments_of_today(plan)
    if rows.is_empty():
        return []
    parts = [
        say(
            "part_ship",
            **goods(names, row["item"], row["quantity"]),
            origin=names.place(row["origin"]),
            destination=names.place(row["destination"]),
        )
        for row in rows.head(2).iter_rows(named=True)
    ]
    return [say("line_ship", number=rows.height, first=join(parts))]


def head_figures(plan: PlanLike) -> list[tuple[str, Text]]:
    """The figures at the head: the share met of each tier, and last how the check came out."""
    fills = fill_by_tier(plan.tables["shortages"])
    broken = len(plan.check.violations)
    check = (str(broken), say("check_failed")) if broken else (str(len(plan.check.rules)), say("checked"))
    return [*((share(fills[t]), say(f"met_{t}")) for t in TIERS if t in fills), check]


def proof_line(plan: PlanLike) -> Text:
    """How far the plan can be trusted, in one line."""
    broken = len(plan.check.violations)
    violations = say("violations", number=broken) if broken else say("no_violation")
    parts: dict[str, Text | str | int] = {
        "rules": len(plan.check.rules),
        "violations": violations,
        "cost": amount(total_cost(plan)),
        "currency": currency_words(plan.case.currency),
    }
    if all(s.reached for s in plan.stages):
        return say("line_proof", **parts, gap=share(max((s.gap for s in plan.stages), default=0.0)))
    return say("line_proof_open", **parts)


def total_cost(plan: PlanLike) -> float:
    """All costs in the result tables added up [money]."""
    return float(sum(t["cost"].sum() for t in plan.tables.values() if "cost" in t.columns))
