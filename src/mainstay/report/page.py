"""One self-contained HTML file: words and lists written here, charts and tables by its own script."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterable
from datetime import timedelta
from html import escape
from importlib.resources import files
from pathlib import Path
from typing import TYPE_CHECKING, Any

from mainstay.report import chain as chains
from mainstay.report import prepare as preparing
from mainstay.report import replay as replays
from mainstay.report import siting as sitings
from mainstay.report import stress as stresses
from mainstay.report.actions import Group, actions_of_today
from mainstay.report.data import demand_data, heading, page_data, titled
from mainstay.report.demand import demand_line
from mainstay.report.situation import head_figures, proof_line, remarks, situation
from mainstay.report.texts import Text, full_day, say

if TYPE_CHECKING:
    import polars as pl

    from mainstay.calendar import Calendar
    from mainstay.chain import Chain
    from mainstay.demand import Demand
    from mainstay.prepare import Design, Siting
    from mainstay.replay import Replay
    from mainstay.report.plan_like import PlanLike
    from mainstay.report.replay import ReplayLike
    from mainstay.stress import Study

SCRIPTS = ("data.js", "table.js", "chart.js", "map.js", "views.js", "demand.js", "main.js")
STYLES = ("parts.css", "page.css")
CHARTS = "echarts.js"
OFFLINE = "default-src 'none'; script-src 'unsafe-inline'; style-src 'unsafe-inline'; img-src data:"
PART_SCRIPTS = (CHARTS, *(name for name in SCRIPTS if name != "demand.js"))
PART_TABLES = ("shortages", "production", "releases", "imports", "reserve_releases")
"""Result tables that the sections of a part may show."""
DEMAND_SCRIPTS = ("data.js", "table.js", "chart.js", "demand.js", "main.js")
CHAIN_SCRIPTS = ("data.js", "table.js", "chart.js", "chain.js", "main.js")
STRESS_SCRIPTS = ("data.js", "table.js", "chart.js", "map.js", "stress.js", "main.js")
PREPARE_SCRIPTS = ("data.js", "table.js", "chart.js", "map.js", "prepare.js", "main.js")
PREPARE_PART_SCRIPTS = (CHARTS, *PREPARE_SCRIPTS)
SITING_SCRIPTS = ("data.js", "table.js", "chart.js", "siting.js", "main.js")
REPLAY_SCRIPTS = ("data.js", "table.js", "chart.js", "map.js", "replay.js", "main.js")
STRESS_PART_SCRIPTS = (CHARTS, *STRESS_SCRIPTS)
REPLAY_PART_SCRIPTS = (CHARTS, *REPLAY_SCRIPTS)
CHAIN_PART_SCRIPTS = (CHARTS, *CHAIN_SCRIPTS)
REPORTED = ("chain", "key", "hands")
"""Sections of the chain that the report of a plan holds; its other tables are on the chain's own page."""
DEMAND = "demand"
"""The section of what people will need."""
MOST_ACTIONS = 6
"""Actions of a group that are shown at once; the others unfold."""


def write_report(plan: PlanLike, path: str | Path, *, chain: Chain | None = None, stress: Study | None = None) -> Path:
    """Write the plan as one HTML file that works without a network, and say where it is.

    The file asks nothing of the outside: its content security policy forbids it.

    chain : of the same plan, stress : of its case, to be shown too
    """
    return write_page(render(plan, chain=chain, stress=stress), path)


def write_demand_page(demand: Demand, path: str | Path) -> Path:
    """Write what people will need as one HTML file of the same kind, without a plan, and say where it is."""
    return write_page(render_demand(demand), path)


def write_chain_page(chain: Chain, path: str | Path) -> Path:
    """Write the chain as one HTML file of the same kind, and say where it is."""
    return write_page(render_chain(chain), path)


def write_stress_page(study: Study, path: str | Path) -> Path:
    """Write what stress found as one HTML file of the same kind, and say where it is."""
    return write_page(render_stress(study), path)


def write_prepare_page(design: Design, path: str | Path, *, scores: pl.DataFrame | None = None) -> Path:
    """Write what should stand ready as one HTML file of the same kind, and say where it is.

    scores : table ``scores`` of the same case, to say why each item is there
    """
    return write_page(render_prepare(design, scores), path)


