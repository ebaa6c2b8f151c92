"""Days across, amounts up: curves, and what was published as dots, drawn as SVG."""

from __future__ import annotations

import html
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

WIDTH, HEIGHT, LEFT, TOP, RIGHT, BOTTOM = 720, 270, 78, 34, 150, 30
INK, GRID, DOT = "#333", "#ddd", "#b3261e"
COLOURS = ("#1f5fa8", "#2e7d32", "#8a5a00", "#6a3fa0")
DASHES = ("", "6 3", "2 3", "8 3 2 3")


@dataclass(frozen=True)
class Chart:
    """One picture: its title with the unit, a value a day for each curve, and published figures by day."""

    title: str
    days: Sequence[date]
    curves: Mapping[str, Sequence[float]]
    dots: Mapping[date, float] = field(default_factory=dict)

    def drawn(self) -> str:
        """The picture as one SVG document; curves differ by dashes as well as by colour."""
        most = _round_up(max([*(v for curve in self.curves.values() for v in curve), *self.dots.values()]))
        marks = [_text(LEFT, 18, self.title, "start", "bold")]
        for step in range(5):
            value = most * step / 4
            y = _up(value, most)
            marks.append(f'<path d="M{LEFT} {y:.1f}H{WIDTH - RIGHT}" stroke="{GRID}"/>')
            marks.append(_text(LEFT - 6, y + 4, _amount(value, most), "end"))
        marks += [
            _text(self._across(day), HEIGHT - BOTTOM + 18, f"{day:%-d %b}", "middle")
            for day in self.days[:: max(len(self.days) // 7, 1)]
        ]
        for number, (name, curve) in enumerate(self.curves.items()):
            marks += self._curve(number, name, curve, most)
        for day, value in self.dots.items():
            marks.append(f'<circle cx="{self._across(day):.1f}" cy="{_up(value, most):.1f}" r="4.5" fill="{DOT}"/>')
        if self.dots:
            y = TOP + 12 + 20 * len(self.curves)
            marks.append(f'<circle cx="{WIDTH - RIGHT + 26}" cy="{y - 4}" r="4.5" fill="{DOT}"/>')
            marks.append(_text(WIDTH - RIGHT + 44, y, "published", "start"))
        return (
            f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT}" width="{WIDTH}" '
            f'height="{HEIGHT}" font-family="sans-serif" font-size="12" fill="{INK}" role="img">'
            f"<title>{html.escape(self.title)}</title>"
            f'<rect width="{WIDTH}" height="{HEIGHT}" fill="#fff"/>\n' + "\n".join(marks) + "\n</svg>\n"
        )

    def _across(self, day: date) -> float:
        return LEFT + (WIDTH - LEFT - RIGHT) * (day - self.days[0]).days / max(len(self.days) - 1, 1)

    def _curve(self, number: int, name: str, curve: Sequence[float], most: float) -> list[str]:
        spots = [(self._across(day), _up(value, most)) for day, value in zip(self.days, curve, strict=True)]
        style = f'fill="none" stroke="{COLOURS[number]}" stroke-width="2" stroke-dasharray="{DASHES[number]}"'
        y = TOP + 12 + 20 * number
        return [
            f'<polyline points="{" ".join(f"{x:.1f},{y:.1f}" for x, y in spots)}" {style}/>',
            f'<path d="M{WIDTH - RIGHT + 12} {y - 4}h28" {style}/>',
            _text(WIDTH - RIGHT + 44, y, name, "start"),
        ]


def _up(value: float, most: float) -> float:
    return HEIGHT - BOTTOM - (HEIGHT - TOP - BOTTOM) * value / most


def _round_up(value: float) -> float:
    """The next 1, 2, 4 or 8 times a power of ten."""
    scale = 10.0 ** math.ceil(math.log10(value))
    return next(scale / 10 * step for step in (1, 2, 4, 8, 10) if scale / 10 * step >= value)


def _amount(value: float, most: float) -> str:
    return f"{value / 1e6:g} million" if value and most >= 2e6 else f"{value:,.6g}"


def _text(x: float, y: float, text: str, anchor: str, weight: str = "normal") -> str:
    return f'<text x="{x:.1f}" y="{y:.1f}" text-anchor="{anchor}" font-weight="{weight}">{html.escape(text)}</text>'
