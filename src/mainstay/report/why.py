"""Reasons as a page: for each shortage or line one paragraph, the chain of what binds, who gets it, what would help."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from html import escape
from pathlib import Path
from typing import TYPE_CHECKING, Any
from unicodedata import east_asian_width

from mainstay.report.data import heading
from mainstay.report.names import Names
from mainstay.report.page import framed, held, write_page
from mainstay.report.texts import Text, amount, full_day, say

if TYPE_CHECKING:
    import polars as pl

    from mainstay.plan.why import Why
    from mainstay.report.plan_like import PlanLike

STYLES = ("parts.css", "page.css", "why.css")
WIDTH, ROW, GAP, WRAP = 340, 22, 26, 40
"""Width of the picture, height of a line of words, room between boxes, and letters in a line."""
_INK, _SOFT, _LINE, _PALE, _ACCENT, _SHORT = "#1b2932", "#4d5f6b", "#8a9aa5", "#f3f6f8", "#0a5f80", "#8c2d04"


def write_why(plan: PlanLike, whys: Sequence[Why], path: str | Path) -> Path:
    """Write explanations as one HTML file that works without a network, and say where it is."""
    return write_page(render_why(plan, whys), path)


def render_why(plan: PlanLike, whys: Sequence[Why]) -> str:
    """The page as text."""
    name, calendar = heading(plan), plan.calendar
    end = calendar.end - timedelta(days=1)
    blocks = {
        "title": escape(name.en),
        "kicker": say("ex_kicker").html(),
        "name": name.html(),
        "planned": say("ex_planned", start=full_day(calendar.start), end=full_day(end)).html(),
        "toc": "".join(f'<li><a href="#why-{n}">{_title(w).html()}</a></li>' for n, w in enumerate(whys, 1)),
        "sections": "\n".join(render_one(w, Names(plan.case.tables), n) for n, w in enumerate(whys, 1)),
        "data": "",
        **held(("why.js",), styles=STYLES, charts=False),
    }
    return framed(blocks)


def render_one(why: Why, names: Names, number: int = 1) -> str:
    """One explanation as a section, for this page or for one of a server.

    The server's page links ``parts.css`` and ``why.css``, and holds it in an element of class ``speak-en`` or
    ``speak-zh``.
    """
    told = Text(*why.text)
    parts = [
        f"<h2>{_title(why).html()}</h2>",
        f'<p class="told">{told.html()}</p>',
        f"<h3>{say('ex_chain').html()}</h3>",
        f'<div class="chains">{"".join(_chain(names, row) for row in why.reasons.iter_rows(named=True))}</div>',
        _reasons(why, names),
    ]
    if why.levers.height:
        parts += [f"<h3>{say('ex_levers').html()}</h3>", _bars(why.levers, "gain")]
    if why.instead.height:
        parts += [f"<h3>{say('ex_instead').html()}</h3>", _bars(why.instead, "quantity")]
    return f'<section class="why" id="why-{number}">{"".join(parts)}</section>'


def _title(why: Why) -> Text:
    return Text(*why.title)


def _bars(table: pl.DataFrame, column: str) -> str:
    """Each row in words with a bar as long as its figure."""
    most = max(table[column].max() or 0.0, 1e-30)
    rows = []
    for row in table.iter_rows(named=True):
        size = max(100 * row[column] / most, 0.5)
        words, figure = Text(row["text"], row["text_zh"]), amount(row[column])
        rows.append(
            f'<tr><td class="words">{words.html()}<svg class="bar" viewBox="0 0 100 3" preserveAspectRatio="none" '
            f'width="{size:.1f}%" height="6" aria-hidden="true"><rect width="100" height="3" fill="{_ACCENT}"/></svg>'
            f'</td><td class="num">{figure.html()}</td></tr>'
        )
    return f'<div class="scroll" tabindex="0"><table><tbody>{"".join(rows)}</tbody></table></div>'


def _reasons(why: Why, names: Names) -> str:
    """What one more unit of each thing that binds promised and brought."""
    heads = ("binds", "until", "unit", "promised", "found", "range", "holds")
    head = "".join(
        f'<th class="{"" if n < 3 else "num"}">{say(f"ex_{name}").html()}</th>' for n, name in enumerate(heads)
    )
    rows = []
    for row in why.reasons.iter_rows(named=True):
        if row["found"] is None:
            continue
        name = names.resource(row["resource"])
        holds = say("yes" if row["holds"] else "no").html()
        mark = "" if row["holds"] else " no"
        figures = "".join(f'<td class="num">{amount(row[c]).html()}</td>' for c in ("promised", "found", "range"))
        unit = escape(row["counted_in"] or "")
        rows.append(
            f'<tr><td>{name.html()}</td><td class="day">{row["binds_until"]}</td><td>{unit}</td>'
            f'{figures}<td class="num{mark}">{holds}</td></tr>'
        )
    if not rows:
        return ""
    return (
        f'<div class="scroll" tabindex="0"><table><thead><tr>{head}</tr></thead>'
        f"<tbody>{''.join(rows)}</tbody></table></div>"
        f'<p class="note">{say("ex_note").html()}</p>'
    )


def _chain(names: Names, row: dict[str, Any]) -> str:
    """The way from the need to what binds, top to bottom, in each language."""
    codes = [code for code in (row["chain"] or "").split(";") if code]
    way = list(dict.fromkeys(names.resource(code) for code in codes))
    if not row["resource"]:
        way.append(names.resource(""))
    lost = say("ex_lost", amount=amount(row["lost"]), start=str(row["from"]), end=str(row["to"]))
    brings = say("ex_untried")
    if row["found"] is not None:
        key = "ex_brings" if row["holds"] else "ex_broken"
        brings = say(key, found=amount(row["found"]), promised=amount(row["promised"]), until=amount(row["range"]))
    english = _svg([name.en for name in way], lost.en, brings.en)
    chinese = _svg([name.zh for name in way], lost.zh, brings.zh)
    return f'<figure><div lang="en">{english}</div><div lang="zh-CN">{chinese}</div></figure>'


def _svg(names: list[str], lost: str, brings: str) -> str:
    """Boxes under one another: the need at the top, what binds at the bottom."""
    boxes = [_wrapped(name) for name in names]
    boxes[0] = [*boxes[0], *_wrapped(lost)]
    boxes[-1] = [*boxes[-1], *_wrapped(brings)]
    parts, top = [], 2
    for number, lines in enumerate(boxes):
        is_last = number == len(boxes) - 1
        height = len(lines) * ROW + 16
        stroke, fill = (_SHORT, "#fdf0e6") if is_last else (_LINE, _PALE)
        parts.append(
            f'<rect x="2" y="{top}" width="{WIDTH - 4}" height="{height}" rx="5" fill="{fill}" stroke="{stroke}" '
            f'stroke-width="{2 if is_last else 1}"/>'
        )
        for n, line in enumerate(lines):
            weight = ' font-weight="600"' if n == 0 else ""
            colour = _SOFT if n and not is_last else _INK
            parts.append(f'<text x="14" y="{top + 22 + n * ROW}" fill="{colour}"{weight}>{escape(line)}</text>')
        top += height
        if not is_last:
            middle = WIDTH // 2
            parts.append(
                f'<path d="M{middle} {top + GAP - 3}V{top + 8}m-5 5l5-6l5 6" fill="none" stroke="{_ACCENT}" '
                'stroke-width="2"/>'
            )
            top += GAP
    words = escape(" < ".join([*names, brings]))
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {top + 2}" font-size="15" role="img" '
        f'aria-label="{words}">{"".join(parts)}</svg>'
    )


def _wrapped(text: str) -> list[str]:
    """Lines of at most ``WRAP`` letters; a Chinese character counts for two.

    >>> _wrapped("Masks in Wuhan")
    ['Masks in Wuhan']
    """
    lines, line, size = [], "", 0
    for word in _words(text):
        width = sum(2 if east_asian_width(c) in "WF" else 1 for c in word)
        if size + width > WRAP and line:
            lines.append(line.rstrip())
            line, size = "", 0
            word = word.lstrip()
        line, size = line + word, size + width
    return [*lines, line.rstrip()] if line.strip() else lines


def _words(text: str) -> list[str]:
    """Words with the space before them; Chinese characters one by one."""
    words: list[str] = []
    for letter in text:
        if not words or letter == " " or east_asian_width(letter) in "WF" or east_asian_width(words[-1][-1]) in "WF":
            words.append(letter)
        else:
            words[-1] += letter
    return words
