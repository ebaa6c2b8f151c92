"""Why: one shortage, or one line of a plan, explained from what binds to what could be done.

A shortage: the reasons of the plan, each tried; who gets the goods instead and by which rule; which levers would bring
most. A line of the plan: what it draws on that has a price, and what a little more of that brings.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date, timedelta

import polars as pl

from mainstay.errors import UsageError
from mainstay.network.compile import compile
from mainstay.plan.levers import led_to, levers
from mainstay.plan.plan import Plan
from mainstay.plan.tried import SolvedPlan, Trials, tried
from mainstay.plan.words import Words
from mainstay.solve import Options, Progress
from mainstay.tables import RESULT_TABLES, WHY_TABLES
from mainstay.tables.columns import TIERS
from mainstay.tables.frames import conform, empty
from mainstay.tables.raw import nearest

MOST_TRIED = 20
"""Reasons of a plan that are tried when it is asked for."""
MOST_DRAWN = 3
"""Things told that a line of the plan draws on."""
MOST_INSTEAD = 5
"""Places told that get the goods instead."""
ALIKE = 1e-3
"""Fill rates nearer than this are the same."""
NEGLIGIBLE = 1e-6
"""Share of a need below which a loss is rounding."""


@dataclass(frozen=True)
class Why:
    """One explanation.

    item, place, tier : of the need; first, last : days of the shortage; lost, needed : units within them
    reasons, instead, levers : tables
    title, text : its name and one paragraph, in English and in Chinese
    """

    item: str
    place: str
    tier: str
    first: date
    last: date
    lost: float
    needed: float
    reasons: pl.DataFrame
    instead: pl.DataFrame
    levers: pl.DataFrame
    title: tuple[str, str]
    text: tuple[str, str]


class Explainer:
    """Explains one plan; stages are solved again once and then asked many times.

    plan : made or read back; in_force : whether it kept to a plan in force
    """

    def __init__(self, plan: SolvedPlan, options: Options | None = None, progress: Progress | None = None) -> None:
        self.plan = plan
        self.network = compile(plan.case)
        self.trials = Trials(plan, self.network, options or Options(), progress)
        self.words = Words(plan.case, self.network)

    def tried(self, reasons: pl.DataFrame, *, tell: Callable[[int, int], None] | None = None) -> pl.DataFrame:
        """Reasons with what each promised and what was found."""
        return tried(self.trials, reasons, tell=tell)

    def shortages(self, item: str | None = None, place: str | None = None, day: date | None = None) -> pl.DataFrame:
        """Needs that lose anything, those that lose the largest share first: item, place, tier, lost, need.

        Raises
        ------
        UsageError : there is no such item or place, nothing of it is needed there, or the day is not in the plan
        """
        table = self.plan.tables["shortages"]
        case = self.plan.case
        if item is not None:
            table = table.filter(pl.col("item") == _known("item", item, case["items"]["item"], table["item"]))
        if place is not None:
            table = table.filter(pl.col("place") == _known("place", place, case["places"]["place"], table["place"]))
        if day is not None:
            table = table.filter(pl.col("date") == self._period_begin(day))
        return (
            table.group_by("item", "place", "tier", maintain_order=True)
            .agg(pl.col("lost", "need").sum())
            .filter(pl.col("lost") > NEGLIGIBLE * pl.col("need"))
            .sort(
                pl.col("tier").replace_strict({t: i for i, t in enumerate(TIERS)}, return_dtype=pl.Int64),
                -pl.col("lost") / pl.col("need"),
                maintain_order=True,
            )
        )

    def _period_begin(self, day: date) -> date:
        calendar = self.plan.case.calendar
        if not calendar.start <= day < calendar.end:
            last = calendar.end - timedelta(days=1)
            raise UsageError(f"{day} is not in the plan, which goes from {calendar.start} to {last}. Name a day in it.")
        return calendar.dates[int(calendar.period_of_day[(day - calendar.start).days])]

    def shortage(self, item: str, place: str, tier: str, day: date | None = None) -> Why:
        """Why a need is not met: the whole shortage, or the one of a day."""
        need = (item, place, tier)
        mine = self.plan.tables["shortages"].filter(item=item, place=place, tier=tier)
        if day is not None:
            mine = mine.filter(pl.col("date") == self._period_begin(day))
        mine = mine.filter(pl.col("lost") > NEGLIGIBLE * pl.col("need")).sort("date")
        if mine.is_empty():
            raise UsageError(f"Nothing of {item} is short in {place} then: all that is needed is met.")
        first = mine["date"][0]
        last = mine["date"][-1] + timedelta(days=int(mine["days"][-1]) - 1)
        reasons = self.plan.tables["reasons"].filter(item=item, place=place, tier=tier)
        within = reasons.filter((pl.col("from") <= last) & (pl.col("to") >= first))
        reasons = self.tried(within if within.height else reasons)
        whats = self.levers(need, mine)
        instead = self.instead(need, mine)
        lost, needed = float(mine["lost"].sum()), float(mine["need"].sum())
        text = self._paragraph(need, (lost, needed, first, last), reasons, instead, whats)
        title = self.words.need(need)
        return Why(item, place, tier, first, last, lost, needed, reasons, instead, whats, title, text)

    def line(self, task: str, day: date) -> Why:
        """Why a line of the plan (a production, a shipment, a service: a task of the network) is as large as it is.

        Raises
        ------
        UsageError : there is no such task, it does not start that day, or no need is short that it could help
        """
        tasks = self.network.tasks["task"]
        number = tasks.index_of(task)
        if number is None:
            hint = nearest(task, tasks) or "The table decisions names them."
            raise UsageError(f'The plan has no line "{task}". {hint}')
        begin = self._period_begin(day)
        period = self.trials.period[begin]
        if self.network.upper[number, period] <= 0:
            raise UsageError(f"{task} cannot start on {day}, or would be of no use then.")
        need = self._helped(number)
        if need is None:
            raise UsageError(f"Nothing is short that {task} leads to: all that is needed is met.")
        rows = [self._draws(need, begin, resource) for resource in self._binding_takings(number, period, need[2])]
        declared = RESULT_TABLES["reasons"]
        reasons = self.tried(conform(declared, pl.DataFrame(rows))) if rows else empty(declared)
        mine = self.plan.tables["shortages"].filter(item=need[0], place=need[1], tier=need[2])
        mine = mine.filter(pl.col("lost") > NEGLIGIBLE * pl.col("need")).sort("date")
        starts = self.plan.tables["decisions"].filter(task=task, date=begin)["extent"].sum()
        last = begin + timedelta(days=self.network.calendar.days[period] - 1)
        whats, instead = self.levers(need, mine), self.instead(need, mine)
        lost, needed = float(mine["lost"].sum()), float(mine["need"].sum())
        title, text = self.words.line(task, begin, float(starts), need, reasons)
        return Why(*need, begin, last, lost, needed, reasons, instead, whats, title, text)

    def _helped(self, task: int) -> tuple[str, str, str] | None:
        """The need that is short by the largest share, of the highest tier, among those that a task leads to."""
        reached = led_to(self.network, task)
        for item, place, tier in self.shortages().select("item", "place", "tier").iter_rows():
            if reached[self.trials.resource[f"need:{item}@{place}/{tier}"]]:
                return item, place, tier
        return None

    def _binding_takings(self, task: int, period: int, tier: str) -> list[int]:
        """What a task takes that has a price when it is started, the dearest first."""
        prices = self.trials.again(tier).prices[:, period]
        taken = self.network.effects.filter((pl.col("task") == task) & (pl.col("amount") < 0))
        costs = [(-amount * prices[r], r) for r, amount in taken.select("resource", "amount").iter_rows()]
        return [r for cost, r in sorted(costs, reverse=True)[:MOST_DRAWN] if cost > 0]

    def _draws(self, need: tuple[str, str, str], begin: date, resource: int) -> dict[str, object]:
        """A row of ``reasons`` for what a line of the plan draws on."""
        what, name = (self.network.resources[column][resource] for column in ("what", "resource"))
        fields = dict(zip(("item", "place", "tier"), need, strict=True))
        dates = {"from": begin, "to": begin, "binds_until": begin}
        return {**fields, **dates, "lost": 0.0, "rank": 1, "what": what, "resource": name, "chain": name}

    def levers(self, need: tuple[str, str, str], mine: pl.DataFrame) -> pl.DataFrame:
        """What could be done about a shortage."""
        return levers(self.trials, need, self.trials.period[mine["date"][0]], mine, self.words)

    def instead(self, need: tuple[str, str, str], mine: pl.DataFrame) -> pl.DataFrame:
        """Who gets the item on the days on which this need loses it, and by which rule."""
        return instead(self.plan.tables, self.plan.case["floors"], self.words, need, mine)

    def _paragraph(
        self,
        need: tuple[str, str, str],
        figures: tuple[float, float, date, date],
        reasons: pl.DataFrame,
        instead: pl.DataFrame,
        whats: pl.DataFrame,
    ) -> tuple[str, str]:
        """The whole in one paragraph, in English and in Chinese."""
        english, chinese = ([text] for text in self.words.shortage(need, *figures))
        if reasons.height:
            top = reasons.sort("lost", descending=True).row(0, named=True)
            binding, binding_zh = self._binding(top)
            english.append(f"What binds until {top['binds_until']} is {binding}.")
            chinese.append(f"至 {top['binds_until']} 的瓶颈是{binding_zh}。")
            if top["found"] is not None:
                said = self.words.effect(
                    top["promised"], top["found"], top["range"], top["holds"], need[0], top["counted_in"]
                )
                english.append(said[0])
                chinese.append(said[1])
        if instead.height:
            english.append(f"Meanwhile others get it: {instead['text'][0]}")
            chinese.append(f"同期物资去向：{instead['text_zh'][0]}")
        if whats.height:
            english.append(f"What would bring most: {whats['text'][0]}")
            chinese.append(f"最有效的措施：{whats['text_zh'][0]}")
        else:
            english.append("Nothing that was tried would bring more in time.")
            chinese.append("所试措施均不能及时增加供应。")
        return " ".join(english), "".join(chinese)

    def _binding(self, reason: Mapping[str, object]) -> tuple[str, str]:
        if not reason["resource"]:
            return "time: nothing that is started on the first day can be there", "时间：即使首日开始也来不及到货"
        return self.words.binding(self.trials.resource[str(reason["resource"])])


def instead(
    tables: Mapping[str, pl.DataFrame],
    floors: pl.DataFrame,
    words: Words,
    need: tuple[str, str, str],
    mine: pl.DataFrame,
) -> pl.DataFrame:
    """The table ``instead``: who gets the item on the days on which a need loses it, and by which rule.

    Parameters
    ----------
    tables : ``shortages``, ``service`` and ``reasons`` of the plan; floors : of the case
    need : item, place, tier; mine : its rows of ``shortages`` in which it loses
    """
    item, place, tier = need
    days = mine["date"].implode()
    table = tables["shortages"].filter(pl.col("item") == item)
    fills = table.group_by("place", "tier").agg(
        fill=(pl.col("need") - pl.col("lost") - pl.col("waiting")).sum() / pl.col("need").sum(),
        lost=pl.col("lost").sum(),
    )
    own_goods = tables["service"].filter((pl.col("item") == item) & (pl.col("used_item") == item))
    there = own_goods.filter(pl.col("date").is_in(days)).group_by("place", "tier").agg(served=pl.col("quantity").sum())
    others = (
        there.join(fills, on=["place", "tier"])
        .filter((pl.col("served") > 0) & ~((pl.col("place") == place) & (pl.col("tier") == tier)))
        .sort("served", "place", descending=[True, False])
    )
    own = fills.filter(place=place, tier=tier)["fill"]
    mine_fill = float(own[0]) if len(own) else 0.0
    is_time = tables["reasons"].filter(item=item, place=place, tier=tier, what="time").height > 0
    rows = []
    for row in others.iter_rows(named=True):
        rule = _rule(tier, row["tier"], row["fill"], mine_fill, is_time=is_time)
        rows.append((*need, row["place"], row["tier"], row["served"], row["fill"], rule))
    rows = rows[:MOST_INSTEAD]
    rows += [(*need, where, "floor", quantity, None, "floor") for where, quantity in _floors(floors, item, mine)]
    declared = WHY_TABLES["instead"]
    names = [c.name for c in declared.columns][:-2]
    if not rows:
        return empty(declared)
    frame = pl.DataFrame(rows, schema=names, orient="row", infer_schema_length=None)
    said = [
        words.instead(r["to"], r["to_tier"], r["quantity"], r["fill_rate"], r["rule"], item)
        for r in frame.iter_rows(named=True)
    ]
    return conform(
        declared, frame.with_columns(text=pl.Series([e for e, _ in said]), text_zh=pl.Series([z for _, z in said]))
    )


def _floors(floors: pl.DataFrame, item: str, mine: pl.DataFrame) -> Iterable[tuple[str, float]]:
    """Stock of the item that must stay during the shortage: place, units."""
    first, last = mine["date"][0], mine["date"][-1]
    kept = floors.filter(
        (pl.col("item") == item)
        & (pl.col("from").fill_null(first) <= last)
        & (pl.col("to").fill_null(last) >= first)
        & (pl.col("quantity") > 0)
    )
    return list(kept.group_by("place", maintain_order=True).agg(pl.col("quantity").max()).iter_rows())[:2]


def told(
    tables: Mapping[str, pl.DataFrame],
    case: Mapping[str, pl.DataFrame],
    need: tuple[str, str, str],
    levers: pl.DataFrame | None = None,
) -> Why | None:
    """Why a need is not met, from what was written of a plan alone: nothing is solved; None: all of it is met.

    Parameters
    ----------
    tables : ``shortages``, ``service`` and ``reasons`` of the plan; case : tables ``items``, ``places`` and ``floors``
    levers : table of that name, where it was found when the plan was made
    """
    item, place, tier = need
    words = Words(case)
    mine = tables["shortages"].filter(item=item, place=place, tier=tier)
    mine = mine.filter(pl.col("lost") > NEGLIGIBLE * pl.col("need")).sort("date")
    if mine.is_empty():
        return None
    first, last = mine["date"][0], mine["date"][-1] + timedelta(days=int(mine["days"][-1]) - 1)
    reasons = tables["reasons"].filter(item=item, place=place, tier=tier).sort("rank")
    others = instead(tables, case["floors"], words, need, mine)
    whats = empty(WHY_TABLES["levers"]) if levers is None else levers.filter(item=item, place=place, tier=tier)
    lost, needed = float(mine["lost"].sum()), float(mine["need"].sum())
    said = [words.shortage(need, lost, needed, first, last)]
    said += list(reasons.select("text", "text_zh").head(1).iter_rows())
    text = " ".join(english for english, _ in said), "".join(chinese for _, chinese in said)
    return Why(item, place, tier, first, last, lost, needed, reasons, others, whats, words.need(need), text)


def with_reasons_tried(
    plan: Plan, *, most: int = MOST_TRIED, options: Options | None = None, progress: Progress | None = None
) -> Plan:
    """The plan with its heaviest reasons tried: those behind the largest shares of need lost, vital first.

    most : so many reasons are tried; the others keep no promise
    """
    explainer = Explainer(plan, options, progress)
    needed = plan.tables["shortages"].group_by("item", "place", "tier").agg(pl.col("need").sum())
    reasons = plan.tables["reasons"]
    order = {tier: n for n, tier in enumerate(TIERS)}
    heaviest = (
        reasons.join(needed, on=["item", "place", "tier"], how="left", maintain_order="left")
        .sort(
            pl.col("tier").replace_strict(order, return_dtype=pl.Int64),
            -pl.col("lost") / pl.col("need"),
            maintain_order=True,
        )
        .head(most)
        .drop("need")
    )
    key = RESULT_TABLES["reasons"].key
    rest = reasons.join(heaviest, on=key, how="anti", maintain_order="left")
    table = pl.concat([explainer.tried(heaviest), rest]).sort(key)
    return replace(plan, tables={**plan.tables, "reasons": table})


def _rule(mine: str, other: str, other_fill: float, my_fill: float, *, is_time: bool) -> str:
    """By which rule another need is served while this one loses."""
    if TIERS.index(other) < TIERS.index(mine):
        return "tier"
    if other != mine or is_time:
        return "reach"
    return "fairness" if other_fill <= my_fill + ALIKE else "deprivation"


def _known(what: str, name: str, declared: pl.Series, needed: pl.Series) -> str:
    """The name, which is one of the case and for which there is a need.

    Raises
    ------
    UsageError : it is not; says which is near
    """
    if name not in set(declared):
        hint = nearest(name, set(needed)) or f"There are {', '.join(sorted(set(needed))[:10])}."
        raise UsageError(f'There is no {what} "{name}" in the case. {hint}')
    if name not in set(needed):
        known = ", ".join(sorted(set(needed))[:10])
        raise UsageError(f'Nothing is needed for the {what} "{name}". Needs are told for {known}.')
    return name
