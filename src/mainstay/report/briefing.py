"""The briefing: a plan on two to four pages of PDF, for those who decide and sign."""

from __future__ import annotations

import json
import re
from datetime import datetime
from importlib.resources import files
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Any

import polars as pl

from mainstay.errors import UsageError
from mainstay.report.actions import Group, actions_of_today
from mainstay.report.briefing_chart import chart
from mainstay.report.data import versions
from mainstay.report.demand import demand_line
from mainstay.report.names import Names
from mainstay.report.needs import first_tier, totals_by_area
from mainstay.report.page import planned, scenario_words
from mainstay.report.situation import (
    causes_of,
    head_figures,
    places_line,
    proof_line,
    remarks,
    short_items,
    short_words,
    tier,
    tiers_line,
)
from mainstay.report.texts import TEXTS, Text, full_day, inside, join, named, runs, say, share
from mainstay.tables.columns import TIERS

if TYPE_CHECKING:
    from mainstay.report.plan_like import PlanLike

LANGUAGES = ("en", "zh")
MOST_PAGES = 4
MOST_ACTIONS = (10, 6, 3)
"""Actions shown of each group: the first number with which the briefing keeps to ``MOST_PAGES``."""
MOST_SHORT = 12
"""Items that run short shown."""
MOST_AREAS = 34
"""Areas shown, those least met."""
NO_GLYPH = "〓"
"""Printers' sign for a character that no font at hand has."""


def write_briefing(
    plan: PlanLike,
    path: str | Path,
    language: str = "en",
    *,
    fonts: str | Path | None = None,
    made: datetime | None = None,
) -> Path:
    """Write the briefing as a tagged PDF (PDF/UA-1) of two to four pages in one language, and say where it is.

    fonts : a folder of font files for characters outside GB2312 and Latin; without it they are shown as 〓
    made : when the plan was made; None: now

    Raises
    ------
    UsageError : the language is neither "en" nor "zh"; ``fonts`` is no folder; typst is not installed
    """
    if language not in LANGUAGES:
        raise UsageError(f'There is no briefing in "{language}". Languages: {", ".join(LANGUAGES)}.')
    if fonts is not None and not Path(fonts).is_dir():
        raise UsageError(f"{fonts}, the folder of fonts, is not there. Name a folder that holds TTF or OTF files.")
    made = made or datetime.now().astimezone()
    for most in MOST_ACTIONS:
        content = briefing_content(plan, language, made, most)
        pages = _compile(json.dumps(content, ensure_ascii=False), fonts)
        if len(re.findall(rb"/Type\s*/Page\b", pages)) <= MOST_PAGES:
            break
    target = Path(path)
    target.parent.mkdir(parents=True, exist_ok=True)
    target.write_bytes(pages)
    return target


def briefing_content(plan: PlanLike, language: str, made: datetime, most: int = MOST_ACTIONS[0]) -> dict[str, Any]:
    """Everything the template shows, in one language, ready for JSON: words are runs of (piece, is it strong).

    most : actions of each group
    """
    drawn = chart(plan, language)
    first = tier(first_tier(plan))
    said = {
        "language": language,
        "title": named(plan.case.title, plan.case.title_zh, "") if plan.case.title else say("report"),
        "kicker": Text(*(f"{a} · {b}" for a, b in zip(TEXTS["report"], TEXTS["briefing"], strict=True))),
        "planned": planned(plan.calendar, scenario_words(plan)),
        "made": say("brief_made", date=full_day(made), time=f"{made:%H:%M %Z}".strip()),
        "proof": proof_line(plan),
        "figures": [[number, text] for number, text in head_figures(plan)],
        "is_broken": not plan.check.ok,
        "figures_note": say("met_note"),
        "situation": _situation(plan),
        "chart": drawn
        and {
            "title": say("brief_chart", tier=first),
            "note": say("brief_chart_note", shown=drawn.shown, total=drawn.total),
            "svg": drawn.svg,
            "alt": drawn.alt,
        },
        "short": _short(plan),
        "today": _today(plan, most),
        "areas": _areas(plan),
        "sources": _sources(plan),
        "decision": {
            key: say(f"brief_{key}") for key in ("approved", "changed", "returned", "remarks", "signature", "date")
        },
        "headings": {
            "situation": say("brief_situation"),
            "short": say("brief_short"),
            "today": say("today"),
            "areas": say("brief_areas"),
            "sources": say("brief_sources"),
            "decision": say("brief_decision"),
        },
    }
    return {key: _said(value, language) for key, value in said.items()}


def _situation(plan: PlanLike) -> list[Text]:
    short = short_items(plan)
    epidemic = demand_line(plan.demand) if plan.demand else []
    return [*remarks(plan), *epidemic, tiers_line(plan), *([] if short else [say("line_no_short")]), *places_line(plan)]


def _short(plan: PlanLike) -> dict[str, Any]:
    """What runs short, how much of it, when, where most and what binds; the first tier's first."""
    found = short_items(plan)
    rows = []
    for row in found[:MOST_SHORT]:
        words = short_words(plan, row)
        causes = causes_of(plan, row["item"], row["tier"])
        rows.append(
            [
                words["item"],
                words["tier"],
                say("brief_short_much", **words),
                say("brief_short_when", **words),
                say("part_fill", place=words["place"], share=words["place_share"]),
                causes or say("brief_untraced"),
            ]
        )
    more = say("brief_short_more", number=len(found) - len(rows)) if len(found) > len(rows) else None
    columns = ("c_item", "c_tier", "c_lost", "c_when", "c_tightest", "c_resource")
    return {"columns": [say(key) for key in columns], "rows": rows, "more": more}


