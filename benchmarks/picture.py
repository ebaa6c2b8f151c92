"""Small curves on logarithmic axes, drawn as SVG."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

WIDTH, HEIGHT, LEFT, TOP, RIGHT, BOTTOM = 260, 190, 46, 30, 14, 28
INK, LINE, GRID = "#333", "#1f5fa8", "#ddd"


@dataclass(frozen=True)
class Panel:
    """One curve: its title, and its values > 0 by size > 0."""

    title: str
    points: Mapping[int, float]

    def drawn(self) -> str:
        """The panel as SVG, its corner at the origin; the curve's ends and the powers of ten between are labelled."""
        least, most = min(self.points.values()), max(self.points.values())
        low, high = math.floor(math.log10(least)), math.ceil(math.log10(most) + 1e-9)
        first, last = min(self.points), max(self.points)

        def across(size: float) -> float:
            return LEFT + (WIDTH - LEFT - RIGHT) * math.log(size / first) / math.log(last / first)

        def up(value: float) -> float:
            return HEIGHT - BOTTOM - (HEIGHT - TOP - BOTTOM) * (math.log10(value) - low) / (high - low)

        marks = []
        for power in range(low, high + 1):
            y = up(10.0**power)
            marks.append(f'<path d="M{LEFT} {y:.1f}H{WIDTH - RIGHT}" stroke="{GRID}"/>')
            marks.append(_text(LEFT - 6, y + 4, f"{10.0**power:,g}", "end"))
        spots = [(across(size), up(value)) for size, value in self.points.items()]
        marks.append(
            f'<polyline points="{" ".join(f"{x:.1f},{y:.1f}" for x, y in spots)}" fill="none" stroke="{LINE}" '
            'stroke-width="2"/>'
        )
        for (x, y), (size, value) in zip(spots, self.points.items(), strict=True):
            marks.append(f'<circle cx="{x:.1f}" cy="{y:.1f}" r="3" fill="{LINE}"/>')
            marks.append(_text(x, y - 7, f"{value:,.3g}" if value < 1000 else f"{value:,.0f}", "middle"))
            marks.append(_text(x, HEIGHT - BOTTOM + 15, str(size), "middle"))
        return _text(LEFT, 14, self.title, "start", "bold") + "".join(marks)


def _text(x: float, y: float, text: str, anchor: str, weight: str = "normal") -> str:
    return f'<text x="{x:.1f}" y="{y:.1f}" text-anchor="{anchor}" font-weight="{weight}">{text}</text>'


def draw(panels: Sequence[Panel], *, per_row: int) -> str:
    """All panels in rows, as one SVG document."""
    height = HEIGHT * math.ceil(len(panels) / per_row)
    placed = "\n".join(
        f'<g transform="translate({number % per_row * WIDTH} {number // per_row * HEIGHT})">{panel.drawn()}</g>'
        for number, panel in enumerate(panels)
    )
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {per_row * WIDTH} {height}" '
        f'font-family="sans-serif" font-size="11" fill="{INK}">\n'
        f'<rect width="100%" height="100%" fill="#fff"/>\n{placed}\n</svg>\n'
    )
