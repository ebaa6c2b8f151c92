"""Small things about words and numbers that several commands print."""

from __future__ import annotations

from collections.abc import Iterable

import click

DAY = click.DateTime(["%Y-%m-%d"])
"""A day on the command line: 2020-02-03."""


def did_you_mean(word: str, known: Iterable[str]) -> str:
    """A question naming the known word nearest to the one found; empty when none is near.

    >>> did_you_mean("chek", ["check", "plan"])
    'Did you mean "check"?'
    """
    from difflib import get_close_matches

    near = get_close_matches(word, list(known), n=1)
    return f'Did you mean "{near[0]}"?' if near else ""


def amount(value: float) -> str:
    """A quantity for people: whole numbers with separators, small ones with three digits, what rounding left as 0.

    >>> amount(1234567.8), amount(0.12345), amount(-5.96e-8)
    ('1,234,568', '0.123', '0')
    """
    if abs(value) < 1e-4:
        return "0"
    if abs(value) >= 100 or float(value).is_integer():
        return f"{value:,.0f}"
    return f"{value:.3g}"


def share(value: float) -> str:
    """A share from 0 to 1 as per cent; never rounded up to 100 % or down to 0 %.

    >>> share(0.5), share(0.99999), share(1.0), share(0.00001), share(0.0)
    ('50.0 %', '> 99.9 %', '100 %', '< 0.1 %', '0 %')
    """
    if value in (0, 1):
        return f"{value:.0%}".replace("%", " %")
    if value > 0.9995:
        return "> 99.9 %"
    if 0 < value < 0.0005:
        return "< 0.1 %"
    return f"{100 * value:.1f} %"


def plural(number: int, one: str, many: str | None = None) -> str:
    """A number and its noun.

    >>> plural(1, "finding"), plural(1200, "row")
    ('1 finding', '1,200 rows')
    """
    return f"{number:,} {one if number == 1 else many or one + 's'}"
