"""One self-contained HTML file: words and lists written here, charts and tables by its own script."""

from __future__ import annotations

import json
import re
from html import escape
from importlib.resources import files
from pathlib import Path
from typing import TYPE_CHECKING, Any

from mainstay.report.actions import Group, actions_of_today
from mainstay.report.data import page_data
from mainstay.report.needs import fill_by_tier
from mainstay.report.situation import proof_line, situation
from mainstay.report.texts import Text, full_day, say, share
from mainstay.tables.columns import TIERS

if TYPE_CHECKING:
    from mainstay.report.plan_like import PlanLike

SCRIPTS = ("data.js", "table.js", "chart.js", "map.js", "views.js", "main.js")
MOST_ACTIONS = 6
"""Actions of a group that are shown at once; the others unfold."""


def write_report(plan: PlanLike, path: str | Path) -> Path:
    """Write the plan as one HTML file that works without a network, and say where it is.

    The file asks nothing of the outside: its content security policy forbids it.
    """
    target = Path(path)
    target.parent.mkdir(parents=True, exist_ok=True)
    target.write_text(render(plan), encoding="utf-8")
    return target


def render(plan: PlanLike) -> str:
    """The page as text."""
    blocks = {
        "title": escape(plan.case.title),
        "name": Text(plan.case.title, plan.case.title_zh or plan.case.title).html(),
        "planned": _planned(plan).html(),
        "figures": _figures(plan),
        "situation": _list(situation(plan)),
        "proof_line": proof_line(plan).html(),
        "today_lead": say("today_lead", date=full_day(plan.calendar.start)).html(),
        "today": "".join(_group(g) for g in actions_of_today(plan)),
        "css": _asset("page.css"),
        "echarts": _asset("echarts.js"),
        "scripts": "\n".join(_asset(name) for name in SCRIPTS),
        "data": _json(page_data(plan)),
    }
    return re.sub(r"\{\{(\w+)(?::(\w+))?\}\}", lambda m: _fill(m[1], m[2], blocks), _asset("page.html"))


def _fill(kind: str, key: str | None, blocks: dict[str, str]) -> str:
    """``{{block}}`` is a block of this page, ``{{t:key}}`` a text in both languages."""
    return say(key).html() if kind == "t" and key else blocks[kind]


def _asset(name: str) -> str:
    return (files("mainstay.report") / "assets" / name).read_text("utf-8")


def _json(data: Any) -> str:
    """Compact JSON that cannot end the script element it stands in."""
    text = json.dumps(data, ensure_ascii=False, separators=(",", ":"), allow_nan=False)
    return text.replace("<", "\\u003c").replace("\u2028", "\\u2028").replace("\u2029", "\\u2029")


def _planned(plan: PlanLike) -> Text:
    last = plan.calendar.end.toordinal() - 1
    end = plan.calendar.start.fromordinal(last)
    return say("planned", start=full_day(plan.calendar.start), end=full_day(end), days=plan.calendar.num_days)


def _figures(plan: PlanLike) -> str:
    """The share met of each tier, and how the check came out."""
    fills = fill_by_tier(plan.tables["shortages"])
    cells = [(share(fills[t]), say(f"met_{t}")) for t in TIERS if t in fills]
    broken = len(plan.check.violations)
    check = (str(broken), say("check_failed")) if broken else (str(len(plan.check.rules)), say("checked"))
    return "".join(
        f'<div class="figure{" bad" if broken and n == len(cells) else ""}"><b>{number}</b>{text.html()}</div>'
        for n, (number, text) in enumerate([*cells, check])
    )


def _list(lines: list[Text]) -> str:
    return "".join(f"<li>{line.html()}</li>" for line in lines)


def _group(group: Group) -> str:
    """One group of actions; beyond the first few they unfold."""
    entries = [f"<li>{a.text.html()} <small>{a.note.html()}</small></li>" for a in group.actions]
    shown, rest = entries[:MOST_ACTIONS], entries[MOST_ACTIONS:]
    body = f"<ol>{''.join(shown)}</ol>" if shown else f'<p class="none">{say("nothing_today").html()}</p>'
    if rest:
        more = say("more", number=len(rest)).html()
        body += f'<details><summary>{more}</summary><ol start="{MOST_ACTIONS + 1}">{"".join(rest)}</ol></details>'
    return f'<section class="act"><h3>{say(group.key).html()}</h3>{body}</section>'