def write_siting_page(siting: Siting, path: str | Path, *, title: Text | None = None) -> Path:
    """Write a choice of sites as one HTML file of the same kind, and say where it is.

    title : of the tables, which have none themselves
    """
    return write_page(render_siting(siting, title or say("siting_report")), path)


def write_replay_page(replay: Replay, path: str | Path) -> Path:
    """Write what came of a replay as one HTML file of the same kind, and say where it is."""
    return write_page(render_replay(replay), path)


def render(plan: PlanLike, *, assets: str = "", chain: Chain | None = None, stress: Study | None = None) -> str:
    """The page as text.

    Parameters
    ----------
    plan : with its case, tables, proof and check
    assets : address under which a server offers the folder ``report/assets``, as ``/static/report/``; empty: the page
        holds its styles and scripts itself
    chain : of the same plan: its map, key enterprises and concentration are shown too
    stress : of the same case: its ranking, how long losses are survived and the smallest blow are shown too
    """
    demand = plan.demand
    sections = {DEMAND} if demand else set()
    scripts: tuple[str, ...] = SCRIPTS
    data = page_data(plan, demand)
    if chain is not None and chain.edges.height:
        sections |= set(REPORTED)
        scripts = (*SCRIPTS[:-1], "chain.js", SCRIPTS[-1])
        data = chains.with_chain(data, chain)
    if stress is not None:
        sections |= set(stresses.REPORTED)
        scripts = (*scripts[:-1], "stress.js", scripts[-1])
        data = stresses.with_stress(data, stress)
    blocks = {
        "kicker": say("report").html(),
        "demand_line": "",
        "figures": _figures(plan),
        "remarks": "".join(f'<p class="notice">{line.html()}</p>' for line in remarks(plan)),
        "situation": _list(situation(plan)),
        "proof_line": proof_line(plan).html(),
        "today_lead": say("today_lead", date=full_day(plan.calendar.start)).html(),
        "today": "".join(_group(g) for g in actions_of_today(plan)),
        **(_demand_blocks(demand) if demand else {}),
        "chain_flows": say("chain_planned").html(),
        "blow_words": _blow_words(stress) if stress else "",
        "ready_words": "",
        **_frame(heading(plan), planned(plan.calendar, scenario_words(plan)), data),
        **(_linked(scripts, assets) if assets else held(scripts)),
    }
    apart = (
        DEMAND,
        *chains.SECTIONS,
        *stresses.SECTIONS,
        *preparing.SECTIONS,
        preparing.WHY,
        *sitings.SECTIONS,
        *replays.SECTIONS,
    )
    return _filled(blocks, lambda section: section in sections or section not in apart)


def render_part(plan: PlanLike, sections: tuple[str, ...]) -> tuple[str, str]:
    """Some sections of the page as a fragment for a page of a server, and the data of their charts as JSON.

    The server's page links ``parts.css``, puts the JSON into ``<script type="application/json" id="data">``, and then
    runs ``PART_SCRIPTS`` in order; an element with ``data-speak`` says the language, ``en`` or ``zh``.
    """
    return _words(_sections(sections), {}), _json(page_data(plan, None, tables=PART_TABLES))


def _sections(names: tuple[str, ...]) -> str:
    """Some sections of the template."""
    found = re.findall(rf'<section id="(?:{"|".join(names)})">.*?</section>', _asset("page.html"), flags=re.DOTALL)
    return "\n".join(found)


def render_demand(demand: Demand) -> str:
    """The page of what people will need as text: the section of the report alone."""
    blocks = {
        "kicker": say("derived").html(),
        "demand_line": "".join(f"<p>{line.html()}</p>" for line in demand_line(demand)),
        **_demand_blocks(demand),
        **_frame(titled(demand.case), planned(demand.case.calendar, demand.scenario), demand_data(demand)),
        **held(DEMAND_SCRIPTS),
    }
    return _filled(blocks, lambda section: section == DEMAND)


def render_chain(chain: Chain) -> str:
    """The page of the chain as text: its map and tables."""
    blocks = {
        "kicker": say("chain_report").html(),
        "chain_flows": _chain_flows(chain),
        **_frame(titled(chain.case), planned(chain.case.calendar, chain.case.scenario), chains.chain_data(chain)),
        **held(CHAIN_SCRIPTS),
    }
    return _filled(blocks, lambda section: section in chains.SECTIONS)


