"""Tables and figures as Markdown."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

Row = Mapping[str, Any]


def grid(head: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    """A Markdown table."""
    return "".join("| " + " | ".join(line) + " |\n" for line in [head, ["---"] * len(head), *rows])


def share(value: float | None) -> str:
    """A share in percent."""
    return "" if value is None else f"{value:.1%}"


def amount(value: float | None) -> str:
    """A quantity, to the unit from a thousand on."""
    return "" if value is None else f"{value:,.0f}" if abs(value) >= 1000 else f"{value:,.4g}"
