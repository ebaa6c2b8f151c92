"""The chart of the briefing: for each item of the first tier, need, supply and shortage by day, as SVG."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from html import escape
from typing import TYPE_CHECKING

import polars as pl

from mainstay.report.names import Names
from mainstay.report.needs import first_tier, totals
from mainstay.report.texts import TEXTS, Text, amount, day, full_day, inside, join, say, share

if TYPE_CHECKING:
    from mainstay.report.plan_like import PlanLike

MOST_PANELS = 9
"""Items shown, those least met."""

_PARTS = {"served": "#0a5f80", "eased": "#9fc3b4", "waiting": "#f0c987", "lost": "#b8440a"}
"""What a bar is made of, from the ground up, in the colours of the report."""
_INK, _SOFT, _LINE = "#1b2932", "#4d5f6b", "#8a9aa5"
_COLUMNS, _WIDTH, _GAP = 3, 493.0, 16.0
_PANEL = (_WIDTH - (_COLUMNS - 1) * _GAP) / _COLUMNS
_HEIGHT, _LEGEND, _TOP, _BARS = 88.0, 18.0, 26.0, 46.0
"""Of a panel with the space under it, of the legend, of a panel's words over its bars, and of its bars [points]."""


@dataclass(frozen=True)
class Chart:
    """The chart in one language, in words for those who do not see it, and how many items it shows of how many."""

    svg: str
    alt: Text
    shown: int
    total: int


def chart(plan: PlanLike, language: str) -> Chart | None:
    """The chart of the tier that comes first; None when nobody needs anything."""
    first = first_tier(plan)
    mine = plan.tables["shortages"].filter(pl.col("tier") == first)
    items = totals(mine, "item").filter(pl.col("need") > 0).sort("fill", "item")
    shown = items.head(MOST_PANELS)
    if shown.is_empty():
        return None
    names = Names(plan.case.tables)
    fills = [
        say("part_fill", place=inside(names.item(item)), share=share(fill))
        for item, fill in shown.select("item", "fill").iter_rows()
    ]
    ends = {"start": full_day(plan.calendar.start), "end": full_day(plan.calendar.end - timedelta(days=1))}
    alt = say("brief_chart_alt", **ends, tier=Text(*TEXTS[first]), items=join(fills))
    return Chart(_svg(plan, mine, shown, language), alt, shown.height, items.height)


def _svg(plan: PlanLike, mine: pl.DataFrame, items: pl.DataFrame, language: str) -> str:
    parts = [name for name in _PARTS if name in ("served", "lost") or mine[name].sum() > 0]
    panels = [
        _panel(plan, _by_period(plan, mine, item), parts, item, fill, language)
        for item, fill in items.select("item", "fill").iter_rows()
    ]
    corners = [(n % _COLUMNS * (_PANEL + _GAP), _LEGEND + n // _COLUMNS * _HEIGHT) for n in range(len(panels))]
    placed = [
        f'<g transform="translate({left:.1f},{top:.1f})">{panel}</g>'
        for (left, top), panel in zip(corners, panels, strict=True)
    ]
    height = _LEGEND + -(-len(panels) // _COLUMNS) * _HEIGHT
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {_WIDTH:g} {height:g}" '
        f'font-family="Noto Sans SC" font-size="7.5">{_legend(parts, language)}{"".join(placed)}</svg>'
    )


def _by_period(plan: PlanLike, mine: pl.DataFrame, item: str) -> pl.DataFrame:
    """A row for each period [units a day]; what waits is not of a day but of the period's end [units]."""
    sums = mine.filter(pl.col("item") == item).group_by("date").agg(pl.col("need", *_PARTS).sum())
    periods = pl.DataFrame({"date": plan.calendar.dates, "days": plan.calendar.days})
    rows = periods.join(sums, on="date", how="left", maintain_order="left").fill_null(0.0)
    return rows.with_columns(pl.col("need", "served", "eased", "lost") / pl.col("days"))


def _panel(plan: PlanLike, rows: pl.DataFrame, parts: list[str], item: str, fill: float, language: str) -> str:
    names = Names(plan.case.tables)
    most_need = max(rows["need"].to_list())
    highest = max(most_need, *rows.select(pl.sum_horizontal(parts)).to_series().to_list())
    most = say("brief_most", amount=amount(most_need), unit=names.unit(item))
    ends = (day(plan.calendar.start), day(plan.calendar.end - timedelta(days=1)))
    width, foot = _PANEL / plan.calendar.num_days, _TOP + _BARS
    bars, line, left = [], [], 0.0
    for row in rows.iter_rows(named=True):
        wide, level = width * row["days"], foot
        for part in parts:
            height = _BARS * row[part] / highest
            level -= height
            if height > 0.01:
                size = f'width="{wide - min(1.2, wide / 5):.2f}" height="{height:.2f}"'
                bars.append(f'<rect x="{left:.2f}" y="{level:.2f}" {size} fill="{_PARTS[part]}"/>')
        need = foot - _BARS * row["need"] / highest
        line += [f"{left:.2f},{need:.2f}", f"{left + wide:.2f},{need:.2f}"]
        left += wide
    return (
        _words(0, 9, _cut(_in(names.item(item), language)), _INK, size=8)
        + _words(_PANEL, 9, share(fill), _INK, "end", size=8)
        + _words(0, 19, _in(most, language), _SOFT)
        + "".join(bars)
        + f'<polyline points="{" ".join(line)}" fill="none" stroke="{_INK}" stroke-width="1.1"/>'
        + f'<line x1="0" x2="{_PANEL:.1f}" y1="{foot}" y2="{foot}" stroke="{_LINE}" stroke-width="0.6"/>'
        + _words(0, foot + 9, _in(ends[0], language), _SOFT)
        + _words(_PANEL, foot + 9, _in(ends[1], language), _SOFT, "end")
    )


def _legend(parts: list[str], language: str) -> str:
    drawn, left = [], 0.0
    for key in ["need", *parts]:
        words = _in(Text(*TEXTS[key]), language)
        if key == "need":
            drawn.append(f'<line x1="0" x2="14" y1="5.5" y2="5.5" stroke="{_INK}" stroke-width="1.1"/>')
        else:
            drawn.append(f'<rect x="{left:.1f}" y="1.5" width="14" height="8" fill="{_PARTS[key]}"/>')
        drawn.append(_words(left + 18, 8.5, words, _INK))
        left += 18 + _ems(words) * 7.5 + 16
    return "".join(drawn)


def _words(x: float, y: float, words: str, colour: str, anchor: str = "start", size: float = 7.5) -> str:
    place = f'x="{x:.1f}" y="{y:.1f}" text-anchor="{anchor}"'
    return f'<text {place} font-size="{size}" fill="{colour}">{escape(words)}</text>'


def _cut(words: str, most: float = 15.6) -> str:
    """Words cut to ``most`` ems.

    >>> _cut("Respirators without a valve", most=8)
    'Respirators w…'
    """
    if _ems(words) <= most:
        return words
    while _ems(words) > most - 1:
        words = words[:-1]
    return words.rstrip() + "…"


def _ems(words: str) -> float:
    """How wide words are, about [ems]: a Chinese character is 1."""
    return sum(1.0 if ord(character) > 0x2E7F else 0.52 for character in words)


def _in(text: Text, language: str) -> str:
    return text.zh if language == "zh" else text.en
