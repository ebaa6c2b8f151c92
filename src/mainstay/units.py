"""Units that quantities are counted in, and how those of one dimension convert."""

from __future__ import annotations

# unit -> (dimension, how many base units of that dimension one of it is)
UNITS: dict[str, tuple[str, float]] = {
    "piece": ("count", 1),
    "thousand": ("count", 1e3),
    "million": ("count", 1e6),
    "pair": ("pair", 1),
    "set": ("set", 1),
    "box": ("box", 1),
    "test": ("test", 1),
    "dose": ("dose", 1),
    "course": ("course", 1),
    "unit": ("machine", 1),
    "g": ("mass", 1e-3),
    "kg": ("mass", 1),
    "t": ("mass", 1e3),
    "mL": ("volume", 1e-3),
    "L": ("volume", 1),
    "m3": ("volume", 1e3),
    "m": ("length", 1),
    "km": ("length", 1e3),
    "m2": ("area", 1),
}

UNIT_WORDS: dict[str, tuple[str, str]] = {
    "piece": ("pieces", "件"),
    "thousand": ("thousand pieces", "千件"),
    "million": ("million pieces", "百万件"),
    "pair": ("pairs", "副"),
    "set": ("sets", "套"),
    "box": ("boxes", "盒"),
    "test": ("tests", "人份"),
    "dose": ("doses", "剂"),
    "course": ("courses", "疗程"),
    "unit": ("units", "台"),
    "g": ("g", "克"),
    "kg": ("kg", "千克"),
    "t": ("t", "吨"),
    "mL": ("mL", "毫升"),
    "L": ("L", "升"),
    "m3": ("m³", "立方米"),
    "m": ("m", "米"),
    "km": ("km", "千米"),
    "m2": ("m²", "平方米"),
}
"""Unit -> (several of it in English, in Chinese)."""


def unit_zh(unit: str) -> str:
    """A unit in Chinese; itself where it is none.

    >>> unit_zh("piece")
    '件'
    """
    return UNIT_WORDS[unit][1] if unit in UNIT_WORDS else unit


def factor(from_unit: str, to_unit: str) -> float | None:
    """How many ``to_unit`` one ``from_unit`` is; None when they measure different things.

    >>> factor("t", "kg")
    1000.0
    >>> factor("t", "piece") is None
    True
    """
    from_dimension, from_size = UNITS[from_unit]
    to_dimension, to_size = UNITS[to_unit]
    return from_size / to_size if from_dimension == to_dimension else None