def render_chain_part(chain: Chain) -> tuple[str, str]:
    """The sections of the chain as a fragment for a page of a server, and their data as JSON; as ``render_part``."""
    return _words(_sections(chains.SECTIONS), {"chain_flows": _chain_flows(chain)}), _json(chains.chain_data(chain))


def render_stress(study: Study) -> str:
    """The page of stress as text: what costs most, how long it is survived, the smallest blow."""
    case = study.case
    blocks = {
        "kicker": say("stress_report").html(),
        "blow_words": _blow_words(study),
        **_frame(titled(case), planned(case.calendar, case.scenario), stresses.stress_data(study)),
        **held(STRESS_SCRIPTS),
    }
    return _filled(blocks, lambda section: section in stresses.SECTIONS)


def render_stress_part(study: Study) -> tuple[str, str]:
    """The sections of stress as a fragment for a page of a server, and their data as JSON; as ``render_part``."""
    words = {"blow_words": _blow_words(study)}
    return _words(_sections(stresses.SECTIONS), words), _json(stresses.stress_data(study))


def render_prepare(design: Design, scores: pl.DataFrame | None = None) -> str:
    """The page of preparing as text: what to make ready, cost against risk, what it prevents, why each item."""
    case = design.case
    shown = preparing.sections(scores)
    blocks = {
        "kicker": say("prepare_report").html(),
        "ready_words": _paragraphs(preparing.ready_words(design)),
        **_frame(titled(case), say("ready_days", days=case.calendar.num_days), preparing.prepare_data(design, scores)),
        **held(PREPARE_SCRIPTS),
    }
    return _filled(blocks, lambda section: section in shown)


def render_prepare_part(
    design: Design, scores: pl.DataFrame | None = None, *, sections: tuple[str, ...] | None = None
) -> tuple[str, str]:
    """The sections of preparing as a fragment for a page of a server, and their data as JSON; as ``render_part``.

    sections : None: all that there are
    """
    words = {"ready_words": _paragraphs(preparing.ready_words(design))}
    shown = sections or preparing.sections(scores)
    return _words(_sections(shown), words), _json(preparing.prepare_data(design, scores))


def render_siting(siting: Siting, title: Text) -> str:
    """The page of siting as text: which sites are open, how far regions serve themselves, from where to whom."""
    blocks = {
        "kicker": say("siting_report").html(),
        "sited_words": _paragraphs(sitings.sited_words(siting)),
        **_frame(title, say("siting_proven"), sitings.siting_data(siting, title)),
        **held(SITING_SCRIPTS),
    }
    return _filled(blocks, lambda section: section in sitings.SECTIONS)


def render_replay(replay: Replay) -> str:
    """The page of a replay as text: how each policy fared, day by day."""
    blocks = {
        "kicker": say("replay_report").html(),
        "lived_words": _paragraphs(replays.lived_words(replay)),
        **_frame(titled(replay.case), _lived_days(replay), replays.replay_data(replay)),
        **held(REPLAY_SCRIPTS),
    }
    return _filled(blocks, lambda section: section in replays.SECTIONS)


def render_replay_part(replay: ReplayLike) -> tuple[str, str]:
    """The sections of a replay as a fragment for a page of a server, and their data as JSON; as ``render_part``."""
    words = {"lived_words": _paragraphs(replays.lived_words(replay))}
    return _words(_sections(replays.SECTIONS), words), _json(replays.replay_data(replay))


def _lived_days(replay: Replay) -> Text:
    dates = replay.lives[0].dates
    first, last = full_day(dates[0]), full_day(dates[-1])
    truth = replay.history.truth
    return say("replay_days", start=first, end=last, days=len(dates), every=replay.every, truth=truth)


def _blow_words(study: Study) -> str:
    return _paragraphs(stresses.blow_words(study.to_json(), study.case.currency))


def _paragraphs(lines: Iterable[Text]) -> str:
    return "".join(f"<p>{line.html()}</p>" for line in lines)


def _chain_flows(chain: Chain) -> str:
    return say("chain_planned" if chain.is_planned else "chain_standing").html()


def write_page(page: str, path: str | Path) -> Path:
    """Write a page to its file, making its folder, and say where it is."""
    target = Path(path)
    target.parent.mkdir(parents=True, exist_ok=True)
    target.write_text(page, encoding="utf-8")
    return target


