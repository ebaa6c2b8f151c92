"""A series of one figure as bars, drawn here: no script is needed to see it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

WIDTH, HEIGHT = 640, 180
LEFT, TOP, BOTTOM = 8, 24, 24


@dataclass(frozen=True)
class Bar:
    """One day: where its bar stands; a day without a report has none, and a mark in its place."""

    day: date
    quantity: float | None
    x: float
    y: float
    width: float
    height: float


@dataclass(frozen=True)
class Chart:
    """Bars by day, the highest as high as the picture."""

    bars: Sequence[Bar]
    most: float
    width: int = WIDTH
    height: int = HEIGHT
    base: int = HEIGHT - BOTTOM


def draw(figures: dict[date, float], first: date, last: date) -> Chart:
    """Bars of the days from the first to the last."""
    days = [first + timedelta(n) for n in range((last - first).days + 1)]
    most = max((figures[day] for day in days if day in figures), default=0.0)
    step = (WIDTH - 2 * LEFT) / len(days)
    room = HEIGHT - TOP - BOTTOM
    bars = []
    for n, day in enumerate(days):
        quantity = figures.get(day)
        height = room * quantity / most if quantity and most else 0.0
        bars.append(
            Bar(
                day,
                quantity,
                round(LEFT + n * step, 1),
                round(HEIGHT - BOTTOM - height, 1),
                round(step * 0.8, 1),
                round(height, 1),
            )
        )
    return Chart(bars, most)
