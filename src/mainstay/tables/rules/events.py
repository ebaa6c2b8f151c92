"""What may come: ranges the right way round, targets that exist, needs in every event, judgements that sum."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

import polars as pl

from mainstay.tables.cells import show
from mainstay.tables.declaration import Rule
from mainstay.tables.event_tables import EVENT_PARAMETERS, LOSABLE
from mainstay.tables.findings import Both, Finding
from mainstay.tables.raw import ROW, nearest

SUM_TOLERANCE = 1e-6
"""By how much probabilities may miss 1: what six written digits can hold."""


def event_ranges(tables: Mapping[str, pl.DataFrame]) -> Iterator[Finding]:
    """Ranges whose low end is above the high one, or whose days are said by half."""
    rows = tables["event_effects"]
    for low, high in (("low", "high"), ("days_low", "days_high")):
        for row, least, most in rows.filter(pl.col(low) > pl.col(high)).select(ROW, low, high).rows():
            yield Finding(
                "event_effects",
                row,
                low,
                show(least),
                "event_range",
                Both(
                    f"{low} {show(least)} is above {high} {show(most)}.",
                    f"{low} {show(least)} 大于 {high} {show(most)}。",
                ),
                Both("Change the two, or correct one of them.", "请对调或更正其中一个。"),
            )
    half = rows.filter(pl.col("days_low").is_null() != pl.col("days_high").is_null())
    for (row,) in half.select(ROW).rows():
        yield Finding(
            "event_effects",
            row,
            "days_low, days_high",
            "",
            "event_range",
            Both("one end of the range of days is missing.", "天数区间缺少一端。"),
            Both("Give both; the same twice where it is certain.", "请两端都填；确定时填相同数值。"),
        )


def event_days(tables: Mapping[str, pl.DataFrame]) -> Iterator[Finding]:
    """Losses that do not say how long, or take more than there is; sudden needs that do not say how fast they fade."""
    kinds = tables["events"].select("event", "kind")
    rows = tables["event_effects"].join(kinds, on="event", how="left", maintain_order="left")
    needs_days = (pl.col("effect") == "loss") | ((pl.col("effect") == "need") & (pl.col("kind") == "sudden"))
    for row, effect in rows.filter(needs_days & pl.col("days_low").is_null()).select(ROW, "effect").rows():
        what, what_zh = ("how long it lasts", "持续天数") if effect == "loss" else ("how fast it fades", "半衰期")
        yield Finding(
            "event_effects",
            row,
            "days_low",
            "",
            "event_days",
            Both(f"a {effect} must say {what}.", f"须说明{what_zh}。"),
            Both("Give days_low and days_high.", "请填写 days_low 与 days_high。"),
        )
    for row, high in rows.filter((pl.col("effect") == "loss") & (pl.col("high") > 1)).select(ROW, "high").rows():
        yield Finding(
            "event_effects",
            row,
            "high",
            show(high),
            "out_of_range",
            Both(f"a loss takes a share; {show(high)} is more than all.", f"损失为比例，{show(high)} 超过全部。"),
            Both("Give shares from 0 to 1.", "请填写 0 到 1。"),
        )


def event_targets(tables: Mapping[str, pl.DataFrame]) -> Iterator[Finding]:
    """Effects on something that is not there."""
    items = tables["items"]
    goods = {"*", *(name for column in ("item", "class", "family") for name in items[column].drop_nulls())}
    things = {
        "parameter": set(EVENT_PARAMETERS),
        "need": goods,
        "loss": {
            f"{kind}:{name}"
            for kind, (table, column) in LOSABLE.items()
            for name in ("*", "one", *tables[table][column].drop_nulls())
        }
        | {"region:struck"},
    }
    for row, effect, target in (
        tables["event_effects"].drop_nulls(["effect", "target"]).select(ROW, "effect", "target").rows()
    ):
        if target not in things[effect]:
            yield Finding(
                "event_effects",
                row,
                "target",
                target,
                "event_target",
                Both(
                    f'there is nothing called "{target}" for a {effect} to change.',
                    f"没有名为“{target}”的对象可受此影响。",
                ),
                nearest(target, things[effect])
                or Both(
                    "Give a parameter; an item, class, family or *; or kind:name, such as lane:* or region:struck.",
                    "请填写参数名；物资、大类、族或 *；或 类型:名称，如 lane:*、region:struck。",
                ),
            )


def event_parameters(tables: Mapping[str, pl.DataFrame]) -> Iterator[Finding]:
    """Parameters drawn beyond what they can be, or by an event without an epidemic."""
    kinds = tables["events"].select("event", "kind")
    rows = tables["event_effects"].join(kinds, on="event", how="left", maintain_order="left")
    for row, kind, name, low, high in (
        rows.filter(pl.col("effect") == "parameter").select(ROW, "kind", "target", "low", "high").drop_nulls().rows()
    ):
        if kind != "epidemic":
            yield Finding(
                "event_effects",
                row,
                "effect",
                "parameter",
                "event_target",
                Both(f"an event of the kind {kind} has no course with parameters.", f"{kind} 类事件没有病程参数。"),
                Both("Take the row away, or make the event an epidemic.", "请删除该行，或将事件类型改为 epidemic。"),
            )
        least, most = EVENT_PARAMETERS.get(name, (low, high))
        for column, value in (("low", low), ("high", high)):
            if not least <= value <= most:
                yield Finding(
                    "event_effects",
                    row,
                    column,
                    show(value),
                    "out_of_range",
                    Both(f"{name} cannot be {show(value)}.", f"{name} 不可能为 {show(value)}。"),
                    Both(f"Give a value from {least:g} to {most:g}.", f"请填写 {least:g} 至 {most:g}。"),
                )


def event_without_needs(tables: Mapping[str, pl.DataFrame]) -> Iterator[Finding]:
    """Events in which nobody needs anything, so that nothing can run short."""
    effects = tables["event_effects"]
    needing = effects.filter((pl.col("effect") == "need") & (pl.col("high") > 0))["event"]
    silent = tables["events"].filter(
        ~pl.col("event").is_in(needing.implode()), ~(pl.col("usual_share").fill_null(0) > 0)
    )
    for row, event in silent.select(ROW, "event").rows():
        yield Finding(
            "events",
            row,
            "event",
            event,
            "event_without_needs",
            Both(f"nothing is needed in {event}, so nothing can run short.", f"事件 {event} 没有需求，不会出现短缺。"),
            Both(
                "Add a need to event_effects (target * for all items), or give usual_share.",
                "请在 event_effects 中添加 need（* 表示全部物资），或填写 usual_share。",
            ),
        )


def no_chance(tables: Mapping[str, pl.DataFrame]) -> Iterator[Finding]:
    """Events none of which can come."""
    events = tables["events"]
    if events.height and events["chance"].null_count() == 0 and events["chance"].sum() == 0:
        yield Finding(
            "events",
            None,
            "chance",
            "0",
            "no_chance",
            Both("no event has a chance above 0.", "没有发生频率大于 0 的事件。"),
            Both("Give at least one event a chance above 0.", "请至少为一个事件填写大于 0 的频率。"),
        )


def judgement_missing(tables: Mapping[str, pl.DataFrame]) -> Iterator[Finding]:
    """Experts who leave an event out."""
    events = tables["events"]["event"].drop_nulls()
    judged = tables["judgements"].drop_nulls(["expert", "event"])
    for (expert,), rows in judged.group_by("expert", maintain_order=True):
        left_out = [event for event in events if event not in set(rows["event"])]
        if left_out:
            yield Finding(
                "judgements",
                rows[ROW][0],
                "event",
                str(expert),
                "judgement_missing",
                Both(
                    f"{expert} does not judge {', '.join(left_out)}; missing is not zero.",
                    f"{expert} 未判断 {'、'.join(left_out)}；空白不等于零。",
                ),
                Both(
                    "Give each event a probability, 0 where it cannot come.", "请为每个事件填写概率，不可能发生填 0。"
                ),
            )


def judgement_sum(tables: Mapping[str, pl.DataFrame]) -> Iterator[Finding]:
    """Experts whose probabilities do not sum to 1."""
    totals = (
        tables["judgements"]
        .drop_nulls(["expert", "weight"])
        .group_by("expert", maintain_order=True)
        .agg(pl.col("weight").sum(), pl.col(ROW).first())
    )
    for row, expert, total in (
        totals.filter((pl.col("weight") - 1).abs() > SUM_TOLERANCE).select(ROW, "expert", "weight").rows()
    ):
        yield Finding(
            "judgements",
            row,
            "weight",
            show(total),
            "judgement_sum",
            Both(
                f"the probabilities of {expert} sum to {total:.6g}, not to 1.",
                f"{expert} 的概率合计为 {total:.6g}，应为 1。",
            ),
            Both("Correct them so that they sum to 1.", "请更正，使合计为 1。"),
        )


def judgement_standing(tables: Mapping[str, pl.DataFrame]) -> Iterator[Finding]:
    """Experts whose standing differs from row to row."""
    rows = tables["judgements"].drop_nulls("expert")
    mixed = rows.filter(pl.col("standing").n_unique().over("expert") > 1)
    for row, expert in mixed.filter(pl.col("expert").is_first_distinct()).select(ROW, "expert").rows():
        yield Finding(
            "judgements",
            row,
            "standing",
            expert,
            "judgement_standing",
            Both(f"the standing of {expert} differs from row to row.", f"{expert} 的专家权重各行不一致。"),
            Both("Give one standing in all rows of an expert.", "请为同一专家填写相同的权重。"),
        )


_EVENTS = ("events", "event_effects")
RULES = (
    Rule("event_range", "A range goes from low to high, and has both ends.", event_ranges, ("event_effects",)),
    Rule("event_days", "A loss says how long it lasts, a sudden need how fast it fades.", event_days, _EVENTS),
    Rule(
        "event_target",
        "What an event changes is there.",
        event_targets,
        ("event_effects", "items", *(table for table, _ in LOSABLE.values() if table != "items")),
    ),
    Rule("out_of_range", "An event draws parameters within their range.", event_parameters, _EVENTS),
    Rule("event_without_needs", "Something is needed in every event.", event_without_needs, _EVENTS),
    Rule("no_chance", "At least one event can come.", no_chance, ("events",)),
    Rule("judgement_missing", "An expert judges every event.", judgement_missing, ("judgements", "events")),
    Rule("judgement_sum", "What an expert judges sums to 1.", judgement_sum, ("judgements",)),
    Rule("judgement_standing", "An expert has one standing.", judgement_standing, ("judgements",)),
)