def _frame(name: Text, planned: Text, data: dict[str, Any]) -> dict[str, str]:
    """What every page has: its name, its days, its data."""
    return {
        "title": escape(name.en),
        "name": name.html(),
        "planned": planned.html(),
        "data": f'<script type="application/json" id="data">{_json(data)}</script>',
    }


def held(scripts: tuple[str, ...], *, styles: tuple[str, ...] = STYLES, charts: bool = True) -> dict[str, str]:
    """Styles and scripts inside the page, which asks nothing of the outside."""
    code = "\n".join(_asset(name) for name in scripts)
    drawing = f"<script>{_asset(CHARTS)}</script>\n" if charts else ""
    return {
        "style": f'<meta http-equiv="Content-Security-Policy" content="{OFFLINE}">\n'
        f"<style>{''.join(_asset(name) for name in styles)}</style>",
        "scripts": f'{drawing}<script>\n"use strict";\n{code}\n</script>',
    }


def _linked(scripts: tuple[str, ...], assets: str) -> dict[str, str]:
    """Styles and scripts as a server's files, for one whose policy forbids them inside a page."""
    return {
        "style": "\n".join(f'<link rel="stylesheet" href="{assets}{name}">' for name in STYLES),
        "scripts": "\n".join(f'<script src="{assets}{name}"></script>' for name in (CHARTS, *scripts)),
    }


def _demand_blocks(demand: Demand) -> dict[str, str]:
    return {
        "demand_lead": say("demand_lead", paths=f"{demand.course.num_paths:,}").html(),
        "demand_notes": _list([Text(note.en, note.zh) for note in demand.notes] or [say("nothing")]),
    }


def _filled(blocks: dict[str, str], is_shown: Callable[[str], bool]) -> str:
    """The page with its blocks filled, without the sections that are not shown and their links."""
    shown = [name for name in re.findall(r'<section id="(\w+)">', _asset("page.html")) if is_shown(name)]
    no_script = f'<noscript><p class="notice">{say("no_script").html()}</p></noscript>'
    sections = f"{no_script}\n\n{_words(_sections(tuple(shown)), blocks)}"
    toc = "\n".join(f'<li><a href="#{name}">{say(f"nav_{name}").html()}</a></li>' for name in shown)
    return framed(blocks | {"toc": toc, "sections": sections})


def framed(blocks: dict[str, str]) -> str:
    """A whole page: the frame that all pages have, around ``toc``, ``sections``, ``data`` and ``scripts``."""
    return _words(_asset("frame.html"), blocks)


def _words(page: str, blocks: dict[str, str]) -> str:
    return re.sub(r"\{\{(\w+)(?::(\w+))?\}\}", lambda m: _fill(m[1], m[2], blocks), page)


def _fill(kind: str, key: str | None, blocks: dict[str, str]) -> str:
    """``{{block}}`` is a block of this page, ``{{t:key}}`` a text in both languages."""
    return say(key).html() if kind == "t" and key else blocks[kind]


def _asset(name: str) -> str:
    return (files("mainstay.report") / "assets" / name).read_text("utf-8")


def _json(data: Any) -> str:
    """Compact JSON that cannot end the script element it stands in."""
    text = json.dumps(data, ensure_ascii=False, separators=(",", ":"), allow_nan=False)
    return text.replace("<", "\\u003c").replace("\u2028", "\\u2028").replace("\u2029", "\\u2029")


def planned(calendar: Calendar, scenario: str) -> Text:
    """First and last day, how many, and the scenario."""
    end = calendar.end - timedelta(days=1)
    days = calendar.num_days
    return say("planned", start=full_day(calendar.start), end=full_day(end), days=days, scenario=scenario)


def scenario_words(plan: PlanLike) -> str:
    """The scenario of the course that needs are derived for, and which of its derived needs are planned on."""
    planned = plan.case.scenario
    derived = plan.demand.scenario if plan.demand else planned
    return planned if derived == planned else f"{derived}, {planned}"


def _figures(plan: PlanLike) -> str:
    *met, check = head_figures(plan)
    bad = " bad" if plan.check.violations else ""
    cells = [("", *figure) for figure in met] + [(bad, *check)]
    return "".join(f'<div class="figure{mark}"><b>{number}</b>{text.html()}</div>' for mark, number, text in cells)


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