def _today(plan: PlanLike, most: int) -> dict[str, Any]:
    """The decisions of the first day in two columns of like length."""
    groups = actions_of_today(plan)
    shown = [group for group in groups if group.actions]
    none = join([inside(say(group.key)) for group in groups if not group.actions])
    lengths = [len(group.actions[:most]) + 2 for group in shown]
    half = min(range(len(shown) + 1), key=lambda n: abs(sum(lengths[:n]) - sum(lengths[n:])))
    return {
        "lead": say("brief_today", date=full_day(plan.calendar.start)),
        "columns": [[_group(group, most) for group in part] for part in (shown[:half], shown[half:])],
        "none": say("brief_none_today", groups=none) if none.en else None,
    }


def _group(group: Group, most: int) -> dict[str, Any]:
    shown = group.actions[:most]
    left = len(group.actions) - len(shown)
    return {
        "title": say(group.key),
        "actions": [[action.text, action.note] for action in shown],
        "more": say("brief_more", number=left) if left else None,
    }


def _areas(plan: PlanLike) -> dict[str, Any]:
    """The share of each tier's needs met by area, the least met first, and what is shortest there."""
    names, first, by_item = Names(plan.case.tables), first_tier(plan), totals_by_area(plan)
    tiers = [t for t in TIERS if t in set(by_item["tier"])]
    means = by_item.group_by("area", "tier").agg(pl.col("fill").mean())
    fills = {(area, of_tier): fill for area, of_tier, fill in means.iter_rows()}
    ranked = sorted(set(by_item["area"]), key=lambda area: (fills.get((area, first), 1.0), area))
    least: dict[str, list[Text]] = {}
    short = by_item.filter((pl.col("tier") == first) & (pl.col("fill") < 1 - 1e-4)).sort("fill", "item")
    for area, item, fill in short.select("area", "item", "fill").iter_rows():
        least.setdefault(area, []).append(say("part_fill", place=inside(names.item(item)), share=share(fill)))
    rows = [
        [
            names.place(area),
            *(share(fills[area, t]) if (area, t) in fills else "" for t in tiers),
            join(least.get(area, [])[:3]),
        ]
        for area in ranked[:MOST_AREAS]
    ]
    left = len(ranked) - len(rows)
    lowest = share(fills.get((ranked[MOST_AREAS], first), 1.0)) if left else ""
    return {
        "columns": [say("c_place"), *(tier(t) for t in tiers), say("c_least")],
        "rows": rows,
        "more": say("brief_areas_more", number=left, share=lowest, tier=tier(first)) if left else None,
    }


def _sources(plan: PlanLike) -> list[list[Text | str]]:
    status = Text(*TEXTS[plan.status]) if plan.status in TEXTS else plan.status
    return [
        [say("id_hash"), plan.case.hash],
        [say("id_scenario"), plan.case.scenario],
        [say("id_horizon"), plan.calendar.text],
        [say("id_status"), status],
        [say("id_versions"), ", ".join(f"{name} {number}" for name, number in versions().items())],
    ]


def _said(value: Any, language: str) -> Any:
    """Words in one language, as runs; characters that cannot be printed become spaces."""
    if isinstance(value, Text):
        return [[_printable(piece), strong] for piece, strong in runs(value.zh if language == "zh" else value.en)]
    if isinstance(value, str):
        return _printable(value)
    if isinstance(value, dict):
        return {key: _said(part, language) for key, part in value.items()}
    if isinstance(value, list | tuple):
        return [_said(part, language) for part in value]
    return value


def _printable(words: str) -> str:
    return "".join(character if character.isprintable() else " " for character in words)


def refuse_without_typst() -> None:
    """Raise a UsageError that says what to install, when the typesetter is not there."""
    if find_spec("typst") is None:
        raise UsageError("The briefing needs typst, which is not installed: pip install 'mainstay[platform]'.")


def _compile(content: str, fonts: str | Path | None) -> bytes:
    """The template with its content as PDF; what no font can show becomes ``NO_GLYPH``."""
    refuse_without_typst()
    import typst

    assets = files("mainstay.report") / "assets"
    folders = [str(assets), *([str(fonts)] if fonts is not None else [])]
    fonts_at_hand = typst.Fonts(include_system_fonts=False, font_paths=folders)
    while True:
        try:
            return typst.compile(
                (assets / "briefing.typ").read_bytes(),
                format="pdf",
                pdf_standards="ua-1",
                font_paths=fonts_at_hand,
                sys_inputs={"content": content},
            )
        except typst.TypstError as error:
            shown = _without_missing(content, error.diagnostic)
            if shown == content:
                raise
            content = shown


def _without_missing(content: str, diagnostic: str) -> str:
    """The content with the characters that the typesetter could not show replaced."""
    for quoted in re.findall(r'the text `"(.+?)"` could not be displayed', diagnostic):
        missing = re.sub(r"\\u\{([0-9a-f]+)\}", lambda m: chr(int(m[1], 16)), quoted)
        content = content.replace(missing, NO_GLYPH)
    return content
